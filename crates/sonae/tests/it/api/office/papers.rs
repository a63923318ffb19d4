//! The papers of a case by the interface: everything described happens, two who answer at once overwrite nothing, a version is sent once.

use serde_json::{Value, json};
use sonae::office::papers::Request;
use sonae::office::papers::review::accept;
use sonae_core::access::{Action, StaffRole};
use sonae_core::flow::Actor;

use super::everything::{Trial, Walk};
use super::{Asked, System, concrete, open};
use crate::papers::Desk;

const PAPERS: &str = "/api/v1/cases/{receipt_number}/papers";
const ANSWERS: &str = "/api/v1/cases/{receipt_number}/papers/answers";
const PAPER: &str = "/api/v1/cases/{receipt_number}/papers/{kind}";
const VERSIONS: &str = "/api/v1/cases/{receipt_number}/papers/{kind}/versions";
const FILE: &str = "/api/v1/cases/{receipt_number}/papers/{kind}/versions/{version}/file";
const SEND: &str = "/api/v1/cases/{receipt_number}/papers/{kind}/send-for-review";
const TAKE_BACK: &str = "/api/v1/cases/{receipt_number}/papers/{kind}/take-back";
const REVISE: &str = "/api/v1/cases/{receipt_number}/papers/{kind}/start-revision";
const COMMENTS: &str = "/api/v1/cases/{receipt_number}/papers/{kind}/comments";

fn of_answers(number: &str, example: &Value) -> Vec<Trial> {
    let save = |seen: i64, answers: Value| {
        let body = json!({ "seen": seen, "answers": answers });
        (ANSWERS, Asked::put(&concrete(ANSWERS, number), body))
    };
    let with = |(path, asked): (&'static str, Asked), status| (path, asked, status);
    let body = Asked::put(&concrete(ANSWERS, number), json!({}));
    vec![
        (PAPERS, Asked::get(&concrete(PAPERS, number)), 200),
        (ANSWERS, Asked::get(&concrete(ANSWERS, number)), 200),
        (
            ANSWERS,
            Asked::put(&concrete(ANSWERS, number), example.clone()),
            200,
        ),
        with(save(0, json!({ "business": "食品の卸売" })), 200),
        with(save(0, json!({ "business": "別の事業" })), 409),
        with(save(1, json!({ "business": "別の事業" })), 200),
        with(save(9, json!({})), 422),
        with(save(-1, json!({})), 422),
        with(save(0, json!({ "unknown": 1 })), 422),
        with(save(0, json!({ "telework": "たぶん" })), 422),
        with(save(0, json!([])), 422),
        (ANSWERS, body.clone().bytes(b"{"), 400),
        (ANSWERS, body.clone().bytes(&vec![b' '; (2 << 20) + 1]), 413),
        (ANSWERS, body.of_kind("text/plain"), 415),
    ]
}

fn of_a_paper(number: &str) -> Vec<Trial> {
    let get = |path: &'static str| Asked::get(&concrete(path, number));
    let done = |path: &'static str, body: Value, key: &str, status: u16| {
        let asked = Asked::post(&concrete(path, number), body);
        (path, asked.key(key), status)
    };
    let empty = json!({});
    let query = |query: &str| Asked::get(&format!("{}{query}", concrete(FILE, number)));
    let other = Asked::get(&concrete(FILE, number).replace("/1/", "/x/"));
    let mut trials = vec![
        (PAPER, get(PAPER), 200),
        (COMMENTS, get(COMMENTS), 200),
        done(
            COMMENTS,
            json!({ "text": "役職をご確認ください。" }),
            "c1",
            200,
        ),
        done(
            COMMENTS,
            json!({ "text": "役職をご確認ください。" }),
            "c1",
            200,
        ),
        done(COMMENTS, json!({ "text": " " }), "c2", 422),
        done(COMMENTS, json!({ "text": "x", "block": "" }), "c3", 422),
        done(TAKE_BACK, empty.clone(), "t0", 409),
        done(REVISE, empty.clone(), "r0", 409),
        done(SEND, json!({ "note": 1 }), "s0", 422),
        done(SEND, json!({ "note": "ご確認ください。" }), "s1", 200),
        done(SEND, json!({ "note": "ご確認ください。" }), "s1", 200),
        done(SEND, json!({ "note": "別のこと" }), "s1", 422),
        done(SEND, empty.clone(), "s2", 409),
        (VERSIONS, get(VERSIONS), 200),
        (FILE, query("?format=docx"), 200),
        (FILE, query("?format=exe"), 422),
        (FILE, other, 404),
        done(TAKE_BACK, json!({ "version": 1 }), "t1", 422),
        done(TAKE_BACK, empty.clone(), "t2", 200),
        done(TAKE_BACK, empty.clone(), "t2", 200),
        done(REVISE, json!([]), "r1", 422),
        done(SEND, empty, "s3", 200),
    ];
    for path in [COMMENTS, SEND, TAKE_BACK, REVISE] {
        let asked = Asked::post(&concrete(path, number), json!({})).key("b");
        let large = asked.clone().bytes(&vec![b' '; (64 << 10) + 1]);
        trials.extend([
            (path, asked.clone().bytes(b"{"), 400),
            (path, large, 413),
            (path, asked.of_kind("text/plain"), 415),
        ]);
    }
    trials
}

fn of_nothing() -> Vec<Trial> {
    let nowhere = |path: &str| concrete(path, "R6-222-222");
    let read = [PAPERS, ANSWERS, PAPER, VERSIONS, FILE, COMMENTS];
    let read = read.map(|path| (path, Asked::get(&nowhere(path)), 404));
    let done = [SEND, TAKE_BACK, REVISE, COMMENTS].map(|path| {
        let asked = Asked::post(&nowhere(path), json!({}));
        (path, asked.key("n"), 404)
    });
    let save = json!({ "seen": 0, "answers": {} });
    let save = (ANSWERS, Asked::put(&nowhere(ANSWERS), save), 404);
    read.into_iter().chain(done).chain([save]).collect()
}

#[tokio::test]
async fn everything_described_of_papers_happens() {
    let desk = Desk::new().await;
    let number = desk.number.clone();
    let request = desk.by(Actor::Company, "basic-policy");
    let withdrawn = json!({ "event": "withdrawn", "reason": "電話で" });
    let mut walk = Walk::new(desk.office).await;
    let content = &walk.document["paths"][ANSWERS]["put"]["requestBody"]["content"];
    let example = content["application/json"]["example"].clone();
    let trials = [
        of_answers(&number, &example),
        of_a_paper(&number),
        of_nothing(),
    ];
    for trial in trials.concat() {
        walk.send(trial).await;
    }
    let accepted = accept(&walk.office.app, request as Request, 2).await;
    assert!(accepted.expect("the database answers").is_ok());
    let revise = Asked::post(&concrete(REVISE, &number), json!({})).key("r2");
    let revised = walk.send((REVISE, revise, 200)).await;
    assert_eq!(revised.json()["version"], json!(3));
    let act = "/api/v1/cases/{receipt_number}/actions";
    let end = Asked::post(&concrete(act, &number), withdrawn).key("w");
    walk.send((act, end, 200)).await;
    let late = Asked::post(&concrete(COMMENTS, &number), json!({ "text": "x" })).key("c9");
    let refused = walk.send((COMMENTS, late, 409)).await;
    assert_eq!(refused.json()["code"], json!("case_closed"));
    walk.finish(|path| path.contains("/papers"));
}

#[tokio::test]
async fn a_conflict_is_told_with_both_answers_and_nothing_is_saved() {
    let desk = Desk::new().await;
    let system = System::new(&desk.office, StaffRole::Secretariat, &[]).await;
    let path = concrete(ANSWERS, &desk.number);
    let save =
        |seen: i64, answers: Value| Asked::put(&path, json!({ "seen": seen, "answers": answers }));
    let first = save(0, json!({ "business": "部品の加工" }));
    let saved = system.send(&desk.office, &first).await.json();
    assert_eq!(saved, json!({ "sequence": 1, "changed": ["business"] }));
    let again = system.send(&desk.office, &first).await.json();
    assert_eq!(again, json!({ "sequence": 1, "changed": [] }));
    let late = save(0, json!({ "business": "卸売", "telework": true }));
    let told = system.send(&desk.office, &late).await.json();
    assert_eq!(told["type"], "urn:sonae:problem:conflict");
    assert_eq!(told["sequence"], json!(1));
    assert_eq!(told["conflicts"][0]["mine"], "卸売");
    assert_eq!(told["conflicts"][0]["theirs"], "部品の加工");
    let answers = system.get(&desk.office, &path).await.json();
    assert_eq!(answers["sequence"], json!(1));
    assert!(answers["answers"].get("telework").is_none(), "{answers}");
    let bad = save(1, json!({ "telework": "たぶん" }));
    let told = system.send(&desk.office, &bad).await.json();
    assert_eq!(told["errors"][0]["field"], "answers.telework");
}

#[tokio::test]
async fn papers_need_their_scopes_and_a_company_that_takes_part() {
    let desk = Desk::new().await;
    let path = concrete(ANSWERS, &desk.number);
    let save = Asked::put(&path, json!({ "seen": 0, "answers": { "telework": true } }));
    let scopes = [Action::ReadCase, Action::ReadPapers];
    let reader = System::new(&desk.office, StaffRole::Secretariat, &scopes).await;
    assert_eq!(reader.get(&desk.office, &path).await.status, 200);
    let refused = reader.send(&desk.office, &save).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("work_papers"), "{}", refused.text);
    // Another expert's token sees nothing of this case.
    let expert = System::new(&desk.office, StaffRole::Expert, &[]).await;
    assert_eq!(expert.send(&desk.office, &save).await.status, 404);
    let (office, number) = open().await;
    let system = System::new(&office, StaffRole::Secretariat, &[]).await;
    let list = system.get(&office, &concrete(PAPERS, &number)).await.json();
    assert_eq!(list["papers"], json!([]));
    let early = Asked {
        path: concrete(ANSWERS, &number),
        ..save
    };
    let refused = system.send(&office, &early).await;
    assert_eq!(refused.json()["code"], "not_confirmed", "{}", refused.text);
    let paper = system.get(&office, &concrete(PAPER, &number)).await;
    assert_eq!(paper.status, 404);
}
