//! Earlier support as lists and our own programmes know it, and whether it was given to the company that applies now.
//!
//! A record is company × kind of support × fiscal year. Companies are told apart by 法人番号 where both sides have it; otherwise names,
//! addresses and telephone numbers only make it likely, and a name alone proves nothing.

mod company;
mod history;
mod kind;
pub mod list;
mod place;
mod year;

pub use company::{Company, Feature, Found, Strength, compare};
pub(crate) use history::shown;
pub use history::{Evidence, History};
pub use kind::kinds;
pub use year::fiscal_year;

use serde::{Deserialize, Serialize};

use crate::application::answers::PastSupport;
use crate::program::program::SupportKind;

/// One company's support of one kind in one fiscal year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub name: String,
    /// Full-width katakana.
    pub name_kana: Option<String>,
    /// 13 ASCII digits with a correct check digit.
    pub corporate_number: Option<String>,
    /// 7 ASCII digits.
    pub postcode: Option<String>,
    pub address: Option<String>,
    /// ASCII digits.
    pub phone: Option<String>,
    pub kind: SupportKind,
    /// 2023 for 令和5年度.
    pub year: i16,
}

impl Record {
    /// What was given, and when.
    pub fn support(&self) -> PastSupport {
        PastSupport {
            kind: self.kind,
            year: self.year,
        }
    }
}
