//! Forgiving Japanese input.
//!
//! One file per kind of value. Each takes what a person typed, folds what is only a habit of the
//! keyboard (全角, 半角, every kind of hyphen, hiragana for フリガナ), and answers with the value in its
//! one stored form, or with a [`Mistake`] whose sentence says what is wrong and how to write it.
//!
//! Every function here is idempotent: what came out may be typed in again and stays the same.

pub mod address;
pub mod company_name;
pub mod corporate_number;
pub mod email;
pub mod invisible;
pub mod kana;
pub mod line;
pub mod lines;
mod mistake;
pub mod number;
pub mod person_name;
pub mod phone;
pub mod postcode;
pub mod search_key;
pub mod width;

pub use mistake::Mistake;
