//! Another system registers a revision, reads what it would mean, and publishes it.

use serde_json::{Value, json};
use sonae::programs::built_in;
use sonae_core::access::{Action, StaffRole};

use super::{Asked, System, open};
use crate::office::{Office, R6};

/// The programme's files, with something added to a title.
pub(super) fn files(added: &str) -> Value {
    const TITLE: &str = "title = \"事務局からのご連絡";
    let folders = built_in().into_iter();
    let mut ours = folders.filter(|files| files.iter().any(|file| file.path.contains(R6)));
    let files = ours.next().expect("the programme is built in");
    assert!(files.iter().any(|file| file.text.contains(TITLE)));
    let changed = files.into_iter().map(|file| {
        let text = file.text.replacen(TITLE, &format!("{TITLE}{added}"), 1);
        json!({ "name": file.name, "text": text })
    });
    changed.collect()
}

fn served(office: &Office) -> String {
    let running = office.app.programs.get(R6).expect("served");
    running.program.revision.clone()
}

#[tokio::test]
async fn a_revision_is_registered_compared_and_published() {
    let (office, _) = open().await;
    let admin = System::new(&office, StaffRole::Admin, &[]).await;
    let revisions = format!("/api/v1/programs/{R6}/revisions");
    let broken = json!({ "files": [{ "name": "program.toml", "text": "x = " }] });
    let refused = admin.post(&office, &revisions, broken).await;
    assert_eq!(refused.status, 422);
    let sentence = refused.json()["errors"][0]["message"].to_string();
    assert!(sentence.contains("program.toml:1"), "{sentence}");
    let body = json!({ "files": files("(改)") });
    let kept = admin.post(&office, &revisions, body).await;
    assert_eq!(kept.status, 201, "{}", kept.text);
    let kept = kept.json();
    let revision = kept["revision"].as_str().expect("a revision").to_owned();
    assert_eq!(kept["is_current"], false);
    assert_ne!(served(&office), revision, "what is kept is not served yet");
    let effect = format!("{revisions}/{revision}/effect");
    let seen = admin.get(&office, &effect).await.json();
    let change = &seen["when_served"]["changes"][0];
    assert!(change["after"].to_string().contains("(改)"), "{seen}");
    assert_eq!(seen["when_served"]["steps"][0]["cases"], 1, "{seen}");
    // Which cases these are only those are told who may list them.
    assert_eq!(seen["when_served"]["cases"], Value::Null);
    let secretariat = System::new(&office, StaffRole::Secretariat, &[]).await;
    let seen = secretariat.get(&office, &effect).await.json();
    assert!(seen["when_served"]["cases"].is_array(), "{seen}");
    let scopes = [Action::ReadPrograms];
    let narrow = System::new(&office, StaffRole::Secretariat, &scopes).await;
    let seen = narrow.get(&office, &effect).await.json();
    assert_eq!(seen["when_served"]["cases"], Value::Null);
    let publish = Asked::post(
        &format!("{revisions}/{revision}/publish"),
        json!({ "reason": "言葉を直すため" }),
    );
    assert_eq!(secretariat.send(&office, &publish).await.status, 403);
    let published = admin.send(&office, &publish).await.json();
    assert_eq!(published["is_current"], true, "{published}");
    assert_eq!(served(&office), revision);
}
