//! What was detected: by day, by kind, by severity, and what was done with it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::explain;
use super::super::figures::{ALLOWED, BLOCKED, Counts, DETECTED, Figures, OTHER, UNKNOWN};
use super::super::words::{SEVERITIES, number, percent, times};
use super::Pieces;
use crate::calendar::japanese::weekday_letter;
use crate::paper::chart::{Chart, Point, Shape};
use crate::paper::document::Align;

const STOPPED: &str = "止めたもの・対処したもの";
const OPEN: &str = "止めていないもの";

pub(super) fn write(pieces: &mut Pieces, figures: &Figures) {
    pieces.heading("found", "検知の数");
    if figures.total.events == 0 {
        pieces.say(
            "none",
            "この月の検知は0件です。日ごと、種類ごとの図は、検知のある月に入ります。",
        );
        return;
    }
    days(pieces, figures);
    kinds(pieces, figures);
    severities(pieces, figures);
    actions(pieces, figures);
}

fn days(pieces: &mut Pieces, figures: &Figures) {
    pieces.small_heading("by-day", "日ごと");
    let all: Vec<(Date, Counts)> = (figures.month.days())
        .map(|day| (day, figures.days.get(&day).copied().unwrap_or_default()))
        .collect();
    let most = all
        .iter()
        .max_by_key(|(day, counts)| (counts.events, std::cmp::Reverse(*day)));
    let without = all.iter().filter(|(_, counts)| counts.events == 0).count();
    let alt = most.map_or_else(String::new, |(day, counts)| {
        format!(
            "日ごとの検知の数です。1か月で{}、いちばん多い日は{}日の{}、検知のない日は{without}日です。数はすぐ下の表にあります。",
            times(figures.total.events),
            day.day(),
            times(counts.events)
        )
    });
    let points = all.iter().map(|(day, counts)| Point {
        label: day.day().to_string(),
        values: vec![counts.handled(), counts.open()],
    });
    pieces.chart(
        "days-chart",
        Chart {
            caption: "日ごとの検知の数(件)".to_owned(),
            number: 0,
            alt,
            shape: Shape::Columns,
            series: vec![STOPPED.to_owned(), OPEN.to_owned()],
            unit: "件".to_owned(),
            points: points.collect(),
        },
    );
    let half = all.len().div_ceil(2);
    let cells = |at: usize| match all.get(at) {
        Some((day, counts)) => [
            format!("{}日({})", day.day(), weekday_letter(day.weekday())),
            number(counts.events),
            number(counts.handled()),
            number(counts.open()),
        ],
        None => Default::default(),
    };
    let rows = (0..half).map(|at| [cells(at), cells(at + half)].concat());
    let columns = [
        ("日", 4, Align::Left),
        ("検知", 3, Align::Right),
        ("止めた", 3, Align::Right),
        ("止めず", 3, Align::Right),
        ("日(続き)", 4, Align::Left),
        ("検知", 3, Align::Right),
        ("止めた", 3, Align::Right),
        ("止めず", 3, Align::Right),
    ];
    pieces.table(
        "days",
        "日ごとの検知の数(「止めた」は、そのほかの対処を含みます)",
        &columns,
        rows.collect(),
    );
}

/// Counts by our kinds; what the rules that are named leave over is told as such.
pub(super) fn by_kind(figures: &Figures) -> Vec<(String, Counts)> {
    let mut kinds: BTreeMap<usize, Counts> = BTreeMap::new();
    let mut named = Counts::default();
    for rule in &figures.rules {
        let kind = rule.explanation();
        let place = explain::all().iter().position(|one| one.id == kind.id);
        kinds
            .entry(place.unwrap_or(usize::MAX))
            .or_default()
            .add(&rule.counts);
        named.add(&rule.counts);
    }
    let name = |place: usize| {
        explain::all()
            .get(place)
            .map_or("そのほか", |one| one.name.as_str())
    };
    let mut found: Vec<(String, Counts)> = (kinds.into_iter())
        .map(|(place, counts)| (name(place).to_owned(), counts))
        .collect();
    // The sort is stable: kinds of the same number stay in the order of the texts.
    found.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.events));
    let left = figures.total.events - named.events;
    if left > 0 {
        let mut rest = figures.total;
        rest.events = left;
        (rest.action.iter_mut().zip(named.action)).for_each(|(sum, one)| *sum -= one);
        (rest.severity.iter_mut().zip(named.severity)).for_each(|(sum, one)| *sum -= one);
        found.push(("そのほかの名前のもの".to_owned(), rest));
    }
    found
}

fn kinds(pieces: &mut Pieces, figures: &Figures) {
    pieces.small_heading("by-kind", "種類ごと");
    pieces.say("kind-how", "製品ごとに違う分け方を、分かりやすい言葉にまとめ直しています。それぞれの意味は、次の章にあります。");
    let kinds = by_kind(figures);
    let first = kinds.first().map_or_else(String::new, |(name, counts)| {
        format!("種類ごとの検知の数です。いちばん多いのは「{name}」の{}です。数はすぐ下の表にあります。", times(counts.events))
    });
    pieces.chart(
        "kinds-chart",
        Chart {
            caption: "種類ごとの検知の数".to_owned(),
            number: 0,
            alt: first,
            shape: Shape::Bars,
            series: vec![STOPPED.to_owned(), OPEN.to_owned()],
            unit: "件".to_owned(),
            points: points(&kinds),
        },
    );
    counted(pieces, "kinds", "種類ごとの検知の数", "種類", &kinds);
}

fn severities(pieces: &mut Pieces, figures: &Figures) {
    pieces.small_heading("by-severity", "重さごと");
    pieces.say(
        "severity-how",
        "重さは、製品が決めた段階です。低いものほど、ふだんから多く見られます。",
    );
    let present = SEVERITIES
        .iter()
        .filter(|(place, ..)| *place > 0 || figures.total.severity[0] > 0);
    let rows: Vec<(&str, &str, i64)> = present
        .map(|(place, name, means)| (*name, *means, figures.total.severity[*place]))
        .collect();
    let told: Vec<String> = rows
        .iter()
        .map(|(name, _, count)| format!("{name} {}", times(*count)))
        .collect();
    let points = rows.iter().map(|(name, _, count)| Point {
        label: (*name).to_owned(),
        values: vec![*count],
    });
    pieces.chart(
        "severity-chart",
        Chart {
            caption: "重さごとの検知の数".to_owned(),
            number: 0,
            alt: format!("重さごとの検知の数です。{}。", told.join("、")),
            shape: Shape::Bars,
            series: vec!["検知".to_owned()],
            unit: "件".to_owned(),
            points: points.collect(),
        },
    );
    let rows = rows.into_iter().map(|(name, means, count)| {
        let share = format!("{}％", percent(count, figures.total.events));
        vec![name.to_owned(), times(count), share, means.to_owned()]
    });
    let columns = [
        ("重さ", 4, Align::Left),
        ("件数", 3, Align::Right),
        ("割合", 2, Align::Right),
        ("目安", 7, Align::Left),
    ];
    pieces.table(
        "severities",
        "重さごとの検知の数(割合は切り捨て)",
        &columns,
        rows.collect(),
    );
}

fn actions(pieces: &mut Pieces, figures: &Figures) {
    pieces.small_heading("by-action", "機器がしたこと");
    let rows = [
        (BLOCKED, "止めた", "捨てた、切った、隔離した、消した"),
        (
            OTHER,
            "そのほかの対処",
            "端末の切り離し、ファイルの修復など",
        ),
        (
            DETECTED,
            "知らせただけ",
            "見つけて知らせたが、止めるようには決められていない",
        ),
        (ALLOWED, "通した", "知らせたうえで、通した"),
        (UNKNOWN, "不明", "製品の言葉が、こちらの表にない"),
    ];
    let rows = rows.into_iter().map(|(place, name, means)| {
        let count = figures.total.action[place];
        vec![
            name.to_owned(),
            times(count),
            format!("{}％", percent(count, figures.total.events)),
            means.to_owned(),
        ]
    });
    let columns = [
        ("機器がしたこと", 4, Align::Left),
        ("件数", 3, Align::Right),
        ("割合", 2, Align::Right),
        ("意味", 7, Align::Left),
    ];
    pieces.table(
        "actions",
        "機器がしたこと(割合は切り捨て)",
        &columns,
        rows.collect(),
    );
    judged(pieces, figures);
}

/// What came of what was not stopped, where the daily check is kept.
fn judged(pieces: &mut Pieces, figures: &Figures) {
    if figures.total.open() == 0 {
        pieces.say("all-stopped", "止めていない検知はありませんでした。");
        return;
    }
    let Some(judged) = &figures.judged else {
        pieces.say(
            "open",
            format!(
                "止めていないものは{}です。止めていないことは、被害があったことを意味しません。機器に「知らせるだけ」と設定している種類や、無害と分かったものも含みます。",
                times(figures.total.open())
            ),
        );
        return;
    };
    pieces.say(
        "judged",
        format!(
            "技術担当は、この月の{}日のうち{}日分の検知を確かめました(同じ日の同じ内容のものは、まとめて1つと数えます)。止めていないもののうち、無害または誤りと分かったもの{}、攻撃、または疑わしいと見たもの{}、そのうちサポートセンターに対応を渡したもの{}、まだ判断していないもの{}です。",
            judged.of_days,
            judged.checked_days,
            times(judged.harmless),
            times(judged.attack),
            times(judged.escalated),
            times(judged.open),
        ),
    );
}

fn points(rows: &[(String, Counts)]) -> Vec<Point> {
    let point = |(name, counts): &(String, Counts)| Point {
        label: name.clone(),
        values: vec![counts.handled(), counts.open()],
    };
    rows.iter().map(point).collect()
}

fn counted(pieces: &mut Pieces, id: &str, caption: &str, what: &str, rows: &[(String, Counts)]) {
    let rows = rows.iter().map(|(name, counts)| {
        vec![
            name.clone(),
            number(counts.events),
            number(counts.handled()),
            number(counts.open()),
        ]
    });
    let columns = [
        (what, 7, Align::Left),
        ("検知(件)", 3, Align::Right),
        ("止めた・対処した", 4, Align::Right),
        ("止めていない", 4, Align::Right),
    ];
    pieces.table(id, caption, &columns, rows.collect());
}
