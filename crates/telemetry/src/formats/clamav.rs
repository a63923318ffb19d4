//! ClamAV: lines of `clamd`, `clamscan` and `freshclam`, with their own time or behind a syslog header.

use std::borrow::Cow;

use super::{Line, activity, class, detected};
use crate::detection::{Action, Detection, Endpoint, Record};

pub(super) fn read<'a>(line: &Line<'a>) -> Option<Record<'a>> {
    // Its own files write the time, `->` and what is told.
    let own = line.text.strip_prefix("-> ");
    let text = own.unwrap_or(line.text);
    if let Some((path, name)) = text
        .strip_suffix(" FOUND")
        .and_then(|it| it.rsplit_once(": "))
    {
        // clamd adds hash and size of what it found: `Name(hash:size)`.
        let name = name.split_once('(').map_or(name, |(name, _)| name);
        return Some(detected(Detection {
            title: Cow::Borrowed(name),
            rule: Cow::Borrowed(name),
            category: Cow::Borrowed(name.split(['.', '-']).next().unwrap_or_default()),
            action: Action::Detected,
            said: Cow::Borrowed("FOUND"),
            source: Endpoint::default(),
            file: Some(Cow::Borrowed(path)),
            ..Detection::default()
        }));
    }
    let program = matches!(
        line.envelope.program,
        Some("clamd" | "freshclam" | "clamav-milter" | "clamonacc" | "clamav")
    );
    let ours = [
        "SelfCheck:",
        "Database ",
        "ClamAV update process",
        "daily.c",
        "main.c",
        "bytecode.c",
    ];
    let told = program
        || ours.iter().any(|word| text.starts_with(word))
        || text.ends_with(": OK") && own.is_some();
    told.then(|| Record::Activity(activity(class::APPLICATION, "scanner")))
}
