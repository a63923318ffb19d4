//! One company of the sheet.

use jiff::civil::Date;
use sonae_core::detection_check::State as Said;
use sonae_core::detection_check::group::{BLOCKED, GRAVE};
use sonae_store::telemetry_source::Watched;

use super::HERE;
use crate::office::checks::sheet::Line;
use crate::office::people::People;

/// A row.
pub(super) struct Row {
    pub(super) number: String,
    pub(super) href: String,
    pub(super) name: String,
    pub(super) devices: String,
    pub(super) person: String,
    /// Nothing at all came on the day.
    pub(super) silent: bool,
    /// What was seen is no longer kept.
    pub(super) removed: bool,
    /// All of them, as the columns beside it count.
    pub(super) events: i64,
    /// Events that are high or above.
    pub(super) grave: i64,
    pub(super) blocked: i64,
    /// Events that the device did not stop.
    pub(super) passed: i64,
    /// Kind and words of its chip.
    pub(super) chip: (&'static str, &'static str),
    pub(super) said: Option<Said>,
    pub(super) note: String,
    pub(super) by: String,
    pub(super) grown: i64,
    pub(super) signed: bool,
    /// What its buttons send before the state.
    pub(super) sends: String,
    /// Whether states are given by buttons of the row: who may, and no correction.
    pub(super) works: bool,
}

pub(super) fn row(line: &Line, day: Date, works: bool, people: &People) -> Row {
    let checked = line.checked.as_ref();
    let split = line.total.map(|total| total.split).unwrap_or_default();
    let blocked = split.by_action[usize::from(BLOCKED)];
    let number = line.company.receipt_number.clone();
    let signed = checked.is_some_and(|checked| checked.signed.is_some());
    let version = checked.map_or(0, |checked| checked.version);
    Row {
        href: href(day, &line.company),
        name: line.company.name.clone(),
        devices: devices(&line.devices),
        person: (line.company.assignee.as_deref())
            .map(|id| people.find(id).unwrap_or("登録のない職員").to_owned())
            .unwrap_or_default(),
        silent: line.total.is_none() && !line.is_removed(),
        removed: line.is_removed(),
        events: split.events,
        grave: split.by_severity[usize::from(GRAVE)..].iter().sum(),
        blocked,
        passed: split.events - blocked,
        chip: chip(checked.map(|checked| checked.state)),
        said: checked.map(|checked| checked.state),
        note: checked
            .map(|checked| checked.note.clone())
            .unwrap_or_default(),
        by: checked
            .map(|checked| people.name(&checked.by))
            .unwrap_or_default(),
        grown: line.grown(),
        signed,
        sends: format!("{number}@{version}@{}", line.lines()),
        works: works
            && !signed
            && !line.is_removed()
            && checked.is_none_or(|one| one.state != Said::Handling),
        number,
    }
}

/// The page of a company's day.
pub(super) fn href(day: Date, company: &Watched) -> String {
    format!("{HERE}/{day}/{}", company.receipt_number)
}

/// What the devices are, in one line.
pub(super) fn devices(devices: &[(String, String)]) -> String {
    let named = devices
        .iter()
        .map(|(product, serial)| format!("{product}({serial})"));
    named.collect::<Vec<_>>().join("、")
}

/// Kind and words of the chip of a state.
pub(super) fn chip(said: Option<Said>) -> (&'static str, &'static str) {
    match said {
        None => ("neutral", "未確認"),
        Some(Said::Quiet) => ("success", Said::Quiet.label()),
        Some(Said::Review) => ("warning", Said::Review.label()),
        Some(Said::Handling) => ("error", Said::Handling.label()),
    }
}
