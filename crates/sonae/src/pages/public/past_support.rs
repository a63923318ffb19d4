//! Earlier support in the form: none, or rows of kind and fiscal year.

use sonae_core::application::choices;
use sonae_core::application::read::{FIRST_YEAR, FieldError};
use sonae_core::application::show::fiscal_year;
use sonae_core::program::Program;

use super::field::{Choice, Choices};
use super::question::option;
use super::typed::{MOST_ROWS, Typed, belongs};

/// Earlier support: none, or rows of kind and year.
pub(in crate::pages) struct PastSupport {
    pub choices: Choices,
    pub rows: Vec<SupportRow>,
    pub may_add: bool,
}

pub(in crate::pages) struct SupportRow {
    /// Counted from 1, for the person.
    pub number: usize,
    /// Counted from 0, for the button that takes the row away.
    pub index: usize,
    pub kinds: Vec<Choice>,
    pub years: Vec<Choice>,
    pub may_remove: bool,
    pub error: Option<String>,
}

/// The control with a row for each support that was written down, at least one.
pub(in crate::pages) fn past_support(
    program: &Program,
    typed: &Typed,
    errors: &[FieldError],
) -> PastSupport {
    let choice = typed.past_support_choice();
    let name = "past_support";
    let choices = vec![
        option("none", "受けたことはない", &choice),
        option("some", "受けたことがある", &choice),
    ];
    let rows = typed.rows();
    let only = rows.len() == 1;
    let may_add = rows.len() < MOST_ROWS;
    let mut filled = 0;
    let rows = rows.into_iter().enumerate().map(|(index, row)| {
        let blank = row.kind.is_empty() && row.year.is_empty();
        // Errors are counted over the rows that were written in, since blank ones are not read.
        let error = (!blank).then(|| {
            let field = format!("{name}[{filled}]");
            filled += 1;
            let found = errors.iter().find(|error| belongs(error, &field));
            found.map(|error| error.message.clone())
        });
        SupportRow {
            number: index + 1,
            index,
            kinds: kinds(&row.kind),
            years: years(program, &row.year),
            may_remove: !only,
            error: error.flatten(),
        }
    });
    PastSupport {
        rows: rows.collect(),
        choices: Choices::one(name, "", choices),
        may_add,
    }
}

fn kinds(chosen: &str) -> Vec<Choice> {
    let all = choices::SUPPORT_KINDS
        .iter()
        .map(|kind| option(kind.value, kind.label, chosen));
    std::iter::once(option("", "選んでください", chosen))
        .chain(all)
        .collect()
}

fn years(program: &Program, chosen: &str) -> Vec<Choice> {
    let last = program.definition.program.fiscal_year;
    let all = (FIRST_YEAR..=last).rev().map(|year| {
        option(
            &year.to_string(),
            &format!("{}({year})", fiscal_year(year)),
            chosen,
        )
    });
    std::iter::once(option("", "選んでください", chosen))
        .chain(all)
        .collect()
}
