//! The application form: every field known and asked once, and everything asked that somebody needs.

use super::Findings;
use super::fields::{kind, names};
use crate::program::Definition;
use crate::program::broken::nearest;
use crate::program::eligibility::Test;
use crate::program::form::{Question, QuestionKind};

const FILE: &str = "form.toml";

/// Without these there is no application: who, how to reach them, for what, and the pledges.
const ALWAYS: [&str; 4] = ["name", "contact_email", "courses", "pledges"];

/// What `exclude_deemed_large` looks at.
const DEEMED_LARGE: &str = "extra.deemed_large";

/// A draft that is kept for more than a year is kept for no reason.
const LONGEST_DRAFT: u32 = 366;

/// The longest answer in characters, here and in the reader of the answers.
const LONGEST_TEXT: u32 = 2000;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let form = &definition.form;
    if !(1..=LONGEST_DRAFT).contains(&form.draft_days) {
        found.add(
            FILE,
            "draft_days",
            format!(
                "書きかけの申込みを{}日残すことになっています。",
                form.draft_days
            ),
            format!("1から{LONGEST_DRAFT}までの日数にしてください。"),
        );
    }
    fields(definition, found);
    for name in ALWAYS {
        let field = form
            .screen
            .iter()
            .flat_map(|s| &s.field)
            .find(|field| field.name == name);
        if field.is_none() {
            found.add(
                FILE,
                "screen",
                format!("どの画面にも「{name}」がありません。"),
                format!("申込みに必ず要ります。画面の field に name = \"{name}\"、required = true を書き足してください。"),
            );
        }
    }
    for (index, question) in form.question.iter().enumerate() {
        self::question(&format!("question.{index}"), question, found);
    }
    needed(definition, found);
}

fn fields(definition: &Definition, found: &mut Findings) {
    let mut seen: Vec<&str> = Vec::new();
    let known = names(definition);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    for (s, screen) in definition.form.screen.iter().enumerate() {
        if screen.field.is_empty() {
            found.add(
                FILE,
                format!("screen.{s}.field"),
                format!("画面「{}」に聞くことがありません。", screen.title),
                "[[screen.field]] を書き足すか、この画面を消してください。",
            );
        }
        for (f, field) in screen.field.iter().enumerate() {
            let at = format!("screen.{s}.field.{f}.name");
            let name = field.name.as_str();
            if kind(definition, name).is_none() {
                let what = format!("「{name}」という回答はありません。");
                found.add(FILE, at, what, nearest(name, &known));
            } else if seen.contains(&name) {
                found.add(
                    FILE,
                    at,
                    format!("「{name}」を2度聞いています。"),
                    "1つの画面だけに置いてください。",
                );
            } else if ALWAYS.contains(&name) && !field.required {
                found.add(
                    FILE,
                    format!("screen.{s}.field.{f}.required"),
                    format!("「{name}」が必須になっていません。"),
                    "申込みに必ず要ります。required = true にしてください。",
                );
            }
            seen.push(name);
        }
    }
}

fn question(at: &str, question: &Question, found: &mut Findings) {
    let choice = question.kind == QuestionKind::Choice;
    if choice && question.option.len() < 2 {
        found.add(
            FILE,
            format!("{at}.option"),
            format!(
                "質問「{}」の選択肢が{}つです。",
                question.id,
                question.option.len()
            ),
            "option に2つ以上の選択肢を書いてください。",
        );
    }
    if !choice && !question.option.is_empty() {
        found.add(
            FILE,
            format!("{at}.option"),
            format!(
                "質問「{}」は選択式ではないのに選択肢があります。",
                question.id
            ),
            "kind = \"choice\" にするか、option を消してください。",
        );
    }
    match (question.kind, question.max) {
        (QuestionKind::Choice | QuestionKind::YesNo, Some(_)) => found.add(
            FILE,
            format!("{at}.max"),
            format!("質問「{}」に max は要りません。", question.id),
            "max は text と number の質問だけに書きます。",
        ),
        (QuestionKind::Text, Some(max)) if !(1..=LONGEST_TEXT).contains(&max) => found.add(
            FILE,
            format!("{at}.max"),
            format!(
                "質問「{}」の答えが{max}文字までになっています。",
                question.id
            ),
            format!("1から{LONGEST_TEXT}までにしてください。"),
        ),
        _ => {}
    }
}

/// A rule over an answer that no screen asks can never be decided.
fn needed(definition: &Definition, found: &mut Findings) {
    let asked = |name: &str| {
        definition
            .form
            .screen
            .iter()
            .flat_map(|s| &s.field)
            .any(|field| field.name == name)
    };
    for (index, rule) in definition.eligibility.rule.iter().enumerate() {
        let mut needs = Vec::new();
        needs_of(&rule.test, &mut needs);
        for name in needs {
            // Unknown names of a comparison are reported where they stand; this one stands in no file.
            let unknown_question = name == DEEMED_LARGE && kind(definition, &name).is_none();
            if !asked(&name) && (kind(definition, &name).is_some() || unknown_question) {
                found.add(
                    "eligibility.toml",
                    format!("rule.{index}.test"),
                    format!(
                        "条件「{}」に要る回答「{name}」を、どの画面も聞いていません。",
                        rule.id
                    ),
                    format!(
                        "form.tomlの画面に name = \"{name}\" を書き足すか、条件を直してください。"
                    ),
                );
            }
        }
    }
}

/// The names of the answers that a test looks at.
fn needs_of(test: &Test, names: &mut Vec<String>) {
    let mut need = |list: &[&str]| names.extend(list.iter().map(|name| (*name).to_owned()));
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| needs_of(test, names)),
        Test::Not(test) => needs_of(test, names),
        Test::Answer(answer) => need(&[&answer.field]),
        Test::Sme(sme) => {
            need(&["entity_kind", "industry", "capital_yen", "employees"]);
            if sme.exclude_deemed_large {
                need(&[DEEMED_LARGE]);
            }
        }
        Test::Place { .. } => need(&["prefecture"]),
        Test::EarlierSupport(earlier) => {
            need(&["past_support"]);
            if earlier.same_kind_as_course {
                need(&["courses"]);
            }
        }
        Test::Judgement { .. } => {}
    }
}
