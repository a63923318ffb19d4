//! Every rule as the text that stands on the programme page.

use super::sme::{Limit, limits_for};
use crate::application::choices::{self, INDUSTRIES, SUPPORT_KINDS};
use crate::application::show::fiscal_year;
use crate::application::{labels, prefecture};
use crate::program::Program;
use crate::program::eligibility::{AnswerTest, EarlierSupportTest, SmeTest, Test};
use crate::text::number::{grouped, yen_text};

/// One rule or pledge as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedRule {
    /// The rule's id as in a finding.
    pub rule: String,
    pub clause: String,
    pub title: String,
    pub lines: Vec<PrintedLine>,
    /// The limits by industry, when the rule asks for a 中小企業者.
    pub table: Option<Vec<LimitRow>>,
}

/// One sentence; deeper ones are parts of the one above them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedLine {
    /// 0 for the outermost.
    pub depth: usize,
    pub text: String,
}

/// 「卸売業 | 1億円以下 | 100人以下」
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitRow {
    pub industry: String,
    pub capital: String,
    pub employees: String,
}

/// All rules, then all pledges, in the order of the programme.
pub fn print(program: &Program) -> Vec<PrintedRule> {
    let file = &program.definition.eligibility;
    let rules = file.rule.iter().map(|rule| PrintedRule {
        rule: rule.id.clone(),
        clause: rule.clause.clone(),
        title: rule.title.clone(),
        lines: lines(program, &rule.test),
        table: asks_size(&rule.test).then(|| table(program)),
    });
    let pledges = file.pledge.iter().map(|pledge| PrintedRule {
        rule: format!("pledge_{}", pledge.id),
        clause: pledge.clause.clone(),
        title: format!("誓約事項{}", labels::pledge_letter(program, &pledge.id)),
        lines: vec![PrintedLine {
            depth: 0,
            text: pledge.text.clone(),
        }],
        table: None,
    });
    rules.chain(pledges).collect()
}

/// One test as a tree of sentences.
fn lines(program: &Program, test: &Test) -> Vec<PrintedLine> {
    let mut page = Page {
        program,
        lines: Vec::new(),
    };
    page.test(test, true, 0);
    page.lines
}

fn asks_size(test: &Test) -> bool {
    match test {
        Test::Sme(_) => true,
        Test::All(tests) | Test::Any(tests) => tests.iter().any(asks_size),
        Test::Not(test) => asks_size(test),
        _ => false,
    }
}

fn table(program: &Program) -> Vec<LimitRow> {
    let limits = limits_for(program.definition.program.fiscal_year);
    let row = |limit: &Limit| LimitRow {
        industry: choices::of(INDUSTRIES, limit.industry).label.to_owned(),
        capital: format!("{}以下", yen_text(limit.capital_yen)),
        employees: format!("{}人以下", grouped(limit.employees.unsigned_abs())),
    };
    limits.limits.iter().map(row).collect()
}

struct Page<'a> {
    program: &'a Program,
    lines: Vec<PrintedLine>,
}

impl Page<'_> {
    /// Prints a test, or its opposite when `wanted` is false.
    fn test(&mut self, test: &Test, wanted: bool, depth: usize) {
        let text = match test {
            Test::All(tests) => return self.list(tests, wanted, depth, all_heading(wanted)),
            Test::Any(tests) => return self.list(tests, wanted, depth, any_heading(wanted)),
            Test::Not(test) => return self.test(test, !wanted, depth),
            Test::Answer(test) => answer(self.program, test, wanted),
            Test::Sme(test) => sme(test, wanted),
            Test::Place { prefectures } => place(prefectures, wanted),
            Test::EarlierSupport(test) => earlier_support(test, wanted),
            Test::Judgement { question } => judgement(question, wanted),
        };
        self.lines.push(PrintedLine { depth, text });
    }

    /// The parts of several stand as they are: the heading carries the negation.
    fn list(&mut self, tests: &[Test], wanted: bool, depth: usize, heading: &str) {
        if let [only] = tests {
            return self.test(only, wanted, depth);
        }
        self.lines.push(PrintedLine {
            depth,
            text: heading.to_owned(),
        });
        for test in tests {
            self.test(test, true, depth + 1);
        }
    }
}

fn all_heading(wanted: bool) -> &'static str {
    match wanted {
        true => "次の全てに該当すること",
        false => "次の少なくとも1つに該当しないこと",
    }
}

fn any_heading(wanted: bool) -> &'static str {
    match wanted {
        true => "次のいずれかに該当すること",
        false => "次のいずれにも該当しないこと",
    }
}

fn judgement(question: &str, wanted: bool) -> String {
    let end = if wanted {
        "該当すると"
    } else {
        "該当しないと"
    };
    format!("運営事務局が次の点を確認して、{end}判断すること:「{question}」")
}

fn sme(test: &SmeTest, wanted: bool) -> String {
    let mut text = "中小企業基本法第2条第1項に規定する中小企業者(会社及び個人事業主)".to_owned();
    if test.exclude_deemed_large {
        text.push_str("で、みなし大企業でないもの");
    }
    text.push_str(if wanted {
        "であること"
    } else {
        "でないこと"
    });
    if test.special_limits {
        text.push_str("(他の法律でより広い基準が定められた業種は、事務局が確認します)");
    }
    text
}

fn place(prefectures: &[String], wanted: bool) -> String {
    let names: Vec<&str> = (prefectures.iter())
        .map(|code| prefecture::name(code).unwrap_or(code))
        .collect();
    let end = if wanted {
        "にあること"
    } else {
        "にないこと"
    };
    format!("主たる事業所が{}{end}", names.join("又は"))
}

fn earlier_support(test: &EarlierSupportTest, wanted: bool) -> String {
    let years = match (test.from_year, test.to_year) {
        (None, None) => "過去に".to_owned(),
        (Some(from), None) => format!("{}以後に", fiscal_year(from)),
        (None, Some(to)) => format!("{}以前に", fiscal_year(to)),
        (Some(from), Some(to)) if from == to => format!("{}に", fiscal_year(from)),
        (Some(from), Some(to)) => format!("{}から{}までに", fiscal_year(from), fiscal_year(to)),
    };
    let kinds: Vec<&str> = (test.kinds.iter())
        .map(|kind| choices::of(SUPPORT_KINDS, *kind).label)
        .collect();
    let what = match (kinds.is_empty(), test.same_kind_as_course) {
        (true, true) => "申し込むコースと同じ内容の支援".to_owned(),
        (true, false) => "サイバーセキュリティ支援事業の支援".to_owned(),
        (false, true) => format!("申し込むコースと同じ内容の支援({})", kinds.join("、")),
        (false, false) => format!("「{}」の支援", kinds.join("」「")),
    };
    let end = if wanted { "こと" } else { "いないこと" };
    format!(
        "{years}{what}を受けて{}{end}",
        if wanted { "いる" } else { "" }
    )
}

fn answer(program: &Program, test: &AnswerTest, wanted: bool) -> String {
    if let Some(is) = test.is {
        return yes_no(program, &test.field, is == wanted);
    }
    let label = labels::label_in(program, &test.field);
    let end = if wanted {
        "であること"
    } else {
        "でないこと"
    };
    let named = |value: &String| value_label(program, &test.field, value);
    let values: Vec<String> = (test.equals.iter())
        .chain(test.one_of.iter().flatten())
        .map(named)
        .collect();
    let unit = match test.field.as_str() {
        "employees" => "人",
        "capital_yen" => "円",
        _ => "",
    };
    let bound = |bound: Option<i64>, word: &str| {
        bound.map(|number| format!("{}{unit}{word}", signed(number)))
    };
    let range: Vec<String> = [bound(test.at_least, "以上"), bound(test.at_most, "以下")]
        .into_iter()
        .flatten()
        .collect();
    let what = match values.is_empty() {
        true => range.join(""),
        false => format!("「{}」", values.join("」又は「")),
    };
    format!("{label}が{what}{end}")
}

fn signed(number: i64) -> String {
    let minus = if number < 0 { "-" } else { "" };
    format!("{minus}{}", grouped(number.unsigned_abs()))
}

/// What a value of a choice is called.
fn value_label(program: &Program, field: &str, value: &str) -> String {
    let common = match field {
        "entity_kind" => choices::by_value(choices::ENTITY_KINDS, value).map(|c| c.label),
        "industry" => choices::by_value(INDUSTRIES, value).map(|c| c.label),
        "prefecture" => prefecture::name(value),
        "courses" => program
            .course(value)
            .map(|course| course.short_title.as_str()),
        _ => labels::question(program, field)
            .and_then(|question| question.option.iter().find(|option| option.value == value))
            .map(|option| option.label.as_str()),
    };
    common.unwrap_or(value).to_owned()
}

/// A yes-or-no answer as the condition it stands for.
fn yes_no(program: &Program, field: &str, yes: bool) -> String {
    let (text, yes_end, no_end) = match field {
        "equivalent_subsidy" => (
            "本事業と同等のサイバーセキュリティ対策を支援する東京都の補助事業を活用して",
            "いること",
            "いないこと",
        ),
        "measures.utm_or_edr_installed" => (
            "UTMやEDR等のセキュリティ対策機器・ソフトウェアを導入して",
            "いること",
            "いないこと",
        ),
        "measures.two_star_level_policy" => (
            "社内セキュリティポリシー(SECURITY ACTION 二つ星宣言企業レベル)を策定して",
            "いること",
            "いないこと",
        ),
        "continuing_measures" => (
            "サイバーセキュリティ対策の継続や自走化に向けた取組を実施して",
            "いること",
            "いないこと",
        ),
        "survey_agreed" => (
            "セキュリティに関するアンケートへの回答に協力",
            "すること",
            "しないこと",
        ),
        _ => {
            let label = labels::label_in(program, field);
            let answer = if yes { "はい" } else { "いいえ" };
            return format!("「{label}」に「{answer}」と回答すること");
        }
    };
    format!("{text}{}", if yes { yes_end } else { no_end })
}
