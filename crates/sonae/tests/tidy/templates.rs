//! Every template belongs to a page: a file nobody renders is a page nobody sees go wrong.

use std::collections::BTreeSet;

use crate::none;
use crate::repository::{files, read};
use crate::rust_source::all;

const FOLDER: &str = "crates/sonae/templates/";

/// The paths in `#[template(path = "…")]`, and in `{% extends %}`, `{% include %}` and `{% import %}` of templates.
fn used() -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for source in all() {
        let inside = source.text.split("#[template(").skip(1);
        let paths = inside.filter_map(|rest| quoted_after(rest.split(")]").next()?, "path = "));
        used.extend(paths);
        used.extend(templates_in(&source.text));
    }
    for path in files(FOLDER.trim_end_matches('/')) {
        used.extend(templates_in(&read(&path)));
    }
    used
}

fn templates_in(text: &str) -> BTreeSet<String> {
    let marks = text.split("{%").skip(1);
    let marks: Vec<&str> = marks.filter_map(|rest| rest.split("%}").next()).collect();
    ["extends ", "include ", "import "]
        .iter()
        .flat_map(|word| marks.iter().filter_map(|mark| quoted_after(mark, word)))
        .collect()
}

/// The quoted text right behind `word`.
fn quoted_after(text: &str, word: &str) -> Option<String> {
    let rest = text.split_once(word)?.1.trim_start().strip_prefix('"')?;
    Some(rest.split_once('"')?.0.to_owned())
}

#[test]
fn every_template_is_used() {
    let used = used();
    let findings: Vec<String> = (files(FOLDER.trim_end_matches('/')).iter())
        .filter(|path| !used.contains(path.trim_start_matches(FOLDER)))
        .cloned()
        .collect();
    none("A template is used by no page.", &findings);
}

/// Markup carries no style and no script of its own: the content security policy would not run them.
#[test]
fn templates_carry_no_inline_style_or_script() {
    let mut findings = Vec::new();
    for path in files(FOLDER.trim_end_matches('/')) {
        for (index, line) in read(&path).lines().enumerate() {
            let inline = [
                " style=",
                "<style",
                " onclick=",
                " onchange=",
                " onsubmit=",
                "javascript:",
            ];
            let script = line.contains("<script") && !line.contains("src=");
            if script || inline.iter().any(|word| line.contains(word)) {
                findings.push(format!("{path}:{} {}", index + 1, line.trim()));
            }
        }
    }
    none("A template carries style or script of its own.", &findings);
}
