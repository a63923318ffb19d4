//! Blocks: conditions are decided, repeated blocks are repeated, lines are printed.

use std::collections::{BTreeMap, BTreeSet};

use super::because::{because, row_name};
use super::line::{Printer, with_suffix};
use super::scope::Scope;
use crate::paper::document::{Because, Block, Body, Flow, Item, Line, Mark, Span, Step, StepKind};
use crate::paper::expression::Walk;
use crate::paper::own_text::{Edit, Notice};
use crate::paper::source::{FlowNode, Inline, ListItem, Node, NodeKind};

/// Most blocks of a composed paper: a guard against texts that repeat within repetitions.
const MOST_BLOCKS: usize = 20_000;

/// The document as it grows.
pub(super) struct Composer<'a, 'l> {
    pub(super) scope: Scope<'a>,
    /// What each block is called; empty on the first walk.
    pub(super) labels: &'l BTreeMap<String, String>,
    /// What blocks that a company took out are called; empty on the first walk.
    pub(super) gone: BTreeMap<String, String>,
    /// The company's own words, and which of them found their place.
    pub(super) edits: &'a [Edit],
    pub(super) applied: BTreeSet<usize>,
    pub(super) notices: Vec<Notice>,
    /// Values are printed as references to what they print, so that they are found again in changed words.
    pub(super) traced: bool,
    pub(super) blocks: Vec<Block>,
    /// Headings that have no number.
    pub(super) plain: BTreeSet<String>,
    /// The number of each form.
    pub(super) forms: BTreeMap<String, u32>,
    suffix: Vec<String>,
    because: Vec<Because>,
}

impl<'a, 'l> Composer<'a, 'l> {
    pub(super) fn new(
        scope: Scope<'a>,
        labels: &'l BTreeMap<String, String>,
        edits: &'a [Edit],
    ) -> Self {
        Self {
            scope,
            labels,
            gone: BTreeMap::new(),
            edits,
            applied: BTreeSet::new(),
            notices: Vec::new(),
            traced: false,
            blocks: Vec::new(),
            plain: BTreeSet::new(),
            forms: BTreeMap::new(),
            suffix: Vec::new(),
            because: Vec::new(),
        }
    }

    pub(super) fn nodes(&mut self, nodes: &'a [Node]) {
        for node in nodes {
            if self.blocks.len() >= MOST_BLOCKS {
                return;
            }
            self.node(node);
        }
    }

    fn node(&mut self, node: &'a Node) {
        let body = match &node.kind {
            NodeKind::If {
                condition,
                then,
                otherwise,
            } => {
                let nodes = if self.scope.holds(condition) {
                    then
                } else {
                    otherwise
                };
                let more = because(&self.scope, condition);
                return self.under(more, |this| this.nodes(nodes));
            }
            NodeKind::Each {
                walk,
                body,
                otherwise,
            } => return self.each(walk, body, otherwise),
            NodeKind::Heading { level, plain, text } => {
                self.heading(&node.id, *level, *plain, text)
            }
            NodeKind::Article { caption } => Body::Article {
                number: 0,
                caption: self.line(caption),
            },
            NodeKind::Clause { text } => {
                let lines = self.printer().lines(text);
                return self.several(&node.id, lines, |text| Body::Clause { number: 0, text });
            }
            NodeKind::Paragraph { text } => {
                let mut lines = self.printer().lines(text);
                lines.retain(|line| !line.is_empty());
                return self.several(&node.id, lines, |text| Body::Paragraph { text });
            }
            NodeKind::List { mark, items } => {
                let items = self.items(*mark, items);
                if items.is_empty() {
                    return;
                }
                Body::List { mark: *mark, items }
            }
            NodeKind::Table { look, rows } => Body::Table(self.table(look, rows)),
            NodeKind::Rows {
                look,
                walk,
                template,
                filling,
            } => Body::Table(self.rows(look, walk, template, filling)),
            NodeKind::Flow(flow) => Body::Flow(self.flow(flow)),
            NodeKind::Form(form) => return self.form(&node.id, form),
            NodeKind::Sign { lines } => Body::Signature {
                lines: self.each_line(lines),
            },
            NodeKind::Note { title, lines } => Body::Notice {
                title: self.line(title),
                text: self.each_line(lines),
            },
            NodeKind::PageBreak => Body::PageBreak,
        };
        let id = self.id(&node.id);
        self.push(id, body);
    }

    fn heading(&mut self, id: &str, level: u8, plain: bool, text: &Inline) -> Body {
        if plain {
            self.plain.insert(self.id(id));
        }
        Body::Heading {
            level,
            number: Vec::new(),
            text: self.line(text),
        }
    }

    pub(super) fn push(&mut self, id: String, mut body: Body) {
        self.own_lines(&id, &mut body);
        self.blocks.push(Block {
            id,
            because: self.because.clone(),
            body,
        });
    }

    pub(super) fn id(&self, id: &str) -> String {
        with_suffix(id, &self.suffix)
    }

    pub(super) fn printer(&self) -> Printer<'_, 'a> {
        Printer {
            scope: &self.scope,
            labels: self.labels,
            gone: &self.gone,
            suffix: &self.suffix,
            in_table: false,
            traced: self.traced,
        }
    }

    pub(super) fn line(&self, text: &Inline) -> Line {
        self.printer().line(text)
    }

    fn each_line(&self, lines: &[Inline]) -> Vec<Line> {
        lines.iter().map(|line| self.line(line)).collect()
    }

    /// One block for each line; those after the first are named `.l2`, `.l3` …
    fn several(&mut self, id: &str, lines: Vec<Line>, body: impl Fn(Line) -> Body) {
        let id = self.id(id);
        for (index, line) in lines.into_iter().enumerate() {
            let id = if index == 0 {
                id.clone()
            } else {
                format!("{id}.l{}", index + 1)
            };
            self.push(id, body(line));
        }
    }

    fn under(&mut self, more: Vec<Because>, inside: impl FnOnce(&mut Self)) {
        let before = self.because.len();
        for because in more {
            if !self.because.contains(&because) {
                self.because.push(because);
            }
        }
        inside(self);
        self.because.truncate(before);
    }

    fn each(&mut self, walk: &'a Walk, body: &'a [Node], otherwise: &'a [Node]) {
        let Some(rows) = self.scope.walk(walk) else {
            return;
        };
        let table = rows.table;
        if rows.rows.is_empty() {
            let none = Because {
                question: table.id.clone(),
                text: format!("{}：0件", table.said()),
            };
            return self.under(vec![none], |this| this.nodes(otherwise));
        }
        let variable = walk.variable.clone().unwrap_or_default();
        for row in rows.rows {
            let mut more = vec![Because {
                question: table.id.clone(),
                text: format!("{}：{}", table.said(), row_name(table, row)),
            }];
            self.scope.variables.push((variable.clone(), table, row));
            if let Some(condition) = &walk.condition {
                more.extend(because(&self.scope, condition));
            }
            self.suffix.push(row.id.clone());
            self.under(more, |this| this.nodes(body));
            self.suffix.pop();
            self.scope.variables.pop();
        }
    }

    fn items(&self, mark: Mark, items: &[ListItem]) -> Vec<Item> {
        let mut found = Vec::new();
        let kept = items.iter().filter(|item| {
            item.condition
                .as_ref()
                .is_none_or(|condition| self.scope.holds(condition))
        });
        for item in kept {
            for text in self.printer().lines(&item.text) {
                found.push(Item {
                    text,
                    number: 0,
                    under: None,
                });
            }
            let under = item
                .under
                .as_ref()
                .map(|(mark, items)| (*mark, self.items(*mark, items)));
            if let Some(last) = found.last_mut() {
                last.under = under.filter(|(_, items)| !items.is_empty());
            }
        }
        if mark == Mark::Number {
            for (number, item) in (1..).zip(&mut found) {
                item.number = number;
            }
        }
        found
    }

    fn flow(&self, flow: &FlowNode) -> Flow {
        let kept = flow.steps.iter().filter(|step| {
            step.condition
                .as_ref()
                .is_none_or(|condition| self.scope.holds(condition))
        });
        let mut steps: Vec<Step> = kept
            .map(|step| Step {
                lanes: step.lanes,
                kind: step.kind,
                text: self.line(&step.text),
                next: step.next.clone(),
                otherwise: step.otherwise.clone(),
            })
            .collect();
        if steps.is_empty() {
            let text = vec![Span::Text("この会社で行う手順はありません".to_owned())];
            steps.push(Step {
                lanes: (0, 0),
                kind: StepKind::End,
                text,
                next: None,
                otherwise: None,
            });
        }
        Flow {
            caption: flow.caption.clone(),
            number: 0,
            lanes: flow.lanes.clone(),
            steps,
        }
    }
}
