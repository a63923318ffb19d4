//! What a spreadsheet could take for a formula in a CSV file, made harmless and given back unchanged.
//!
//! The rule: a text that begins with `=`, `+`, `-`, `@` (or their full-width forms, which Japanese versions of Excel take for the same), with
//! a tab or with the end of a line gets one apostrophe before it. Leading apostrophes and white space are looked through, so that a text
//! which already looks guarded gets one more, and taking off one apostrophe always gives back what was written.
//! After OWASP, "CSV Injection".

/// What begins a formula in some spreadsheet.
const STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet could run this text, or it looks like one that was guarded.
pub(super) fn is_risky(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    bare.starts_with(['\t', '\r', '\n'])
        || text
            .trim_start_matches(|c: char| c == '\'' || c.is_whitespace() || c.is_control())
            .starts_with(STARTS)
}

/// The text as it is written into a CSV cell.
pub(super) fn guarded(text: &str) -> String {
    if is_risky(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text that [`guarded`] was given. A text with an apostrophe of its own stays.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_risky(text) => text,
        _ => cell,
    }
}
