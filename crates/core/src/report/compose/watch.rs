//! How long was watched: a report of nothing is worth as much as the hours in which somebody looked.

use super::super::figures::{Device, Figures, Kind, Watched};
use super::super::words::{day_of, hour_of, hours, number, percent};
use super::Pieces;
use crate::paper::document::Align;

/// Devices and gaps that are listed; an office of ten has a handful.
const MOST_DEVICES: usize = 100;
const MOST_GAPS: usize = 10;

pub(super) fn write(pieces: &mut Pieces, figures: &Figures) {
    pieces.heading("watch", "見守りの様子");
    pieces.say(
        "watch-how",
        "機器から記録が届いた時間を、1時間ごとに数えています。機器の電源が切れている間や、だれも使っていない夜間や休みの日は、記録がないことがあります。12時間以上続いたものを「記録のない時間」として示します。",
    );
    registered(pieces, figures);
    heard(pieces, figures);
    silences(pieces, figures);
    endpoints(pieces, figures);
}

fn registered(pieces: &mut Pieces, figures: &Figures) {
    if figures.watched.is_empty() {
        pieces.say(
            "no-device",
            "この月に登録されている機器はありませんでした。",
        );
        return;
    }
    let row = |one: &Watched| {
        vec![
            format!("{}　{}", one.kind.label(), one.product),
            one.serial.clone(),
            period(one),
            hours(one.hours()),
        ]
    };
    let rows = figures.watched.iter().take(MOST_DEVICES).map(row).collect();
    let columns = [
        ("貸出しの機器・製品", 6, Align::Left),
        ("製造番号など", 5, Align::Left),
        ("この月の期間", 6, Align::Left),
        ("時間", 3, Align::Right),
    ];
    pieces.table("registered", "見守る対象", &columns, rows);
}

fn period(one: &Watched) -> String {
    let last = one.until - jiff::SignedDuration::from_secs(1);
    match (one.began, one.ended) {
        (false, false) => "1か月すべて".to_owned(),
        (true, false) => format!("{}から(この月に始まりました)", day_of(one.from)),
        (false, true) => format!("{}まで(この月に終わりました)", day_of(last)),
        (true, true) => format!("{}から{}まで", day_of(one.from), day_of(last)),
    }
}

fn heard(pieces: &mut Pieces, figures: &Figures) {
    if figures.devices.is_empty() {
        pieces.say(
            "nothing-heard",
            "この月、記録の届いた機器はありませんでした。",
        );
        return;
    }
    let row = |one: &Device| {
        let silent: i64 = (one.gaps.iter())
            .map(|(from, to)| to.duration_since(*from).as_hours())
            .sum();
        let lost = match one.packets {
            Some((seen, lost)) => {
                let all = seen + lost;
                format!("{}個({}％)", number(lost), shown_share(lost, all))
            }
            None => "数えない機器".to_owned(),
        };
        vec![
            one.name.clone(),
            format!(
                "{}のうち\n{}({}％)",
                hours(one.of_hours),
                hours(one.hours),
                percent(one.hours, one.of_hours)
            ),
            match one.gaps.len() {
                0 => "ありません".to_owned(),
                count => format!("{count}回\n合わせて{}", hours(silent)),
            },
            lost,
            format!("{}件", number(one.detections)),
        ]
    };
    let rows = figures.devices.iter().take(MOST_DEVICES).map(row).collect();
    let columns = [
        ("記録での名前", 5, Align::Left),
        ("記録が届いた時間", 5, Align::Left),
        ("記録のない時間", 4, Align::Left),
        ("取りこぼし", 4, Align::Left),
        ("検知", 3, Align::Right),
    ];
    pieces.table("heard", "機器ごとの見守り", &columns, rows);
    if figures.devices.len() > MOST_DEVICES {
        pieces.say(
            "more-heard",
            format!(
                "ほかに{}台の記録があります。",
                figures.devices.len() - MOST_DEVICES
            ),
        );
    }
    if figures
        .devices
        .iter()
        .any(|one| one.packets.is_some_and(|(_, lost)| lost > 0))
    {
        pieces.say(
            "lost",
            "取りこぼしは、通信が混み合って機器が見きれなかった通信の断片(パケット)の数です。割合が大きく続くときは、技術担当が機器の設定を見直します。",
        );
    }
}

/// With one place behind the point, so that a little is not told as nothing.
fn shown_share(part: i64, of: i64) -> String {
    let tenths = if of <= 0 {
        0
    } else {
        part.saturating_mul(1000) / of
    };
    match (part, tenths) {
        (1.., 0) => "0.1未満".to_owned(),
        _ => format!("{}.{}", tenths / 10, tenths % 10),
    }
}

fn silences(pieces: &mut Pieces, figures: &Figures) {
    let mut told: Vec<String> = (figures.silent())
        .map(|one| {
            format!(
                "{}({})からは、この期間の記録が一度も届いていません。",
                one.product, one.serial
            )
        })
        .collect();
    let gaps = figures.devices.iter().flat_map(|one| {
        (one.gaps.iter()).map(move |(from, to)| {
            let long = hours(to.duration_since(*from).as_hours());
            format!(
                "{}：{}から{}まで、{long}",
                one.name,
                hour_of(*from),
                hour_of(*to)
            )
        })
    });
    let gaps: Vec<String> = gaps.collect();
    let more = gaps.len().saturating_sub(MOST_GAPS);
    told.extend(gaps.into_iter().take(MOST_GAPS));
    if more > 0 {
        told.push(format!("ほかに{more}回あります。"));
    }
    if told.is_empty() {
        return;
    }
    pieces.small_heading("silences", "記録のない時間");
    pieces.list("silence-list", told);
    pieces.say(
        "silence-meaning",
        "この時間に何が起きたかは、機器の記録からは分かりません。電源を切っていた心当たりがあれば、ご連絡は要りません。",
    );
}

fn endpoints(pieces: &mut Pieces, figures: &Figures) {
    if figures.has(Kind::Edr) {
        pieces.say(
            "edr",
            format!(
                "EDR(パソコンの中の動きを見守る仕組み)を入れている会社では、上の「記録での名前」にパソコンの名前が並びます。この月に記録のあった名前は、{}です。",
                number(figures.devices.len() as i64)
            ),
        );
    }
}
