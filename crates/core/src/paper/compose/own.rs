//! A company's own words put in place while the paper is composed.
//!
//! Lines are replaced where they were just printed, because their values are those of the place: the row of a repeated part. Blocks are taken out, added
//! and moved when all of them stand, before numbers are given.

use super::blocks::Composer;
use super::line::shown;
use super::lines::{add_item, add_row, cell, count, find, find_to_remove, remove_row, whole};
use crate::paper::document::{Align, Block, Body, Column, Item, Line, Row, Span, Table};
use crate::paper::own_text::{Change, Edit, NewBlock, NewBody, Notice, OwnLine, Words};
use crate::paper::plain::{block_text, line_text};
use crate::paper::source::{Piece, parse_line};

impl Composer<'_, '_> {
    /// Applies the edits of lines to a block that was just printed.
    pub(super) fn own_lines(&mut self, id: &str, body: &mut Body) {
        let edits = self.edits;
        for (at, edit) in edits.iter().enumerate() {
            if edit.block.as_deref() == Some(id) {
                self.own_line((at, edit), body);
            }
        }
    }

    fn own_line(&mut self, (at, edit): (usize, &Edit), body: &mut Body) {
        let found = match &edit.change {
            Change::Line { at: line, was, now } => {
                let now = self.words(now);
                find(body, *line, was, |lines, at| *lines[at] = now)
            }
            Change::LineRemoved { at: line, was } => find_to_remove(body, *line, was),
            Change::LineAdded { behind, was, now } => {
                let now = self.words(now);
                let mut place = *behind;
                // Where the item before stands now; whether its words changed is no matter here.
                let _ = find(body, *behind, was, |_, at| place = at);
                add_item(body, place, now);
                return self.seen(at);
            }
            Change::Cell {
                row,
                column,
                was,
                now,
            } => {
                let now = self.words(now);
                cell(body, (row, *column), was, now)
            }
            Change::RowRemoved { row, was } => remove_row(body, row, was),
            Change::RowAdded { behind, id, cells } => {
                let cells = cells.iter().map(|cell| vec![self.words(cell)]).collect();
                add_row(body, behind.as_deref(), id, cells);
                return self.seen(at);
            }
            _ => return,
        };
        self.seen(at);
        if let Some(now) = found {
            self.notice((at, edit), "元の文が、取り込んだ後で変わりました。自社の文のままにしています。合っているかお確かめください。", now);
        }
    }

    fn seen(&mut self, edit: usize) {
        self.applied.insert(edit);
    }

    fn notice(&mut self, (edit, of): (usize, &Edit), sentence: &str, now: String) {
        self.notices.push(Notice {
            edit,
            block: of.block.clone(),
            sentence: sentence.to_owned(),
            now,
        });
    }

    /// Takes blocks out, adds and moves them, and says which edits found nothing to change.
    pub(super) fn own_blocks(&mut self) {
        let edits = self.edits;
        for (at, edit) in edits.iter().enumerate() {
            let place = self.place(edit.block.as_deref());
            match (&edit.change, place) {
                (Change::Removed { was }, Some(place)) => {
                    self.seen(at);
                    let block = self.blocks.remove(place);
                    if !was.is(&whole(&block.body)) {
                        let now = block_text(&block).join(" ");
                        self.notice((at, edit), "外した文の元の文が、その後で変わりました。外したままでよいかお確かめください。", now);
                    }
                    self.gone
                        .insert(block.id.clone(), self.called(&block, place));
                }
                (Change::Added { blocks, otherwise }, place)
                    if place.is_some()
                        || self.known(edit.block.as_deref())
                        || self.known(otherwise.as_deref()) =>
                {
                    self.seen(at);
                    let place = match (place, &edit.block) {
                        (None, Some(_)) => self.place(otherwise.as_deref()),
                        (place, _) => place,
                    };
                    self.put(place.map_or(0, |place| place + 1), blocks);
                }
                (Change::Added { blocks, .. }, _) => {
                    // Words whose place is gone are not lost: they stand at the end.
                    self.seen(at);
                    self.put(self.blocks.len(), blocks);
                    self.notice(
                        (at, edit),
                        "加えた文の前にあった文がなくなったため、文書の終わりに置きました。",
                        String::new(),
                    );
                }
                (Change::Moved { id }, place) if place.is_some() || edit.block.is_none() => {
                    if let Some(from) = self.blocks.iter().position(|block| block.id == *id) {
                        self.seen(at);
                        let block = self.blocks.remove(from);
                        let to = match place {
                            Some(place) if from < place => place,
                            Some(place) if from == place => from,
                            Some(place) => place + 1,
                            None => 0,
                        };
                        self.blocks.insert(to, block);
                    }
                }
                // Lines of blocks that were added by an edit before.
                (_, Some(place)) if !self.applied.contains(&at) => {
                    let mut body = std::mem::replace(&mut self.blocks[place].body, Body::PageBreak);
                    self.own_line((at, edit), &mut body);
                    self.blocks[place].body = body;
                }
                _ => {}
            }
            if !self.applied.contains(&at) {
                self.notice((at, edit), "取り込んだ変更の場所が、いまの文書にありません。答えが変わって条文がなくなったときは、変更を外してください。", String::new());
            }
        }
    }

    fn place(&self, id: Option<&str>) -> Option<usize> {
        let id = id?;
        self.blocks.iter().position(|block| block.id == id)
    }

    /// Whether a place is there; the beginning always is.
    fn known(&self, id: Option<&str>) -> bool {
        id.is_none() || self.place(id).is_some()
    }

    fn put(&mut self, at: usize, blocks: &[NewBlock]) {
        for (offset, new) in blocks.iter().enumerate() {
            let mut id = new.id.clone();
            while self.blocks.iter().any(|block| block.id == id) {
                id.push('_');
            }
            let body = self.new_body(&new.body);
            let block = Block {
                id,
                because: Vec::new(),
                body,
            };
            self.blocks
                .insert((at + offset).min(self.blocks.len()), block);
        }
    }

    fn new_body(&self, body: &NewBody) -> Body {
        match body {
            NewBody::Heading { level, text } => Body::Heading {
                level: (*level).clamp(1, 3),
                number: Vec::new(),
                text: self.words(text),
            },
            NewBody::Article { caption } => Body::Article {
                number: 0,
                caption: self.words(caption),
            },
            NewBody::Clause { text } => Body::Clause {
                number: 0,
                text: self.words(text),
            },
            NewBody::Paragraph { text } => Body::Paragraph {
                text: self.words(text),
            },
            NewBody::List { mark, items } => {
                let items = items.iter().map(|text| Item {
                    text: self.words(text),
                    number: 0,
                    under: None,
                });
                let mut items: Vec<Item> = items.collect();
                count(*mark, &mut items);
                Body::List { mark: *mark, items }
            }
            NewBody::Table { rows } => self.new_table(rows),
        }
    }

    fn new_table(&self, rows: &[Vec<OwnLine>]) -> Body {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let row = |(at, cells): (usize, &Vec<OwnLine>)| {
            let mut cells: Vec<Vec<Line>> =
                cells.iter().map(|cell| vec![self.words(cell)]).collect();
            cells.resize(columns, vec![Line::new()]);
            Row {
                id: format!("r{}", at + 1),
                cells,
                lines: 1,
            }
        };
        let column = |_| Column {
            title: String::new(),
            share: 1,
            align: Align::Left,
        };
        Body::Table(Table {
            caption: None,
            number: None,
            columns: (0..columns).map(column).collect(),
            rows: rows.iter().enumerate().map(row).collect(),
            source: None,
            row_heads: false,
        })
    }

    /// Own words as they are printed here and now.
    fn words(&self, line: &OwnLine) -> Line {
        let mut printed = Line::new();
        for words in line {
            match words {
                Words::Text(text) => printed.push(Span::Text(shown(text))),
                Words::Strong(text) => printed.push(Span::Strong(shown(text))),
                Words::Blank { question, width } => printed.push(Span::Blank {
                    question: question.clone(),
                    width: (*width).max(1),
                }),
                Words::Value { source, text } => match parse_line(&format!("{{{{{source}}}}}")) {
                    Some(inline) if inline.iter().all(|piece| matches!(piece, Piece::Value(_))) => {
                        printed.extend(self.line(&inline));
                    }
                    _ => printed.push(Span::Text(shown(text))),
                },
                Words::Reference { to, text } => match self.labels.get(to) {
                    Some(label) => printed.push(Span::Reference {
                        to: to.clone(),
                        text: label.clone(),
                    }),
                    None => printed.push(Span::Text(shown(self.gone.get(to).unwrap_or(text)))),
                },
            }
        }
        printed
    }

    /// What others call a block that was taken out.
    fn called(&self, block: &Block, place: usize) -> String {
        let named = std::iter::once(block).chain(self.blocks[..place].iter().rev());
        let text = named.into_iter().find_map(|block| match &block.body {
            Body::Heading { text, .. } => Some(line_text(text)),
            Body::Article { caption, .. } => Some(line_text(caption)),
            Body::Table(table) => table.caption.clone(),
            Body::Flow(flow) => Some(flow.caption.clone()),
            _ => None,
        });
        text.map_or_else(
            || "ほかの定め".to_owned(),
            |text| format!("「{text}」の定め"),
        )
    }
}
