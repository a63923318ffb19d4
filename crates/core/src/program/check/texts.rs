//! Texts: nothing empty, nothing invisible, every clause given.

use super::Findings;
use super::walk::walk;
use crate::program::Definition;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    walk(definition, |file, path, value| {
        let Some(text) = value.as_str() else { return };
        let key = path.rsplit('.').next().unwrap_or(path);
        if text.trim().is_empty() {
            let hint = match key {
                "clause" => {
                    "募集要項の条項を書きます(例 \"2(1)\")。要項に定めがなければ \"事務局設定\" とします。"
                }
                _ => "文を書くか、書かなくてよい項目なら行ごと消してください。",
            };
            found.add(file, path, format!("「{key}」が空です。"), hint);
        } else if text.chars().any(unwanted) {
            found.add(
                file,
                path,
                format!("「{key}」に目に見えない制御文字が入っています。"),
                "ほかの文書から貼り付けたときは、いったんメモ帳などに貼ってから写してください。",
            );
        }
    });
}

/// Control characters that no text here needs, and marks that change the order of what is shown.
fn unwanted(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
