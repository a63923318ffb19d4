//! Who may take part, by the two programmes themselves: one line per case, the answers that differ and the verdict.

use std::fmt::Write;

use serde_json::{Value, json};
use sonae_core::application::answers::Answers;
use sonae_core::eligibility::{Eligibility, Outcome};
use sonae_core::eligibility::{judge, print};

use super::{TOKYO, program};

/// A company that may take part in both programmes.
fn sound(courses: Value) -> Value {
    json!({
        "entity_kind": "corporation", "name": "みほん工業株式会社", "industry": "manufacturing_other",
        "capital_yen": 30_000_000, "employees": 45, "prefecture": "13", "courses": courses,
        "past_support": [], "equivalent_subsidy": false,
        "measures": { "utm_or_edr_installed": true, "two_star_level_policy": true },
        "continuing_measures": true, "pledges": ["a", "b", "c", "d", "e", "f", "g"], "survey_agreed": true,
    })
}

/// The verdict, and the rules that are not met or need judgement, in their order.
fn check(id: &str, courses: Value, changed: Value, verdict: Eligibility, open: &[&str]) {
    let mut answers = sound(courses);
    for (name, value) in changed.as_object().unwrap() {
        answers[name] = value.clone();
    }
    let answers: Answers = serde_json::from_value(answers).unwrap();
    let judged = judge(&program(&format!("programs/{id}")), &answers);
    let found: Vec<&str> = (judged.findings.iter())
        .filter(|finding| finding.outcome != Outcome::Met)
        .map(|finding| finding.rule.as_str())
        .collect();
    assert_eq!(
        (judged.verdict, &found[..]),
        (verdict, open),
        "{id} {changed}"
    );
}

#[test]
fn r6() {
    use Eligibility::{Eligible, Ineligible, NeedsJudgement};
    let past = |kind: &str| json!({ "past_support": [{ "kind": kind, "year": 2022 }] });
    for (changed, verdict, open) in [
        (json!({}), Eligible, &[][..]),
        (
            json!({ "measures": null, "continuing_measures": null }),
            Eligible,
            &[],
        ),
        (
            json!({ "capital_yen": 300_000_001, "employees": 301 }),
            Ineligible,
            &["sme"],
        ),
        (json!({ "entity_kind": "other" }), NeedsJudgement, &["sme"]),
        (json!({ "prefecture": "14" }), Ineligible, &["place"]),
        (past("utm"), Ineligible, &["earlier_support"]),
        (past("edr"), Eligible, &[]),
        (past("csirt"), Eligible, &[]),
        (
            json!({ "equivalent_subsidy": true }),
            Ineligible,
            &["equivalent_subsidy"],
        ),
        (
            json!({ "survey_agreed": false }),
            NeedsJudgement,
            &["survey"],
        ),
        (
            json!({ "pledges": ["a", "b", "c", "d", "e", "f"] }),
            Ineligible,
            &["pledge_g"],
        ),
    ] {
        check(TOKYO[0], json!(["utm", "guidance"]), changed, verdict, open);
    }
}

#[test]
fn r7() {
    use Eligibility::{Eligible, Ineligible, NeedsJudgement};
    let past = |kinds: &[&str]| {
        let past: Vec<Value> = (kinds.iter())
            .map(|kind| json!({ "kind": kind, "year": 2024 }))
            .collect();
        json!({ "past_support": past })
    };
    let without = |mut changed: Value| {
        changed["measures"] =
            json!({ "utm_or_edr_installed": false, "two_star_level_policy": false });
        changed
    };
    for (changed, verdict, open) in [
        (json!({}), Eligible, &[][..]),
        (json!({ "equivalent_subsidy": null }), Eligible, &[]),
        (without(json!({})), NeedsJudgement, &["measures"]),
        (without(past(&["inhouse_structure"])), Eligible, &[]),
        (
            json!({ "continuing_measures": false }),
            NeedsJudgement,
            &["measures"],
        ),
        (past(&["special_support"]), Ineligible, &["special_support"]),
        (
            past(&["special_support", "it_bcp"]),
            NeedsJudgement,
            &["special_support"],
        ),
        (past(&["csirt"]), Ineligible, &["same_course"]),
        (past(&["it_bcp"]), Eligible, &[]),
        (json!({ "survey_agreed": false }), Ineligible, &["survey"]),
        (
            json!({ "pledges": [] }),
            Ineligible,
            &[
                "pledge_a", "pledge_b", "pledge_c", "pledge_d", "pledge_e", "pledge_f", "pledge_g",
            ],
        ),
    ] {
        check(TOKYO[1], json!(["csirt"]), changed, verdict, open);
    }
}

/// The rules as the programme page prints them, to be read beside the guidelines.
#[test]
fn rules_print_themselves() {
    for id in TOKYO {
        let mut page = String::new();
        for rule in print(&program(&format!("programs/{id}"))) {
            writeln!(page, "{} {}", rule.clause, rule.title).unwrap();
            for line in rule.lines {
                writeln!(page, "  {}{}", "  ".repeat(line.depth), line.text).unwrap();
            }
            for row in rule.table.into_iter().flatten() {
                writeln!(
                    page,
                    "  | {} | {} | {}",
                    row.industry, row.capital, row.employees
                )
                .unwrap();
            }
        }
        insta::assert_snapshot!(id, page);
    }
}
