//! What the loader says of faulty texts: each case is a text and the message that follows.

use sonae_core::paper::library::load;
use sonae_core::program::SourceFile;

const QUESTIONS: &str = r#"
[[question]]
id = "employees"
kind = "number"
label = "人数"

[[question]]
id = "telework"
kind = "yes_no"
label = "テレワーク"

[[question]]
id = "systems"
kind = "rows"
label = "システム"
title = "name"
fixed = [{ id = "mail", name = "メール" }]

[[question.column]]
id = "name"
kind = "text"
label = "名前"

[[question.column]]
id = "rto"
kind = "number"
label = "RTO"

[[question.column]]
id = "needs"
kind = "rows_of"
row_of = "systems"
label = "必要なシステム"
"#;
const PAPER: &str = r#"
id = "x"
title = "文書"
courses = []
edition = "1"
numbering = "decimal"
cover = false
contents = false
[[source]]
name = "なし"
edition = "1"
verified = true
[[ask]]
heading = "全部"
questions = []
also = ["employees", "telework", "systems"]
"#;

/// Questions, a paper around them and a text; every question is used by the text's last line.
fn messages(text: &str) -> Vec<String> {
    let file = |path: &str, text: &str| SourceFile {
        path: format!("papers/{path}"),
        name: path.rsplit('/').next().unwrap().to_owned(),
        text: text.to_owned(),
    };
    let files = [
        file("questions/q.toml", QUESTIONS),
        file("x/paper.toml", PAPER),
        file("x/text.md", text),
    ];
    let found = load(&files).err().unwrap_or_default();
    found
        .iter()
        .map(|message| {
            format!(
                "{}:{} {}",
                message.path.trim_start_matches("papers/x/"),
                message.line,
                message.what
            )
        })
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(messages(text), expected, "{text}");
}

#[test]
fn sound_texts_are_taken() {
    check(
        "# 見出し {#a}\n\n本文 {{systems.mail.name}} {{systems|names}} {{systems as s where s.rto <= 3|count}}",
        &[],
    );
    check(
        ":::if telework\n# 甲 {#a}\n本文\n:::end\n\n# 乙 {#b}\n[[a|甲の定め]]\n",
        &[],
    );
    check(
        "# 甲 {#a}\n:::if telework and employees > 3\n## 乙 {#b}\n:::end\n:::if employees > 3 and telework\n## 丙 {#c}\n[[b]]を見る\n:::end\n",
        &[],
    );
    check(
        "# 甲 {#a}\n:::each systems as s\n## {{s.name}} {#sys}\n[[sys]] [[a]]\n:::each s.needs as d\n- [[sys@d]]\n:::end\n:::else\nなし\n:::end\n",
        &[],
    );
    check(
        "= 条 {#one}\n一項\n\n二項 {#second}\n\n= 条 {#two}\n[[second]]と[[one]]\n",
        &[],
    );
}

#[test]
fn references_that_could_dangle_are_refused() {
    check("# 甲 {#a}\n[[b]]", &["text.md:2 参照先「b」がありません。"]);
    check(
        "# 甲 {#a}\n[[b]]\n:::if telework\n# 乙 {#b}\n:::end",
        &["text.md:2 参照先「b」は、条件によってはなくなります。"],
    );
    check(
        "# 甲 {#a}\n:::if telework\n# 乙 {#b}\n:::else\n# 丙 {#c}\n[[b]]\n:::end",
        &["text.md:6 参照先「b」は、条件によってはなくなります。"],
    );
    check(
        "# 甲 {#a}\n:::each systems as s\n## 乙 {#b}\n:::end\n\n# 丙 {#c}\n[[b]]",
        &["text.md:7 「b」は :::each の中にあり、どの行のものか決まりません。"],
    );
    check(
        "# 甲 {#a}\n本文\n\n[[a-1]]",
        &["text.md:4 「a-1」には呼び名がありません。"],
    );
    check(
        "# 甲 {#a}\n:::each systems as s\n[[a@s]]\n:::end",
        &["text.md:3 「a」は「s」の表の :::each の中にありません。"],
    );
}

#[test]
fn names_types_and_ids_are_checked() {
    check(
        "{{sistems|names}}",
        &["text.md:1 「sistems」という質問はありません。「systems」のことではありませんか。"],
    );
    check(
        "{{systems.web.name}}",
        &["text.md:1 「systems」に決まった行「web」はありません。使えるのは「mail」です。"],
    );
    check("{{systems}}", &["text.md:1 表をそのまま印字できません。"]);
    check(
        "{{employees|wareki}}",
        &["text.md:1 | の後の書き方が答えの種類に合いません。"],
    );
    check(
        ":::if employees\n甲\n:::end",
        &[
            "text.md:1 「employees」だけでは条件になりません。= や >= で比べるか、empty(…) を使ってください。",
        ],
    );
    check(
        ":::if telework = \"yes\"\n甲\n:::end",
        &["text.md:1 「telework = \"yes\"」は比べられません。型が違います。"],
    );
    check(
        ":::if size = \"tiny\"\n甲\n:::end",
        &["text.md:1 「size = \"tiny\"」は比べられません。型が違います。"],
    );
    check(
        ":::if telework or\n甲\n:::end",
        &["text.md:1 条件が途中で終わっています。"],
    );
    check(
        "# 甲 {#a}\n# 乙 {#a}",
        &["text.md:2 id「a」は1行目にもあります。"],
    );
    check(
        "# 甲 {#a-1}",
        &[
            "text.md:1 id「a-1」は使えません。",
            "text.md:1 見出しと条には id が要ります。",
        ],
    );
    check(
        ":::each systems as telework\n甲\n:::end",
        &["text.md:1 「telework」という名前はもう使われています。別の名前にしてください。"],
    );
}

#[test]
fn shapes_are_checked() {
    check(
        ":::if telework\n甲",
        &["text.md:1 ::: が閉じられていません。"],
    );
    check(
        "甲\n:::end",
        &["text.md:2 ここには閉じるものがありません。"],
    );
    check(
        ":::iff telework\n:::end",
        &[
            "text.md:1 「:::iff」という書き方はありません。",
            "text.md:2 ここには閉じるものがありません。",
        ],
    );
    check("## 乙 {#b}", &["text.md:1 上の段の見出しがありません。"]);
    check(
        ":::if telework\n# 甲 {#a}\n:::end\n\n本文",
        &["text.md:5 この段落がどの見出しや条のものか決まりません。"],
    );
    check(
        "| a | b |\n|---|---|\n| 1 |",
        &["text.md:3 表の列は2ですが、この行には1あります。"],
    );
    check(
        "{#t widths=1,2,3}\n| a | b |",
        &["text.md:2 widths「1,2,3」が2列の表に合いません。"],
    );
    check(
        "{#t colour=red}\n| a | b |",
        &["text.md:1 「colour」という指定はここでは使えません。"],
    );
    check("強い**文字", &["text.md:1 「**」が閉じられていません。"]);
    check(
        "- 甲\n1. 乙",
        &["text.md:2 1つの並びに違う印が混ざっています。"],
    );
    check(
        ":::flow {#f caption=\"流れ\" lanes=\"甲,乙\"}\n丙: する\n:::end",
        &["text.md:2 「丙」という列はありません。"],
    );
    check(
        ":::form {#f title=\"報告\"}\n日時 | 高い\n:::end",
        &["text.md:2 記入欄の高さが読めません。"],
    );
    check(
        ":::rows systems as s {#r}\n| {{s.name}} |\n:::end",
        &["text.md:1 :::rows には見出しの行、線の行、雛形の行を1つずつ書きます。"],
    );
    check(
        "SECURITY ACTION を取得した。",
        &["text.md:1 SECURITY ACTION について「取得」と書いています。"],
    );
}

#[test]
fn any_text_gives_a_library_or_messages() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    let piece = prop::sample::select(vec![
        "# 甲 {#a}\n",
        "## 乙 {#b}\n",
        "= 条 {#c}\n",
        "- x {if telework}\n",
        "  - y\n",
        "1. z\n",
        "| a | b |\n",
        "|---|--:|\n",
        "{#t caption=\"表\"}\n",
        ":::if telework\n",
        ":::else\n",
        ":::else if size = \"small\"\n",
        ":::end\n",
        ":::each systems as s\n",
        ":::rows systems as r where r.rto > 1 by r.rto {#q}\n",
        "{{s.name}}\n",
        "[[a]]\n",
        "[[b|なし]] **強**\n",
        "\n",
        ":::flow {#f caption=\"図\" lanes=\"x\"}\n",
        "x: する | 次\n",
        ":::sign\n",
        ":::note 注\n",
        ":::form {#g title=\"様\"}\n",
        "}{|:]\\",
        "{{",
        "**",
        "あ",
    ]);
    let texts = prop::collection::vec(piece, 0..25);
    let mut runner = TestRunner::new(Config::with_cases(300));
    let tried = runner.run(&texts, |pieces| {
        let text = pieces.concat();
        for message in messages(&text) {
            prop_assert!(
                message.starts_with("text.md:") || message.starts_with("paper.toml:"),
                "{}",
                message
            );
        }
        Ok(())
    });
    tried.unwrap();
}
