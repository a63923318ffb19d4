//! What the office knows about earlier support of one company, as evidence beside the company's own statement.

use serde::{Deserialize, Serialize};

use super::company::{Found, Strength};
use crate::application::answers::PastSupport;
use crate::application::choices::{self, SUPPORT_KINDS};
use crate::application::show::fiscal_year;

/// Everything the office's lists and its own programmes say. Empty when nobody looked, as in a self-check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub records: Vec<Evidence>,
    /// Kinds and years of which a list names every participant: who is not on it was not supported.
    pub complete: Vec<PastSupport>,
}

/// One record that may be about the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub support: PastSupport,
    pub found: Found,
    /// Where it stands: the list's file name, or the receipt number in one of our own programmes.
    pub source: String,
}

impl Evidence {
    /// Whether it counts as knowledge; otherwise a person has to say whether it is the same company.
    pub fn is_known(&self) -> bool {
        self.found.strength > Strength::Possible
    }

    /// 「令和5年度 UTM機器設置(R5参加企業.xlsx、法人番号が一致)」
    pub fn shown(&self) -> String {
        let support = shown(&self.support);
        format!("{support}({}、{})", self.source, self.found.reason())
    }
}

/// 「令和5年度 UTM機器設置」
pub(crate) fn shown(support: &PastSupport) -> String {
    let kind = choices::of(SUPPORT_KINDS, support.kind).label;
    format!("{} {kind}", fiscal_year(support.year))
}
