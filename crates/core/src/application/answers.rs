//! The answers of an application, normalised and typed.
//!
//! Every field may be missing: the eligibility check takes any subset, and `read` (complete mode) says what an application lacks.
//! Field names and values are the interface's; they never change.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::program::program::SupportKind;

/// All answers. Text is NFC as typed (never NFKC) unless the field says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Answers {
    pub entity_kind: Option<EntityKind>,
    pub name: Option<String>,
    /// Full-width katakana.
    pub name_kana: Option<String>,
    /// 13 ASCII digits with a correct check digit.
    pub corporate_number: Option<String>,
    pub industry: Option<Industry>,
    /// 資本金の額又は出資の総額, yen.
    pub capital_yen: Option<i64>,
    /// 常時使用する従業員の数 (中小企業基本法, 労働基準法第20条).
    pub employees: Option<i64>,
    /// 7 ASCII digits.
    pub postcode: Option<String>,
    /// JIS X 0401, two digits.
    pub prefecture: Option<String>,
    pub address_line1: Option<String>,
    pub address_line2: Option<String>,
    pub contact_name: Option<String>,
    /// Full-width katakana.
    pub contact_kana: Option<String>,
    /// ASCII digits.
    pub contact_phone: Option<String>,
    pub contact_email: Option<String>,
    /// Course ids in the order of the programme, without repetition.
    pub courses: Option<Vec<String>>,
    pub past_support: Option<Vec<PastSupport>>,
    pub equivalent_subsidy: Option<bool>,
    pub measures: Option<Measures>,
    pub continuing_measures: Option<bool>,
    /// Pledge ids, sorted, without repetition.
    pub pledges: Option<Vec<String>>,
    pub survey_agreed: Option<bool>,
    /// Answers to the programme's own questions, by question id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, ExtraAnswer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// 会社
    Corporation,
    /// 個人事業主
    SoleProprietor,
    /// 医療法人, NPO, 一般社団, 組合 …
    Other,
}

/// The four groups of 中小企業基本法第2条第1項.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Industry {
    ManufacturingOther,
    Wholesale,
    Service,
    Retail,
}

/// One earlier support by the company's own statement: kind and fiscal year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PastSupport {
    pub kind: SupportKind,
    pub year: i16,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Measures {
    pub utm_or_edr_installed: Option<bool>,
    /// Policies at the level of a SECURITY ACTION two-star declaration.
    pub two_star_level_policy: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ExtraAnswer {
    YesNo(bool),
    Number(i64),
    /// A choice's value or a text.
    Text(String),
}
