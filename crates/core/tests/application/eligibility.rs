//! Eligibility: the cases of `data/eligibility/*.txt`, the limits at ±1, and what must hold for all answers.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sonae_core::application::choices::{ENTITY_KINDS, INDUSTRIES};
use sonae_core::eligibility::{Eligibility, Outcome, Verdict, asked, judge, print};
use sonae_core::program::Program;

use crate::sample;

/// Each line is `start; changes; verdict; findings`. See the head of the files.
#[track_caller]
fn check(programme: &str, cases: &str) -> usize {
    let program = sample::program(programme);
    let mut failures = String::new();
    let mut count = 0;
    for line in cases.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let parts: Vec<&str> = line.split(';').map(str::trim).collect();
        let [start, changes, verdict, findings] = parts[..] else {
            panic!("four parts: {line}");
        };
        let verdict_found = judge_changed(&program, programme, start, changes);
        let found = shown(&verdict_found, findings.starts_with('*'));
        let expected = format!("{verdict}; {findings}");
        if found != expected {
            failures.push_str(&format!("{line}\n    found: {found}\n"));
        }
        count += 1;
    }
    assert!(failures.is_empty(), "{failures}");
    count
}

fn judge_changed(program: &Program, name: &str, start: &str, changes: &str) -> Verdict {
    let mut body = match start {
        "full" => sample::complete(name),
        "none" => Map::new(),
        _ => panic!("start is full or none: {start}"),
    };
    for change in changes.split_whitespace() {
        match change.split_once('=') {
            Some((field, value)) => {
                let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
                sample::set(&mut body, field, Some(value));
            }
            None => sample::set(&mut body, change.trim_start_matches('-'), None),
        }
    }
    judge(program, &sample::answers(program, body))
}

/// The findings that are not met; after `*` those that do not need judgement.
fn shown(verdict: &Verdict, others_open: bool) -> String {
    let usual = match others_open {
        true => Outcome::NeedsJudgement,
        false => Outcome::Met,
    };
    let word = |value: Value| value.as_str().expect("a word").to_owned();
    let unusual: Vec<String> = (verdict.findings.iter())
        .filter(|finding| finding.outcome != usual)
        .map(|finding| format!("{}:{}", finding.rule, word(json!(finding.outcome))))
        .collect();
    let star = if others_open { "* " } else { "" };
    let text = format!(
        "{}; {star}{}",
        word(json!(verdict.verdict)),
        unusual.join(" ")
    );
    text.trim_end().to_owned()
        + if unusual.is_empty() && !others_open {
            " "
        } else {
            ""
        }
}

#[test]
fn cases_of_all_programmes() {
    let count = check("r6", include_str!("../data/eligibility/r6.txt"))
        + check("r7", include_str!("../data/eligibility/r7.txt"))
        + check("switches", include_str!("../data/eligibility/switches.txt"));
    assert!(count >= 140, "{count} cases");
}

/// 中小企業基本法第2条第1項, written out again: the code must agree with the law and not with itself.
const LAW: [(&str, i64, i64); 4] = [
    ("manufacturing_other", 300_000_000, 300),
    ("wholesale", 100_000_000, 100),
    ("service", 50_000_000, 100),
    ("retail", 50_000_000, 50),
];

#[test]
fn every_limit_is_inclusive_for_every_entity_and_industry() {
    let program = sample::program("r6");
    for (industry, capital_limit, employees_limit) in LAW {
        for entity in ENTITY_KINDS {
            for capital in [-1, 0, 1].map(|step| capital_limit + step) {
                for employees in [-1, 0, 1].map(|step| employees_limit + step) {
                    let small_capital = capital <= capital_limit;
                    let small_staff = employees <= employees_limit;
                    let expected = match entity.value {
                        "other" => Outcome::NeedsJudgement,
                        "sole_proprietor" if small_staff => Outcome::Met,
                        "corporation" if small_capital || small_staff => Outcome::Met,
                        _ => Outcome::NotMet,
                    };
                    let Value::Object(body) = json!({ "entity_kind": entity.value, "industry": industry,
                        "capital_yen": capital, "employees": employees })
                    else {
                        unreachable!()
                    };
                    let verdict = judge(&program, &sample::answers(&program, body));
                    let found = verdict.findings[0].outcome;
                    assert_eq!(
                        found, expected,
                        "{} {industry} {capital} {employees}",
                        entity.value
                    );
                }
            }
        }
    }
}

#[test]
fn a_missing_answer_is_named() {
    let program = sample::program("r6");
    for (removed, rule, named) in [
        ("entity_kind", "sme", "「事業者の形態」の回答がまだない"),
        (
            "prefecture",
            "place",
            "「主たる事業所の都道府県」の回答がまだない",
        ),
        (
            "equivalent_subsidy",
            "equivalent_subsidy",
            "「同等の補助事業の活用」の回答がまだない",
        ),
        (
            "survey_agreed",
            "survey",
            "「アンケートへの協力」の回答がまだない",
        ),
        (
            "past_support",
            "earlier_support",
            "「これまでに受けた支援」の回答がまだない",
        ),
        ("pledges", "pledge_b", "誓約事項イの回答がまだない"),
    ] {
        let verdict = judge_changed(&program, "r6", "full", &format!("-{removed}"));
        let finding = (verdict.findings.iter())
            .find(|finding| finding.rule == rule)
            .expect("the rule is judged");
        assert_eq!(finding.outcome, Outcome::NeedsJudgement);
        assert!(finding.sentence.contains(named), "{}", finding.sentence);
        assert!((finding.facts.iter()).any(|fact| fact.field == removed && fact.value.is_empty()));
    }
    // The programme's own label replaces the common one.
    let program = sample::program("switches");
    let verdict = judge_changed(
        &program,
        "switches",
        "full",
        "-employees capital_yen=600000000",
    );
    assert!(verdict.findings[0].sentence.contains("「従業員数」"));
}

#[test]
fn findings_read_well() {
    let mut text = String::new();
    // Under the sample only: the programmes' own sentences are theirs to change.
    let program = sample::program("switches");
    for changes in [
        "",
        "capital_yen=600000000 employees=400 prefecture=\"11\" survey_agreed=false pledges=[\"a\"]",
        "entity_kind=sole_proprietor employees=301 extra.devices=301 extra.vpn=true -measures",
        "entity_kind=other -employees -courses past_support=[{\"kind\":\"csirt\",\"year\":2022}]",
        "employees=250 capital_yen=60000000 continuing_measures=false -prefecture -pledges",
        "extra.deemed_large=true past_support=[{\"kind\":\"special_support\",\"year\":2023},{\"kind\":\"utm\",\"year\":2019}]",
    ] {
        let verdict = judge_changed(&program, "switches", "full", changes);
        text.push_str(&format!("== {changes} → {:?}\n", verdict.verdict));
        for finding in &verdict.findings {
            let facts: Vec<String> = (finding.facts.iter())
                .map(|fact| format!("{} {}", fact.label, fact.value))
                .collect();
            text.push_str(&format!(
                "{:?} {} {}\n    {}\n",
                finding.outcome,
                finding.rule,
                finding.sentence,
                facts.join(" / ")
            ));
        }
    }
    insta::assert_snapshot!(text);
}

/// The tree of a programme's rules, as lists in plain text.
fn printed(programme: &str) -> String {
    let mut text = String::new();
    for rule in print(&sample::program(programme)) {
        assert!(!rule.lines.is_empty() && rule.lines[0].depth == 0);
        text.push_str(&format!("{} {} {}\n", rule.clause, rule.rule, rule.title));
        for line in &rule.lines {
            text.push_str(&format!("{}- {}\n", "  ".repeat(line.depth + 1), line.text));
        }
        for row in rule.table.iter().flatten() {
            text.push_str(&format!(
                "    | {} | {} | {}\n",
                row.industry, row.capital, row.employees
            ));
        }
    }
    text
}

#[test]
fn rules_print_themselves() {
    let asked = asked(&sample::program("switches")).join(" ");
    insta::assert_snapshot!(format!("{}asked: {asked}\n", printed("switches")));
}

/// What the rules of Tokyo must say, however their titles and sentences are worded.
#[test]
fn the_programmes_of_tokyo_print_what_the_guidelines_say() {
    let both = [
        "  - 中小企業基本法第2条第1項に規定する中小企業者(会社及び個人事業主)であること\n    | 製造業、建設業、運輸業、その他の業種 | 3億円以下 | 300人以下\n    | 卸売業 | 1億円以下 | 100人以下\n    | サービス業 | 5,000万円以下 | 100人以下\n    | 小売業 | 5,000万円以下 | 50人以下\n",
        "  - 主たる事業所が東京都にあること\n",
        "- セキュリティに関するアンケートへの回答に協力すること\n",
        "  - 都税、消費税及び地方消費税の額に滞納がないこと\n",
    ];
    let r6 = [
        "過去に申し込むコースと同じ内容の支援(UTM機器設置、EDR導入、情報セキュリティマネジメント指導)を受けていないこと\n",
        "  - 本事業と同等のサイバーセキュリティ対策を支援する東京都の補助事業を活用していないこと\n",
    ];
    let r7 = [
        "  - 次のいずれかに該当すること\n    - 次の全てに該当すること\n      - 過去に「社内体制整備」の支援を受けていること\n      - サイバーセキュリティ対策の継続や自走化に向けた取組を実施していること\n    - 次の全てに該当すること\n      - UTMやEDR等のセキュリティ対策機器・ソフトウェアを導入していること\n      - 社内セキュリティポリシー(SECURITY ACTION 二つ星宣言企業レベル)を策定していること\n",
        "過去に「サイバーセキュリティ特別支援事業」の支援を受けていないこと\n",
    ];
    for (programme, own) in [("r6", r6), ("r7", r7)] {
        let text = printed(programme);
        for expected in both.iter().chain(&own) {
            assert!(
                text.contains(expected),
                "{programme} lacks {expected}\n{text}"
            );
        }
    }
}

/// One value of each answer that rules look at, chosen near the limits.
fn value_of(field: &str) -> BoxedStrategy<Value> {
    let yes_no = any::<bool>().prop_map(Value::from).boxed();
    match field {
        "entity_kind" => prop::sample::select(ENTITY_KINDS)
            .prop_map(|c| json!(c.value))
            .boxed(),
        "industry" => prop::sample::select(INDUSTRIES)
            .prop_map(|c| json!(c.value))
            .boxed(),
        "capital_yen" => prop::sample::select(vec![
            0_i64,
            50_000_000,
            50_000_001,
            100_000_000,
            300_000_000,
            300_000_001,
        ])
        .prop_map(Value::from)
        .boxed(),
        "employees" => prop::sample::select(vec![0, 50, 51, 100, 101, 300, 301, 900, 901])
            .prop_map(Value::from)
            .boxed(),
        "prefecture" => prop::sample::select(vec!["13", "14", "11"])
            .prop_map(Value::from)
            .boxed(),
        "past_support" => {
            let kinds = vec![
                "utm",
                "edr",
                "guidance",
                "csirt",
                "it_bcp",
                "inhouse_structure",
                "special_support",
            ];
            let one = (prop::sample::select(kinds), 2019_i16..=2024)
                .prop_map(|(kind, year)| json!({ "kind": kind, "year": year }));
            prop::collection::vec(one, 0..4)
                .prop_map(Value::from)
                .boxed()
        }
        "pledges" => prop::sample::subsequence(vec!["a", "b"], 0..=2)
            .prop_map(|ids| json!(ids))
            .boxed(),
        "extra.devices" => prop::sample::select(vec![0, 1, 300, 301])
            .prop_map(Value::from)
            .boxed(),
        "extra.contact_by" => prop::sample::select(vec!["phone", "mail", "fax"])
            .prop_map(Value::from)
            .boxed(),
        _ => yes_no,
    }
}

fn courses_of(programme: &str) -> BoxedStrategy<Value> {
    match programme {
        "r6" => prop::sample::subsequence(vec!["utm", "edr", "guidance"], 1..=3),
        _ => prop::sample::subsequence(vec!["csirt", "it_bcp"], 1..=1),
    }
    .prop_map(|ids| json!(ids))
    .boxed()
}

/// A programme, all the answers its rules ask for, and which of them are already given.
fn completion() -> impl Strategy<Value = (&'static str, Vec<(String, Value, bool)>)> {
    prop::sample::select(sample::NAMES.to_vec()).prop_flat_map(|programme| {
        let fields = asked(parsed(programme));
        let each: Vec<_> = (fields.into_iter())
            .map(|field| {
                let value = match field.as_str() {
                    "courses" => courses_of(programme),
                    _ => value_of(&field),
                };
                (Just(field), value, any::<bool>())
            })
            .collect();
        (Just(programme), each)
    })
}

/// Parsed once: the properties judge thousands of times.
static PROGRAMS: LazyLock<[Program; 3]> = LazyLock::new(|| sample::NAMES.map(sample::program));

fn parsed(name: &str) -> &'static Program {
    let index = sample::NAMES.iter().position(|known| *known == name);
    &PROGRAMS[index.expect("a known name")]
}

fn judged(programme: &str, answers: &[(String, Value, bool)], all: bool) -> Verdict {
    let program = parsed(programme);
    let mut body = Map::new();
    for (field, value, given) in answers {
        if all || *given {
            sample::set(&mut body, field, Some(value.clone()));
        }
    }
    judge(program, &sample::answers(program, body))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// What is decided on some answers stays decided, the same way, when all are given.
    #[test]
    fn a_decision_stays_under_every_completion((programme, answers) in completion()) {
        let (partial, whole) = (judged(programme, &answers, false), judged(programme, &answers, true));
        for (early, late) in partial.findings.iter().zip(&whole.findings) {
            if early.outcome != Outcome::NeedsJudgement {
                prop_assert_eq!(early.outcome, late.outcome, "{}: {:?}", &early.rule, &answers);
            }
        }
        if partial.verdict != Eligibility::NeedsJudgement {
            prop_assert_eq!(partial.verdict, whole.verdict);
        }
        // With every answer given nothing is called missing.
        for finding in &whole.findings {
            prop_assert!(!finding.sentence.contains("回答がまだない"), "{}", &finding.sentence);
        }
    }

    /// An open finding whose answers are missing is open for a reason: some completion decides it, or a person must.
    #[test]
    fn findings_carry_their_facts((programme, answers) in completion()) {
        let partial = judged(programme, &answers, false);
        for finding in &partial.findings {
            prop_assert!(!finding.sentence.is_empty() && !finding.clause.is_empty());
            if finding.outcome != Outcome::NeedsJudgement {
                prop_assert!(finding.facts.iter().all(|fact| !fact.value.is_empty()), "{:?}", finding);
            }
        }
    }
}
