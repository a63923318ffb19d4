//! What the diagnosis and the questionnaire of a case say already becomes a proposal for its papers, as the programme's `feeds` say.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::Library;
use crate::application::answers::ExtraAnswer;
use crate::audit::hex;
use crate::paper::answers::{AnswerRow, Answers, Value, read};
use crate::paper::question::{Kind, Question};
use crate::program::Id;
use crate::program::support::{Asked, Feed, SupportFile};
use crate::text::search_key::search_key;

/// Where an answer comes from that nobody saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Application,
    Diagnosis,
    Questionnaire,
}

/// What a case proposes for its papers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seeds {
    pub answers: Answers,
    /// By question; where both lists say something, the diagnosis.
    pub sources: BTreeMap<String, Source>,
}

/// What was recorded of a case, by item of the programme.
pub type Record = BTreeMap<Id, ExtraAnswer>;

impl Source {
    /// The beginning of a sentence: 「…から」.
    pub fn label(self) -> &'static str {
        match self {
            Source::Application => "お申込みの内容",
            Source::Diagnosis => "診断の記録",
            Source::Questionnaire => "事前問診の答え",
        }
    }
}

/// What the record of a diagnosis and the answers of a questionnaire propose. What a question cannot hold is left out.
pub fn seeds(
    library: &Library,
    support: &SupportFile,
    diagnosis: &Record,
    questionnaire: &Record,
) -> Seeds {
    let mut sown = Sown::default();
    for (source, asked, record) in [
        (Source::Diagnosis, &support.diagnosis, diagnosis),
        (Source::Questionnaire, &support.questionnaire, questionnaire),
    ] {
        for (asked, answer) in asked
            .iter()
            .filter_map(|asked| Some((asked, record.get(&asked.id)?)))
        {
            for feed in &asked.feeds {
                if let Some(question) = library.question(&feed.question) {
                    sown.sow(question, feed, (asked, answer), source);
                }
            }
        }
    }
    let plain = sown.plain.into_iter();
    let tables = sown.tables.into_iter();
    let all = plain.chain(tables.map(|(table, rows)| (table, Json::Array(rows))));
    let answers = read(library, &Json::Object(all.collect())).answers;
    let is_there = |question: &String, _: &mut Source| answers.value(question).is_some();
    sown.sources.retain(is_there);
    Seeds {
        sources: sown.sources,
        answers,
    }
}

/// Puts what is proposed where nothing is answered and behind the rows that every company has; gives what was taken of it.
pub fn propose(
    library: &Library,
    shown: &mut Answers,
    seeds: &Seeds,
    touched: impl Fn(&str) -> bool,
) -> BTreeMap<String, Source> {
    let mut taken = BTreeMap::new();
    for (id, value) in &seeds.answers.values {
        let Some(question) = library.question(id).filter(|_| !touched(id)) else {
            continue;
        };
        match (value, shown.value(id)) {
            (Value::Rows(new), _) => {
                let mut rows = shown.rows(id).to_vec();
                rows.extend(lacking(question, &rows, new));
                shown.values.insert(id.clone(), Value::Rows(rows));
            }
            (value, None) => {
                shown.values.insert(id.clone(), value.clone());
            }
            _ => continue,
        }
        taken.extend(seeds.sources.get(id).map(|source| (id.clone(), *source)));
    }
    taken
}

/// The proposed rows that a table does not have, by id and by name, as many as it still takes.
pub fn lacking(question: &Question, rows: &[AnswerRow], seeds: &[AnswerRow]) -> Vec<AnswerRow> {
    let name = |row: &AnswerRow| Some(search_key(row.text(question.title.as_deref()?)?));
    let free = question.most_rows().saturating_sub(rows.len());
    let has = |seed: &&AnswerRow| {
        let named = name(seed);
        let same = |row: &AnswerRow| row.id == seed.id || (named.is_some() && name(row) == named);
        !rows.iter().any(same)
    };
    seeds.iter().filter(has).take(free).cloned().collect()
}

#[derive(Default)]
struct Sown {
    plain: BTreeMap<String, Json>,
    tables: BTreeMap<String, Vec<Json>>,
    sources: BTreeMap<String, Source>,
}

impl Sown {
    fn sow(
        &mut self,
        question: &Question,
        feed: &Feed,
        (asked, answer): (&Asked, &ExtraAnswer),
        source: Source,
    ) {
        let Some(value) = value(feed, asked, answer) else {
            return;
        };
        let id = &question.id;
        match (&feed.row, &feed.column, &feed.each, answer) {
            (Some(row), column, ..) => {
                let Some(title) = &question.title else { return };
                let row = self.row(id, row, (title, feed.name.as_deref().unwrap_or_default()));
                if let Some(column) = column.as_ref().and_then(|column| question.column(column)) {
                    put(row, column, value);
                }
            }
            (None, Some(column), Some(_), ExtraAnswer::Text(text)) => {
                let longest = question.column(column).map_or(0, Question::longest);
                let names = names(text).into_iter();
                for name in names.filter(|name| name.chars().count() <= longest) {
                    let key = row_id(&name);
                    self.row(id, &key, (column, &name));
                }
            }
            _ => {
                self.plain.entry(id.clone()).or_insert(value);
            }
        }
        self.sources.entry(id.clone()).or_insert(source);
    }

    /// The row of an id, begun with its name if it is new.
    fn row(
        &mut self,
        table: &str,
        id: &str,
        (title, name): (&str, &str),
    ) -> &mut Map<String, Json> {
        let rows = self.tables.entry(table.to_owned()).or_default();
        let at = rows.iter().position(|row| row["id"] == id);
        let at = at.unwrap_or_else(|| {
            rows.push(json!({ "id": id, title: name }));
            rows.len() - 1
        });
        rows[at]
            .as_object_mut()
            .expect("every row is begun as an object")
    }
}

/// A cell that is still empty takes the value; further texts stand behind the first.
fn put(row: &mut Map<String, Json>, column: &Question, value: Json) {
    let text = matches!(column.kind, Kind::Text | Kind::LongText);
    match (row.get_mut(&column.id), &value) {
        (None, _) => {
            row.insert(column.id.clone(), value);
        }
        (Some(Json::String(old)), Json::String(new)) if text && !old.contains(new.as_str()) => {
            old.push('、');
            old.push_str(new);
        }
        _ => {}
    }
}

/// What an answer puts there; none when it says nothing for this place. いいえ and 0 begin no row.
fn value(feed: &Feed, asked: &Asked, answer: &ExtraAnswer) -> Option<Json> {
    let (there, said) = match answer {
        ExtraAnswer::YesNo(yes) => (*yes, json!(yes)),
        ExtraAnswer::Number(number) => (*number > 0, json!(number)),
        ExtraAnswer::Text(text) => (!text.trim().is_empty(), json!(text.trim())),
    };
    let counts = match answer {
        ExtraAnswer::Text(text) => feed.when.is_empty() || feed.when.contains(text),
        _ => feed.when.is_empty(),
    };
    let needs = feed.put.is_some() || feed.row.is_some() || matches!(answer, ExtraAnswer::Text(_));
    if !counts || (needs && !there) {
        return None;
    }
    Some(match &feed.put {
        None => said,
        Some(ExtraAnswer::YesNo(yes)) => json!(yes),
        Some(ExtraAnswer::Number(number)) => json!(number),
        Some(ExtraAnswer::Text(text)) => json!(text.replace("{}", &as_text(asked, answer))),
    })
}

fn as_text(asked: &Asked, answer: &ExtraAnswer) -> String {
    match answer {
        ExtraAnswer::YesNo(yes) => if *yes { "はい" } else { "いいえ" }.to_owned(),
        ExtraAnswer::Number(number) => number.to_string(),
        ExtraAnswer::Text(text) => {
            let option = asked.option.iter().find(|option| option.value == *text);
            option
                .map_or(text.trim(), |option| &option.label)
                .to_owned()
        }
    }
}

/// The names in a text: one a line, or several with 、 between them. What stands in brackets belongs to its name.
fn names(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        let (mut depth, mut name) = (0_usize, String::new());
        for c in line.chars().chain(['、']) {
            match c {
                '(' | '（' | '「' => depth += 1,
                ')' | '）' | '」' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && matches!(c, '、' | ',' | '，' | '､') {
                found.push(bare(&name).to_owned());
                name.clear();
            } else {
                name.push(c);
            }
        }
        found.push(bare(&name).trim_end_matches(['、']).to_owned());
    }
    found.retain(|name| !name.is_empty());
    found
}

/// A name without the bullet or number before it and the end of the sentence behind it.
fn bare(name: &str) -> &str {
    let name = name
        .trim()
        .trim_start_matches(['・', '-', '*', '●', '○', '■', '◆', '※']);
    let numbered =
        name.trim_start_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let name = match numbered.strip_prefix(['.', '．', ')', '）']) {
        Some(rest) if numbered.len() < name.len() => rest,
        _ => name,
    };
    let name = name.trim().trim_end_matches(['。', '．']);
    let name = name.strip_suffix("など").unwrap_or(name);
    name.trim()
}

/// The same name gives the same row, however often and in whatever order it is said.
fn row_id(name: &str) -> String {
    const BYTES: usize = 6;
    let digest = Sha256::digest(search_key(name).as_bytes());
    format!("s{}", hex(&digest[..BYTES]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(names(text).join("|"), expected, "{text}");
    }

    #[test]
    fn names_are_taken_out_of_a_text() {
        check("受発注", "受発注");
        check(
            "受発注のシステム、会計ソフト,メールなど。",
            "受発注のシステム|会計ソフト|メール",
        );
        check(
            "1. 受発注\r\n２）会計\n\n・共有フォルダー（営業、総務）",
            "受発注|会計|共有フォルダー（営業、総務）",
        );
        check("365 サービス（未閉、二つ", "365 サービス（未閉、二つ");
        check(" 、。\n", "");
    }
}
