//! Postcode to address, for all of Japan, without a network.
//!
//! The table is `crates/core/data/postcodes.bin`, made by `cargo xtask postcodes` from the files of
//! 日本郵便; `crates/core/data/README.md` tells its source and edition. It lies in the program as a constant,
//! so only the pages that are touched come into memory, and a lookup unpacks one block of about 30 kB.

mod prefecture;
mod table;

pub use prefecture::{PREFECTURES, prefecture_code, prefecture_name};
pub use table::{Broken, MAGIC, Table};

/// The table in the program.
static BUILT_IN: &[u8] = include_bytes!("../../data/postcodes.bin");

/// One address that a postcode stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// JIS X 0401, two digits, such as `13`.
    pub prefecture_code: &'static str,
    /// Such as 東京都.
    pub prefecture: &'static str,
    /// Municipality with its county or island (郡, 島) and ward, such as 西多摩郡瑞穂町 or 札幌市中央区.
    pub city: String,
    /// Town (町域), without the remarks in brackets; empty where the code stands for the rest of a
    /// municipality. A floor of a building that has codes by floor stands behind its name.
    pub town: String,
    /// The large office that has this code for itself, when it has one.
    pub office: Option<Office>,
}

/// A large office (大口事業所) or post-office box with a code of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Name as 日本郵便 writes it.
    pub name: String,
    /// What follows the town: 丁目, 番地, building; in ASCII digits.
    pub street: String,
}

impl Address {
    /// What goes into the first address line: municipality, town and, for an office, its street.
    pub fn line(&self) -> String {
        let street = self
            .office
            .as_ref()
            .map_or("", |office| office.street.as_str());
        format!("{}{}{street}", self.city, self.town)
    }
}

/// All addresses of a code of seven digits, in the order of 日本郵便; empty when there is none or when
/// `code` is not seven digits.
pub fn lookup(code: &str) -> Vec<Address> {
    let found = Table::open(BUILT_IN).and_then(|table| table.lookup(code));
    found.expect("a test reads every code of the table in the program")
}

/// The day of 日本郵便's edition that the table was made from, as `YYYY-MM-DD`.
pub fn edition() -> String {
    let table = Table::open(BUILT_IN).expect("a test reads every code of the table in the program");
    table.edition()
}

/// Every code of the table in the program, in ascending order.
///
/// # Errors
/// [`Broken`] when a block cannot be read; this is how a test shows that [`lookup`] cannot fail.
pub fn codes() -> Result<Vec<String>, Broken> {
    Table::open(BUILT_IN)?.codes()
}
