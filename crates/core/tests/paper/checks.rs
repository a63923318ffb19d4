//! What an expert would ask about the sample companies, and about answers made to contradict.

use jiff::civil::date;
use sonae_core::paper::answers::{Answers, read};
use sonae_core::paper::check::check;
use sonae_core::paper::ledger::{ONE_TO_THREE, heat_map};
use sonae_core::paper::security_action::{declaration, two_stars};
use sonae_core::paper::wording;

use super::LIBRARY;

/// Findings as `check question.row.column: sentence`.
fn findings(answers: &Answers) -> Vec<String> {
    let found = check(&LIBRARY, answers, date(2026, 11, 20));
    let places = found.iter().map(|finding| {
        let parts = [
            Some(&finding.question),
            finding.row.as_ref(),
            finding.column.as_ref(),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        format!(
            "{} {}: {}",
            finding.check,
            parts.join("."),
            finding.sentence
        )
    });
    places.collect()
}

#[test]
fn an_expert_would_ask_the_samples() {
    for sample in LIBRARY.samples() {
        insta::assert_snapshot!(
            format!("checks-{}", sample.name),
            findings(&sample.answers).join("\n")
        );
    }
}

#[test]
fn nothing_is_found_where_nothing_is_answered() {
    assert_eq!(findings(&Answers::default()), Vec::<String>::new());
}

#[track_caller]
fn finds(json: serde_json::Value, expected: &[&str]) {
    let reading = read(&LIBRARY, &json);
    assert_eq!(reading.problems, []);
    let found = findings(&reading.answers);
    let names: Vec<&str> = found
        .iter()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(names, expected, "{found:#?}");
}

#[test]
fn contradictions_are_found_where_they_stand() {
    let person = serde_json::json!([{ "id": "p", "name": "甲", "mobile": "1" }, { "id": "q", "name": "乙", "mobile": "2" }]);
    finds(
        serde_json::json!({ "people": person, "systems": [
            { "id": "a", "name": "A", "owner": "p", "rto": 4, "rpo": 4, "depends_on": ["b"] },
            { "id": "b", "name": "B", "owner": "p", "rto": 8, "mtd": 6, "depends_on": ["a"] },
        ], "backups": [{ "name": "控え", "systems": ["A"], "interval": 24, "tested_on": "2026-01-01" }] }),
        &[
            "recovery_before_dependency systems.a.rto",
            "dependency_circle systems.a.depends_on",
            "recovery_after_limit systems.b.rto",
            "dependency_circle systems.b.depends_on",
            "recovery_point_before_backup systems.a.rpo",
        ],
    );
    let role = |id: &str, called_by: &str| serde_json::json!({ "id": id, "name": id, "person": "p", "deputy": "q", "called_by": called_by });
    finds(
        serde_json::json!({ "people": person, "roles": [role("a", ""), role("b", "a"), role("c", "d"), role("d", "c")] }),
        &[
            "branch_not_reached roles.c.called_by",
            "branch_not_reached roles.d.called_by",
        ],
    );
    finds(
        serde_json::json!({ "people": person, "roles": [role("a", ""), role("b", "")] }),
        &["nobody_calls roles.b.called_by"],
    );
    finds(
        serde_json::json!({ "people": [{ "id": "p", "name": "甲", "mobile": "1", "left_on": "2026-11-20" }], "roles": [{ "id": "a", "name": "窓口", "person": "p" }], "rules": [{ "id": "x", "name": "規程" }], "policy_date": "2026-04-01" }),
        &[
            "role_without_deputy roles.a.deputy",
            "person_left roles.a.person",
            "rule_without_owner rules.x.owner",
            "policy_not_published policy_published",
        ],
    );
}

/// A role that is removed leaves findings, not holes.
#[test]
fn what_a_removed_row_leaves_is_found() {
    let mut answers = LIBRARY.samples()[1].answers.clone();
    answers.remove_row("roles", "leader");
    let found = findings(&answers);
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("caller_is_gone roles.executive.called_by")),
        "{found:#?}"
    );
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("rule_without_owner rules.organisation.owner")),
        "{found:#?}"
    );
}

#[test]
fn two_stars_are_ready_when_all_three_are_done() {
    let done = |at: usize| two_stars(&LIBRARY.samples()[at].answers).map(|step| step.done);
    assert_eq!(done(0), [true, true, false]);
    assert_eq!(done(1), [true, true, true]);
    assert_eq!(
        two_stars(&Answers::default()).map(|step| step.done),
        [false; 3]
    );
    let declared = declaration(&LIBRARY.samples()[1].answers).unwrap();
    assert_eq!(
        (declared.stars, declared.id.as_deref(), declared.date),
        (2, Some("00000000020"), Some(date(2025, 8, 1)))
    );
    assert_eq!(declaration(&Answers::default()), None);
    for answers in [&LIBRARY.samples()[0].answers, &Answers::default()] {
        let text: String = two_stars(answers)
            .into_iter()
            .map(|step| step.sentence)
            .collect();
        assert_eq!(wording::wrong(&format!("SECURITY ACTION {text}")), []);
    }
}

#[test]
fn the_heat_map_counts_what_is_assessed() {
    let map = heat_map(&LIBRARY.samples()[2].answers, ONE_TO_THREE);
    let all: usize = map.iter().flatten().sum();
    assert_eq!((map.len(), all), (3, 60));
}
