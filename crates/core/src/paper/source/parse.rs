//! Blocks of a text, one after the other.

use std::collections::BTreeMap;

use super::attributes::{self, Attributes};
use super::inline::inline;
use super::list::{item, list};
use super::table::table;
use super::{Fault, Inline, Node, NodeKind, Piece, directive};

/// Most blocks of a text.
const MOST_BLOCKS: usize = 3000;
/// Most faults that are reported at once.
const MOST_FAULTS: usize = 100;
/// Deepest nesting of directives.
pub(super) const DEEPEST: usize = 8;

/// Reads a whole text. What cannot be read is left out, so the tree is of use only without faults.
pub fn parse(text: &str) -> (Vec<Node>, Vec<Fault>) {
    let lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim_end()))
        .collect();
    let mut parser = Parser {
        lines,
        at: 0,
        depth: 0,
        faults: Vec::new(),
        section: Section::default(),
        counts: BTreeMap::new(),
        blocks: 0,
    };
    let (nodes, ended) = parser.blocks();
    if let Ended::Said(line, _) = ended {
        parser.fault(
            line,
            "ここには閉じるものがありません。",
            ":::end を消すか、始まりの行を足してください。",
        );
    }
    parser.faults.sort_by_key(|fault| fault.line);
    parser.faults.truncate(MOST_FAULTS);
    (nodes, parser.faults)
}

/// The heading or article that blocks without an id of their own are named after.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Section {
    name: String,
    article: bool,
    /// A heading or article began in one branch only, so what follows belongs to nobody.
    pub(super) unclear: bool,
}

pub(super) struct Parser<'a> {
    pub(super) lines: Vec<(usize, &'a str)>,
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) faults: Vec<Fault>,
    pub(super) section: Section,
    /// How many blocks each section has so far.
    counts: BTreeMap<String, usize>,
    blocks: usize,
}

/// How a run of blocks ended.
pub(super) enum Ended {
    /// With the text.
    Text,
    /// With `:::end` or `:::else …` on this line; the words after `else`.
    Said(usize, Option<String>),
}

impl<'a> Parser<'a> {
    pub(super) fn fault(&mut self, line: usize, what: impl Into<String>, hint: impl Into<String>) {
        self.faults.push(Fault::new(line, what, hint));
    }

    pub(super) fn blocks(&mut self) -> (Vec<Node>, Ended) {
        let mut nodes = Vec::new();
        while let Some((line, text)) = self.lines.get(self.at).copied() {
            let trimmed = text.trim();
            if trimmed.is_empty() || trimmed.starts_with("%%") {
                self.at += 1;
                continue;
            }
            if let Some(said) = trimmed.strip_prefix(":::") {
                self.at += 1;
                let said = said.trim();
                if said == "end" {
                    return (nodes, Ended::Said(line, None));
                }
                if let Some(rest) = said.strip_prefix("else") {
                    return (nodes, Ended::Said(line, Some(rest.trim().to_owned())));
                }
                nodes.extend(directive::directive(self, line, said));
                continue;
            }
            nodes.extend(self.block(line, text));
        }
        (nodes, Ended::Text)
    }

    fn block(&mut self, line: usize, text: &'a str) -> Option<Node> {
        let level = text.chars().take_while(|c| *c == '#').count();
        if (1..=3).contains(&level) && text[level..].starts_with(' ') {
            return self.heading(line, level, &text[level..]);
        }
        if let Some(caption) = text.strip_prefix("= ") {
            return self.article(line, caption);
        }
        if text.starts_with('{') && !text.starts_with("{{") {
            return self.with_attributes(line, text);
        }
        let (_, none) = attributes::split("", line, &mut self.faults);
        if text.starts_with('|') {
            return self.table(line, none);
        }
        if item(text).is_some() {
            return self.list(line, none);
        }
        self.paragraph(line)
    }

    fn heading(&mut self, line: usize, level: usize, text: &str) -> Option<Node> {
        self.at += 1;
        let (text, mut attributes) = attributes::split(text.trim(), line, &mut self.faults);
        let plain = attributes.word("plain");
        let text = inline(text, line, &mut self.faults);
        self.no_references(&text, line);
        let id = self.begins(attributes, line, false)?;
        let level = u8::try_from(level).expect("a level is 1 to 3");
        Some(self.node(line, Some(id), NodeKind::Heading { level, plain, text }))
    }

    fn article(&mut self, line: usize, caption: &str) -> Option<Node> {
        self.at += 1;
        let (caption, attributes) = attributes::split(caption.trim(), line, &mut self.faults);
        let caption = inline(caption, line, &mut self.faults);
        self.no_references(&caption, line);
        let id = self.begins(attributes, line, true)?;
        Some(self.node(line, Some(id), NodeKind::Article { caption }))
    }

    fn begins(&mut self, mut attributes: Attributes, line: usize, article: bool) -> Option<String> {
        let id = attributes.id.take();
        if attributes.condition.take().is_some() {
            self.fault(
                line,
                "見出しや条には {if …} を付けられません。",
                ":::if と :::end で囲んでください。",
            );
        }
        attributes.end(&mut self.faults);
        if id.is_none() {
            self.fault(
                line,
                "見出しと条には id が要ります。",
                "行の終わりに {#…} を付けてください。",
            );
        }
        let name = id?;
        self.section = Section {
            name: name.clone(),
            article,
            unclear: false,
        };
        Some(name)
    }

    /// Headings and captions stand in contents and bookmarks, where a reference would lead in circles.
    pub(super) fn no_references(&mut self, text: &Inline, line: usize) {
        if text
            .iter()
            .any(|piece| matches!(piece, Piece::Reference(_)))
        {
            self.fault(
                line,
                "見出しには参照を書けません。",
                "参照は本文に書いてください。",
            );
        }
    }

    fn with_attributes(&mut self, line: usize, text: &str) -> Option<Node> {
        let (rest, attributes) = attributes::split(text, line, &mut self.faults);
        self.at += 1;
        let next = self.lines.get(self.at).copied();
        match next {
            Some((next, text)) if rest.is_empty() && text.starts_with('|') => {
                self.table(next, attributes)
            }
            Some((next, text)) if rest.is_empty() && item(text).is_some() => {
                self.list(next, attributes)
            }
            _ => {
                self.fault(
                    line,
                    "この行の指定を受ける表や並びがありません。",
                    "{…} のすぐ次の行に表や並びを書いてください。",
                );
                None
            }
        }
    }

    fn table(&mut self, line: usize, mut attributes: Attributes) -> Option<Node> {
        let lines = self.run(|text| text.starts_with('|'));
        let id = attributes.id.take();
        let written = table(&lines, &mut attributes, &mut self.faults);
        attributes.end(&mut self.faults);
        Some(self.node(
            line,
            id,
            NodeKind::Table {
                look: written.look,
                rows: written.rows,
            },
        ))
    }

    fn list(&mut self, line: usize, mut attributes: Attributes) -> Option<Node> {
        let lines = self.run(|text| item(text).is_some());
        let id = attributes.id.take();
        attributes.end(&mut self.faults);
        let (mark, items) = list(&lines, &mut self.faults);
        Some(self.node(line, id, NodeKind::List { mark, items }))
    }

    /// The lines from here on that are of a kind.
    fn run(&mut self, of_the_kind: impl Fn(&str) -> bool) -> Vec<(usize, &'a str)> {
        let from = self.at;
        let length = self.lines[from..]
            .iter()
            .take_while(|(_, text)| of_the_kind(text))
            .count();
        self.at += length.max(1);
        self.lines[from..self.at].to_vec()
    }

    fn paragraph(&mut self, line: usize) -> Option<Node> {
        let is_of_it = |text: &str| {
            let text = text.trim();
            let other = ["#", "= ", "|", ":::", "%%"]
                .iter()
                .any(|start| text.starts_with(start));
            !text.is_empty() && !other && item(text).is_none()
        };
        let mut lines = self.run(is_of_it);
        if lines.len() == 1 && !is_of_it(lines[0].1) {
            self.fault(
                line,
                "この行が読めません。",
                "見出しは # から ###、条は「= 」で始めます。",
            );
            return None;
        }
        let mut id = None;
        if let Some((last, text)) = lines.last_mut() {
            let (rest, mut attributes) = attributes::split(text, *last, &mut self.faults);
            id = attributes.id.take();
            if attributes.condition.take().is_some() {
                self.faults.push(Fault::new(
                    *last,
                    "段落には {if …} を付けられません。",
                    ":::if と :::end で囲んでください。",
                ));
            }
            attributes.end(&mut self.faults);
            *text = rest;
        }
        let mut text = Inline::new();
        for (index, (line, part)) in lines.iter().enumerate() {
            let part = part.trim();
            let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            if index > 0 && ascii(lines[index - 1].1.chars().last()) && ascii(part.chars().next()) {
                super::inline::push_text(&mut text, " ");
            }
            text.extend(inline(part, *line, &mut self.faults));
        }
        let kind = match self.section.article {
            true => NodeKind::Clause { text },
            false => NodeKind::Paragraph { text },
        };
        Some(self.node(line, id, kind))
    }

    /// A block with its id: its own, or the section's with a number that does not depend on conditions.
    pub(super) fn node(&mut self, line: usize, id: Option<String>, kind: NodeKind) -> Node {
        self.blocks += 1;
        if self.blocks == MOST_BLOCKS {
            self.fault(
                line,
                format!("ブロックが{MOST_BLOCKS}を超えています。"),
                "文書を分けてください。",
            );
        }
        let begins = matches!(kind, NodeKind::Heading { .. } | NodeKind::Article { .. });
        let holds = matches!(
            kind,
            NodeKind::If { .. } | NodeKind::Each { .. } | NodeKind::PageBreak
        );
        if self.section.unclear && !begins && !holds {
            self.fault(
                line,
                "この段落がどの見出しや条のものか決まりません。",
                ":::end の前に移すか、見出しか条を先に置いてください。",
            );
            self.section.unclear = false;
        }
        if holds && id.is_none() && !matches!(kind, NodeKind::PageBreak) || begins {
            return Node {
                id: id.unwrap_or_default(),
                line,
                kind,
            };
        }
        let section = match self.section.name.as_str() {
            "" => "top",
            name => name,
        };
        let count = self.counts.entry(section.to_owned()).or_default();
        *count += 1;
        let id = id.unwrap_or_else(|| format!("{section}-{count}"));
        Node { id, line, kind }
    }
}
