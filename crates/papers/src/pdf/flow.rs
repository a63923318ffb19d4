//! A procedure as the template takes it: boxes in columns, drawn, and the same as a text that is read aloud.

use serde::Serialize;
use sonae_core::paper::document::{Flow, Step, StepKind};

use super::line::{Inline, Lines, spoken};
use super::table::text;

const ROOM_ABOVE: u16 = 44;
pub(super) const ROOM_ABOVE_WITH_TITLE: u16 = 78;

#[derive(Debug, Serialize)]
pub(super) struct FlowView {
    caption: String,
    /// What a screen reader says in the figure's place.
    alt: String,
    lanes: Vec<Vec<Inline>>,
    steps: Vec<StepView>,
    /// What stands above it on its page at most, in millimetres: heading, introduction and caption, and the paper's title if it is near.
    pub(super) room_above: u16,
}

#[derive(Debug, Serialize)]
struct StepView {
    first: usize,
    last: usize,
    kind: StepKind,
    text: Vec<Inline>,
    next: Option<Vec<Inline>>,
    otherwise: Option<Vec<Inline>>,
    /// An arrow leads to the step below.
    arrow: bool,
}

pub(super) fn of(flow: &Flow, lines: &mut Lines) -> FlowView {
    let lanes = flow.lanes.len().max(1);
    let steps = flow.steps.iter().enumerate().map(|(place, step)| {
        let last = usize::from(step.lanes.1).min(lanes - 1);
        StepView {
            first: usize::from(step.lanes.0).min(last),
            last,
            kind: step.kind,
            text: lines.narrow(&step.text),
            next: step.next.as_ref().map(|label| lines.narrow(&text(label))),
            otherwise: (step.otherwise.as_ref()).map(|label| lines.narrow(&text(label))),
            arrow: place + 1 < flow.steps.len() && step.kind != StepKind::End,
        }
    });
    let steps: Vec<StepView> = steps.collect();
    FlowView {
        room_above: ROOM_ABOVE,
        steps,
        caption: format!("図{}　{}", flow.number, lines.plain(&flow.caption)),
        alt: lines.plain(&aloud(flow)),
        lanes: match flow.lanes.is_empty() {
            true => vec![Vec::new()],
            false => (flow.lanes.iter())
                .map(|lane| lines.narrow(&text(lane)))
                .collect(),
        },
    }
}

/// `流れの図です。1、受付：電話を受けます。2、…`
fn aloud(flow: &Flow) -> String {
    let steps = flow.steps.iter().enumerate();
    let steps = steps.map(|(place, step)| {
        let next = step
            .next
            .iter()
            .map(|label| format!("次へ進むとき：{label}。"));
        let otherwise = step
            .otherwise
            .iter()
            .map(|label| format!("ほかの場合：{label}。"));
        let branches: String = next.chain(otherwise).collect();
        let step_text = spoken(&step.text);
        let end = if step_text.ends_with(['。', '？', '?']) {
            ""
        } else {
            "。"
        };
        format!(
            "{}、{}：{step_text}{end}{branches}",
            place + 1,
            who(flow, step)
        )
    });
    format!("流れの図です。{}", steps.collect::<String>())
}

fn who(flow: &Flow, step: &Step) -> String {
    let (first, last) = step.lanes;
    let lanes = flow.lanes.iter().enumerate();
    let acting = lanes.filter(|(lane, _)| (usize::from(first)..=usize::from(last)).contains(lane));
    acting
        .map(|(_, name)| name.as_str())
        .collect::<Vec<_>>()
        .join("と")
}
