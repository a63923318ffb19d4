//! `eligibility.toml`: who may apply. A closed vocabulary, so that every rule can print itself and be checked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::program::SupportKind;
use super::{Clause, Id};

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EligibilityFile {
    /// What happens to a submission that does not meet a required rule by the company's own answers.
    pub when_ineligible: WhenIneligible,
    /// Why so, since the guidelines do not say.
    pub note: Option<String>,
    pub rule: Vec<Rule>,
    /// 誓約事項, each answered by itself.
    pub pledge: Vec<Pledge>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenIneligible {
    /// The application is not taken; the company is shown the clause and what else is open to it.
    Stop,
    /// The application is taken and a person decides.
    Accept,
}

/// One condition of the guidelines. Conditions are all required; alternatives stand inside one rule as `any`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub id: Id,
    pub clause: Clause,
    pub title: String,
    pub test: Test,
    /// The sentence when met; without it one is made from the title, and so for the others.
    pub met: Option<String>,
    /// The sentence when not met: plain words, what it means for the company.
    pub not_met: Option<String>,
    /// The sentence when a person must judge or an answer is missing.
    pub needs_judgement: Option<String>,
    /// What else is open to a company that does not meet this rule.
    pub instead: Option<String>,
    /// Why this reading was chosen where the guidelines leave it open.
    pub note: Option<String>,
}

/// アからキ, one pledge each.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pledge {
    /// `a` for ア, `b` for イ and so on, as the interface names them.
    pub id: Id,
    pub clause: Clause,
    /// The sentence the company pledges, as the guidelines put it.
    pub text: String,
}

/// A test over the answers. Every test gives met, not met or needs judgement; one that cannot be evaluated needs judgement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Test {
    /// Met when every one is met.
    All(Vec<Test>),
    /// Met when at least one is met.
    Any(Vec<Test>),
    Not(Box<Test>),
    /// Compares one answer; exactly one of the comparisons is given.
    Answer(AnswerTest),
    /// 中小企業基本法第2条第1項 by industry, capital or employees.
    Sme(SmeTest),
    /// The main office lies in one of these prefectures (JIS X 0401, `13` is Tokyo).
    Place {
        prefectures: Vec<String>,
    },
    /// The company was supported before.
    EarlierSupport(EarlierSupportTest),
    /// Always needs judgement by a person, who is asked this question.
    Judgement {
        question: String,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerTest {
    /// A name of the answers (`equivalent_subsidy`, `measures.utm_or_edr_installed`, `extra.<question>`).
    pub field: String,
    pub is: Option<bool>,
    pub equals: Option<String>,
    pub one_of: Option<Vec<String>>,
    pub at_least: Option<i64>,
    pub at_most: Option<i64>,
}

/// Special limits and みなし大企業 do not apply by default; they come from other laws.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SmeTest {
    /// Special limits of other laws (software 3億円/300人, rubber 900人, inns 200人) are honoured: a company over the ordinary limit in
    /// such a trade needs judgement instead of being refused.
    pub special_limits: bool,
    /// みなし大企業 is excluded: asked as the answer `extra.deemed_large`; unanswered needs judgement.
    pub exclude_deemed_large: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierSupportTest {
    /// Which kinds count. Empty means every kind.
    #[serde(default)]
    pub kinds: Vec<SupportKind>,
    /// Only support of the same kind as a course now applied for counts.
    #[serde(default)]
    pub same_kind_as_course: bool,
    /// First and last year (fiscal) that count; missing means unbounded.
    pub from_year: Option<i16>,
    pub to_year: Option<i16>,
}
