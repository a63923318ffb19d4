//! The text of a file: paragraphs and rows in order, as they read with all tracked changes taken in.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::events::{Element, Reader, Token};
use super::field::Fields;
use super::paragraph::{Paragraph, Table};
use super::styles::Styles;
use super::symbol::symbol;
use super::{
    Found, MOST_CELLS, MOST_CHARACTERS, MOST_MARKS, MOST_PARAGRAPHS, NUMBER_OF, ReadError, SHOWN,
};

/// Elements whose content is not the text: what a text was before, copies for old programs, deleted text, pronunciation.
const PASSED: [&str; 14] = [
    "pPrChange",
    "rPrChange",
    "sectPrChange",
    "tblPrChange",
    "tblPrExChange",
    "tblGridChange",
    "tcPrChange",
    "trPrChange",
    "numberingChange",
    "mc:Fallback",
    "del",
    "moveFrom",
    "rt",
    "sectPr",
];

/// What was read.
#[derive(Default)]
pub(super) struct Body {
    pub(super) paragraphs: Vec<Found>,
    /// Where each comment stands, by its id.
    pub(super) comments: BTreeMap<String, usize>,
    /// Notes in the order of their references: the paragraph, the element and the id.
    pub(super) notes: Vec<(usize, String, String)>,
    tracked: bool,
    pictured: bool,
    reckoned: bool,
    boxed: bool,
}

impl Body {
    pub(super) fn remarks(&self) -> Vec<String> {
        let said = [
            (
                self.tracked,
                "変更履歴が残っています。すべての変更を反映した文章として読みました。",
            ),
            (
                self.pictured,
                "図や画像があります。図や画像は比べません。送ったファイルは添付として残ります。",
            ),
            (
                self.reckoned,
                "数式があります。数式は比べません。送ったファイルは添付として残ります。",
            ),
            (
                self.boxed,
                "テキストボックスがあります。中の文章は、置かれた段落の次に並べました。",
            ),
        ];
        let said = said.into_iter().filter(|(is, _)| *is);
        said.map(|(_, text)| text.to_owned()).collect()
    }

    pub(super) fn into_paragraphs(self) -> Vec<Found> {
        self.paragraphs
    }
}

/// Reads `word/document.xml`.
pub(super) fn read(text: &str, styles: &Styles) -> Result<Body, ReadError> {
    let mut walk = Walk {
        styles,
        body: Body::default(),
        fields: Fields::default(),
        paragraphs: Vec::new(),
        tables: Vec::new(),
        open: BTreeMap::new(),
        passed: None,
        depth: 0,
        carried: None,
        contents: Vec::new(),
        characters: 0,
        within: Within::Nothing,
    };
    let mut reader = Reader::word(text);
    while let Some(token) = reader.next()? {
        walk.token(token)?;
    }
    Ok(walk.body)
}

/// What text at hand is.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Nothing,
    Text,
    Instruction,
}

struct Walk<'s> {
    styles: &'s Styles,
    body: Body,
    fields: Fields,
    /// The paragraph at hand, and those around it that hold its text box.
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    /// Open bookmarks of the writer, by id.
    open: BTreeMap<String, String>,
    /// The depth of an element whose content is passed over.
    passed: Option<usize>,
    depth: usize,
    /// Text of a paragraph whose end was deleted.
    carried: Option<Paragraph>,
    /// Depths of content controls that hold a table of contents.
    contents: Vec<usize>,
    characters: usize,
    within: Within,
}

impl Walk<'_> {
    fn token(&mut self, token: Token<'_>) -> Result<(), ReadError> {
        match token {
            Token::Open(element) => {
                if !element.empty {
                    self.depth += 1;
                }
                if self.passed.is_none() {
                    self.open(&element);
                }
            }
            Token::Close(name) => {
                if self.passed.is_none() {
                    self.close(&name)?;
                }
                if self.passed == Some(self.depth) {
                    self.passed = None;
                }
                if self.contents.last() == Some(&self.depth) {
                    self.contents.pop();
                }
                self.depth = self.depth.saturating_sub(1);
            }
            Token::Text(text) => self.text(&text)?,
        }
        Ok(())
    }

    fn open(&mut self, element: &Element<'_>) {
        let name = element.name.as_str();
        if matches!(name, "ins" | "del" | "moveFrom" | "moveTo") {
            self.body.tracked = true;
        }
        if !self.properties(element) {
            if PASSED.contains(&name) {
                if !element.empty {
                    self.passed = Some(self.depth);
                }
                return;
            }
            self.structure(element);
            self.within_run(element);
        }
    }

    /// Properties of the paragraph, run or row at hand; whether it was one.
    fn properties(&mut self, element: &Element<'_>) -> bool {
        let paragraph = self.paragraphs.last_mut();
        match (element.name.as_str(), paragraph) {
            ("pStyle", Some(paragraph)) => {
                paragraph.style = self
                    .styles
                    .meaning(&element.value("val").unwrap_or_default());
            }
            ("numId", Some(paragraph)) => {
                paragraph.listed = element.value("val").is_some_and(|id| id != "0");
            }
            ("u", Some(paragraph)) => paragraph.underlined = element.is_on(),
            // Without content, a deletion is a property: of the end of a paragraph, or of a row.
            ("del", Some(paragraph)) if element.empty => paragraph.joins_next = true,
            ("del", None) if element.empty => {
                if let Some(table) = self.tables.last_mut() {
                    table.deleted = true;
                }
            }
            ("docPartGallery", _) => {
                if element.value("val").as_deref() == Some("Table of Contents") {
                    // The control around holds the contents; its properties are two elements in.
                    self.contents.push(self.depth.saturating_sub(2));
                }
            }
            _ => return false,
        }
        true
    }

    fn structure(&mut self, element: &Element<'_>) {
        match element.name.as_str() {
            "p" if !element.empty => {
                let paragraph = self.carried.take().unwrap_or_default();
                self.paragraphs.push(Paragraph {
                    joins_next: false,
                    marks: self.open.values().take(MOST_MARKS).cloned().collect(),
                    contents: self.fields.in_contents() || !self.contents.is_empty(),
                    ..paragraph
                });
            }
            "tbl" => self.tables.push(Table::default()),
            "tr" => {
                let marks = self.open.values().take(MOST_MARKS).cloned().collect();
                if let Some(table) = self.tables.last_mut() {
                    table.marks = marks;
                    table.deleted = false;
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.cell = Some(String::new());
                }
            }
            "bookmarkStart" => {
                let (id, name) = (element.value("id"), element.value("name"));
                if let (Some(id), Some(name)) = (id, name)
                    && name.starts_with("s_")
                    && name.chars().count() <= super::super::place::LONGEST_NAME
                {
                    if let Some(paragraph) = self.paragraphs.last_mut()
                        && paragraph.marks.len() < MOST_MARKS
                    {
                        paragraph.marks.push(name.clone());
                    }
                    if self.open.len() < MOST_MARKS {
                        self.open.insert(id, name);
                    }
                }
            }
            "bookmarkEnd" => {
                if let Some(id) = element.value("id") {
                    self.open.remove(&id);
                }
            }
            "commentReference" => {
                if let (Some(paragraph), Some(id)) =
                    (self.paragraphs.last_mut(), element.value("id"))
                {
                    paragraph.comments.push(id);
                }
            }
            "footnoteReference" | "endnoteReference" => {
                if let (Some(paragraph), Some(id)) =
                    (self.paragraphs.last_mut(), element.value("id"))
                {
                    let kind = element.name.trim_end_matches("Reference").to_owned();
                    paragraph.notes.push((kind, id));
                }
            }
            "txbxContent" => self.body.boxed = true,
            "pic:pic" | "v:imagedata" | "object" | "c:chart" => self.body.pictured = true,
            "m:oMath" => self.body.reckoned = true,
            _ => {}
        }
    }

    fn within_run(&mut self, element: &Element<'_>) {
        match element.name.as_str() {
            "t" | "m:t" if !element.empty => self.within = Within::Text,
            "instrText" if !element.empty => self.within = Within::Instruction,
            "fldChar" => {
                let kind = element.value("fldCharType").unwrap_or_default();
                self.field(&kind);
                if self.fields.in_contents()
                    && let Some(paragraph) = self.paragraphs.last_mut()
                {
                    paragraph.contents = true;
                }
            }
            "fldSimple" => {
                let contents = element
                    .value("instr")
                    .is_some_and(|text| text.trim_start().starts_with("TOC"));
                if contents && !element.empty {
                    self.contents.push(self.depth);
                }
            }
            "tab" | "ptab" => self.character('\t'),
            "cr" => self.character('\n'),
            // A new page or column is no line of the text.
            "br" if element
                .value("type")
                .is_none_or(|kind| kind == "textWrapping") =>
            {
                self.character('\n')
            }
            "noBreakHyphen" => self.character('-'),
            "sym" => self.character(symbol(element)),
            _ => {}
        }
    }

    /// A field begins, shows its result or ends. What shows the number of a block is put between signs with the name of its bookmark, because
    /// programs count anew when they save, and a number that moved is no change.
    fn field(&mut self, kind: &str) {
        let number_of = self.fields.number_of();
        self.fields.character(kind);
        if let (Some(name), Some(paragraph)) = (number_of, self.paragraphs.last_mut()) {
            match kind {
                "separate" => {
                    let _ = write!(paragraph.run, "{NUMBER_OF}{name}{SHOWN}");
                }
                "end" => paragraph.run.push(NUMBER_OF),
                _ => {}
            }
        }
    }

    fn character(&mut self, c: char) {
        if self.fields.shows()
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.run.push(c);
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        if self.passed.is_some() {
            return Ok(());
        }
        match self.within {
            Within::Nothing => {}
            Within::Instruction => {
                self.fields.instruction(text);
                if self.fields.in_contents()
                    && let Some(paragraph) = self.paragraphs.last_mut()
                {
                    paragraph.contents = true;
                }
            }
            Within::Text => {
                self.characters += text.len();
                if self.characters > MOST_CHARACTERS {
                    return Err(ReadError::TooMuch);
                }
                if self.fields.shows()
                    && let Some(paragraph) = self.paragraphs.last_mut()
                {
                    paragraph
                        .run
                        .extend(text.chars().filter(|c| *c >= ' ' || *c == '\t'));
                }
            }
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "t" | "m:t" | "instrText" => self.within = Within::Nothing,
            "r" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.end_run();
                }
            }
            // Underlined as a mark of the paragraph's end says nothing of its runs.
            "pPr" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.underlined = false;
                }
            }
            "p" => {
                if let Some(mut paragraph) = self.paragraphs.pop() {
                    paragraph.end_run();
                    self.end_paragraph(paragraph)?;
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut()
                    && let Some(cell) = table.cell.take()
                {
                    if table.cells.len() >= MOST_CELLS {
                        return Err(ReadError::TooMuch);
                    }
                    table.cells.push(cell);
                }
            }
            "tr" => self.end_row()?,
            "tbl" => drop(self.tables.pop()),
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self, mut paragraph: Paragraph) -> Result<(), ReadError> {
        if paragraph.contents {
            return Ok(());
        }
        if paragraph.joins_next && self.tables.is_empty() {
            self.carried = Some(paragraph);
            return Ok(());
        }
        // Notes and comments stay with the paragraph, text boxes follow it.
        let comments = std::mem::take(&mut paragraph.comments);
        let notes = std::mem::take(&mut paragraph.notes);
        let boxed = std::mem::take(&mut paragraph.boxed);
        if let Some(table) = self.tables.last_mut()
            && self.paragraphs.is_empty()
        {
            table.add(&paragraph.text);
            for mark in paragraph.marks {
                if table.marks.len() < MOST_MARKS && !table.marks.contains(&mark) {
                    table.marks.push(mark);
                }
            }
            table.comments.extend(comments);
            table.notes.extend(notes);
            table.boxed.extend(boxed);
            return Ok(());
        }
        let style = match (paragraph.style.as_str(), paragraph.listed) {
            ("" | "Normal" | "BodyText", true) => "ListItem".to_owned(),
            _ => paragraph.style,
        };
        let found = Found {
            style,
            text: paragraph.text,
            cells: Vec::new(),
            marks: paragraph.marks,
        };
        match self.paragraphs.last_mut() {
            Some(around) => {
                around.boxed.push(found);
                around.boxed.extend(boxed);
                around.comments.extend(comments);
                around.notes.extend(notes);
                Ok(())
            }
            None => self.push(found, boxed, comments, notes),
        }
    }

    fn end_row(&mut self) -> Result<(), ReadError> {
        let inner = self.tables.len() > 1;
        let Some(table) = self.tables.last_mut() else {
            return Ok(());
        };
        let found = table.row();
        let boxed = std::mem::take(&mut table.boxed);
        let comments = std::mem::take(&mut table.comments);
        let notes = std::mem::take(&mut table.notes);
        if std::mem::take(&mut table.deleted) {
            return Ok(());
        }
        if !inner {
            return self.push(found, boxed, comments, notes);
        }
        let outer = self.tables.len() - 2;
        let outer = &mut self.tables[outer];
        outer.add(&found.text);
        outer.boxed.extend(boxed);
        outer.comments.extend(comments);
        outer.notes.extend(notes);
        Ok(())
    }

    fn push(
        &mut self,
        found: Found,
        boxed: Vec<Found>,
        comments: Vec<String>,
        notes: Vec<(String, String)>,
    ) -> Result<(), ReadError> {
        let at = self.body.paragraphs.len();
        if at + boxed.len() >= MOST_PARAGRAPHS {
            return Err(ReadError::TooMuch);
        }
        self.body.paragraphs.push(found);
        self.body.paragraphs.extend(boxed);
        for id in comments {
            self.body.comments.entry(id).or_insert(at);
        }
        self.body
            .notes
            .extend(notes.into_iter().map(|(kind, id)| (at, kind, id)));
        Ok(())
    }
}
