//! From what came back to what can be taken in, one by one.

use sha2::{Digest, Sha256};

use super::answer::AnswerChange;
use super::keep::keep;
use super::structure::item;
use super::{Change, Edit, Was};
use crate::paper::answers::Answers;
use crate::paper::difference::{
    Paragraph, Part, ReturnedChange, ReturnedKind, as_compared, place, returned,
};
use crate::paper::document::{Block, Body, Document, Line, Span};
use crate::paper::kind::Kind;
use crate::paper::library::Library;
use crate::paper::plain::line_text;
use crate::paper::{Meta, compose_own, compose_traced, lines_of};

pub(super) const FROM_ANSWERS: &str =
    "この表は答えから作られます。質問の画面で、元の表を直してください。";
const AROUND: &str =
    "題名、会社名、版、日付は、答えと版から作られます。質問の画面で直してください。";

/// The draft that a file is compared with.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    pub library: &'a Library,
    pub kind: &'a Kind,
    pub answers: &'a Answers,
    pub edits: &'a [Edit],
    pub meta: &'a Meta,
}

/// One thing that can be taken in, or the reason why it cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The same as long as draft and file are the same.
    pub key: String,
    pub kind: ReturnedKind,
    /// Where it is: `第5条（目的）`.
    pub place: String,
    /// What happened, as a sentence.
    pub sentence: String,
    pub before: String,
    pub after: String,
    pub parts: Vec<Part>,
    /// What to think of before it is taken in.
    pub caution: Option<String>,
    pub take: Take,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Take {
    /// As own words.
    Own(Vec<Edit>),
    /// As other answers.
    Answers(Vec<AnswerChange>),
    /// Not at all: a sentence that says why and what to do. It stays in the file that is kept.
    Not(String),
}

/// What a file changes of a draft, each change once and in the draft's order.
pub fn proposals(draft: Draft<'_>, paragraphs: &[Paragraph]) -> Vec<Proposal> {
    let Draft {
        library,
        kind,
        answers,
        edits,
        meta,
    } = draft;
    let document = compose_own(library, kind, answers, edits, meta).document;
    let traced = compose_traced(library, kind, answers, edits, meta);
    let changes = returned(&document, paragraphs).changes;
    let proposer = Proposer {
        draft,
        document: &document,
        traced: &traced,
        changes: &changes,
    };
    let mut found = Vec::new();
    let mut at = 0;
    // The last new block behind an anchor, behind which the next one stands.
    let mut last: Option<String> = None;
    while at < changes.len() {
        let run = proposer.run(at);
        let of = &changes[at..at + run];
        if at == 0
            || of[0].kind != ReturnedKind::Added
            || changes[at - 1].kind != ReturnedKind::Added
            || changes[at - 1].block != of[0].block
        {
            last = None;
        }
        found.push(proposer.proposal(of, at, &mut last));
        at += run;
    }
    found
}

pub(super) struct Proposer<'a> {
    pub(super) draft: Draft<'a>,
    pub(super) document: &'a Document,
    pub(super) traced: &'a Document,
    changes: &'a [ReturnedChange],
}

impl Proposer<'_> {
    pub(super) fn block<'d>(document: &'d Document, id: &str) -> Option<&'d Block> {
        document.blocks.iter().find(|block| block.id == id)
    }

    /// How many changes from here on are one: a whole article, a whole list or table, items put in together.
    fn run(&self, at: usize) -> usize {
        let first = &self.changes[at];
        let rest = &self.changes[at..];
        let alike = |change: &&ReturnedChange| change.kind == first.kind;
        match first.kind {
            ReturnedKind::Changed => 1,
            ReturnedKind::Removed | ReturnedKind::Moved => {
                let Some(id) = &first.block else { return 1 };
                let owned = self.owned(id);
                let run = rest
                    .iter()
                    .take_while(alike)
                    .take_while(|change| change.block.as_ref().is_some_and(|id| owned.contains(id)))
                    .count();
                // All of it or only this line.
                let lines = self.lines(&owned);
                if run == lines || (owned.len() == 1 && run >= lines) {
                    run
                } else {
                    1
                }
            }
            ReturnedKind::Added => {
                let same = |change: &&ReturnedChange| {
                    alike(change)
                        && (&change.block, &change.row, change.line)
                            == (&first.block, &first.row, first.line)
                };
                let begins = |change: &ReturnedChange| {
                    change.style == "Article" || change.style.starts_with("Heading")
                };
                let together = |change: &ReturnedChange| {
                    begins(first)
                        || (!change.cells.is_empty() && !first.cells.is_empty())
                        || (item(&change.style, &change.after).is_some()
                            && item(&first.style, &first.after).is_some())
                };
                1 + rest[1..]
                    .iter()
                    .take_while(same)
                    .take_while(|change| !begins(change) && together(change))
                    .count()
            }
        }
    }

    /// The block and, for an article, what stands under it.
    pub(super) fn owned(&self, id: &str) -> Vec<String> {
        let blocks = &self.document.blocks;
        let Some(at) = blocks.iter().position(|block| block.id == *id) else {
            return vec![id.to_owned()];
        };
        let under = blocks[at + 1..].iter().take_while(|block| {
            matches!(blocks[at].body, Body::Article { .. })
                && !matches!(block.body, Body::Article { .. } | Body::Heading { .. })
        });
        std::iter::once(&blocks[at])
            .chain(under)
            .map(|block| block.id.clone())
            .collect()
    }

    /// How many lines blocks have in a file.
    pub(super) fn lines(&self, ids: &[String]) -> usize {
        let mut one = self.document.clone();
        one.blocks.retain(|block| ids.contains(&block.id));
        returned(&one, &[]).all
    }

    fn proposal(&self, of: &[ReturnedChange], at: usize, last: &mut Option<String>) -> Proposal {
        let first = &of[0];
        let block = first
            .block
            .as_ref()
            .and_then(|id| Self::block(self.document, id));
        let place = block.map_or_else(
            || self.document.title.clone(),
            |block| place(self.document, block),
        );
        let (take, caution) = match (first.kind, block) {
            (ReturnedKind::Changed, Some(block)) => (self.changed(first, block), None),
            (ReturnedKind::Removed, Some(block)) => self.removed(of, block),
            (ReturnedKind::Moved, Some(block)) => (self.moved(of, block), None),
            (ReturnedKind::Added, _) => (self.added(of, at, last), None),
            (_, None) => (Take::Not(AROUND.to_owned()), None),
        };
        let sentence = match first.kind {
            ReturnedKind::Changed => format!("「{place}」の文が変わりました。"),
            ReturnedKind::Removed => format!("「{place}」の文がなくなりました。"),
            ReturnedKind::Added if block.is_none() => "始めに文が加わりました。".to_owned(),
            ReturnedKind::Added => format!("「{place}」の後に文が加わりました。"),
            ReturnedKind::Moved => format!("「{place}」の文の場所が変わりました。"),
        };
        let join = |text: fn(&ReturnedChange) -> &str| {
            let texts: Vec<&str> = of
                .iter()
                .map(text)
                .filter(|text| !text.is_empty())
                .collect();
            texts.join("\n")
        };
        let (before, after) = (join(|change| &change.before), join(|change| &change.after));
        let digest = Sha256::digest(format!("{at} {:?} {place} {before} {after}", first.kind));
        Proposal {
            key: crate::audit::hex(&digest)[..16].to_owned(),
            kind: first.kind,
            place,
            sentence,
            before,
            after,
            parts: first.parts.clone(),
            caution,
            take,
        }
    }

    fn changed(&self, change: &ReturnedChange, block: &Block) -> Take {
        if let Body::Table(_) = &block.body {
            return self.changed_row(change, block);
        }
        let Some(at) = change.line else {
            return Take::Not(
                "表や図の題名と見出しは取り込めません。ファイルは添付として残ります。".to_owned(),
            );
        };
        let (mut now, mut traced) = (block.body.clone(), self.traced_body(&block.id));
        let (now, traced) = (lines_of(&mut now), lines_of(&mut traced));
        let (Some(now), Some(traced)) = (now.get(at), traced.get(at)) else {
            return Take::Not(nowhere());
        };
        let Some(typed) = self.typed(change, block, at) else {
            return Take::Not("手順の図では、箱の中の文だけを取り込めます。場所や枝分かれの変更は、添付として残ります。".to_owned());
        };
        if let Some(answer) = self.filled(now, &typed, |document| {
            let block = Self::block(document, &block.id)?;
            let mut body = block.body.clone();
            lines_of(&mut body).get(at).map(|line| line_text(line))
        }) {
            return Take::Answers(vec![answer]);
        }
        Take::Own(vec![Edit {
            block: Some(block.id.clone()),
            change: Change::Line {
                at,
                was: Was::of(now),
                now: keep(traced, &typed),
            },
        }])
    }

    /// What was typed, without brackets of a caption and the borders of a box.
    fn typed(&self, change: &ReturnedChange, block: &Block, at: usize) -> Option<String> {
        let typed = change.after.trim();
        match &block.body {
            Body::Article { .. } => {
                let inside = typed
                    .strip_prefix(['（', '('])
                    .and_then(|inside| inside.strip_suffix(['）', ')']));
                Some(inside.unwrap_or(typed).to_owned())
            }
            Body::Flow(flow) => {
                let step = flow.steps.get(at)?;
                let borders = |text: &str| {
                    let start = text.len() - text.trim_start_matches('｜').len();
                    let end = text.len() - text.trim_end_matches('｜').len();
                    (start, end)
                };
                if borders(&change.before) != borders(typed) {
                    return None;
                }
                let text = typed.trim_matches('｜').trim();
                match &step.otherwise {
                    Some(otherwise) => text
                        .strip_suffix(as_compared(otherwise).as_str())
                        .map(|text| text.trim().to_owned()),
                    None => Some(text.to_owned()),
                }
            }
            _ => Some(typed.to_owned()),
        }
    }

    /// A line in which only a blank was filled in, and the answer that gives exactly this line.
    fn filled(
        &self,
        line: &Line,
        typed: &str,
        read_back: impl Fn(&Document) -> Option<String>,
    ) -> Option<AnswerChange> {
        let side = |spans: &[Span]| as_compared(&line_text(&spans.to_vec()));
        let typed = as_compared(typed);
        line.iter().enumerate().find_map(|(at, span)| {
            let Span::Blank { question, .. } = span else {
                return None;
            };
            let inside = typed
                .strip_prefix(side(&line[..at]).as_str())?
                .strip_suffix(side(&line[at + 1..]).as_str())?
                .trim();
            let answer = AnswerChange::of_blank(question, inside);
            let exact =
                !inside.is_empty() && self.gives(std::slice::from_ref(&answer), &typed, &read_back);
            exact.then_some(answer)
        })
    }

    /// Whether answers give exactly what was typed.
    pub(super) fn gives(
        &self,
        changes: &[AnswerChange],
        typed: &str,
        read_back: impl Fn(&Document) -> Option<String>,
    ) -> bool {
        let Draft {
            library,
            kind,
            edits,
            meta,
            ..
        } = self.draft;
        let mut answers = self.draft.answers.clone();
        for change in changes {
            match change.applied(library, &answers) {
                Some(changed) => answers = changed,
                None => return false,
            }
        }
        let document = compose_own(library, kind, &answers, edits, meta).document;
        read_back(&document).is_some_and(|text| as_compared(&text) == as_compared(typed))
    }

    pub(super) fn traced_body(&self, id: &str) -> Body {
        Self::block(self.traced, id).map_or(Body::PageBreak, |block| block.body.clone())
    }
}

pub(super) fn nowhere() -> String {
    "変わった場所が見つかりません。ファイルは添付として残ります。".to_owned()
}
