//! What answers propose for papers: that each `feeds` can be meant. Whether the library has the question is told by
//! [`crate::paper::library::misfits`].

use super::Findings;
use crate::paper::question::is_row_id;
use crate::program::form::QuestionKind;
use crate::program::support::{Asked, Feed};

const FILE: &str = "support.toml";

/// The most places of one answer.
const MOST: usize = 10;

pub(super) fn check(at: &str, asked: &Asked, found: &mut Findings) {
    if asked.feeds.len() > MOST {
        let what = format!("「feeds」が{}あります。", asked.feeds.len());
        found.add(
            FILE,
            format!("{at}.feeds"),
            what,
            format!("{MOST}までにしてください。"),
        );
    }
    for (index, feed) in asked.feeds.iter().enumerate() {
        if let Some((what, hint)) = shape(feed).or_else(|| fits(asked, feed)) {
            let what = format!("質問「{}」の feeds で、{what}", asked.id);
            found.add(FILE, format!("{at}.feeds.{index}"), what, hint);
        }
    }
}

/// What is wrong with the keys among themselves.
fn shape(feed: &Feed) -> Option<(&'static str, &'static str)> {
    match (&feed.row, &feed.name, &feed.column, &feed.each) {
        (Some(_), _, _, Some(_)) => Some((
            "row と each の両方があります。",
            "決まった行なら row、名前ごとに行を作るなら each だけを書いてください。",
        )),
        (Some(_), None, ..) => Some((
            "row に name がありません。",
            "name に、その行の呼び名を書いてください。",
        )),
        (None, Some(_), ..) => Some((
            "name に row がありません。",
            "row に、その行の id を書いてください。",
        )),
        (None, _, None, Some(_)) => Some((
            "each に column がありません。",
            "column に、名前を入れる列の id を書いてください。",
        )),
        (None, _, Some(_), None) => Some((
            "column に row も each もありません。",
            "どの行に入れるかを row と name に書くか、each = \"line\" を書いてください。",
        )),
        (Some(row), ..) if !is_row_id(row) => Some((
            "row が行の id になりません。",
            "英小文字、数字、_、- で40字までにしてください。",
        )),
        (.., Some(_)) if feed.put.is_some() => Some((
            "each と put の両方があります。",
            "each では、文に書かれた名前がそのまま入ります。put を消してください。",
        )),
        _ => None,
    }
}

/// What does not fit the question it stands at.
fn fits(asked: &Asked, feed: &Feed) -> Option<(&'static str, &'static str)> {
    let unknown = |value: &String| !asked.option.iter().any(|option| option.value == *value);
    match asked.kind {
        QuestionKind::Choice if feed.when.iter().any(unknown) => Some((
            "when に、選択肢にない答えがあります。",
            "option の value から選んでください。",
        )),
        QuestionKind::Choice => None,
        _ if !feed.when.is_empty() => Some((
            "選択式ではない質問に when があります。",
            "when を消してください。「はい」のときだけ入れるには put を書きます。",
        )),
        QuestionKind::YesNo | QuestionKind::Number if feed.each.is_some() => Some((
            "文ではない質問に each があります。",
            "each は text の質問だけに書きます。",
        )),
        _ => None,
    }
}
