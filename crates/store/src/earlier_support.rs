//! Earlier support on record: finding what may be about a company, listing, and the participants of our own programmes.

use std::collections::BTreeMap;

use sonae_core::application::answers::Answers;
use sonae_core::earlier_support::{Company, Evidence, Found, History, Record, Strength, compare};
use sonae_core::program::Program;
use sonae_core::text::{company_name, search_key};
use sonae_db::{Row, Tx, Value};

use crate::{StoreError, earlier_import};

/// The most records that are looked at for one key: more of one name or telephone number tell nothing about a company.
const MOST_PER_KEY: u32 = 200;

/// A record with the place it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub id: String,
    pub record: Record,
    pub source: Source,
}

/// Where a record comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// An imported list.
    List {
        import_id: String,
        file_name: String,
        /// As the spreadsheet shows it.
        row: i64,
    },
    /// A participant of one of our own programmes.
    Participant {
        application_id: String,
        program_id: String,
        receipt_number: String,
    },
}

impl Source {
    /// 「R5参加企業.xlsx 12行目」 or 「受付番号R6-334-A7X」.
    pub fn shown(&self) -> String {
        match self {
            Source::List { file_name, row, .. } => format!("{file_name} {row}行目"),
            Source::Participant { receipt_number, .. } => format!("受付番号{receipt_number}"),
        }
    }
}

const COLUMNS: &str = "s.id, s.import_id, i.file_name, s.row_number, s.application_id, s.program_id, a.receipt_number, s.name, \
                       s.name_kana, s.corporate_number, s.postcode, s.address, s.phone, s.kind, s.fiscal_year";

/// Records that count: of an imported list, or of our own. The joins bring where they come from.
const FROM: &str = "FROM earlier_support s LEFT JOIN earlier_import i ON i.id = s.import_id
                    LEFT JOIN application a ON a.id = s.application_id
                    WHERE (s.import_id IS NULL OR i.state = 'imported')";

/// The records that may be about a company, the surest first. Not those of the application itself, nor of the programme it is for: what is
/// under way there is a duplicate and no earlier support.
pub fn about(
    tx: &mut Tx,
    program_id: &str,
    application_id: &str,
    answers: &Answers,
) -> Result<Vec<(Stored, Found)>, StoreError> {
    let company = Company::of_answers(answers);
    let mut candidates: BTreeMap<String, Stored> = BTreeMap::new();
    for (column, key) in keys(&company) {
        let sql = format!(
            "SELECT {COLUMNS} {FROM} AND s.{column} = $1 ORDER BY s.id LIMIT {MOST_PER_KEY}"
        );
        for row in tx.query(&sql, &[key.into()])? {
            let stored = read(&row)?;
            candidates.insert(stored.id.clone(), stored);
        }
    }
    let mut found: Vec<(Stored, Found)> = (candidates.into_values())
        .filter(|stored| match &stored.source {
            Source::List { .. } => true,
            Source::Participant {
                application_id: other,
                program_id: of,
                ..
            } => other != application_id && of != program_id,
        })
        .filter_map(|stored| {
            let found = compare(&company, &Company::of_record(&stored.record))?;
            Some((stored, found))
        })
        .collect();
    found.sort_by(|(a, how_a), (b, how_b)| {
        let newest_first = b.record.year.cmp(&a.record.year);
        (how_b.strength.cmp(&how_a.strength))
            .then(newest_first)
            .then_with(|| a.id.cmp(&b.id))
    });
    Ok(found)
}

/// Columns to look into and what to look for there. A list may have the reading where the name belongs, and the reverse.
fn keys(company: &Company) -> Vec<(&'static str, &String)> {
    let names = company
        .names
        .iter()
        .chain(&company.kana)
        .map(|key| ("name_key", key));
    let readings = company
        .kana
        .iter()
        .chain(&company.names)
        .map(|key| ("kana_key", key));
    let number = company
        .corporate_number
        .iter()
        .map(|key| ("corporate_number", key));
    let phone = company.phone.iter().map(|key| ("phone", key));
    number
        .chain(names)
        .chain(readings)
        .chain(phone)
        .filter(|(_, key)| !key.is_empty())
        .collect()
}

/// What is known about earlier support of a company, as evidence for `core::eligibility::judge_with_history`. What a person said of a
/// record counts above the comparison: `compared` is by `record:<id>`, whether it is the same company.
pub fn history(
    tx: &mut Tx,
    program_id: &str,
    application_id: &str,
    answers: &Answers,
    compared: &BTreeMap<String, bool>,
) -> Result<History, StoreError> {
    let about = about(tx, program_id, application_id, answers)?;
    let evidence = about.into_iter().filter_map(|(stored, mut found)| {
        match compared.get(&format!("record:{}", stored.id)) {
            Some(false) => return None,
            Some(true) => found.strength = Strength::Certain,
            None => {}
        }
        Some(Evidence {
            support: stored.record.support(),
            found,
            source: stored.source.shown(),
        })
    });
    Ok(History {
        records: evidence.collect(),
        complete: earlier_import::covered(tx)?,
    })
}

/// A page of the records in the order of their names.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub records: Vec<Stored>,
    /// How many there are on all pages.
    pub total: i64,
}

/// Records whose name, reading, number or telephone number contains every word of `query`; all for an empty one.
pub fn list(tx: &mut Tx, query: &str, limit: u32, offset: u32) -> Result<Listed, StoreError> {
    let (matching, words) = matching(query);
    let total = tx
        .query_one(&format!("SELECT COUNT(*) {FROM} {matching}"), &words)?
        .int(0);
    let sql = format!(
        "SELECT {COLUMNS} {FROM} {matching} ORDER BY s.name_key, s.fiscal_year, s.id LIMIT {limit} OFFSET {offset}"
    );
    let rows = tx.query(&sql, &words)?;
    let records = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Listed { records, total })
}

/// The most words of a search that are looked for.
const MOST_WORDS: usize = 5;

/// Conditions for the words of a search. Width, kana and hyphens of numbers do not matter.
fn matching(query: &str) -> (String, Vec<Value>) {
    let mut sql = String::new();
    let mut words: Vec<Value> = Vec::new();
    for word in query.split_whitespace().take(MOST_WORDS) {
        let key = search_key::search_key(word);
        let is_number = key.chars().all(|c| c.is_ascii_digit() || c == '-');
        let key = if is_number { key.replace('-', "") } else { key };
        // What a person types is looked for as it is and is no pattern.
        let literal = key
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        words.push(format!("%{literal}%").into());
        sql.push_str(&format!(
            " AND s.search_text LIKE ${} ESCAPE '\\'",
            words.len()
        ));
    }
    (sql, words)
}

/// The records of one import in the order of its rows, whatever its state.
pub fn of_import(
    tx: &mut Tx,
    import_id: &str,
    limit: u32,
    offset: u32,
) -> Result<Vec<Stored>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM earlier_support s JOIN earlier_import i ON i.id = s.import_id
         LEFT JOIN application a ON a.id = s.application_id
         WHERE s.import_id = $1 ORDER BY s.row_number, s.id LIMIT {limit} OFFSET {offset}"
    );
    let rows = tx.query(&sql, &[import_id.into()])?;
    rows.iter().map(read).collect()
}

/// Keeps that a company takes part in courses of one of our programmes, so that later programmes know. Called when participation is
/// confirmed, and again when its courses or its name change: what was kept before is replaced.
pub fn record_participant(
    tx: &mut Tx,
    program: &Program,
    application_id: &str,
    answers: &Answers,
    courses: &[String],
) -> Result<(), StoreError> {
    forget_participant(tx, application_id)?;
    let file = &program.definition.program;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let prefecture = answers
        .prefecture
        .as_deref()
        .and_then(sonae_core::application::prefecture::name);
    let address = format!(
        "{}{} {}",
        prefecture.unwrap_or_default(),
        text(&answers.address_line1),
        text(&answers.address_line2)
    );
    let courses = program
        .courses()
        .iter()
        .filter(|course| courses.contains(&course.id));
    let rows: Vec<Vec<Value>> = courses
        .map(|course| {
            let record = Record {
                name: text(&answers.name),
                name_kana: answers.name_kana.clone(),
                corporate_number: answers.corporate_number.clone(),
                postcode: answers.postcode.clone(),
                address: Some(address.trim().to_owned()).filter(|address| !address.is_empty()),
                phone: answers.contact_phone.clone(),
                kind: course.kind,
                year: file.fiscal_year,
            };
            let id = format!("{application_id}:{}", course.id);
            let origin = [
                Value::Null,
                Value::Null,
                application_id.into(),
                program.id().into(),
            ];
            row(id, origin, &record)
        })
        .collect::<Result<_, _>>()?;
    Ok(tx.insert_many("earlier_support", INSERTED, &rows)?)
}

/// Takes back what [`record_participant`] kept.
pub fn forget_participant(tx: &mut Tx, application_id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM earlier_support WHERE application_id = $1",
        &[application_id.into()],
    )?;
    Ok(())
}

pub(crate) const INSERTED: &[&str] = &[
    "id",
    "import_id",
    "row_number",
    "application_id",
    "program_id",
    "name",
    "name_kana",
    "corporate_number",
    "postcode",
    "address",
    "phone",
    "kind",
    "fiscal_year",
    "name_key",
    "kana_key",
    "search_text",
];

/// A row in the order of [`INSERTED`]; `origin` is import, row number, application and programme.
pub(crate) fn row(
    id: String,
    origin: [Value; 4],
    record: &Record,
) -> Result<Vec<Value>, StoreError> {
    let name_key = company_name::key(&record.name);
    let kana_key = record
        .name_kana
        .as_deref()
        .map(company_name::key)
        .unwrap_or_default();
    let searched = [
        search_key::search_key(&record.name),
        search_key::search_key(record.name_kana.as_deref().unwrap_or_default()),
        record.corporate_number.clone().unwrap_or_default(),
        record.phone.clone().unwrap_or_default(),
    ];
    let searched: Vec<String> = searched
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    let mut row: Vec<Value> = vec![id.into()];
    row.extend(origin);
    row.extend([
        Value::from(&record.name),
        record.name_kana.as_deref().into(),
        record.corporate_number.as_deref().into(),
        record.postcode.as_deref().into(),
        record.address.as_deref().into(),
        record.phone.as_deref().into(),
        word(record.kind)?.into(),
        i64::from(record.year).into(),
        name_key.into(),
        kana_key.into(),
        searched.join("\n").into(),
    ]);
    Ok(row)
}

fn word(kind: sonae_core::program::program::SupportKind) -> Result<String, StoreError> {
    let value = serde_json::to_value(kind)?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

fn read(row: &Row) -> Result<Stored, StoreError> {
    let text = |column: usize| row.opt_text(column).map(str::to_owned);
    let source = match (text(1), text(4)) {
        (Some(import_id), _) => Source::List {
            import_id,
            file_name: text(2).unwrap_or_default(),
            row: row.opt_int(3).unwrap_or_default(),
        },
        (None, Some(application_id)) => Source::Participant {
            application_id,
            program_id: text(5).unwrap_or_default(),
            receipt_number: text(6).unwrap_or_default(),
        },
        (None, None) => return Err(StoreError::Damaged("earlier support from nowhere".into())),
    };
    let year = i16::try_from(row.int(14));
    Ok(Stored {
        id: row.text(0).to_owned(),
        record: Record {
            name: row.text(7).to_owned(),
            name_kana: text(8),
            corporate_number: text(9),
            postcode: text(10),
            address: text(11),
            phone: text(12),
            kind: serde_json::from_value(row.text(13).into())?,
            year: year.map_err(|_| StoreError::Damaged("a fiscal year out of range".into()))?,
        },
        source,
    })
}
