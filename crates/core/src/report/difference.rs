//! Whether figures that are computed again are the frozen ones, and what differs when lines came late.

use super::figures::{BLOCKED, Counts, Figures, Kind};
use super::words::number;
use crate::flow::Refusal;

/// Differences that are named; further ones are counted.
pub const MOST_NAMED: usize = 50;

/// One number that is another one now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// What it counts: `検知の数`.
    pub what: String,
    pub before: String,
    pub now: String,
}

/// What differs between frozen figures and those of now; nothing when they are the same to the last number.
pub fn between(frozen: &Figures, now: &Figures) -> Vec<Changed> {
    let mut found = Vec::new();
    counts(&mut found, "", &frozen.total, &now.total);
    for day in frozen.month.days() {
        let of = |figures: &Figures| figures.days.get(&day).copied().unwrap_or_default();
        counts(
            &mut found,
            &format!("{}日の", day.day()),
            &of(frozen),
            &of(now),
        );
    }
    let lines = |figures: &Figures| {
        [
            figures.lines.detections,
            figures.lines.activities,
            figures.lines.unread(),
            figures.lines.clock_doubtful,
            i64::try_from(figures.distinct_rules).unwrap_or(0),
            figures.outside_addresses,
            figures.hours().0,
            figures.hours().1,
        ]
    };
    let names = [
        "検知の行の数",
        "そのほかの記録の行の数",
        "読めなかった行の数",
        "時刻を直した行の数",
        "検知の名前の数",
        "外の相手の数",
        "記録が届いた時間",
        "見守りの時間",
    ];
    for ((name, before), now) in names.into_iter().zip(lines(frozen)).zip(lines(now)) {
        differs(&mut found, name, before, now);
    }
    let registered = |kind| {
        let count = |of: &Figures| of.watched.iter().filter(|one| one.kind == kind).count() as i64;
        (count(frozen), count(now))
    };
    for kind in [Kind::Utm, Kind::Edr] {
        let (before, after) = registered(kind);
        differs(
            &mut found,
            &format!("登録された{}の数", kind.label()),
            before,
            after,
        );
    }
    if found.is_empty() && frozen != now {
        found.push(rest(frozen, now));
    }
    found
}

/// What differs of the company's own month. The month before and the other companies are left out: they change though nothing happened to this one.
pub fn of_its_own(frozen: &Figures, now: &Figures) -> Vec<Changed> {
    let now = Figures {
        before: frozen.before.clone(),
        rest: frozen.rest.clone(),
        ..now.clone()
    };
    between(frozen, &now)
}

/// Why a report is neither checked nor approved any more: its figures would come out differently now.
pub fn outdated(changed: &Changed) -> Refusal {
    Refusal::new(
        "outdated",
        format!(
            "このレポートを作ったあとで、{}が変わりました。技術担当がレポートを作り直してから、点検と承認に進んでください。",
            changed.what
        ),
    )
}

fn counts(found: &mut Vec<Changed>, of: &str, before: &Counts, now: &Counts) {
    differs(found, &format!("{of}検知の数"), before.events, now.events);
    let (was, is) = (before.action[BLOCKED], now.action[BLOCKED]);
    differs(found, &format!("{of}止めた数"), was, is);
    if before != now && before.events == now.events && was == is {
        found.push(Changed {
            what: format!("{of}検知の内訳"),
            before: "前の内訳".to_owned(),
            now: "今の内訳".to_owned(),
        });
    }
}

fn differs(found: &mut Vec<Changed>, what: &str, before: i64, now: i64) {
    if before != now {
        found.push(Changed {
            what: what.to_owned(),
            before: number(before),
            now: number(now),
        });
    }
}

/// What no number of the list tells: names, periods, other months, other companies.
fn rest(frozen: &Figures, now: &Figures) -> Changed {
    let what = if frozen.format != now.format {
        "計算の方法"
    } else if frozen.before != now.before {
        "先月の数字"
    } else if frozen.rest != now.rest {
        "ほかの会社との比較"
    } else if frozen.judged != now.judged {
        "毎日の確認の結果"
    } else if frozen.watched != now.watched {
        "登録された機器"
    } else {
        "検知や機器の内訳"
    };
    Changed {
        what: what.to_owned(),
        before: "前の内容".to_owned(),
        now: "今の内容".to_owned(),
    }
}
