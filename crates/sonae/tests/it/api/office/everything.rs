//! Everything that is described happens, and nothing else.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sonae::api::door::Endpoint;
use sonae::api::publishing::LARGEST_REVISION;
use sonae::api::staff::endpoints;
use sonae_core::access::{Grant, StaffRole, allowed};

use super::places::hand_over;
use super::publishing::files;
use super::{Asked, System, concrete, open};
use crate::office::{Office, R6, Reply};
use crate::openapi::check;

const CASES: &str = "/api/v1/cases";
const SEARCH: &str = "/api/v1/cases/search";
const CASE: &str = "/api/v1/cases/{receipt_number}";
const TIMELINE: &str = "/api/v1/cases/{receipt_number}/timeline";
const MAILS: &str = "/api/v1/cases/{receipt_number}/mails";
const ACT: &str = "/api/v1/cases/{receipt_number}/actions";
const PREVIEW: &str = "/api/v1/cases/{receipt_number}/preview";
const UNDO: &str = "/api/v1/cases/{receipt_number}/undo";
const REVISIONS: &str = "/api/v1/programs/{id}/revisions";
const REVISION: &str = "/api/v1/programs/{id}/revisions/{revision}";
const EFFECT: &str = "/api/v1/programs/{id}/revisions/{revision}/effect";
const PUBLISH: &str = "/api/v1/programs/{id}/revisions/{revision}/publish";
const PLACES: &str = "/api/v1/programs/{id}/places";
const PLACE: &str = "/api/v1/programs/{id}/places/{course}";
const FIGURES: &str = "/api/v1/programs/{id}/figures";
const APPROVALS: &str = "/api/v1/approvals";
const APPROVAL_LISTS: &str = "/api/v1/approval-lists";
const APPROVAL_LIST: &str = "/api/v1/approval-lists/{id}";
const TOKEN: &str = "/api/v1/token";
const MISSING: &str = "/api/v1/mails/missing";
const IMPORTS: &str = "/api/v1/earlier-support/imports";
const IMPORT: &str = "/api/v1/earlier-support/imports/{id}";
const TAKE_BACK: &str = "/api/v1/earlier-support/imports/{id}/take-back";
const LIST: &str = "会社名,支援の種類,年度\r\nみほん工業,UTM,令和5年度\r\n";

/// Where it is described, what is sent, and the status that it has to give.
pub(super) type Trial = (&'static str, Asked, u16);

fn of_cases(number: &str) -> Vec<Trial> {
    let note = json!({ "event": "noted", "text": "電話を待つ" });
    let other = json!({ "event": "noted", "text": "別のこと" });
    let act = |body: &Value| Asked::post(&concrete(ACT, number), body.clone());
    let preview = |body: Value| Asked::post(&concrete(PREVIEW, number), body);
    let undo = |body: Value| Asked::post(&concrete(UNDO, number), body);
    let search = |body: Value| Asked::post(SEARCH, body);
    let reached = json!({ "event": "contacted", "channel": "phone", "outcome": "reached" });
    let moved = json!({ "event": "moved", "revision": "none", "reason": "x" });
    let answers = json!({ "event": "corrected", "answers": {}, "reason": "電話" });
    vec![
        (
            CASES,
            Asked::get("/api/v1/cases?status=open&limit=1&sort=due"),
            200,
        ),
        (
            CASES,
            Asked::get("/api/v1/cases?q=x&limit=a&status=b&cursor=c"),
            422,
        ),
        (SEARCH, search(json!({ "q": "みほん", "limit": 5 })), 200),
        (SEARCH, search(json!({ "limit": 0, "view": "none" })), 422),
        (SEARCH, search(json!([])), 422),
        (CASE, Asked::get(&concrete(CASE, number)), 200),
        (TIMELINE, Asked::get(&concrete(TIMELINE, number)), 200),
        (MAILS, Asked::get(&concrete(MAILS, number)), 200),
        (ACT, act(&note).key("a1"), 200),
        (ACT, act(&note).key("a1"), 200),
        (ACT, act(&other).key("a1"), 422),
        (ACT, act(&note), 400),
        (
            ACT,
            act(&json!({ "event": "noted", "text": "" })).key("a2"),
            409,
        ),
        (ACT, act(&json!({ "event": "approved" })).key("a3"), 403),
        (
            ACT,
            act(&json!({ "event": "withdrawn", "version": 0 })).key("a4"),
            409,
        ),
        (ACT, act(&answers).key("a5"), 422),
        (
            ACT,
            act(&json!({ "event": "noted", "text": "a\u{0}b" })).key("a6"),
            422,
        ),
        (PREVIEW, preview(reached.clone()), 200),
        (
            PREVIEW,
            preview(json!({ "event": "reopened", "reason": "x" })),
            200,
        ),
        (PREVIEW, preview(json!({ "event": "unknown" })), 422),
        (PREVIEW, preview(moved.clone()), 200),
        (ACT, act(&moved).key("a7"), 409),
        (CASES, Asked::get("/api/v1/cases?sort="), 422),
        (SEARCH, search(json!({ "step": 0 })), 422),
        (UNDO, undo(json!({ "version": 1 })), 400),
        (UNDO, undo(json!({ "version": 0 })).key("u1"), 422),
        (ACT, act(&reached).key("a8"), 200),
        (UNDO, undo(json!({ "version": 2 })).key("u2"), 200),
        (UNDO, undo(json!({ "version": 2 })).key("u2"), 200),
        (UNDO, undo(json!({ "version": 2 })).key("u3"), 409),
        (UNDO, undo(json!({ "version": 1 })).key("u2"), 422),
    ]
}

fn import(query: &str, content: &[u8]) -> Asked {
    Asked::post(&format!("{IMPORTS}?file_name=r5.csv{query}"), json!(null))
        .of_kind("text/csv")
        .bytes(content)
}

fn of_imports() -> Vec<Trial> {
    let list = LIST.as_bytes();
    let seminar = "会社名,支援の種類,年度\r\nみほん,セミナー,令和5年度".as_bytes();
    vec![
        (IMPORTS, Asked::get(IMPORTS), 200),
        (IMPORTS, import("&dry_run=true&complete=true", list), 200),
        (IMPORTS, import("&dry_run=true&year=2023", seminar), 200),
        (IMPORTS, import("", seminar), 422),
        (
            IMPORTS,
            import("&kind=none&complete=maybe&unknown=1", list),
            422,
        ),
        (IMPORTS, import("", &vec![b'a'; (10 << 20) + 1]), 413),
        (IMPORTS, import("", list), 201),
        (IMPORTS, import("", list), 409),
    ]
}

/// The rest that the office reads; the list of approvals with its own id is tried in `places.rs`.
fn of_reading() -> Vec<Trial> {
    let get = |path: &'static str| (path, Asked::get(&concrete(path, "")), 200);
    let wrong = |path: &'static str| (path, Asked::get(&format!("{path}?state=x&unknown=1")), 422);
    vec![
        get(PLACES),
        get(PLACE),
        get(FIGURES),
        get(APPROVALS),
        get(APPROVAL_LISTS),
        get(MISSING),
        get(TOKEN),
        wrong(APPROVALS),
        wrong(APPROVAL_LISTS),
    ]
}

/// What is asked of things that do not exist.
fn of_nothing() -> Vec<Trial> {
    let nowhere = |path: &str| concrete(path, "R6-222-222").replace(R6, "none");
    let read = [
        CASE,
        TIMELINE,
        MAILS,
        REVISIONS,
        REVISION,
        EFFECT,
        PLACES,
        PLACE,
        FIGURES,
        APPROVAL_LIST,
        IMPORT,
    ];
    let read = read.map(|path| (path, Asked::get(&nowhere(path)), 404));
    let done = [ACT, PREVIEW, UNDO, TAKE_BACK, REVISIONS, PUBLISH].map(|path| {
        let asked = Asked::post(&nowhere(path), json!({ "reason": "x" }));
        (path, asked.key("n"), 404)
    });
    read.into_iter().chain(done).collect()
}

/// What no body of JSON may be.
fn of_bodies(number: &str) -> Vec<Trial> {
    let large = vec![b' '; LARGEST_REVISION + 1];
    let bodies = [ACT, PREVIEW, UNDO, SEARCH, TAKE_BACK, REVISIONS, PUBLISH].map(|path| {
        let asked = Asked::post(&concrete(path, number), json!({})).key("b");
        [
            (path, asked.clone().bytes(b"{"), 400),
            (path, asked.clone().bytes(&large), 413),
            (path, asked.of_kind("text/plain"), 415),
        ]
    });
    bodies.into_iter().flatten().collect()
}

/// What follows from a list that was imported and a revision that was published.
fn of_found(import: &str, revision: &str, list: &str) -> Vec<Trial> {
    let one = format!("{IMPORTS}/{import}");
    let take_back = |reason: &str| {
        let path = format!("{one}/take-back");
        Asked::post(&path, json!({ "reason": reason }))
    };
    let revisions = format!("/api/v1/programs/{R6}/revisions");
    let keep = |files: Value| Asked::post(&revisions, json!({ "files": files }));
    let publish = |reason: &str| {
        let path = format!("{revisions}/{revision}/publish");
        Asked::post(&path, json!({ "reason": reason }))
    };
    vec![
        (REVISIONS, keep(json!([])), 422),
        (REVISIONS, keep(files("")), 200),
        (REVISIONS, keep(files("変更")), 201),
        (PUBLISH, publish(""), 422),
        (PUBLISH, publish("確認のため"), 200),
        (
            EFFECT,
            Asked::get(&format!("{revisions}/{revision}/effect")),
            200,
        ),
        (
            APPROVAL_LIST,
            Asked::get(&format!("{APPROVAL_LISTS}/{list}")),
            200,
        ),
        (REVISIONS, Asked::get(&revisions), 200),
        (
            REVISION,
            Asked::get(&format!("{revisions}/{revision}")),
            200,
        ),
        (IMPORT, Asked::get(&one), 200),
        (TAKE_BACK, take_back(""), 422),
        (TAKE_BACK, take_back("年度の違い"), 200),
        (TAKE_BACK, take_back("年度の違い"), 409),
    ]
}

/// Sends everything, compares each answer with its description, and notes what happened.
pub(super) struct Walk {
    pub(super) office: Office,
    secretariat: System,
    /// For what the secretariat may not do.
    admin: System,
    pub(super) document: Value,
    seen: BTreeSet<String>,
}

impl Walk {
    pub(super) async fn new(office: Office) -> Walk {
        Walk {
            document: office.get("/openapi.json").await.json(),
            secretariat: System::new(&office, StaffRole::Secretariat, &[]).await,
            admin: System::new(&office, StaffRole::Admin, &[]).await,
            office,
            seen: BTreeSet::new(),
        }
    }

    pub(super) async fn send(&mut self, (path, asked, status): Trial) -> Reply {
        let all = endpoints();
        let ours = |endpoint: &&Endpoint| endpoint.path == path && endpoint.method == asked.method;
        let action = all.iter().find(ours).expect("an address").action;
        let system = match allowed(StaffRole::Secretariat, action) {
            Grant::No => &self.admin,
            _ => &self.secretariat,
        };
        let reply = system.send(&self.office, &asked).await;
        self.note((path, asked, status), reply)
    }

    /// The same by another system.
    pub(super) async fn send_as(&mut self, system: &System, trial: Trial) -> Reply {
        let reply = system.send(&self.office, &trial.1).await;
        self.note(trial, reply)
    }

    fn note(&mut self, (path, asked, status): Trial, reply: Reply) -> Reply {
        let name = format!("{} {}", asked.method, asked.path);
        assert_eq!(reply.status.as_u16(), status, "{name}: {}", reply.text);
        check(&self.document, path, &asked.method.to_lowercase(), &reply);
        self.seen
            .insert(format!("{} {path} {status}", asked.method));
        reply
    }

    /// Fails unless everything described at these addresses happened, and nothing else.
    pub(super) fn finish(mut self, ours: impl Fn(&str) -> bool) {
        let mut described = BTreeSet::new();
        for endpoint in endpoints().into_iter().filter(|one| ours(one.path)) {
            let method = endpoint.method.as_str().to_lowercase();
            let responses = &self.document["paths"][endpoint.path][&method]["responses"];
            let statuses = responses.as_object().expect("responses").keys();
            described.extend(
                statuses.map(|status| format!("{} {} {status}", endpoint.method, endpoint.path)),
            );
        }
        // Refusals at the door are tried with every role elsewhere; crowding and defects are not made here.
        let apart = |name: &String| {
            !["401", "403", "429", "500", "503"]
                .iter()
                .any(|status| name.ends_with(status))
        };
        described.retain(apart);
        self.seen.retain(|name| apart(name) && ours(name));
        assert_eq!(self.seen, described);
    }
}

/// Every status that is described happens, and no other; each answer is as described.
#[tokio::test]
async fn everything_described_happens() {
    let (office, number) = open().await;
    let mut walk = Walk::new(office).await;
    let trials = [
        of_cases(&number),
        of_imports(),
        of_reading(),
        of_nothing(),
        of_bodies(&number),
    ];
    let mut imported = String::new();
    for trial in trials.concat() {
        let is_import = trial.2 == 201;
        let reply = walk.send(trial).await;
        if is_import {
            imported = reply.json()["id"].as_str().unwrap_or_default().to_owned();
        }
    }
    let revision = walk.office.app.programs.get(R6).expect("R6");
    let revision = revision.program.revision.clone();
    let (_, list) = hand_over(&walk.office).await;
    for trial in of_found(&imported, &revision, &list) {
        walk.send(trial).await;
    }
    // These need a company that takes part, and have files of their own.
    let apart = ["/papers", "/devices", "/checks", "/findings", "/reports"];
    walk.finish(|path| !apart.iter().any(|part| path.contains(part)));
}
