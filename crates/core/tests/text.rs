//! Typed values, by the tables in `data/`.

use sonae_core::text::{company_name, corporate_number, kana, phone, postcode, search_key};

/// The rows of a small CSV table without its heading; the last column takes the rest of the line.
fn rows<const COLUMNS: usize>(
    table: &'static str,
) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    table.lines().skip(1).map(|line| {
        let columns: Vec<&str> = line.splitn(COLUMNS, ',').collect();
        columns.try_into().unwrap_or_else(|_| panic!("{line}"))
    })
}

#[test]
fn readings() {
    for [typed, _, expected, note] in rows(include_str!("data/kana.csv")) {
        let expected = Some(expected.to_owned()).filter(|expected| !expected.is_empty());
        assert_eq!(kana::normalise(typed).ok(), expected, "{typed}: {note}");
    }
}

#[test]
fn phone_numbers() {
    for [typed, digits, valid, note] in rows(include_str!("data/phone.csv")) {
        let expected = (valid == "true").then(|| digits.to_owned());
        assert_eq!(
            phone::normalise(typed).ok().map(|phone| phone.digits),
            expected,
            "{typed}: {note}"
        );
    }
}

#[test]
fn postcodes() {
    for [typed, digits, valid, note] in rows(include_str!("data/postcode.csv")) {
        let expected = (valid == "true").then(|| digits.to_owned());
        assert_eq!(postcode::normalise(typed).ok(), expected, "{typed}: {note}");
    }
}

#[test]
fn company_names() {
    for [typed, expected, note] in rows(include_str!("data/company-name.csv")) {
        assert_eq!(
            company_name::key(typed),
            search_key::search_key(expected),
            "{typed}: {note}"
        );
        assert_eq!(company_name::key(typed), expected, "{typed}: {note}");
        assert_eq!(
            company_name::normalise(typed).as_deref(),
            Ok(typed),
            "the stored name stays as typed"
        );
    }
}

#[test]
fn corporate_numbers() {
    for [number, _, source] in rows(include_str!("data/corporate-number-valid.csv")) {
        assert_eq!(
            corporate_number::normalise(number).as_deref(),
            Ok(number),
            "{source}"
        );
    }
    for [number, reason] in rows(include_str!("data/corporate-number-invalid.csv")) {
        assert!(
            corporate_number::normalise(number).is_err(),
            "{number}: {reason}"
        );
    }
    for [typed, expected, valid] in rows(include_str!("data/corporate-number-input.csv")) {
        let expected = (valid == "true").then(|| expected.to_owned());
        assert_eq!(corporate_number::normalise(typed).ok(), expected, "{typed}");
    }
}
