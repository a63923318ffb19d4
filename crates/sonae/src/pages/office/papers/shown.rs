//! The parts of a paper's page: remarks, versions, differences, reasons and files, in the words of the office.

use sonae_core::calendar::japanese::moment;
use sonae_core::paper::difference::{Change, ChangeKind, Part, difference};
use sonae_core::paper::document::{Body, Document};
use sonae_core::paper::plain::{block_text, number_text};
use sonae_store::paper_attachment::Attachment;
use sonae_store::paper_comment::Comment;
use sonae_store::paper_version::{End, Version};

use super::paper::MOST_SHOWN;
use crate::pages::office::case::open::Opened;

pub(super) struct Remark {
    pub id: String,
    pub who: String,
    pub at: String,
    pub place: Option<(String, String)>,
    pub text: String,
    pub resolved: Option<String>,
}

pub(super) struct Line {
    pub version: u32,
    pub at: String,
    pub who: String,
    pub note: String,
    pub how: &'static str,
    pub ended: String,
    pub reason: String,
    pub hash: String,
    pub has_pdf: bool,
}

pub(super) struct Compared {
    pub from: u32,
    pub to: String,
    pub changes: Vec<Shown>,
    pub more: usize,
}

pub(super) struct Shown {
    pub place: String,
    pub word: &'static str,
    pub anchor: Option<String>,
    pub parts: Vec<(&'static str, String)>,
}

pub(super) struct File {
    pub href: String,
    pub name: String,
    pub size: i64,
    pub who: String,
    pub at: String,
}

/// Ids and names of the places that a comment may be about.
pub(super) fn places(document: &Document) -> Vec<(String, String)> {
    let begins = document.blocks.iter().filter(|block| {
        matches!(
            &block.body,
            Body::Heading { .. } | Body::Article { .. } | Body::Flow(_)
        ) || matches!(&block.body, Body::Table(table) if table.caption.is_some())
    });
    begins
        .map(|block| {
            let number = number_text(block, document.numbering);
            let text = block_text(block).into_iter().next().unwrap_or_default();
            let name = match &block.body {
                Body::Article { .. } => format!("{number}{text}"),
                _ if number.is_empty() => text,
                _ => format!("{number}　{text}"),
            };
            (block.id.clone(), name)
        })
        .collect()
}

/// What is in the paper because of an answer: the block's id, where it stands, and why. Neighbours with the same reason are told once.
pub(super) fn reasons(document: &Document) -> Vec<(String, String, String)> {
    let mut reasons: Vec<(String, String, String)> = Vec::new();
    let mut place = document.title.clone();
    for block in &document.blocks {
        let text = block_text(block).into_iter().next().unwrap_or_default();
        if matches!(block.body, Body::Heading { .. } | Body::Article { .. }) {
            place = format!("{} {text}", number_text(block, document.numbering));
        }
        let why: Vec<&str> = (block.because.iter())
            .map(|because| because.text.as_str())
            .collect();
        let why = why.join("、");
        let told = reasons
            .last()
            .is_some_and(|(_, at, said)| *at == place && *said == why);
        if !why.is_empty() && !told && reasons.len() < MOST_SHOWN {
            reasons.push((block.id.clone(), place.clone(), why));
        }
    }
    reasons
}

pub(super) fn remark(opened: &Opened, comment: &Comment, places: &[(String, String)]) -> Remark {
    let place = comment.block.as_ref().map(|block| {
        let known = places.iter().find(|(id, _)| id == block);
        known.map_or_else(
            || (String::new(), "今の版にはない箇所".to_owned()),
            |(id, name)| (format!("#p-{id}"), name.clone()),
        )
    });
    Remark {
        id: comment.id.clone(),
        who: opened.who(&comment.author),
        at: moment(comment.at),
        place,
        text: comment.text.clone(),
        resolved: comment
            .resolved
            .as_ref()
            .map(|(by, at)| format!("{}、{}", opened.who(by), moment(*at))),
    }
}

pub(super) fn versions(opened: &Opened, versions: &[Version]) -> Vec<Line> {
    let line = |version: &Version| {
        let end = version.end.as_ref();
        Line {
            version: version.version,
            at: moment(version.at),
            who: opened.who(&version.by),
            note: version.note.clone(),
            how: match end.map(|end| end.how) {
                None => "確認をお願いしています",
                Some(End::Accepted) => "承認されました",
                Some(End::Returned) => "差し戻されました",
                Some(End::TakenBack) => "取り下げました",
            },
            ended: end.map_or_else(String::new, |end| {
                format!("{}、{}", opened.who(&end.by), moment(end.at))
            }),
            reason: end.map_or_else(String::new, |end| end.reason.clone()),
            hash: (version.pdf_sha256.as_ref())
                .unwrap_or(&version.document_sha256)
                .clone(),
            has_pdf: version.pdf_sha256.is_some(),
        }
    };
    versions.iter().map(line).collect()
}

pub(super) fn compared(old: Option<&(u32, Document)>, document: &Document) -> Option<Compared> {
    let (from, old) = old?;
    let changes = difference(old, document);
    Some(Compared {
        from: *from,
        to: document.version.clone(),
        more: changes.len().saturating_sub(MOST_SHOWN),
        changes: changes.iter().take(MOST_SHOWN).map(shown).collect(),
    })
}

fn shown(change: &Change) -> Shown {
    let whole = |class, lines: &[String]| (!lines.is_empty()).then(|| (class, lines.join("\n")));
    let part = |part: &Part| match part {
        Part::Same(text) => ("", text.clone()),
        Part::Removed(text) => ("del", text.clone()),
        Part::Added(text) => ("ins", text.clone()),
    };
    Shown {
        place: change.place.clone(),
        word: match change.kind {
            ChangeKind::Added => "増えました",
            ChangeKind::Removed => "なくなりました",
            ChangeKind::Changed => "変わりました",
            ChangeKind::Moved => "場所が変わりました",
        },
        anchor: (change.kind != ChangeKind::Removed).then(|| format!("#p-{}", change.block)),
        parts: match change.parts.is_empty() {
            false => change.parts.iter().map(part).collect(),
            true => (whole("del", &change.before).into_iter())
                .chain(whole("ins", &change.after))
                .collect(),
        },
    }
}

pub(super) fn attachment(opened: &Opened, here: &str, file: &Attachment) -> File {
    File {
        href: format!("{here}/attachments/{}", file.id),
        name: file.name.clone(),
        size: file.size.div_euclid(1024).max(1),
        who: opened.who(&file.author),
        at: moment(file.at),
    }
}
