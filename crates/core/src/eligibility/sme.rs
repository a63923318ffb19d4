//! 中小企業者 of 中小企業基本法 (昭和38年法律第154号) 第2条第1項.
//!
//! Capital OR employees, both inclusive; sole proprietors by employees only. The law names only 会社 and 個人, so for any
//! other entity a person judges. The industry is one of four groups, which 中小企業庁 assigns by 日本標準産業分類; the texts
//! that help to choose stand beside the choices.

use jiff::civil::{Date, date};

use super::Outcome;
use super::logic::{Case, Judged};
use crate::application::answers::{EntityKind, ExtraAnswer, Industry};
use crate::application::choices::{self, INDUSTRIES};
use crate::program::eligibility::SmeTest;
use crate::text::number::{grouped, yen_text};

/// The largest company of one group of industries that still is a 中小企業者.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The item (号) of 第2条第1項.
    pub item: u8,
    pub industry: Industry,
    /// 資本金の額又は出資の総額, yen, inclusive.
    pub capital_yen: i64,
    /// 常時使用する従業員の数, inclusive.
    pub employees: i64,
}

/// The limits as one version of the law puts them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub in_force_since: Date,
    pub law: &'static str,
    pub limits: [Limit; 4],
}

/// Every version that Sonae knows, oldest first. A change of the law is a new entry; earlier programmes keep theirs.
pub const VERSIONS: &[Limits] = &[Limits {
    in_force_since: date(1999, 12, 3),
    law: "中小企業基本法第2条第1項(平成11年法律第146号による改正後)",
    limits: [
        limit(1, Industry::ManufacturingOther, 300_000_000, 300),
        limit(2, Industry::Wholesale, 100_000_000, 100),
        limit(3, Industry::Service, 50_000_000, 100),
        limit(4, Industry::Retail, 50_000_000, 50),
    ],
}];

/// Trades with wider limits in other laws (for example 中小企業信用保険法施行令第1条第2項): the widest of each group.
///
/// Software and information processing 3億円/300人 and inns 200人 are services; rubber 900人 is manufacturing.
const SPECIAL: &[Limit] = &[
    limit(0, Industry::ManufacturingOther, 300_000_000, 900),
    limit(0, Industry::Service, 300_000_000, 300),
];

const DEEMED_LARGE: &str = "extra.deemed_large";

const fn limit(item: u8, industry: Industry, capital_yen: i64, employees: i64) -> Limit {
    Limit {
        item,
        industry,
        capital_yen,
        employees,
    }
}

/// The version in force when the fiscal year began (1 April); the oldest known one for years before it.
pub fn limits_for(fiscal_year: i16) -> &'static Limits {
    let begins = Date::new(fiscal_year, 4, 1).unwrap_or(Date::MAX);
    VERSIONS
        .iter()
        .rfind(|version| version.in_force_since <= begins)
        .unwrap_or(&VERSIONS[0])
}

impl Limits {
    pub fn of(&self, industry: Industry) -> &Limit {
        (self.limits.iter())
            .find(|limit| limit.industry == industry)
            .expect("every version has a limit for each of the four groups")
    }
}

pub(super) fn fields(test: &SmeTest) -> Vec<String> {
    let mut fields = vec!["entity_kind", "industry", "capital_yen", "employees"];
    if test.exclude_deemed_large {
        fields.push(DEEMED_LARGE);
    }
    fields.into_iter().map(str::to_owned).collect()
}

pub(super) fn evaluate(test: &SmeTest, case: Case<'_>) -> Judged {
    let size = size(test, case);
    // みなし大企業 is a company that large companies own, so the question does not arise for a person.
    let asked = test.exclude_deemed_large
        && case.answers.entity_kind != Some(EntityKind::SoleProprietor)
        && size.outcome != Outcome::NotMet;
    if asked {
        deemed_large(size, case)
    } else {
        size
    }
}

fn deemed_large(size: Judged, case: Case<'_>) -> Judged {
    let mut fields: Vec<&str> = (size.facts.iter().chain(&size.missing))
        .map(String::as_str)
        .collect();
    fields.push(DEEMED_LARGE);
    let outcome = match case.answers.extra.get("deemed_large") {
        Some(ExtraAnswer::YesNo(false)) => size.outcome,
        // While the kind of entity is unknown it may still be a sole proprietor.
        Some(ExtraAnswer::YesNo(true)) if case.answers.entity_kind.is_some() => Outcome::NotMet,
        _ => Outcome::NeedsJudgement,
    };
    let mut judged = Judged::on(case, outcome, &fields);
    judged.reasons = match outcome {
        Outcome::NotMet => {
            vec!["大企業が実質的に経営を支配する企業(みなし大企業)は対象になりません。".to_owned()]
        }
        _ => size.reasons,
    };
    judged
}

/// The size alone, without みなし大企業.
fn size(test: &SmeTest, case: Case<'_>) -> Judged {
    let answers = case.answers;
    let fields: &[&str] = match answers.entity_kind {
        None | Some(EntityKind::Corporation) => {
            &["entity_kind", "industry", "capital_yen", "employees"]
        }
        Some(EntityKind::SoleProprietor) => &["entity_kind", "industry", "employees"],
        Some(EntityKind::Other) => {
            return Judged::on(case, Outcome::NeedsJudgement, &["entity_kind"]).because(
                "会社・個人事業主以外の法人・団体は、中小企業基本法の「会社及び個人」に当たるかどうかを事務局が確認します。",
            );
        }
    };
    // The outcome in each industry that is still possible; decided when all of them agree.
    let each: Vec<Outcome> = (INDUSTRIES.iter())
        .map(|entry| entry.choice)
        .filter(|industry| answers.industry.is_none_or(|given| given == *industry))
        .map(|industry| in_industry(test, case, industry))
        .collect();
    let agreed = each.iter().all(|outcome| *outcome == each[0]);
    let outcome = match answers.entity_kind {
        Some(_) if agreed => each[0],
        _ => Outcome::NeedsJudgement,
    };
    let judged = Judged::on(case, outcome, fields);
    match (outcome, answers.industry) {
        (Outcome::NotMet, Some(industry)) => judged.because(over(case, industry)),
        (Outcome::NeedsJudgement, Some(_)) if judged.missing.is_empty() => judged.because(
            "通常の基準を超えていますが、他の法律でより広い基準が定められた業種(ソフトウェア業、旅館業、ゴム製品製造業など)に当たるかどうかを事務局が確認します。",
        ),
        _ => judged,
    }
}

fn in_industry(test: &SmeTest, case: Case<'_>, industry: Industry) -> Outcome {
    let answers = case.answers;
    let sole = answers.entity_kind == Some(EntityKind::SoleProprietor);
    let within = |limit: &Limit| {
        let capital = match sole {
            true => Some(false),
            false => answers.capital_yen.map(|yen| yen <= limit.capital_yen),
        };
        let employees = answers.employees.map(|number| number <= limit.employees);
        match (capital, employees) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }
    };
    let limits = limits_for(case.program.definition.program.fiscal_year);
    let special = SPECIAL.iter().find(|limit| limit.industry == industry);
    match within(limits.of(industry)) {
        Some(true) => Outcome::Met,
        None => Outcome::NeedsJudgement,
        Some(false) => match special {
            Some(special) if test.special_limits && within(special) != Some(false) => {
                Outcome::NeedsJudgement
            }
            _ => Outcome::NotMet,
        },
    }
}

fn over(case: Case<'_>, industry: Industry) -> String {
    let limits = limits_for(case.program.definition.program.fiscal_year);
    let limit = limits.of(industry);
    let label = choices::of(INDUSTRIES, industry).label;
    if case.answers.entity_kind == Some(EntityKind::SoleProprietor) {
        let most = grouped(limit.employees.unsigned_abs());
        return format!("個人事業主の方の「{label}」の基準は、従業員{most}人以下です。");
    }
    let (capital, employees) = (
        yen_text(limit.capital_yen),
        grouped(limit.employees.unsigned_abs()),
    );
    format!(
        "「{label}」の基準は、資本金の額又は出資の総額が{capital}以下、又は従業員が{employees}人以下です。"
    )
}
