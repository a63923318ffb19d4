//! One row of a list as records.

use super::{Defaults, Field, Reading};
use crate::earlier_support::{Record, fiscal_year, kind};
use crate::program::program::SupportKind;
use crate::text::width::narrow;
use crate::text::{address, company_name, corporate_number, kana, phone, postcode};

/// The first fiscal year that is taken; public cybersecurity support for small companies is younger.
pub const FIRST_YEAR: i16 = 2000;
/// The last: a slip of the keyboard, whatever the day.
pub const LAST_YEAR: i16 = 2099;

/// The records of a row: one for each kind it names. Empty when the row is wrong or only repeats the titles.
pub(super) fn read(
    reading: &mut Reading,
    number: u32,
    cells: &[String],
    defaults: Defaults,
) -> Vec<Record> {
    let mut row = Line {
        reading,
        number,
        cells,
    };
    let before = row.reading.errors;
    let name = row.required(Field::Name, |text| {
        company_name::normalise(text).map_err(String::from)
    });
    let kinds = row.kinds(defaults.kind);
    let year = row.year(defaults.year);
    let corporate_number = row.number_of_company();
    let record = Record {
        name: name.unwrap_or_default(),
        name_kana: row.helpful(Field::NameKana, |text| {
            kana::normalise(text).map_err(String::from)
        }),
        corporate_number,
        postcode: row.helpful(Field::Postcode, |text| {
            let restored = zero_restored(text, 6, 6);
            postcode::normalise(&restored).map_err(String::from)
        }),
        address: row.address(),
        phone: row.helpful(Field::Phone, |text| {
            let restored = zero_restored(text, 9, 10);
            phone::normalise(&restored)
                .map(|phone| phone.digits)
                .map_err(String::from)
        }),
        kind: SupportKind::Utm,
        year: year.unwrap_or_default(),
    };
    if row.reading.errors > before {
        return Vec::new();
    }
    let of_kind = |kind| Record {
        kind,
        ..record.clone()
    };
    kinds.unwrap_or_default().into_iter().map(of_kind).collect()
}

/// Spreadsheets drop the zero at the beginning of what they take for a number; a text with anything but digits is as it was typed.
fn zero_restored(text: &str, least: usize, most: usize) -> String {
    let digits = narrow(text);
    let digits = digits.trim();
    let bare = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    match bare && (least..=most).contains(&digits.len()) {
        true => format!("0{digits}"),
        false => text.to_owned(),
    }
}

struct Line<'r, 'c> {
    reading: &'r mut Reading,
    number: u32,
    cells: &'c [String],
}

impl Line<'_, '_> {
    /// The cell and its column, unless it is empty or there is none.
    fn cell(&self, field: Field) -> Option<(usize, String)> {
        let column = self
            .reading
            .columns
            .iter()
            .find(|column| column.field == field)?;
        let text = self.cells.get(column.index)?.trim();
        // Marks by which offices say that there is nothing.
        let nothing = ["", "-", "ー", "－", "―", "なし", "無し", "不明"].contains(&text);
        (!nothing).then(|| (column.index, text.to_owned()))
    }

    fn wrong(&mut self, column: usize, sentence: String) {
        self.reading.add(self.number, column, true, sentence);
    }

    /// A cell without which the row means nothing.
    fn required<T>(&mut self, field: Field, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let Some((column, text)) = self.cell(field) else {
            let column = self.reading.column_of(field);
            self.wrong(
                column,
                format!("「{}」が空です。書いてください。", field.title()),
            );
            return None;
        };
        read(&text)
            .map_err(|sentence| self.wrong(column, sentence))
            .ok()
    }

    /// A cell that only helps in finding: when it cannot be read it is left out, with a warning.
    fn helpful(
        &mut self,
        field: Field,
        read: impl Fn(&str) -> Result<String, String>,
    ) -> Option<String> {
        let (column, text) = self.cell(field)?;
        let result = read(&text);
        if let Err(sentence) = &result {
            let sentence = format!("{sentence}このセルは空として取り込みます。");
            self.reading.add(self.number, column, false, sentence);
        }
        result.ok()
    }

    fn number_of_company(&mut self) -> Option<String> {
        let (column, text) = self.cell(Field::CorporateNumber)?;
        let read = corporate_number::normalise(&text).map_err(String::from);
        read.map_err(|sentence| self.wrong(column, sentence)).ok()
    }

    fn kinds(&mut self, default: Option<SupportKind>) -> Option<Vec<SupportKind>> {
        if let (None, Some(kind)) = (self.cell(Field::Kind), default) {
            return Some(vec![kind]);
        }
        self.required(Field::Kind, |text| {
            kind::kinds(text).ok_or_else(|| {
                let labels = kind::all_labels();
                format!("支援の種類がわかりません。{labels}のどれかで書いてください。複数は「、」で区切ります。")
            })
        })
    }

    fn year(&mut self, default: Option<i16>) -> Option<i16> {
        if let (None, Some(year)) = (self.cell(Field::Year), default) {
            return Some(year);
        }
        self.required(Field::Year, |text| {
            let year = fiscal_year(text).map_err(String::from)?;
            let year = i16::try_from(year).ok();
            year.filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year))
                .ok_or_else(|| {
                    format!(
                        "年度は{FIRST_YEAR}から{LAST_YEAR}までです。西暦か令和で書いてください。"
                    )
                })
        })
    }

    /// Prefecture, address and building as one line.
    fn address(&mut self) -> Option<String> {
        let parts = [Field::Prefecture, Field::Address, Field::Address2];
        let parts: Vec<(usize, String)> =
            parts.iter().filter_map(|field| self.cell(*field)).collect();
        let (column, _) = *parts
            .get(1)
            .or(parts.first())
            .map(|(column, text)| (*column, text))
            .as_ref()?;
        let texts: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
        let result = address::normalise(&texts.join(" "));
        if let Err(mistake) = &result {
            let sentence = format!("{}このセルは空として取り込みます。", mistake.sentence);
            self.reading.add(self.number, column, false, sentence);
        }
        result.ok()
    }
}
