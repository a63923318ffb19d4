//! Numbers that Word counts itself: chapters, articles, clauses and lists.

use sonae_core::paper::document::{Mark, Numbering};
use sonae_core::paper::plain::heading_number;

use crate::xml::{WORD, Xml};

/// `w:num` of the paper's headings and articles.
pub(super) const OUTLINE: u32 = 1;
const BULLETS: u32 = 2;
const CHECKS: u32 = 3;
/// Articles and their clauses: a numbering of its own, because it is counted straight through the chapters. (A level of the chapters' numbering
/// that never restarts, `w:lvlRestart`, is not understood by LibreOffice 7.4.)
pub(super) const ARTICLES: u32 = 4;
/// Numbered lists each have a number of their own from here on, so that each begins at 1.
const FIRST_LIST: u32 = 5;

/// Abstract definitions, in the order in which they are written.
const ABSTRACT_OUTLINE: u32 = 0;
const ABSTRACT_BULLETS: u32 = 1;
const ABSTRACT_CHECKS: u32 = 2;
const ABSTRACT_STEPS: u32 = 3;
const ABSTRACT_ARTICLES: u32 = 4;

/// Deepest level of a list.
pub(super) const DEEPEST: u8 = 2;

/// What a level of the outline counts now, and the lists that were begun.
pub(super) struct Numbers {
    kind: Numbering,
    chapters: [u32; 3],
    articles: u32,
    clauses: u32,
    lists: u32,
}

/// The number a paragraph carries: `w:numId` and `w:ilvl`.
#[derive(Clone, Copy)]
pub(super) struct Numbered {
    pub(super) number: u32,
    pub(super) level: u8,
}

impl Numbers {
    pub(super) fn of(kind: Numbering) -> Self {
        Self {
            kind,
            chapters: [0; 3],
            articles: 0,
            clauses: 0,
            lists: 0,
        }
    }

    /// The automatic number of a heading, when Word will count to what the model says; none otherwise, and it is written out.
    pub(super) fn heading(&mut self, level: u8, number: &[u32]) -> Option<Numbered> {
        let depth = usize::from(level.clamp(1, 3));
        if number.is_empty() || (self.kind == Numbering::Articles && depth > 1) {
            return None;
        }
        let mut next = self.chapters;
        next[depth - 1] += 1;
        next[depth..].fill(0);
        let agrees = next[..depth] == *number;
        agrees.then(|| {
            self.chapters = next;
            Numbered {
                number: OUTLINE,
                level: level - 1,
            }
        })
    }

    /// A heading's number as it is printed.
    pub(super) fn heading_text(&self, number: &[u32]) -> String {
        heading_number(self.kind, number)
    }

    pub(super) fn article(&mut self, number: u32) -> Option<Numbered> {
        let agrees = self.kind == Numbering::Articles && number == self.articles + 1;
        agrees.then(|| {
            self.articles = number;
            self.clauses = 0;
            Numbered {
                number: ARTICLES,
                level: 0,
            }
        })
    }

    /// The first clause of an article prints no number; the second is 2.
    pub(super) fn clause(&mut self, number: u32) -> Option<Numbered> {
        let agrees = self.kind == Numbering::Articles && number == self.clauses + 1;
        self.clauses = number;
        (agrees && number > 1).then_some(Numbered {
            number: ARTICLES,
            level: 1,
        })
    }

    /// A list that begins; its items and those under them share the number.
    pub(super) fn list(&mut self, mark: Mark) -> u32 {
        match mark {
            Mark::Bullet => BULLETS,
            Mark::Check => CHECKS,
            Mark::Number => {
                self.lists += 1;
                FIRST_LIST + self.lists - 1
            }
        }
    }

    /// `word/numbering.xml`
    pub(super) fn part(&self) -> String {
        Xml::part("w:numbering", &WORD, |xml| {
            abstract_number(xml, ABSTRACT_OUTLINE, |xml| match self.kind {
                Numbering::Articles => chapters(xml),
                Numbering::Decimal => decimals(xml, true),
                Numbering::None => decimals(xml, false),
            });
            abstract_number(xml, ABSTRACT_BULLETS, |xml| {
                marks(xml, "bullet", |_| "・".to_owned())
            });
            abstract_number(xml, ABSTRACT_CHECKS, |xml| {
                marks(xml, "bullet", |_| "□".to_owned())
            });
            abstract_number(xml, ABSTRACT_STEPS, |xml| {
                marks(xml, "decimal", |level| format!("（%{}）", level + 1))
            });
            abstract_number(xml, ABSTRACT_ARTICLES, |xml| {
                articles(xml, self.kind == Numbering::Articles)
            });
            number(xml, OUTLINE, ABSTRACT_OUTLINE, false);
            number(xml, BULLETS, ABSTRACT_BULLETS, false);
            number(xml, CHECKS, ABSTRACT_CHECKS, false);
            number(xml, ARTICLES, ABSTRACT_ARTICLES, false);
            for list in 0..self.lists {
                number(xml, FIRST_LIST + list, ABSTRACT_STEPS, true);
            }
        })
    }
}

fn abstract_number(xml: &mut Xml, id: u32, levels: impl FnOnce(&mut Xml)) {
    xml.element(
        "w:abstractNum",
        &[("w:abstractNumId", &id.to_string())],
        |xml| {
            xml.value("w:multiLevelType", "multilevel");
            levels(xml);
        },
    );
}

fn number(xml: &mut Xml, id: u32, of: u32, anew: bool) {
    xml.element("w:num", &[("w:numId", &id.to_string())], |xml| {
        xml.value("w:abstractNumId", of);
        if anew {
            for level in 0..=DEEPEST {
                xml.element("w:lvlOverride", &[("w:ilvl", &level.to_string())], |xml| {
                    xml.value("w:startOverride", 1)
                });
            }
        }
    });
}

/// 第1章, before the headings of level 1.
fn chapters(xml: &mut Xml) {
    level(
        xml,
        &Level {
            style: Some("Heading1"),
            ..Level::of(0, "第%1章", "space")
        },
    );
}

/// 第1条, and clauses from 2 under each article.
fn articles(xml: &mut Xml, styled: bool) {
    let style = |name| styled.then_some(name);
    level(
        xml,
        &Level {
            style: style("Article"),
            ..Level::of(0, "第%1条", "nothing")
        },
    );
    let clause = Level {
        start: 2,
        style: style("ClauseNumbered"),
        left: 420,
        hanging: 420,
        ..Level::of(1, "%2", "tab")
    };
    level(xml, &clause);
}

fn decimals(xml: &mut Xml, styled: bool) {
    let levels = [
        ("Heading1", "%1"),
        ("Heading2", "%1.%2"),
        ("Heading3", "%1.%2.%3"),
    ];
    for (depth, (style, text)) in (0..).zip(levels) {
        level(
            xml,
            &Level {
                style: styled.then_some(style),
                ..Level::of(depth, text, "space")
            },
        );
    }
}

fn marks(xml: &mut Xml, format: &str, text: impl Fn(u8) -> String) {
    for depth in 0..=DEEPEST {
        let hanging = if format == "bullet" { 260 } else { 560 };
        let left = 420 + i32::from(depth) * 420 + hanging;
        level(
            xml,
            &Level {
                format,
                left,
                hanging,
                ..Level::of(depth, &text(depth), "tab")
            },
        );
    }
}

/// One level of a numbering; lengths in twentieths of a point.
struct Level<'a> {
    depth: u8,
    format: &'a str,
    start: u32,
    style: Option<&'a str>,
    text: &'a str,
    after: &'a str,
    left: i32,
    hanging: i32,
}

impl<'a> Level<'a> {
    fn of(depth: u8, text: &'a str, after: &'a str) -> Self {
        Self {
            depth,
            format: "decimal",
            start: 1,
            style: None,
            text,
            after,
            left: 0,
            hanging: 0,
        }
    }
}

fn level(xml: &mut Xml, level: &Level<'_>) {
    xml.element("w:lvl", &[("w:ilvl", &level.depth.to_string())], |xml| {
        xml.value("w:start", level.start);
        xml.value("w:numFmt", level.format);
        if let Some(style) = level.style {
            xml.value("w:pStyle", style);
        }
        xml.value("w:suff", level.after);
        xml.value("w:lvlText", level.text);
        xml.value("w:lvlJc", "left");
        xml.element("w:pPr", &[], |xml| {
            if level.after == "tab" {
                xml.element("w:tabs", &[], |xml| {
                    xml.empty(
                        "w:tab",
                        &[("w:val", "num"), ("w:pos", &level.left.to_string())],
                    );
                });
            }
            xml.empty(
                "w:ind",
                &[
                    ("w:left", &level.left.to_string()),
                    ("w:hanging", &level.hanging.to_string()),
                ],
            );
        });
    });
}
