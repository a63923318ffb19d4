//! Charts as SVG made on the server: geometry in attributes, looks in the style sheet, and the numbers beside them in a table.

use sonae_core::figures::{Figures, Week};

/// Width of a chart in its own units.
pub(super) const WIDTH: u32 = 720;
/// Where bars begin: to the left stand the names.
const BARS_AT: u32 = 240;
const LONGEST_BAR: u32 = 400;
const ROW: u32 = 28;
const COLUMNS_HEIGHT: u32 = 160;
/// Below the columns stand the dates.
const FOOT: u32 = 24;

/// Horizontal bars: of those who reached a step, the part that is through.
pub(super) struct Bars {
    pub label: String,
    pub width: u32,
    pub height: u32,
    pub rows: Vec<Bar>,
}

pub(super) struct Bar {
    pub title: String,
    /// Of the text's baseline.
    pub text_y: u32,
    pub y: u32,
    pub reached: u32,
    pub done: u32,
    pub reached_width: u32,
    pub done_width: u32,
    pub number_x: u32,
}

/// The funnel by step.
pub(super) fn bars(figures: &Figures) -> Bars {
    let most = figures
        .steps
        .iter()
        .map(|step| step.reached)
        .max()
        .unwrap_or(0)
        .max(1);
    let rows = (0u32..).zip(&figures.steps).map(|(index, step)| {
        let reached_width = scaled(step.reached, most, LONGEST_BAR);
        Bar {
            title: step.title.clone(),
            text_y: index * ROW + 19,
            y: index * ROW + 4,
            reached: step.reached,
            done: step.done,
            reached_width,
            done_width: scaled(step.done, most, LONGEST_BAR),
            number_x: BARS_AT + reached_width + 8,
        }
    });
    let rows: Vec<Bar> = rows.collect();
    let told: Vec<String> = (rows.iter())
        .map(|row| format!("{} 到達{}件、完了{}件", row.title, row.reached, row.done))
        .collect();
    Bars {
        label: format!("段階ごとの申込みの数。{}", told.join("。")),
        width: WIDTH,
        height: (u32::try_from(rows.len()).unwrap_or(0) * ROW).max(ROW),
        rows,
    }
}

/// Columns by week: received and confirmed side by side.
pub(super) struct Columns {
    pub label: String,
    pub width: u32,
    pub height: u32,
    /// Of the line on which the columns stand.
    pub base: u32,
    pub weeks: Vec<WeekColumns>,
}

pub(super) struct WeekColumns {
    pub x: u32,
    pub second_x: u32,
    pub width: u32,
    pub received_y: u32,
    pub received_height: u32,
    pub confirmed_y: u32,
    pub confirmed_height: u32,
    /// The date below; only some weeks carry one.
    pub date: Option<String>,
}

pub(super) fn columns(weeks: &[Week]) -> Columns {
    let most = (weeks.iter())
        .map(|week| week.received.max(week.confirmed))
        .max()
        .unwrap_or(0)
        .max(1);
    let count = u32::try_from(weeks.len()).unwrap_or(1).max(1);
    let slot = (WIDTH / count).clamp(6, 60);
    let width = (slot / 2).saturating_sub(1).max(2);
    // So many weeks between two dates that these do not touch.
    let every = (64 / slot).max(1);
    let shown = (0u32..).zip(weeks).map(|(index, week)| {
        let received_height = scaled(week.received, most, COLUMNS_HEIGHT);
        let confirmed_height = scaled(week.confirmed, most, COLUMNS_HEIGHT);
        WeekColumns {
            x: index * slot,
            second_x: index * slot + width,
            width,
            received_y: COLUMNS_HEIGHT - received_height,
            received_height,
            confirmed_y: COLUMNS_HEIGHT - confirmed_height,
            confirmed_height,
            date: (index % every == 0).then(|| super::short(week.monday)),
        }
    });
    let received: u32 = weeks.iter().map(|week| week.received).sum();
    let confirmed: u32 = weeks.iter().map(|week| week.confirmed).sum();
    Columns {
        label: format!(
            "週ごとの受付と参加確定の数。{}週で受付{received}件、参加確定{confirmed}件。",
            weeks.len()
        ),
        width: WIDTH,
        height: COLUMNS_HEIGHT + FOOT,
        base: COLUMNS_HEIGHT,
        weeks: shown.collect(),
    }
}

/// A length in proportion; anything but nothing is visible.
fn scaled(value: u32, most: u32, longest: u32) -> u32 {
    let length = u64::from(value) * u64::from(longest) / u64::from(most.max(1));
    let length = u32::try_from(length).unwrap_or(longest).min(longest);
    if value > 0 { length.max(2) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_in_proportion_and_small_ones_visible() {
        for (value, most, expected) in [(0, 10, 0), (1, 1_000_000, 2), (5, 10, 200), (10, 10, 400)]
        {
            assert_eq!(
                scaled(value, most, LONGEST_BAR),
                expected,
                "{value} of {most}"
            );
        }
    }

    #[test]
    fn a_chart_of_nothing_is_a_chart() {
        assert_eq!(bars(&Figures::default()).height, ROW);
        assert!(columns(&[]).weeks.is_empty());
    }
}
