//! The sheet of the ledger itself.

use jiff::civil::Date;
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, DataValidationRule,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError,
};
use sonae_core::paper::answers::{AnswerRow, Answers, Value};
use sonae_core::paper::ledger::{Band, bands};
use sonae_core::paper::library::Library;
use sonae_core::paper::question::{Computed, Kind, Question};

use super::choices::{Choices, called};
use super::formula::Columns;
use super::{ASSETS, LEDGER};

/// Rows that are ready to be filled beyond those there are.
const ROOM: usize = 50;

/// What the heat map counts: the ledger's last row (from 1) and the letters of importance and likelihood.
pub(super) struct Counted {
    pub(super) last: u32,
    pub(super) importance: String,
    pub(super) likelihood: String,
}

/// Writes the sheet.
pub(super) fn write(
    page: &mut Worksheet,
    library: &Library,
    answers: &Answers,
    choices: &Choices<'_>,
) -> Result<Counted, XlsxError> {
    page.set_name(LEDGER)?;
    let question = library
        .question(ASSETS)
        .ok_or_else(|| XlsxError::ParameterError("the library asks for no assets".to_owned()))?;
    let rows = answers.rows(ASSETS);
    let last =
        u32::try_from((rows.len() + ROOM).min(question.most_rows().max(rows.len()))).unwrap_or(1);
    heads(page, question)?;
    let letters = letters(question);
    for index in 0..last {
        let row = rows.get(index as usize);
        if let Some(row) = row {
            page.write_string(index + 1, 0, row.id.as_str())?;
        }
        for (at, column) in (1..).zip(&question.columns) {
            match column.computed {
                Some(computed) => {
                    let held = row.map(|row| (row, bands(answers)));
                    let formula = letters.formula(computed, index + 2, held);
                    page.write_formula_with_format(index + 1, at, formula, &format(column))?;
                }
                None => cell(page, (index + 1, at), column, row, (library, answers))?,
            }
        }
    }
    for (at, column) in (1..).zip(&question.columns) {
        if let Some(validation) = validation(column, choices)? {
            page.add_data_validation(1, at, last, at, &validation)?;
        }
        if column.computed == Some(Computed::Band) {
            colours(page, at, last)?;
        }
    }
    page.autofilter(
        0,
        1,
        last,
        u16::try_from(question.columns.len()).unwrap_or(u16::MAX),
    )?;
    Ok(Counted {
        last: last + 1,
        importance: letters.importance,
        likelihood: letters.likelihood,
    })
}

fn heads(page: &mut Worksheet, question: &Question) -> Result<(), XlsxError> {
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Thin)
        .set_background_color("E8F1FE");
    page.write_string_with_format(0, 0, "行の番号", &head)?;
    page.set_column_hidden(0)?;
    for (at, column) in (1..).zip(&question.columns) {
        let width = match column.kind {
            Kind::Number => 9,
            Kind::Date => 12,
            _ => 20,
        };
        page.set_column_width(at, width)?;
        page.set_column_format(at, &format(column))?;
        page.write_string_with_format(0, at, column.label.as_str(), &head)?;
    }
    // The name of the asset stays in view as well.
    page.set_freeze_panes(1, 3)?;
    page.set_repeat_rows(0, 0)?;
    page.set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    page.set_footer("&C&P / &N");
    Ok(())
}

/// Which letters the columns have that formulas read; the first is the hidden id's.
fn letters(question: &Question) -> Columns {
    let letter = |found: &dyn Fn(&Question) -> bool| {
        let at = question.columns.iter().position(found).unwrap_or(0);
        column_number_to_name(u16::try_from(at + 1).unwrap_or(0))
    };
    let named = |id: &str| letter(&|column| column.id == id);
    let computed = |kind: Computed| letter(&|column| column.computed == Some(kind));
    Columns {
        confidentiality: named("confidentiality"),
        integrity: named("integrity"),
        availability: named("availability"),
        threat: named("threat"),
        vulnerability: named("vulnerability"),
        importance: computed(Computed::Importance),
        likelihood: computed(Computed::Likelihood),
        risk: computed(Computed::Risk),
    }
}

/// Text is text whatever it begins with, and stays so when somebody edits it.
fn format(column: &Question) -> Format {
    let format = Format::new().set_align(FormatAlign::Top).set_text_wrap();
    match column.kind {
        _ if column.computed.is_some() => format.set_background_color("F2F2F2"),
        Kind::Number => format.set_num_format("0"),
        Kind::Date => format.set_num_format("yyyy/mm/dd"),
        _ => format.set_num_format("@"),
    }
}

fn cell(
    page: &mut Worksheet,
    (row, at): (u32, u16),
    column: &Question,
    held: Option<&AnswerRow>,
    (library, answers): (&Library, &Answers),
) -> Result<(), XlsxError> {
    let format = format(column);
    let table = column.row_of.as_deref().unwrap_or_default();
    match held.and_then(|held| held.cells.get(&column.id)) {
        None => page.write_blank(row, at, &format)?,
        Some(Value::Number(number)) => {
            page.write_number_with_format(row, at, *number as f64, &format)?
        }
        Some(Value::Date(date)) => {
            page.write_datetime_with_format(row, at, &excel_date(*date)?, &format)?
        }
        Some(Value::YesNo(yes)) => {
            page.write_string_with_format(row, at, if *yes { "○" } else { "" }, &format)?
        }
        Some(Value::Choice(value)) => {
            page.write_string_with_format(row, at, column.choice(value), &format)?
        }
        Some(Value::Text(text)) => page.write_string_with_format(row, at, shown(text), &format)?,
        Some(Value::Row(id)) => {
            let name = answers
                .row(table, id)
                .map(|row| called(library, table, row));
            page.write_string_with_format(row, at, name.unwrap_or_default(), &format)?
        }
        Some(Value::RowsOf(ids)) => {
            let names = ids
                .iter()
                .filter_map(|id| answers.row(table, id))
                .map(|row| called(library, table, row));
            page.write_string_with_format(row, at, names.collect::<Vec<_>>().join("、"), &format)?
        }
        Some(Value::Choices(_) | Value::Rows(_)) => page,
    };
    Ok(())
}

/// Excel refuses a file with other control characters than these; nobody can see them.
fn shown(text: &str) -> String {
    text.chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .collect()
}

fn excel_date(date: Date) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(date.year()).unwrap_or(1900).max(1900);
    let (month, day) = (
        u8::try_from(date.month()).unwrap_or(1),
        u8::try_from(date.day()).unwrap_or(1),
    );
    ExcelDateTime::from_ymd(year, month, day)
}

/// What a cell takes, said in the sentence that Excel shows when it is something else.
fn validation(
    column: &Question,
    choices: &Choices<'_>,
) -> Result<Option<DataValidation>, XlsxError> {
    let validation = match column.kind {
        _ if column.computed.is_some() => return Ok(None),
        Kind::Number => {
            let (least, most) = column.numbers();
            let bound = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
            DataValidation::new()
                .allow_whole_number(DataValidationRule::Between(bound(least), bound(most)))
                .set_error_message(format!("{least}から{most}までの数を入れてください。"))?
        }
        _ => match choices.range(&column.id) {
            None => return Ok(None),
            Some(range) => DataValidation::new()
                .allow_list_formula(range)
                .set_error_message(
                    "一覧から選んでください。一覧は「選択肢」のシートにあります。",
                )?,
        },
    };
    let title: String = column.label.chars().take(30).collect();
    let validation = validation.set_error_title(title.as_str())?;
    Ok(Some(match &column.hint {
        Some(hint) => {
            let hint: String = hint.chars().take(250).collect();
            validation
                .set_input_title(title.as_str())?
                .set_input_message(hint)?
        }
        None => validation,
    }))
}

fn colours(page: &mut Worksheet, at: u16, last: u32) -> Result<(), XlsxError> {
    for (band, colour) in [(Band::High, "FDE0DC"), (Band::Middle, "FFF4D6")] {
        let rule = ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::EqualTo(band.label()))
            .set_format(Format::new().set_background_color(colour).set_bold());
        page.add_conditional_format(1, at, last, at, &rule)?;
    }
    Ok(())
}
