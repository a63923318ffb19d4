//! リスクの地図: how many assets of the ledger have which importance and likelihood, and which they are.

use askama::Template;
use sonae_core::paper::answers::{AnswerRow, Answers};
use sonae_core::paper::ledger::{Band, Bands, ONE_TO_THREE, assess, band, bands, heat_map};
use sonae_core::paper::library::Library;

use super::super::public::error::PageError;
use super::cell::called;
use super::table::LEDGER;
use super::{Held, Piece, Place};

/// Assets in the list of the highest risks.
const HIGHEST: usize = 20;

#[derive(Template)]
#[template(path = "papers/heat_map.html")]
struct View<'a> {
    place: &'a Place,
    /// From the greatest importance down.
    levels: Vec<Level>,
    counted: usize,
    highest: Vec<Asset>,
    groups: Vec<Group>,
    unassessed: Vec<Asset>,
    bands: Bands,
    high: usize,
    ledger: String,
    bands_href: Option<String>,
}

struct Level {
    importance: i64,
    /// By likelihood, 1 to 3.
    cells: Vec<Square>,
}

struct Square {
    id: String,
    count: usize,
    risk: i64,
    label: &'static str,
    class: &'static str,
}

/// The assets of one square.
struct Group {
    id: String,
    importance: i64,
    likelihood: i64,
    risk: i64,
    assets: Vec<Asset>,
}

struct Asset {
    name: String,
    href: String,
    risk: i64,
    label: &'static str,
    class: &'static str,
    threat: String,
    measures: String,
}

/// The class of a band's colour; the words stand beside it.
pub(super) fn class(band: Band) -> &'static str {
    match band {
        Band::High => "heat-high",
        Band::Middle => "heat-middle",
        Band::Low => "heat-low",
    }
}

/// # Errors
/// A template fails.
pub(in crate::pages) fn piece(
    library: &'static Library,
    place: &Place,
    held: &Held,
) -> Result<Piece, PageError> {
    let answers = &held.answers;
    let bands = bands(answers);
    let rows = answers.rows(LEDGER).iter().enumerate();
    let assets: Vec<(&AnswerRow, Asset)> = rows
        .map(|(at, row)| (row, asset(place, row, at, bands)))
        .collect();
    let mut highest: Vec<&(&AnswerRow, Asset)> =
        assets.iter().filter(|(_, asset)| asset.risk > 0).collect();
    highest.sort_by_key(|(_, asset)| std::cmp::Reverse(asset.risk));
    let high = highest
        .iter()
        .filter(|(_, asset)| asset.risk >= bands.high_from)
        .count();
    let counted = highest.len();
    let highest = highest
        .into_iter()
        .take(HIGHEST)
        .map(|(_, asset)| asset.again())
        .collect();
    let groups = groups(&assets);
    let unassessed = assets
        .into_iter()
        .map(|(_, asset)| asset)
        .filter(|asset| asset.risk == 0);
    let view = View {
        place,
        levels: levels(answers, bands),
        counted,
        highest,
        groups,
        unassessed: unassessed.collect(),
        bands,
        high,
        ledger: place.table(LEDGER),
        bands_href: place.question(library, "risk_high_from"),
    };
    Piece::new("リスクの地図", &view)
}

fn levels(answers: &Answers, bands: Bands) -> Vec<Level> {
    let map = heat_map(answers, ONE_TO_THREE);
    let level = |(at, counts): (usize, &[usize; 3])| {
        let importance = ONE_TO_THREE.least + i64::try_from(at).unwrap_or(0);
        let square = |(at, count): (usize, &usize)| {
            let likelihood = i64::try_from(at).unwrap_or(0) + 1;
            let band = band(importance * likelihood, bands);
            Square {
                id: square_id(importance, likelihood),
                count: *count,
                risk: importance * likelihood,
                label: band.label(),
                class: class(band),
            }
        };
        Level {
            importance,
            cells: counts.iter().enumerate().map(square).collect(),
        }
    };
    map.iter().enumerate().map(level).rev().collect()
}

fn square_id(importance: i64, likelihood: i64) -> String {
    format!("risk-{importance}-{likelihood}")
}

/// The assets of every square that has some, the greatest risk first.
fn groups(assets: &[(&AnswerRow, Asset)]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (row, asset) in assets {
        let assessment = assess(row, ONE_TO_THREE);
        let Some((importance, likelihood)) = assessment.importance.zip(assessment.likelihood)
        else {
            continue;
        };
        let found = groups
            .iter_mut()
            .find(|group| (group.importance, group.likelihood) == (importance, likelihood));
        match found {
            Some(group) => group.assets.push(asset.again()),
            None => groups.push(Group {
                id: square_id(importance, likelihood),
                importance,
                likelihood,
                risk: importance * likelihood,
                assets: vec![asset.again()],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse((group.risk, group.importance)));
    groups
}

fn asset(place: &Place, row: &AnswerRow, at: usize, bands: Bands) -> Asset {
    let risk = assess(row, ONE_TO_THREE).risk.unwrap_or(0);
    let band = band(risk, bands);
    let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
    Asset {
        name: called(row, "name", at),
        href: place.cell(LEDGER, &row.id, None),
        risk,
        label: band.label(),
        class: class(band),
        threat: text("threat_text"),
        measures: text("measures"),
    }
}

impl Asset {
    fn again(&self) -> Asset {
        Asset {
            name: self.name.clone(),
            href: self.href.clone(),
            threat: self.threat.clone(),
            measures: self.measures.clone(),
            ..*self
        }
    }
}
