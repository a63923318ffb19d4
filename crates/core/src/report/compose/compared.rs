//! Compared with the month before, and with the other companies, of whom none can be recognised.

use super::super::figures::{BLOCKED, Before, Figures, Rest};
use super::super::words::{hours, number, times};
use super::Pieces;
use crate::paper::chart::{Chart, Point, Shape};
use crate::paper::document::Align;

pub(super) fn write(pieces: &mut Pieces, figures: &Figures) {
    pieces.heading("compared", "くらべてみると");
    pieces.small_heading("before", "先月と");
    match &figures.before {
        Some(before) => months(pieces, figures, before),
        None => pieces.say("no-before", "先月は見守りの対象ではなかったため、くらべる数字がありません。来月のレポートから入ります。"),
    }
    pieces.small_heading("rest", "ほかの会社と");
    rest(pieces, figures);
}

fn months(pieces: &mut Pieces, figures: &Figures, before: &Before) {
    let (was, is) = (&before.counts, &figures.total);
    let sentence = match is.events - was.events {
        0 => "検知の数は、先月と同じでした。".to_owned(),
        more @ 1.. => format!("検知の数は、先月より{}増えました。", times(more)),
        less => format!("検知の数は、先月より{}減りました。", times(-less)),
    };
    let (heard, _) = figures.hours();
    pieces.say(
        "before-said",
        format!("{sentence}件数は、見守りの時間や、世の中の攻撃の流れでも大きく変わります。"),
    );
    let point = |name: String, counts: &super::super::figures::Counts| Point {
        label: name,
        values: vec![counts.handled(), counts.open()],
    };
    let (last, this) = (figures.month.before(), figures.month);
    pieces.chart(
        "months-chart",
        Chart {
            caption: "先月と今月の検知の数".to_owned(),
            number: 0,
            alt: format!(
                "先月と今月の検知の数です。{}は{}、{}は{}です。",
                last.short(),
                times(was.events),
                this.short(),
                times(is.events)
            ),
            shape: Shape::Bars,
            series: vec![
                "止めたもの・対処したもの".to_owned(),
                "止めていないもの".to_owned(),
            ],
            unit: "件".to_owned(),
            points: vec![
                point(format!("先月({})", last.short()), was),
                point(format!("今月({})", this.short()), is),
            ],
        },
    );
    let row = |name: &str, was: i64, is: i64, say: fn(i64) -> String| {
        let sign = if is > was { "+" } else { "" };
        vec![
            name.to_owned(),
            say(was),
            say(is),
            format!("{sign}{}", number(is - was)),
        ]
    };
    let rows = vec![
        row("検知の数", was.events, is.events, times),
        row("止めた・対処した", was.handled(), is.handled(), times),
        row("止めていない", was.open(), is.open(), times),
        row("記録が届いた時間", before.hours, heard, hours),
    ];
    let (last, this) = (last.label(), this.label());
    let columns = [
        ("", 5, Align::Left),
        (last.as_str(), 4, Align::Right),
        (this.as_str(), 4, Align::Right),
        ("差", 3, Align::Right),
    ];
    pieces.table("months", "先月との比較", &columns, rows);
}

fn rest(pieces: &mut Pieces, figures: &Figures) {
    match &figures.rest {
        Rest::Few { kind, floor } => pieces.say(
            "rest-few",
            format!("この月に{}を使った会社が{floor}社に満たず、どの会社かが分かってしまうおそれがあるため、ほかの会社との比較は載せていません。", kind.label()),
        ),
        Rest::Close { kind } => pieces.say(
            "rest-close",
            format!("{}を使った会社の比較は、ほかの集計と合わせると、どの会社かが分かってしまうおそれがあるため、今月は載せていません。", kind.label()),
        ),
        Rest::Yes {
            kind,
            members,
            events,
            blocked,
            without,
            own: rounded,
        } => {
            let own = figures.total.events;
            let place = place(rounded.unwrap_or(own), *events);
            pieces.say(
                "rest-said",
                format!(
                    "この月に{}を使った{members}社(貴社を含みます)の中で、貴社の検知の数({})は、{place}。検知のなかった会社は、およそ{without}％です。多いことは、守りが弱いという意味ではありません。",
                    kind.label(),
                    times(own)
                ),
            );
            let row = |name: &str, own: i64, [low, middle, high]: [i64; 3]| {
                vec![name.to_owned(), number(own), number(low), number(middle), number(high)]
            };
            let rows = vec![
                row("検知の数(件)", own, *events),
                row("うち、止めたもの(件)", figures.total.action[BLOCKED], *blocked),
            ];
            let columns = [
                ("", 5, Align::Left),
                ("貴社", 3, Align::Right),
                ("少ないほうから4分の1の会社", 4, Align::Right),
                ("真ん中の会社", 4, Align::Right),
                ("4分の3の会社", 4, Align::Right),
            ];
            pieces.table("rest-numbers", "ほかの会社の数字(個々の会社が分からないよう、貴社のほかは丸めています)", &columns, rows);
        }
    }
}

/// Where a company stands among the quartiles, all rounded alike, so that equal ones are told as equal.
fn place(own: i64, [low, middle, high]: [i64; 3]) -> &'static str {
    match own {
        _ if own == middle => "真ん中の会社と同じくらいです",
        _ if own < low => "少ないほうの4分の1に入ります",
        _ if own < middle => "真ん中より少ないほうです",
        _ if own <= high => "真ん中より多いほうです",
        _ => "多いほうの4分の1に入ります",
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn equal_companies_stand_in_the_middle() {
        let (few, less, same, more, many) = (
            "少ないほうの4分の1に入ります",
            "真ん中より少ないほうです",
            "真ん中の会社と同じくらいです",
            "真ん中より多いほうです",
            "多いほうの4分の1に入ります",
        );
        for (own, quartiles, expected) in [
            (1_200, [1_200, 1_200, 1_200], same),
            (0, [0, 0, 0], same),
            (5, [0, 0, 0], many),
            (0, [0, 5, 20], less),
            (0, [5, 10, 20], few),
            (10, [10, 20, 30], less),
            (20, [10, 20, 30], same),
            (25, [10, 20, 30], more),
            (30, [10, 20, 30], more),
            (35, [10, 20, 30], many),
        ] {
            assert_eq!(place(own, quartiles), expected, "{own} {quartiles:?}");
        }
    }
}
