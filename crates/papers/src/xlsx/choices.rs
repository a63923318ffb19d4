//! What the drop-downs offer, and the company's own settings, each on a sheet of its own.

use std::collections::BTreeMap;

use rust_xlsxwriter::{DataValidation, DataValidationRule, Format, Formula, Worksheet, XlsxError};
use sonae_core::paper::answers::Answers;
use sonae_core::paper::ledger::{Band, bands};
use sonae_core::paper::library::Library;
use sonae_core::paper::question::{Kind, Question};

use super::{ASSETS, CHOICES, SETTINGS};

/// The choices of each column of the ledger that has any, by the column's id.
pub(super) struct Choices<'a> {
    lists: Vec<List<'a>>,
    by_column: BTreeMap<&'a str, usize>,
}

struct List<'a> {
    title: &'a str,
    names: Vec<String>,
}

impl<'a> Choices<'a> {
    pub(super) fn of(library: &'a Library, answers: &Answers) -> Self {
        let mut choices = Self {
            lists: Vec::new(),
            by_column: BTreeMap::new(),
        };
        let columns = library
            .question(ASSETS)
            .map(|assets| assets.columns.as_slice())
            .unwrap_or_default();
        for column in columns {
            if let Some(names) = names(column, library, answers) {
                choices.by_column.insert(&column.id, choices.lists.len());
                choices.lists.push(List {
                    title: &column.label,
                    names,
                });
            }
        }
        choices
    }

    /// Where the choices of a column stand, for its drop-down; none without choices.
    pub(super) fn range(&self, column: &str) -> Option<Formula> {
        let at = *self.by_column.get(column)?;
        let count = self.lists[at].names.len();
        let letter = rust_xlsxwriter::utility::column_number_to_name(u16::try_from(at).ok()?);
        (count > 0).then(|| Formula::new(format!("={CHOICES}!${letter}$2:${letter}${}", count + 1)))
    }

    pub(super) fn write(&self, page: &mut Worksheet) -> Result<(), XlsxError> {
        page.set_name(CHOICES)?;
        let (head, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
        for (at, list) in (0..).zip(&self.lists) {
            page.set_column_width(at, 28)?;
            page.write_string_with_format(0, at, list.title, &head)?;
            for (row, name) in (1..).zip(&list.names) {
                page.write_string_with_format(row, at, name.as_str(), &text)?;
            }
        }
        Ok(())
    }
}

fn names(column: &Question, library: &Library, answers: &Answers) -> Option<Vec<String>> {
    match column.kind {
        Kind::Choice => Some(
            column
                .options
                .iter()
                .map(|choice| choice.label.clone())
                .collect(),
        ),
        Kind::YesNo => Some(vec!["○".to_owned()]),
        Kind::Row => {
            let table = column.row_of.as_deref()?;
            Some(
                answers
                    .rows(table)
                    .iter()
                    .map(|row| called(library, table, row))
                    .collect(),
            )
        }
        _ => None,
    }
}

/// What a row is called: its title column.
pub(super) fn called(
    library: &Library,
    table: &str,
    row: &sonae_core::paper::answers::AnswerRow,
) -> String {
    let title = library
        .question(table)
        .and_then(|question| question.title.as_deref());
    title
        .and_then(|title| row.text(title))
        .unwrap_or(&row.id)
        .to_owned()
}

/// From which risk on what is done: the company's choice, read by the formulas.
pub(super) fn settings(page: &mut Worksheet, answers: &Answers) -> Result<(), XlsxError> {
    page.set_name(SETTINGS)?;
    page.set_column_width(0, 44)?;
    let head = Format::new().set_bold();
    let bands = bands(answers);
    page.write_string_with_format(0, 0, "リスク値の扱い（会社で決めます）", &head)?;
    let risks = DataValidation::new()
        .allow_whole_number(DataValidationRule::Between(1, 9))
        .set_error_title("リスク値")?
        .set_error_message("1から9までの数を入れてください。")?;
    let from = [
        ("受け入れない（この値以上）", bands.high_from),
        ("管理しながら続ける（この値以上）", bands.middle_from),
    ];
    for (row, (label, value)) in (1..).zip(from) {
        page.write_string(row, 0, label)?;
        page.write_number(row, 1, value as f64)?;
    }
    page.add_data_validation(1, 1, 2, 1, &risks)?;
    page.write_string_with_format(4, 0, "扱いの言葉", &head)?;
    for (row, band) in (5..).zip([Band::High, Band::Middle, Band::Low]) {
        page.write_string(row, 0, band.label())?;
    }
    Ok(())
}
