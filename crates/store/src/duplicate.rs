//! Other applications that may come from the same company. They are shown and never block.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sonae_core::application::answers::Answers;
use sonae_core::earlier_support::{Company, Found, compare};
use sonae_core::flow::Status;
use sonae_db::{Row, Tx};

use crate::{StoreError, instant};

/// The most applications that are looked at for one key: more under one telephone number tell nothing about a company.
const MOST_PER_KEY: u32 = 50;

/// Another application, with what it has in common with this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicate {
    pub application_id: String,
    pub program_id: String,
    pub receipt_number: String,
    pub received_at: Timestamp,
    pub status: Status,
    /// The answers as they are now, for showing both side by side.
    pub answers: Answers,
    pub found: Found,
}

/// The applications, of any programme and in any state, that may come from the company of these answers: the surest first, then the newest.
/// Compared as records of earlier support are: 法人番号, else name, address and telephone number.
///
/// # Errors
/// The database could not be read.
pub fn of_company(
    tx: &mut Tx,
    application_id: &str,
    answers: &Answers,
) -> Result<Vec<Duplicate>, StoreError> {
    let company = Company::of_answers(answers);
    let keys = (company.corporate_number.iter())
        .map(|key| ("corporate_number", key))
        .chain(company.names.iter().map(|key| ("name_key", key)))
        .chain(company.phone.iter().map(|key| ("phone_key", key)))
        .filter(|(_, key)| !key.is_empty());
    let mut found: BTreeMap<String, Duplicate> = BTreeMap::new();
    for (column, key) in keys {
        let sql = format!(
            "SELECT f.application_id, f.program_id, f.receipt_number, f.received_at_ms, f.status, r.answers
             FROM case_file f JOIN case_record r ON r.application_id = f.application_id
             WHERE f.{column} = $1 AND f.application_id <> $2
             ORDER BY f.received_at_ms DESC LIMIT {MOST_PER_KEY}"
        );
        for row in tx.query(&sql, &[key.into(), application_id.into()])? {
            if let Some(duplicate) = read(&row, &company)? {
                found.insert(duplicate.application_id.clone(), duplicate);
            }
        }
    }
    let mut found: Vec<Duplicate> = found.into_values().collect();
    found.sort_by(|a, b| {
        (b.found.strength.cmp(&a.found.strength)).then(b.received_at.cmp(&a.received_at))
    });
    Ok(found)
}

fn read(row: &Row, company: &Company) -> Result<Option<Duplicate>, StoreError> {
    let answers: Answers = serde_json::from_str(row.text(5))?;
    let Some(found) = compare(company, &Company::of_answers(&answers)) else {
        return Ok(None);
    };
    let status = Status::parse(row.text(4));
    Ok(Some(Duplicate {
        application_id: row.text(0).to_owned(),
        program_id: row.text(1).to_owned(),
        receipt_number: row.text(2).to_owned(),
        received_at: instant(row.int(3))?,
        status: status.ok_or_else(|| StoreError::Damaged("a case in an unknown state".into()))?,
        answers,
        found,
    }))
}
