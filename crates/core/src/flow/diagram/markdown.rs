//! The diagram as a page of the documentation: a picture in Mermaid, and the same as tables.

use std::fmt::Write;

use super::{Diagram, Node, Way, diagram, milestone_word, role_word};
use crate::program::Program;

/// The page of a programme.
pub fn markdown(program: &Program) -> String {
    let diagram = diagram(program);
    let mut page = format!(
        "# 申込みの流れ：{}\n\n\
         この頁は、プログラムの状態遷移そのものから作られています。手では直さず、`sonae program flow programs/{}` の出力で置き換えます。\n\n",
        program.definition.program.short_title,
        program.id()
    );
    page.push_str(&mermaid(&diagram));
    page.push_str("\n## 段階\n\n| 段階 | 次に動く人 | 期限 |\n|---|---|---|\n");
    for node in &diagram.open {
        line(
            &mut page,
            &format!("| {} | {} | {} |", node.title, owner(node), days(node)),
        );
    }
    page.push_str("\n## 進み方\n\n| 段階 | 出来事 | 誰が | 次の段階 | 節目とメール |\n|---|---|---|---|---|\n");
    for way in &diagram.ways {
        let from = title(&diagram, &way.from);
        line(&mut page, &format!("| {from} | {} |", told(&diagram, way)));
    }
    page.push_str(
        "\n## どの段階からでも\n\n| 出来事 | 誰が | 結果 | 節目とメール |\n|---|---|---|---|\n",
    );
    for way in &diagram.anywhere {
        line(&mut page, &format!("| {} |", told(&diagram, way)));
    }
    let reopened: Vec<&str> = diagram
        .reopened
        .iter()
        .map(|id| title(&diagram, id))
        .collect();
    if !reopened.is_empty() {
        line(
            &mut page,
            &format!(
                "\n「{}」で終わった申込みは、運営事務局が理由を記録して再開できます。止まったところに戻り、承認は改めて依頼します。",
                reopened.join("」「")
            ),
        );
    }
    line(
        &mut page,
        "\n訂正をお願いしている間は、止められる期限が止まり、申込企業の回答を待ちます。回答があると、残りの日数で続きます。",
    );
    if !diagram.delivery.is_empty() {
        line(
            &mut page,
            &format!(
                "\n参加確定の後は、支援が始まります：{}。",
                diagram.delivery.join("、")
            ),
        );
    }
    page
}

fn line(page: &mut String, text: &str) {
    writeln!(page, "{text}").expect("writing to a string never fails");
}

fn mermaid(diagram: &Diagram) -> String {
    let mut text = "```mermaid\nflowchart TD\n".to_owned();
    for node in &diagram.open {
        let days = match node.days {
            Some((days, true)) => format!("<br>{days}営業日"),
            _ => String::new(),
        };
        line(
            &mut text,
            &format!(
                "    {}[\"{}<br>{}{days}\"]",
                node.id,
                node.title,
                owner(node)
            ),
        );
    }
    for node in &diagram.ends {
        line(&mut text, &format!("    {}([\"{}\"])", node.id, node.title));
    }
    for way in &diagram.ways {
        line(
            &mut text,
            &format!("    {} -- \"{}\" --> {}", way.from, way.event, way.to),
        );
    }
    if !diagram.anywhere.is_empty() {
        line(&mut text, "    anywhere{{\"どの段階からでも\"}}");
    }
    for way in &diagram.anywhere {
        line(
            &mut text,
            &format!("    anywhere -. \"{}\" .-> {}", way.event, way.to),
        );
    }
    text.push_str("```\n");
    text
}

/// 出来事 | 誰が | 次 | 節目とメール
fn told(diagram: &Diagram, way: &Way) -> String {
    let by: Vec<&str> = way.by.iter().copied().collect();
    let reaches = way
        .reaches
        .iter()
        .map(|reached| milestone_word(*reached).to_owned());
    let mails = way.mails.iter().map(|mail| format!("メール `{mail}`"));
    let notes: Vec<String> = reaches.chain(mails).collect();
    format!(
        "{} | {} | {} | {}",
        way.event,
        by.join("、"),
        title(diagram, &way.to),
        notes.join("、")
    )
}

fn title<'a>(diagram: &'a Diagram, id: &'a str) -> &'a str {
    let mut nodes = diagram.open.iter().chain(&diagram.ends);
    let node = nodes.find(|node| node.id == id);
    node.map_or(id, |node| node.title.as_str())
}

fn owner(node: &Node) -> &'static str {
    node.owner.map_or("なし", role_word)
}

fn days(node: &Node) -> String {
    match node.days {
        Some((days, true)) => format!("{days}営業日"),
        Some((days, false)) => format!("{days}営業日(事務局の目安)"),
        None => String::new(),
    }
}
