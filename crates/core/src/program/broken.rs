//! Says in Japanese what the TOML reader found: broken syntax, unknown and missing keys, values of the wrong kind.

use super::load::Message;
use super::place::{line_at, names_at};

/// The message for a file that does not have the right shape.
pub(crate) fn broken(path: &str, text: &str, error: &toml::de::Error) -> Message {
    let span = error.span().unwrap_or(0..0);
    let names = names_at(text, &span);
    let (what, hint) = sentences(
        error.message(),
        &names,
        text.get(span.clone()).unwrap_or_default(),
    );
    Message {
        path: path.to_owned(),
        line: line_at(text, span.start),
        what,
        hint,
    }
}

fn sentences(message: &str, names: &str, source: &str) -> (String, String) {
    shape(message, names, source).unwrap_or_else(|| syntax(message))
}

/// The text is TOML, but not what this file holds.
fn shape(message: &str, names: &str, source: &str) -> Option<(String, String)> {
    let quoted = quoted(message);
    let at = if names.is_empty() {
        String::new()
    } else {
        format!("「{names}」")
    };
    if message.starts_with("unknown field") {
        let (key, known) = quoted.split_first()?;
        return Some((
            format!("「{key}」というキーはありません。"),
            nearest(key, known),
        ));
    }
    if message.starts_with("missing field") {
        let key = quoted.first()?;
        let inside = if at.is_empty() {
            "このファイル".to_owned()
        } else {
            at
        };
        return Some((
            format!("{inside}に「{key}」がありません。"),
            format!("「{key}」を書き足してください。"),
        ));
    }
    if message.starts_with("unknown variant") {
        let (value, known) = quoted.split_first()?;
        return Some((
            format!("「{value}」という値はありません。"),
            nearest(value, known),
        ));
    }
    if message == "duplicate key" {
        return Some((
            format!("「{source}」が2度書かれています。"),
            "どちらか1つにしてください。くり返す項目なら [[ ]] で囲みます。".to_owned(),
        ));
    }
    if message.starts_with("wanted exactly 1 element") {
        return Some((
            format!("{at}には項目をちょうど1つ書きます。"),
            "2つ以上の条件は all か any の中に並べてください。".to_owned(),
        ));
    }
    if let Some((_, wanted)) = message.split_once(", expected ")
        && message.starts_with("invalid ")
        && ["type", "value", "length"]
            .iter()
            .any(|kind| message[8..].starts_with(kind))
    {
        let (wanted, hint) = wanted_in_japanese(wanted);
        return Some((
            format!("{at}の値「{}」は使えません。", shortened(source)),
            format!("{wanted}を書きます。{hint}"),
        ));
    }
    if ["failed to parse", "parsed "]
        .iter()
        .any(|start| message.starts_with(start))
        || message.contains("required range")
    {
        return Some((
            format!(
                "{at}の値「{}」は日付または時刻として読めません。",
                shortened(source)
            ),
            "日付は \"2024-05-30\"、時刻は \"09:00\" のように書きます。".to_owned(),
        ));
    }
    None
}

/// The text is not TOML.
fn syntax(message: &str) -> (String, String) {
    const KNOWN: [(&str, &str); 11] = [
        (
            "string values must be quoted",
            "文字は \" で囲んでください。値を書き忘れていないかもお確かめください。",
        ),
        (
            "invalid basic string",
            "文字を閉じる \" があるかお確かめください。何行にもわたる文は \"\"\" で囲みます。",
        ),
        (
            "invalid literal string",
            "文字を閉じる ' があるかお確かめください。何行にもわたる文は \"\"\" で囲みます。",
        ),
        (
            "invalid multi-line",
            "何行にもわたる文を閉じる \"\"\" があるかお確かめください。",
        ),
        (
            "unclosed array table",
            "[ や [[ を同じ数の ] で閉じてください。",
        ),
        ("unclosed table", "[ や [[ を同じ数の ] で閉じてください。"),
        (
            "missing comma",
            "並びの項目のあいだのカンマと、並びを閉じる ] があるかお確かめください。",
        ),
        ("unclosed array", "[ を ] で閉じてください。"),
        (
            "invalid unquoted key",
            "キーには英小文字、数字、_ を使います。",
        ),
        (
            "recursion limit",
            "入れ子が深すぎます。条件を分けてください。",
        ),
        ("extra `=`", "= は1つだけ書きます。"),
    ];
    let known = KNOWN.iter().find(|(start, _)| message.starts_with(start));
    let hint = known.map_or(
        "この行と前の行の = 、引用符、かっこの対応をお確かめください。",
        |(_, hint)| hint,
    );
    ("TOMLとして読めません。".to_owned(), hint.to_owned())
}

fn wanted_in_japanese(wanted: &str) -> (&'static str, &'static str) {
    match wanted {
        "a boolean" => ("true か false ", "引用符は付けません。"),
        "a string" => ("文字列", "\" で囲んでください。"),
        "a sequence" => (
            "並び",
            "[ ] で囲み、項目をカンマで区切ります。表の並びなら [[ ]] です。",
        ),
        "a date string" => ("日付", "\"2024-05-30\" のように引用符で囲んでください。"),
        "a time string" => ("時刻", "\"09:00\" のように引用符で囲んでください。"),
        "u32" | "u64" => ("0以上の整数", "引用符は付けません。"),
        "i16" | "i64" => ("整数", "引用符は付けません。"),
        _ if wanted.starts_with("struct") => (
            "項目の組",
            "{ キー = 値 } の形か、[ ] の見出しの下に書きます。",
        ),
        _ if wanted.contains("array of length 2") || wanted.contains("2 elements") => {
            ("2つの値の並び", "[値, 値] の形です。")
        }
        _ => (
            "ここで使える値",
            "「募集要項から事業をつくる」の表をお確かめください。",
        ),
    }
}

/// The words that a message of serde puts between backticks.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// The hint for a name that is not known: the one most like it, else all that are.
pub(crate) fn nearest(name: &str, known: &[&str]) -> String {
    // Names are short; a longer one was not mistyped but is something else.
    const LONGEST: usize = 64;
    let close = known
        .iter()
        .filter(|_| name.len() <= LONGEST)
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), *candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 3);
    match close {
        Some((_, candidate)) => format!("「{candidate}」のことではありませんか。"),
        None if known.is_empty() => "この行を消してください。".to_owned(),
        None => format!("使えるのは「{}」です。", known.join("」「")),
    }
}

/// What the file says there, short enough for one line.
fn shortened(source: &str) -> String {
    const LONGEST: usize = 40;
    let line = source.lines().next().unwrap_or_default();
    if line.chars().count() <= LONGEST && line.len() == source.len() {
        return line.to_owned();
    }
    line.chars().take(LONGEST).chain(['…']).collect()
}
