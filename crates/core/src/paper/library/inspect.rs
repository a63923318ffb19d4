//! Walks through a text with what is known at each place: names, types, ids, conditions.

use std::collections::BTreeMap;

use super::super::expression::{Expression, Walk};
use super::super::question::Question;
use super::super::source::{
    Cell, Fault, Filter, FormBody, Inline, ListItem, Node, NodeKind, Piece, Printed, Reference,
    What,
};
use super::guards::{Guard, known};
use super::names::{Names, Type};

/// What a text holds.
pub(super) struct Inspection<'a> {
    pub(super) names: Names<'a>,
    guards: Vec<Guard>,
    pub(super) targets: BTreeMap<String, Target>,
    pub(super) references: Vec<Seen>,
    pub(super) parents: super::headings::Parents,
    pub(super) faults: Vec<Fault>,
}

/// A block that a reference may lead to.
pub(super) struct Target {
    pub(super) line: usize,
    pub(super) guards: Vec<Guard>,
    /// Whether it has a number or a heading to be called by.
    pub(super) has_a_name: bool,
    /// The tables of the `:::each` around it.
    pub(super) tables: Vec<String>,
}

/// A reference where it stands.
pub(super) struct Seen {
    pub(super) reference: Reference,
    pub(super) guards: Vec<Guard>,
    /// The table of the row that it names.
    pub(super) table: Option<String>,
}

impl<'a> Inspection<'a> {
    pub(super) fn new(questions: &'a [Question]) -> Self {
        Self {
            names: Names {
                questions,
                variables: Vec::new(),
                used: Default::default(),
            },
            guards: Vec::new(),
            targets: BTreeMap::new(),
            references: Vec::new(),
            parents: Default::default(),
            faults: Vec::new(),
        }
    }

    pub(super) fn nodes(&mut self, nodes: &[Node], tables: &mut Vec<String>) {
        for node in nodes {
            self.target(node, tables);
            self.node(node, tables);
        }
    }

    fn target(&mut self, node: &Node, tables: &[String]) {
        let has_a_name = match &node.kind {
            NodeKind::If { .. } | NodeKind::Each { .. } => return,
            NodeKind::Heading { .. } | NodeKind::Article { .. } | NodeKind::Clause { .. } => true,
            NodeKind::Flow(_) | NodeKind::Form(_) => true,
            NodeKind::Table { look, .. } | NodeKind::Rows { look, .. } => look.caption.is_some(),
            _ => false,
        };
        let target = Target {
            line: node.line,
            guards: self.guards.clone(),
            has_a_name,
            tables: tables.to_vec(),
        };
        if let Some(before) = self.targets.insert(node.id.clone(), target) {
            let what = format!("id「{}」は{}行目にもあります。", node.id, before.line);
            self.faults.push(Fault::new(
                node.line,
                what,
                "どちらかの id を変えてください。",
            ));
        }
    }

    fn node(&mut self, node: &Node, tables: &mut Vec<String>) {
        match &node.kind {
            NodeKind::Heading { level, plain, text } => {
                let fault = self
                    .parents
                    .heading(*level, *plain, &self.guards, node.line);
                self.faults.extend(fault);
                self.inline(text);
            }
            NodeKind::Article { caption: text }
            | NodeKind::Clause { text }
            | NodeKind::Paragraph { text } => self.inline(text),
            NodeKind::List { items, .. } => self.items(items),
            NodeKind::Table { look, rows } => {
                self.inline(look.caption.as_ref().unwrap_or(&Inline::new()));
                for row in rows {
                    self.under(row.condition.as_ref(), row.line, |this| {
                        this.cells(&row.cells)
                    });
                }
            }
            NodeKind::Rows {
                look,
                walk,
                template,
                ..
            } => {
                self.inline(look.caption.as_ref().unwrap_or(&Inline::new()));
                self.walked(walk, node.line, |this, _| this.cells(template));
            }
            NodeKind::Flow(flow) => {
                for step in &flow.steps {
                    self.under(step.condition.as_ref(), step.line, |this| {
                        this.inline(&step.text)
                    });
                }
            }
            NodeKind::Form(form) => {
                if let FormBody::Fields(fields) = &form.body {
                    fields
                        .iter()
                        .for_each(|field| field.filled.iter().for_each(|line| self.inline(line)));
                }
            }
            NodeKind::Sign { lines } => lines.iter().for_each(|line| self.inline(line)),
            NodeKind::Note { title, lines } => {
                self.inline(title);
                lines.iter().for_each(|line| self.inline(line));
            }
            NodeKind::PageBreak => {}
            NodeKind::If { .. } | NodeKind::Each { .. } => self.holder(node, tables),
        }
    }

    /// Blocks that hold others.
    fn holder(&mut self, node: &Node, tables: &mut Vec<String>) {
        match &node.kind {
            NodeKind::If {
                condition,
                then,
                otherwise,
            } => {
                self.condition(condition, node.line);
                for (nodes, holds) in [(then, true), (otherwise, false)] {
                    self.branch(known(condition, holds), |this| this.nodes(nodes, tables));
                }
            }
            NodeKind::Each {
                walk,
                body,
                otherwise,
            } => {
                self.walked(walk, node.line, |this, table| {
                    tables.push(table.id.clone());
                    this.branch(vec![Guard::Each(node.line)], |this| {
                        this.nodes(body, tables)
                    });
                    tables.pop();
                });
                self.branch(vec![Guard::NoRows(node.line)], |this| {
                    this.nodes(otherwise, tables)
                });
            }
            _ => {}
        }
    }

    fn branch(&mut self, more: Vec<Guard>, inside: impl FnOnce(&mut Self)) {
        let (guards, parents) = (self.guards.len(), self.parents.clone());
        self.guards.extend(more);
        inside(self);
        self.guards.truncate(guards);
        self.parents = parents;
    }

    fn under(
        &mut self,
        condition: Option<&Expression>,
        line: usize,
        inside: impl FnOnce(&mut Self),
    ) {
        let more = condition
            .map(|condition| known(condition, true))
            .unwrap_or_default();
        if let Some(condition) = condition {
            self.condition(condition, line);
        }
        self.branch(more, inside);
    }

    fn condition(&mut self, condition: &Expression, line: usize) {
        if let Err(problem) = self.names.condition(condition) {
            self.faults
                .push(Fault::new(line, problem, "条件をお確かめください。"));
        }
    }

    fn walked(&mut self, walk: &Walk, line: usize, inside: impl FnOnce(&mut Self, &'a Question)) {
        match self.names.walk(walk) {
            Ok(table) => {
                let Some(variable) = &walk.variable else {
                    let hint = "「質問 as 名前」のように書いてください。";
                    self.faults
                        .push(Fault::new(line, "行の名前がありません。", hint));
                    return;
                };
                self.names.variables.push((variable.clone(), table));
                inside(self, table);
                self.names.variables.pop();
            }
            Err(problem) => self.faults.push(Fault::new(
                line,
                problem,
                "「質問 as 名前 where 条件 by 列」のように書きます。",
            )),
        }
    }

    fn items(&mut self, items: &[ListItem]) {
        for item in items {
            self.under(item.condition.as_ref(), item.line, |this| {
                this.inline(&item.text);
                if let Some((_, items)) = &item.under {
                    this.items(items);
                }
            });
        }
    }

    fn cells(&mut self, cells: &[Cell]) {
        cells.iter().flatten().for_each(|text| self.inline(text));
    }

    fn inline(&mut self, text: &Inline) {
        for piece in text {
            match piece {
                Piece::Text(_) => {}
                Piece::Strong(inside) => self.inline(inside),
                Piece::Value(printed) => self.printed(printed),
                Piece::Reference(reference) => self.reference(reference),
            }
        }
    }

    fn reference(&mut self, reference: &Reference) {
        let table = reference
            .row
            .as_ref()
            .map(|row| (row, self.names.table_of(row)));
        if let Some((row, None)) = table {
            let hint = "[[id@行]] の行には :::each や :::rows の名前を書きます。";
            self.faults.push(Fault::new(
                reference.line,
                format!("「{row}」という行はここにはありません。"),
                hint,
            ));
        }
        let table = table
            .and_then(|(_, table)| table)
            .map(|table| table.id.clone());
        self.references.push(Seen {
            reference: reference.clone(),
            guards: self.guards.clone(),
            table,
        });
        if let Some(words) = &reference.words {
            self.inline(words);
        }
    }

    fn printed(&mut self, printed: &Printed) {
        let found = match &printed.what {
            What::Path(path) => self.names.type_of(path),
            What::Walk(walk) => self.names.walk(walk).map(Type::Rows),
        };
        let found = match found {
            Ok(found) => found,
            Err(problem) => {
                self.faults.push(Fault::new(
                    printed.line,
                    problem,
                    "{{…}} の中をお確かめください。",
                ));
                return;
            }
        };
        let says_rows = printed
            .filters
            .iter()
            .any(|filter| matches!(filter, Filter::Names | Filter::Count));
        if matches!(found, Type::Rows(_)) && !says_rows {
            self.faults.push(Fault::new(
                printed.line,
                "表をそのまま印字できません。",
                "|names か |count を付けるか、:::rows を使ってください。",
            ));
        }
        for filter in &printed.filters {
            let fits = match filter {
                Filter::Wareki | Filter::Western => matches!(found, Type::Date),
                Filter::Hours | Filter::Unit => matches!(found, Type::Number),
                Filter::Mark => matches!(found, Type::YesNo),
                Filter::Names | Filter::Count => matches!(found, Type::Rows(_)),
                Filter::Or(_) | Filter::Blank(_) => true,
            };
            if !fits {
                self.faults.push(Fault::new(
                    printed.line,
                    "| の後の書き方が答えの種類に合いません。",
                    "日付には wareki、数には unit のように合わせてください。",
                ));
            }
        }
    }
}
