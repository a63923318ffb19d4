//! A paragraph, a row and a table while they are read.

use super::Found;

/// A paragraph that is not closed yet.
#[derive(Default)]
pub(super) struct Paragraph {
    pub(super) style: String,
    pub(super) listed: bool,
    pub(super) text: String,
    pub(super) marks: Vec<String>,
    /// Its end was deleted under tracked changes: the next paragraph goes on in it.
    pub(super) joins_next: bool,
    /// A part of the table of contents.
    pub(super) contents: bool,
    /// Paragraphs of text boxes that are anchored here.
    pub(super) boxed: Vec<Found>,
    /// Comments that stand here.
    pub(super) comments: Vec<String>,
    /// Notes that are referred to here: their element and id.
    pub(super) notes: Vec<(String, String)>,
    /// Within a run: underlined, as the lines to write on are.
    pub(super) underlined: bool,
    /// Text of the run at hand.
    pub(super) run: String,
}

impl Paragraph {
    /// Ends a run. Underlined spaces are a line to write on.
    pub(super) fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let blank = self.underlined && !run.is_empty() && run.chars().all(char::is_whitespace);
        if blank {
            self.text.extend(run.chars().map(|_| '＿'));
        } else {
            self.text.push_str(&run);
        }
        self.underlined = false;
    }
}

/// A table that is not closed yet. Tables within its cells become text of the cell.
#[derive(Default)]
pub(super) struct Table {
    pub(super) cells: Vec<String>,
    pub(super) cell: Option<String>,
    pub(super) marks: Vec<String>,
    /// The row was deleted under tracked changes.
    pub(super) deleted: bool,
    pub(super) boxed: Vec<Found>,
    pub(super) comments: Vec<String>,
    pub(super) notes: Vec<(String, String)>,
}

impl Table {
    pub(super) fn add(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell
            && !text.trim().is_empty()
        {
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(text.trim());
        }
    }

    /// The row that ends here.
    pub(super) fn row(&mut self) -> Found {
        let cells = std::mem::take(&mut self.cells);
        Found {
            style: "TableText".to_owned(),
            text: cells.join("｜"),
            cells,
            marks: std::mem::take(&mut self.marks),
        }
    }
}
