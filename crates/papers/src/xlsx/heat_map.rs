//! How many assets stand at which importance and likelihood, counted by Excel.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Formula, Worksheet, XlsxError};
use sonae_core::paper::answers::Answers;
use sonae_core::paper::ledger::{Band, ONE_TO_THREE, band, bands, heat_map};

use super::ledger::Counted;
use super::{HEAT_MAP, LEDGER};

/// Counts by columns of the ledger rather than by names: a copied sheet would lose those.
pub(super) fn write(
    page: &mut Worksheet,
    answers: &Answers,
    Counted {
        last,
        importance,
        likelihood,
    }: &Counted,
) -> Result<(), XlsxError> {
    page.set_name(HEAT_MAP)?;
    page.set_column_width(0, 16)?;
    let head = Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_border(FormatBorder::Thin);
    page.write_string_with_format(
        0,
        0,
        "重要度 ＼ 被害の起こりやすさ",
        &head.clone().set_text_wrap(),
    )?;
    let counted = heat_map(answers, ONE_TO_THREE);
    for column in 1..=3_u16 {
        page.write_number_with_format(0, column, f64::from(column), &head)?;
    }
    for (row, level) in (1..).zip((ONE_TO_THREE.least..=ONE_TO_THREE.most).rev()) {
        page.write_number_with_format(row, 0, level as f64, &head)?;
        for column in 1..=3_i64 {
            let at = u16::try_from(column).unwrap_or(1);
            let column_letter = ["B", "C", "D"][usize::from(at - 1)];
            let range = |letter: &str| format!("{LEDGER}!${letter}$2:${letter}${last}");
            let text = format!(
                "=COUNTIFS({},$A{},{},{column_letter}$1)",
                range(importance),
                row + 1,
                range(likelihood)
            );
            let found = counted[usize::try_from(level - ONE_TO_THREE.least).unwrap_or(0)]
                [usize::from(at - 1)];
            let colour = match band(level * column, bands(answers)) {
                Band::High => "FDE0DC",
                Band::Middle => "FFF4D6",
                Band::Low => "E8F5E9",
            };
            let format = head.clone().set_background_color(colour);
            page.write_formula_with_format(
                row,
                at,
                Formula::new(text).set_result(found.to_string()),
                &format,
            )?;
        }
    }
    page.write_string(
        5,
        0,
        "色の濃いところから対策をします。数は、その場所にある情報資産の件数です。",
    )?;
    Ok(())
}
