//! Programmes in the office: a new revision is checked, compared, published, and open cases are moved to it on purpose.

use sonae::programs::built_in;
use sonae_core::access::StaffRole;
use sonae_store::case::Stored;

use crate::approvals::apply;
use crate::office::{OPEN_R6, Office, R6, Reply};
use crate::staff::signed_in::SignedIn;

const PAGE: &str = "/office/programs/tokyo-r6-basic-measures";

/// The programme's files with one text replaced by another.
fn files(from: &str, to: &str) -> Vec<(String, String)> {
    let folders = built_in().into_iter();
    let mut ours = folders.filter(|files| files.iter().any(|file| file.path.contains(R6)));
    let files = ours.next().expect("the programme is built in");
    assert!(files.iter().any(|file| file.text.contains(from)), "{from}");
    let changed = files.into_iter();
    changed
        .map(|file| (file.name, file.text.replacen(from, to, 1)))
        .collect()
}

async fn upload(office: &Office, who: &SignedIn, files: &[(String, String)]) -> Reply {
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n",
        who.csrf
    );
    for (name, text) in files {
        body.push_str(&format!(
            "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: application/toml\r\n\r\n{text}\r\n"
        ));
    }
    body.push_str("--b--\r\n");
    let kind = "multipart/form-data; boundary=b";
    who.post_body(office, &format!("{PAGE}/upload"), kind, body)
        .await
}

async fn stored(office: &Office, number: &str) -> Stored {
    let number = number.to_owned();
    let found = (office.app)
        .read(move |tx| sonae_store::case::by_receipt(tx, &number))
        .await;
    found.expect("readable").expect("a case")
}

fn served(office: &Office) -> String {
    let running = office.app.programs.get(R6).expect("served");
    running.program.revision.clone()
}

#[tokio::test]
async fn a_new_revision_is_published_and_cases_are_moved() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let admin = office.sign_in(StaffRole::Admin).await;
    let old = served(&office);
    let number = apply(&office, R6, "a", "<i>青嵐</i>精密株式会社").await;
    let title = (
        "title = \"事務局からのご連絡\"",
        "title = \"事務局からの電話\"",
    );
    let files = files(title.0, title.1);
    let sent = upload(&office, &admin, &files).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let path = sent.header("location").to_owned();
    let page = admin.get(&office, &path).await.text;
    for text in [
        "事務局からの電話",
        "表示だけが変わります",
        "この版を公開する</button>",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert_eq!(served(&office), old, "what is kept is not served yet");
    let publish = format!("{path}/publish");
    admin.post(&office, &publish, &[("reason", " ")]).await;
    assert_eq!(
        served(&office),
        old,
        "without a reason nothing is published"
    );
    let done = admin
        .post(&office, &publish, &[("reason", "<b>言葉</b>を直すため")])
        .await;
    assert_eq!(done.header("location"), PAGE);
    let new = served(&office);
    assert_ne!(new, old);
    let later = apply(&office, R6, "b", "若竹商事株式会社").await;
    assert_eq!(stored(&office, &later).await.revision, new);
    assert_eq!(
        stored(&office, &number).await.revision,
        old,
        "nobody is moved unasked"
    );
    let history = admin.get(&office, PAGE).await.text;
    assert!(history.contains("を直すため") && !history.contains("<b>言葉"));
    let page = admin
        .get(&office, &format!("{PAGE}/revisions/{old}"))
        .await
        .text;
    assert!(page.contains("手続き中の案件を移すと変わること"), "{page}");
    assert!(
        !page.contains(&number) && !page.contains("青嵐"),
        "administrators see no cases"
    );
    move_one(&office, (&old, &new), &number).await;
    // Another start, with the folder of before: what was published in the office stays.
    let office = office.reopen(OPEN_R6);
    assert_eq!(served(&office), new);
}

async fn move_one(office: &Office, (old, new): (&str, &str), number: &str) {
    let secretary = office.sign_in(StaffRole::Secretariat).await;
    let path = format!("{PAGE}/revisions/{old}");
    let page = secretary.get(office, &path).await.text;
    assert!(
        page.contains("段階が「事務局からのご連絡」から「事務局からの電話」に変わります"),
        "{page}"
    );
    assert!(!page.contains("<i>青嵐") && !page.contains("この版を公開する</button>"));
    let mark = format!("{number}@0");
    let to = format!("{path}/move");
    for (fields, said) in [
        (vec![("case", mark.as_str())], "移す理由を書いてください"),
        (vec![("reason", "説明済み")], "案件が選ばれていません"),
    ] {
        let reply = secretary.post(office, &to, &fields).await;
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains(said), "{said}");
    }
    let preview = secretary
        .post(office, &to, &[("reason", "説明済み"), ("do", "all")])
        .await;
    assert!(preview.text.contains("次の1件を版"), "{}", preview.text);
    assert_eq!(stored(office, number).await.revision, old);
    let fields = [
        ("reason", "説明済み"),
        ("case", mark.as_str()),
        ("confirmed", "1"),
    ];
    let done = secretary.post(office, &to, &fields).await;
    assert!(done.text.contains("1件を版"), "{}", done.text);
    let moved = stored(office, number).await;
    assert_eq!((moved.revision.as_str(), moved.case.version), (new, 1));
    let again = secretary.post(office, &to, &fields).await;
    assert!(
        again.text.contains("0件を版"),
        "twice is once: {}",
        again.text
    );
}

#[tokio::test]
async fn what_is_faulty_is_not_kept_and_pages_are_for_their_readers() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let admin = office.sign_in(StaffRole::Admin).await;
    let faulty = files("id = \"contact\"", "id = \"contact\"\nnonsense = 1");
    for (sent, said) in [
        (faulty, "flow.toml"),
        (
            files("id = \"tokyo-r6-basic-measures\"", "id = \"another\""),
            "「another」です",
        ),
        (Vec::new(), "選んでください"),
    ] {
        let reply = upload(&office, &admin, &sent).await;
        assert_eq!(reply.status, 422, "{said}");
        assert!(
            reply.text.contains(said) && reply.text.contains("エラー："),
            "{said}: {}",
            reply.text
        );
    }
    let sponsor = office.sign_in(StaffRole::Sponsor).await;
    let overview = sponsor.get(&office, "/office/programs").await;
    assert!(overview.text.contains(PAGE) && overview.text.contains("流れの図"));
    let flow = sponsor.get(&office, &format!("{PAGE}/flow")).await;
    assert_eq!(flow.status, 200);
    for text in [
        "東京都の承認(判断待ち)",
        "質問を付けて差戻し",
        "どの段階からでも",
        "参加確定の後",
    ] {
        assert!(flow.text.contains(text), "{text}");
    }
    assert!(
        !sponsor
            .get(&office, PAGE)
            .await
            .text
            .contains("新しい版を入れる")
    );
    for path in [
        "/office/programs/none",
        "/office/programs/none/flow",
        &format!("{PAGE}/revisions/none"),
    ] {
        assert_eq!(sponsor.get(&office, path).await.status, 404, "{path}");
    }
    let unknown = admin
        .post(
            &office,
            &format!("{PAGE}/revisions/none/publish"),
            &[("reason", "a")],
        )
        .await;
    assert_eq!(unknown.status, 404);
}
