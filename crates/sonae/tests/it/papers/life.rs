//! From the first answer to the accepted paper and its revision, by the commands that pages and interface call.

use serde_json::json;
use sonae::office::papers::answers::{Save, save};
use sonae::office::papers::comments::{comment, resolve};
use sonae::office::papers::files::{attach, take_in_own_texts, take_out_own_text};
use sonae::office::papers::review::{
    Send, accept, return_to_office, send_for_review, start_revision, take_back,
};
use sonae_core::flow::Actor;
use sonae_core::paper::answers::Value;
use sonae_core::paper::desk::State;
use sonae_store::paper_version::{self, Which};

use super::Desk;

const POLICY: &str = "basic-policy";

impl Desk {
    async fn save(
        &self,
        seen: i64,
        actor: Actor,
        sent: serde_json::Value,
    ) -> sonae::office::papers::answers::Saved {
        let (asked, answers) = self.typed(&sent);
        let save_form = Save {
            receipt_number: self.number.clone(),
            seen,
            asked,
            answers,
            actor,
        };
        let saved = save(&self.office.app, save_form).await;
        saved.expect("the database answers").expect("allowed")
    }

    async fn send(&self) -> Result<u32, &'static str> {
        let send = Send {
            request: self.by(self.experts(), POLICY),
            note: "第2条をご確認ください。".to_owned(),
        };
        let sent = send_for_review(&self.office.app, send).await;
        let sent = sent.expect("the database answers");
        sent.map(|sent| sent.version)
            .map_err(|refusal| refusal.code)
    }
}

#[tokio::test]
async fn what_the_application_says_is_proposed_until_it_is_saved() {
    let desk = Desk::new().await;
    let answers = desk.answers();
    let name = desk.stored().answers.name;
    assert_eq!(answers.shown.text("company_name"), name.as_deref());
    assert_eq!((answers.saved.values.len(), answers.sequence), (0, 0));
    desk.save(
        0,
        Actor::Company,
        json!({ "company_name": null, "telework": true }),
    )
    .await;
    let answers = desk.answers();
    assert!(answers.shown.yes("telework"));
    assert_eq!(
        answers.shown.text("company_name"),
        name.as_deref(),
        "nobody emptied it"
    );
    desk.save(1, Actor::Company, json!({ "company_name": "株式会社髙﨑" }))
        .await;
    desk.save(2, Actor::Company, json!({ "company_name": "" }))
        .await;
    assert_eq!(
        desk.answers().shown.text("company_name"),
        None,
        "emptied on purpose"
    );
}

#[tokio::test]
async fn two_who_answer_at_once_overwrite_nothing() {
    let desk = Desk::new().await;
    let people = json!([{ "id": "r1", "name": "山田" }, { "id": "r2", "name": "佐藤" }]);
    let sent = json!({ "people": people, "business": "部品の加工" });
    let first = desk.save(0, Actor::Company, sent).await;
    assert_eq!((first.sequence, first.conflicts.len()), (1, 0));
    let expert = json!({
        "people": [{ "id": "r1", "name": "山田" }, { "id": "r2", "name": "佐藤", "post": "総務" }],
        "business": "精密部品の加工",
    });
    assert_eq!(desk.save(1, desk.experts(), expert).await.changed.len(), 2);
    // The company saw the first save: another row fits, the other business does not.
    let late = json!({
        "people": [{ "id": "r1", "name": "山田太郎" }, { "id": "r2", "name": "佐藤" }],
        "business": "部品加工",
    });
    let saved = desk.save(1, Actor::Company, late).await;
    assert_eq!(saved.changed, ["people"]);
    let conflict = &saved.conflicts[0];
    assert_eq!(conflict.question, "business");
    assert_eq!(conflict.mine, Some(Value::Text("部品加工".into())));
    assert_eq!(conflict.theirs, Some(Value::Text("精密部品の加工".into())));
    assert_eq!(conflict.by, desk.experts().name());
    let answers = desk.answers().saved;
    let row = |id| answers.row("people", id).expect("a row");
    assert_eq!(row("r1").text("name"), Some("山田太郎"));
    assert_eq!(row("r2").text("post"), Some("総務"));
    let log = desk.log();
    assert!(
        log.contains("paper.answered") && !log.contains("山田"),
        "{log}"
    );
}

#[tokio::test]
async fn from_the_draft_to_the_accepted_paper_and_its_revision() {
    let desk = Desk::new().await;
    let app = &desk.office.app;
    let policy = |actor: Actor| desk.by(actor, POLICY);
    assert_eq!(desk.send().await, Ok(1));
    assert_eq!(desk.send().await, Err("paper_in_review"));
    let review = desk.mails("paper_review");
    assert_eq!((review.len(), review[0].state.as_str()), (1, "queued"));
    let mail = sonae::mail::reading::read(&review[0].mail.content).body;
    for piece in ["第1版", "第2条をご確認ください。", "/papers/basic-policy\n"] {
        assert!(mail.contains(piece), "{piece}: {mail}");
    }
    // Taken back before it leaves, the company hears nothing of it.
    let next = take_back(app, policy(desk.experts()))
        .await
        .expect("written");
    assert_eq!(next, Ok(State::Draft { version: 2 }));
    assert_eq!(desk.mails("paper_review")[0].state, "cancelled");
    assert_eq!(desk.send().await, Ok(2));
    let what = "連絡先が古いです。".to_owned();
    let early = return_to_office(app, policy(Actor::Company), 1, what.clone()).await;
    assert_eq!(
        early.expect("read").map_err(|no| no.code),
        Err("other_version")
    );
    let returned = return_to_office(app, policy(Actor::Company), 2, what).await;
    assert_eq!(returned.expect("written"), Ok(State::Draft { version: 3 }));
    accepted_and_revised(&desk).await;
}

/// The rest of the way: the third version is accepted, and a fourth begun.
async fn accepted_and_revised(desk: &Desk) {
    let app = &desk.office.app;
    let policy = |actor: Actor| desk.by(actor, POLICY);
    assert_eq!(desk.send().await, Ok(3));
    let accepted = accept(app, policy(Actor::Company), 3)
        .await
        .expect("written");
    let accepted = accepted.expect("allowed");
    let again = accept(app, policy(Actor::Company), 3).await.expect("read");
    assert_eq!(again.map_err(|no| no.code), Err("paper_accepted"));
    let receipt = &desk.mails("paper_accepted")[0];
    let receipt = sonae::mail::reading::read(&receipt.mail.content).body;
    let hash = accepted
        .pdf_sha256
        .as_ref()
        .unwrap_or(&accepted.document_sha256);
    assert!(receipt.contains(hash.as_str()), "{receipt}");
    let told = desk.told();
    for name in ["staff_paper_returned", "staff_paper_accepted"] {
        assert_eq!(
            told.iter().filter(|told| *told == name).count(),
            1,
            "{told:?}"
        );
    }
    let revised = start_revision(app, policy(desk.experts()))
        .await
        .expect("written");
    assert_eq!(revised, Ok(State::Draft { version: 4 }));

    let id = desk.stored().application_id;
    let which = Which {
        application_id: &id,
        kind: POLICY,
        version: 3,
    };
    let versions = app.db.read(|tx| paper_version::of_paper(tx, &id, POLICY));
    let ends: Vec<_> = (versions.expect("read").into_iter())
        .map(|version| version.end.expect("ended").how.as_str())
        .collect();
    assert_eq!(ends, ["accepted", "returned", "taken_back"]);
    if let Some(pdf) = app
        .db
        .read(|tx| paper_version::pdf(tx, which))
        .expect("read")
    {
        assert!(pdf.starts_with(b"%PDF"));
    }
    let log = desk.log();
    for action in [
        "sent",
        "taken_back",
        "returned",
        "accepted",
        "revision_started",
    ] {
        assert!(
            log.contains(&format!("\"paper.{action}\"")),
            "{action}: {log}"
        );
    }
    assert!(
        log.contains(hash.as_str()) && !log.contains("連絡先が古い"),
        "{log}"
    );
}

#[tokio::test]
async fn what_is_said_and_sent_about_a_paper_is_kept() {
    let desk = Desk::new().await;
    let app = &desk.office.app;
    let policy = |actor: Actor| desk.by(actor, POLICY);
    let say = |text: &str| comment(app, policy(Actor::Company), None, text.to_owned());
    let id = say("分かりにくいです。")
        .await
        .expect("written")
        .expect("allowed");
    assert_eq!(
        say(" ").await.expect("read").map_err(|no| no.code),
        Err("no_text")
    );
    for _ in 0..2 {
        let resolved = resolve(app, policy(desk.experts()), id.clone()).await;
        assert_eq!(resolved.expect("written"), Ok(()));
    }
    let change = json!({ "added": { "blocks": [
        { "id": "own_1", "body": { "paragraph": { "text": [{ "text": "会社の言葉です。" }] } } },
    ], "otherwise": null } });
    let own = vec![(None, change)];
    let taken = take_in_own_texts(app, policy(Actor::Company), own).await;
    let taken = taken.expect("written").expect("allowed");
    let draft = || {
        let (stored, kind) = (desk.stored(), sonae::papers::library().kind(POLICY));
        let read = |tx: &mut sonae_db::Tx| {
            let kind = kind.expect("in the library");
            sonae::office::papers::draft::of_paper(tx, &stored, kind, app.clock.now())
        };
        format!("{:?}", app.db.read(read).expect("composed").document)
    };
    assert!(draft().contains("会社の言葉です。"));
    let out = take_out_own_text(app, policy(desk.experts()), taken[0].clone()).await;
    assert_eq!(out.expect("written"), Ok(()));
    assert!(!draft().contains("会社の言葉です。"));
    let attached = |name: &str, content: &[u8]| {
        attach(
            app,
            policy(Actor::Company),
            name.to_owned(),
            content.to_vec(),
        )
    };
    let code = |name: &'static str, content: &'static [u8]| async move {
        let attached = attached(name, content).await.expect("the database answers");
        attached.map_or_else(|refusal| refusal.code, |_| "kept")
    };
    assert_eq!(code("戻し.docx", b"PK").await, "kept");
    assert_eq!(code("再送.docx", b"PK").await, "kept", "the same content");
    assert_eq!(code("a.exe", b"MZ").await, "file_kind");
    assert_eq!(code("a.pdf", b"").await, "no_file");
    let log = desk.log();
    assert_eq!(log.matches("\"paper.attached\"").count(), 1);
    assert_eq!(log.matches("\"paper.comment_resolved\"").count(), 1);
    assert!(
        !log.contains("分かりにくい") && !log.contains("戻し"),
        "{log}"
    );
}

#[tokio::test]
async fn papers_are_refused_where_there_are_none() {
    let desk = Desk::new().await;
    let app = &desk.office.app;
    let code = |kind: &'static str| {
        let desk = &desk;
        async move {
            let begun = start_revision(app, desk.by(desk.experts(), kind)).await;
            begun.expect("read").map_or_else(|no| no.code, |_| "done")
        }
    };
    assert_eq!(code("it-bcp").await, "unknown_paper", "of another course");
    assert_eq!(code("nothing").await, "unknown_paper");
    assert_eq!(code(POLICY).await, "paper_not_accepted");
    let gone = json!({ "event": "withdrawn", "reason": "x" });
    desk.act(&gone, Actor::Company).await;
    assert_eq!(code(POLICY).await, "case_closed");
}
