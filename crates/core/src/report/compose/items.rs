//! The kinds that matter most, each in plain words with advice and with the names under which the product knows them.

use super::super::explain::Explanation;
use super::super::figures::{Counts, Figures, Rule};
use super::super::words::{number, severity, times};
use super::Pieces;
use crate::paper::document::Align;

/// Kinds that are explained, and names that are given of each.
const MOST_KINDS: usize = 5;
const MOST_NAMES: usize = 3;
/// Names in the list of all kinds.
const MOST_LISTED: usize = 15;

/// A kind with what belongs to it this month.
struct Met<'a> {
    kind: &'static Explanation,
    counts: Counts,
    harmless: i64,
    asks: i64,
    weight: usize,
    rules: Vec<&'a Rule>,
}

pub(super) fn write(pieces: &mut Pieces, figures: &Figures) {
    if figures.rules.is_empty() {
        return;
    }
    pieces.heading("items", "おもな検知とその意味");
    let met = met(figures);
    let shown = met.len().min(MOST_KINDS);
    if met.len() > shown {
        pieces.say(
            "items-how",
            format!("止めていないもの、重いもの、多いものから{shown}種類を説明します。"),
        );
    }
    for (at, one) in (1..).zip(met.iter().take(MOST_KINDS)) {
        explained(pieces, at, one);
    }
    listed(pieces, figures);
}

/// The kinds of a month: what may ask for something first, then by severity and number.
fn met(figures: &Figures) -> Vec<Met<'_>> {
    let mut met: Vec<Met<'_>> = Vec::new();
    for rule in &figures.rules {
        let kind = rule.explanation();
        let known = met.iter().position(|one| one.kind.id == kind.id);
        let at = known.unwrap_or_else(|| {
            met.push(Met {
                kind,
                counts: Counts::default(),
                harmless: 0,
                asks: 0,
                weight: 0,
                rules: Vec::new(),
            });
            met.len() - 1
        });
        let one = &mut met[at];
        one.counts.add(&rule.counts);
        one.harmless += rule.harmless;
        one.asks += rule.asks();
        one.weight = one.weight.max(rule.weight());
        one.rules.push(rule);
    }
    met.sort_by_key(|one| std::cmp::Reverse((one.asks > 0, one.weight, one.counts.events)));
    met
}

fn explained(pieces: &mut Pieces, at: usize, one: &Met<'_>) {
    let counts = &one.counts;
    let name = &one.kind.name;
    pieces.small_heading(
        &format!("item-{at}"),
        &format!("{name}　{}", times(counts.events)),
    );
    pieces.say(&format!("item-{at}-what"), &one.kind.what);
    let (open, handled) = (counts.open(), counts.handled());
    let done = match (open, handled) {
        (0, _) => "すべて機器が止めるか、対処しました。".to_owned(),
        (open, 0) => format!("{}は、止めてはいません。", times(open)),
        (open, handled) => format!(
            "{}を止めるか、対処し、{}は止めてはいません。",
            times(handled),
            times(open)
        ),
    };
    let harmless = one.harmless.min(open);
    let known = match harmless {
        0 => String::new(),
        all if all == open => {
            "止めていないものは、技術担当が確かめ、すべて無害または誤りと分かりました。".to_owned()
        }
        some => format!(
            "止めていないもののうち{}は、技術担当が確かめ、無害または誤りと分かりました。",
            times(some)
        ),
    };
    let advice = match open - harmless {
        0 => &one.kind.stopped,
        _ => &one.kind.open,
    };
    pieces.say(&format!("item-{at}-done"), format!("{done}{known}{advice}"));
    let mut names: Vec<String> = (one.rules.iter().take(MOST_NAMES))
        .map(|rule| {
            format!(
                "{}(重さ {}、{})",
                title(rule),
                severity(rule.severity),
                times(rule.counts.events)
            )
        })
        .collect();
    if one.rules.len() > MOST_NAMES {
        names.push(format!("ほか{}とおり", one.rules.len() - MOST_NAMES));
    }
    pieces.list(&format!("item-{at}-names"), names);
}

/// The product's words; a rule without a name is told by its id.
fn title(rule: &Rule) -> String {
    let title = rule.title.trim();
    match title.is_empty() {
        true => format!("規則 {}", rule.rule),
        false => title.to_owned(),
    }
}

fn listed(pieces: &mut Pieces, figures: &Figures) {
    pieces.small_heading("names", "製品の言葉での一覧");
    let rows = figures.rules.iter().take(MOST_LISTED).map(|rule| {
        vec![
            title(rule),
            rule.explanation().name.clone(),
            severity(rule.severity).to_owned(),
            number(rule.counts.events),
            number(rule.counts.handled()),
            number(rule.counts.open()),
        ]
    });
    let columns = [
        ("製品が付けた名前", 9, Align::Left),
        ("種類", 5, Align::Left),
        ("重さ", 3, Align::Left),
        ("件数", 3, Align::Right),
        ("止めた", 3, Align::Right),
        ("止めず", 3, Align::Right),
    ];
    pieces.table("rules", "件数の多い順の検知", &columns, rows.collect());
    if figures.distinct_rules > MOST_LISTED {
        let more = figures.distinct_rules - MOST_LISTED.min(figures.rules.len());
        pieces.say(
            "more-names",
            format!("ほかに{more}とおりあります。すべての名前は、事務局にお尋ねください。"),
        );
    }
}
