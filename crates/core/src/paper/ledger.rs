//! Importance and risk of the asset ledger.
//!
//! The table of likelihood and the product follow the Tokyo guide's pages 11-2-3 and 11-2-4. That the importance is the greatest of the three
//! values, and which scale they have (1 to 3 in the third edition of IPA's guideline, 0 to 2 in an earlier one), was not verified in the primary
//! source; so was not where the bands begin, which is the company's choice anyway. Scale and bands are arguments.

use serde::{Deserialize, Serialize};

use super::answers::{AnswerRow, Answers};

/// The values that confidentiality, integrity and availability may have, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    pub least: i64,
    pub most: i64,
}

/// As in the third edition (not verified).
pub const ONE_TO_THREE: Scale = Scale { least: 1, most: 3 };
/// As in an earlier edition (not verified).
pub const ZERO_TO_TWO: Scale = Scale { least: 0, most: 2 };

/// From which risk on a risk is not accepted, or accepted only while it is managed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    pub high_from: i64,
    pub middle_from: i64,
}

/// What is usual; there is no rule (not verified).
pub const USUAL_BANDS: Bands = Bands {
    high_from: 6,
    middle_from: 3,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    Low,
    Middle,
    High,
}

impl Band {
    /// What is done about it.
    pub fn label(self) -> &'static str {
        match self {
            Band::Low => "受け入れる",
            Band::Middle => "管理しながら続ける",
            Band::High => "受け入れない",
        }
    }
}

/// What follows from one row of the ledger; each is missing while its values are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    /// 重要度
    pub importance: Option<i64>,
    /// 被害発生可能性, 1 to 3.
    pub likelihood: Option<i64>,
    /// リスク値
    pub risk: Option<i64>,
}

/// The greatest of the three values; none while one of them is missing or outside of the scale.
pub fn importance(values: [Option<i64>; 3], scale: Scale) -> Option<i64> {
    let mut greatest = scale.least;
    for value in values {
        let value = value.filter(|value| (scale.least..=scale.most).contains(value))?;
        greatest = greatest.max(value);
    }
    Some(greatest)
}

/// 被害発生可能性 from threat (3 at any time, 2 a few times a year, 1 normally not) and vulnerability (3 no measure, 2 in part, 1 all
/// done); none for other values.
pub fn likelihood(threat: i64, vulnerability: i64) -> Option<i64> {
    /// Rows are threats from 1, columns vulnerabilities from 1.
    const TABLE: [[i64; 3]; 3] = [[1, 1, 1], [1, 1, 2], [1, 2, 3]];
    let at = |value: i64| usize::try_from(value.checked_sub(1)?).ok();
    TABLE.get(at(threat)?)?.get(at(vulnerability)?).copied()
}

/// The assessment of one row of the question `assets`.
pub fn assess(row: &AnswerRow, scale: Scale) -> Assessment {
    let values = ["confidentiality", "integrity", "availability"].map(|column| row.number(column));
    let importance = importance(values, scale);
    let likelihood = row
        .number("threat")
        .zip(row.number("vulnerability"))
        .and_then(|(threat, vulnerability)| likelihood(threat, vulnerability));
    let risk = importance
        .zip(likelihood)
        .map(|(importance, likelihood)| importance * likelihood);
    Assessment {
        importance,
        likelihood,
        risk,
    }
}

/// The band of a risk.
pub fn band(risk: i64, bands: Bands) -> Band {
    match risk {
        risk if risk >= bands.high_from => Band::High,
        risk if risk >= bands.middle_from => Band::Middle,
        _ => Band::Low,
    }
}

/// The company's own bands, and the usual ones where it has not decided.
pub fn bands(answers: &Answers) -> Bands {
    Bands {
        high_from: answers
            .number("risk_high_from")
            .unwrap_or(USUAL_BANDS.high_from),
        middle_from: answers
            .number("risk_middle_from")
            .unwrap_or(USUAL_BANDS.middle_from),
    }
}

/// How many assets have which importance (rows, from the scale's least on) and likelihood (columns, 1 to 3).
pub fn heat_map(answers: &Answers, scale: Scale) -> Vec<[usize; 3]> {
    let levels = usize::try_from(scale.most - scale.least + 1).unwrap_or(0);
    let mut map = vec![[0; 3]; levels];
    for row in answers.rows("assets") {
        let assessment = assess(row, scale);
        let place = assessment.importance.zip(assessment.likelihood);
        let place = place.and_then(|(importance, likelihood)| {
            Some((
                usize::try_from(importance - scale.least).ok()?,
                usize::try_from(likelihood - 1).ok()?,
            ))
        });
        if let Some((importance, likelihood)) = place {
            map[importance][likelihood] += 1;
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::{Band, ONE_TO_THREE, USUAL_BANDS, ZERO_TO_TWO, band, importance, likelihood};

    #[test]
    fn the_likelihood_is_the_table_of_the_guide() {
        let expected = [
            (3, 3, 3),
            (3, 2, 2),
            (3, 1, 1),
            (2, 3, 2),
            (2, 2, 1),
            (2, 1, 1),
            (1, 3, 1),
            (1, 2, 1),
            (1, 1, 1),
        ];
        for (threat, vulnerability, expected) in expected {
            assert_eq!(
                likelihood(threat, vulnerability),
                Some(expected),
                "{threat} {vulnerability}"
            );
        }
        for (threat, vulnerability) in [(0, 1), (4, 1), (1, 0), (1, 4), (i64::MIN, 1)] {
            assert_eq!(likelihood(threat, vulnerability), None);
        }
    }

    #[test]
    fn the_importance_is_the_greatest_value_of_its_scale() {
        assert_eq!(
            importance([Some(1), Some(3), Some(2)], ONE_TO_THREE),
            Some(3)
        );
        assert_eq!(importance([Some(0), Some(1), Some(2)], ONE_TO_THREE), None);
        assert_eq!(
            importance([Some(0), Some(1), Some(2)], ZERO_TO_TWO),
            Some(2)
        );
        assert_eq!(importance([Some(1), None, Some(2)], ONE_TO_THREE), None);
    }

    #[test]
    fn bands_begin_where_the_company_says() {
        let found = [1, 2, 3, 4, 6, 9].map(|risk| band(risk, USUAL_BANDS));
        assert_eq!(
            found,
            [
                Band::Low,
                Band::Low,
                Band::Middle,
                Band::Middle,
                Band::High,
                Band::High
            ]
        );
    }
}
