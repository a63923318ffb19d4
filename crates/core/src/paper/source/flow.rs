//! Procedures: `lane: text`, `lane?: question | はい | いいえ：…`, `lane!: end`.

use super::super::document::StepKind;
use super::attributes::{self, Attributes};
use super::inline::{inline, plain};
use super::table::cut;
use super::{Fault, FlowNode, FlowStep};

/// Most lanes and steps of a flow: what fits a page.
const MOST_LANES: usize = 6;
const MOST_STEPS: usize = 40;

pub(super) fn flow(
    lines: &[(usize, &str)],
    line: usize,
    attributes: &mut Attributes,
    faults: &mut Vec<Fault>,
) -> Option<FlowNode> {
    let caption = attributes.value("caption");
    let lanes: Vec<String> = attributes
        .value("lanes")
        .unwrap_or_default()
        .split(',')
        .map(|lane| lane.trim().to_owned())
        .filter(|lane| !lane.is_empty())
        .collect();
    if caption.is_none()
        || lanes.is_empty()
        || lanes.len() > MOST_LANES
        || lines.is_empty()
        || lines.len() > MOST_STEPS
    {
        let hint = format!(
            "caption=\"…\" と lanes=\"…,…\"（{MOST_LANES}つまで）を書き、手順は1から{MOST_STEPS}行にしてください。"
        );
        faults.push(Fault::new(line, "流れ図に足りないものがあります。", hint));
        return None;
    }
    let caption = plain(&caption?, line, faults);
    let steps = lines
        .iter()
        .filter_map(|(line, text)| step(text, *line, &lanes, faults))
        .collect();
    Some(FlowNode {
        caption,
        lanes,
        steps,
    })
}

fn step(text: &str, line: usize, lanes: &[String], faults: &mut Vec<Fault>) -> Option<FlowStep> {
    let (text, mut attributes) = attributes::split(text.trim(), line, faults);
    let condition = attributes.condition.take();
    attributes.end(faults);
    let Some((who, what)) = text.split_once(':') else {
        faults.push(Fault::new(
            line,
            "手順の行が読めません。",
            "「担当: すること」のように、半角の : で分けてください。",
        ));
        return None;
    };
    let (who, kind) = match (who.strip_suffix('?'), who.strip_suffix('!')) {
        (Some(who), _) => (who, StepKind::Question),
        (_, Some(who)) => (who, StepKind::End),
        _ => (who, StepKind::Action),
    };
    let (from, to) = who.split_once("..").unwrap_or((who, who));
    let mut lane = |name: &str| {
        let found = lanes
            .iter()
            .position(|lane| lane == name.trim())
            .and_then(|at| u16::try_from(at).ok());
        if found.is_none() {
            faults.push(Fault::new(
                line,
                format!("「{}」という列はありません。", name.trim()),
                format!("lanes にあるのは「{}」です。", lanes.join("」「")),
            ));
        }
        found
    };
    let (from, to) = (lane(from)?, lane(to)?);
    let parts = cut(what);
    let mut arrow = |at: usize| {
        parts
            .get(at)
            .filter(|part| !part.is_empty())
            .map(|part| plain(part, line, faults))
    };
    let (next, otherwise) = (arrow(1), arrow(2));
    if (otherwise.is_some() && kind != StepKind::Question) || parts.len() > 3 {
        faults.push(Fault::new(
            line,
            "分かれ道は問いの行にだけ書けます。",
            "「担当?: 問い | はい | いいえ：…」のように書きます。",
        ));
    }
    let text = inline(&parts[0], line, faults);
    Some(FlowStep {
        lanes: (from.min(to), from.max(to)),
        kind,
        text,
        next,
        otherwise,
        condition,
        line,
    })
}
