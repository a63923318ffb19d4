//! What follows from a row, as formulas of Excel; the same table and product as `sonae_core::paper::ledger`.

use rust_xlsxwriter::Formula;
use sonae_core::paper::answers::AnswerRow;
use sonae_core::paper::ledger::{Bands, ONE_TO_THREE, assess, band};
use sonae_core::paper::question::Computed;

use super::SETTINGS;

/// The letters of the columns that formulas read.
pub(super) struct Columns {
    pub(super) confidentiality: String,
    pub(super) integrity: String,
    pub(super) availability: String,
    pub(super) threat: String,
    pub(super) vulnerability: String,
    pub(super) importance: String,
    pub(super) likelihood: String,
    pub(super) risk: String,
}

impl Columns {
    /// The formula of a computed column in a row of the sheet (from 1), with what it gives now.
    pub(super) fn formula(
        &self,
        computed: Computed,
        row: u32,
        held: Option<(&AnswerRow, Bands)>,
    ) -> Formula {
        let text = match computed {
            Computed::Importance => self.importance(row),
            Computed::Likelihood => self.likelihood(row),
            Computed::Risk => {
                let (importance, likelihood) = (&self.importance, &self.likelihood);
                format!(
                    "=IF(OR({importance}{row}=\"\",{likelihood}{row}=\"\"),\"\",{importance}{row}*{likelihood}{row})"
                )
            }
            Computed::Band => {
                let risk = format!("{}{row}", self.risk);
                format!(
                    "=IF({risk}=\"\",\"\",IF({risk}>={SETTINGS}!$B$2,{SETTINGS}!$A$6,IF({risk}>={SETTINGS}!$B$3,{SETTINGS}!$A$7,{SETTINGS}!$A$8)))"
                )
            }
        };
        Formula::new(text).set_result(
            held.map(|(row, bands)| result(computed, row, bands))
                .unwrap_or_default(),
        )
    }

    /// The greatest of the three values, once all are there and within the scale.
    fn importance(&self, row: u32) -> String {
        let cells = [&self.confidentiality, &self.integrity, &self.availability]
            .map(|column| format!("{column}{row}"));
        let [first, second, third] = &cells;
        let (least, most) = (ONE_TO_THREE.least, ONE_TO_THREE.most);
        let all = cells.join(",");
        format!(
            "=IF(AND(COUNT({all})=3,MIN({all})>={least},MAX({all})<={most}),MAX({first},{second},{third}),\"\")"
        )
    }

    fn likelihood(&self, row: u32) -> String {
        let (threat, weak) = (
            format!("{}{row}", self.threat),
            format!("{}{row}", self.vulnerability),
        );
        format!(
            "=IF(COUNT({threat},{weak})<2,\"\",IF({threat}=3,{weak},IF(AND({threat}=2,{weak}=3),2,1)))"
        )
    }
}

fn result(computed: Computed, row: &AnswerRow, bands: Bands) -> String {
    let found = assess(row, ONE_TO_THREE);
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    match computed {
        Computed::Importance => number(found.importance),
        Computed::Likelihood => number(found.likelihood),
        Computed::Risk => number(found.risk),
        Computed::Band => found
            .risk
            .map(|risk| band(risk, bands).label().to_owned())
            .unwrap_or_default(),
    }
}
