//! Reading the files under `papers/`.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::kind::Kind;
use super::super::question::Question;
use super::super::source::{Fault, parse};
use super::super::wording;
use super::inspect::Inspection;
use super::{Library, asked, known, questions, references, samples};
use crate::program::broken::broken;
use crate::program::load::LARGEST_FILE;
use crate::program::place::line_of;
use crate::program::revision::normalised;
use crate::program::{Message, SourceFile};

/// Most messages that are given at once.
const MOST_MESSAGES: usize = 300;
/// Most files of a library.
const MOST_FILES: usize = 500;

/// Reads and checks a library; each file with a path that ends in `<folder>/<name>`.
///
/// Never panics, whatever the texts hold.
///
/// # Errors
/// Everything to correct, by file and line. Texts are checked only when all questions have the right shape.
pub fn load(files: &[SourceFile]) -> Result<Library, Vec<Message>> {
    let mut loader = Loader {
        messages: Vec::new(),
    };
    let files: Vec<SourceFile> = files
        .iter()
        .take(MOST_FILES)
        .map(|file| SourceFile {
            text: normalised(&file.text),
            ..file.clone()
        })
        .collect();
    for file in files.iter().filter(|file| file.text.len() > LARGEST_FILE) {
        let what = format!("ファイルが大きすぎます({}バイト)。", file.text.len());
        loader.say(
            file,
            1,
            what,
            format!("1つのファイルは{LARGEST_FILE}バイトまでです。"),
        );
    }
    if loader.messages.is_empty() {
        let library = loader.library(&files);
        if loader.messages.is_empty() {
            return Ok(library);
        }
    }
    let mut messages = loader.messages;
    messages.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    messages.dedup();
    messages.truncate(MOST_MESSAGES);
    Err(messages)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionFile {
    #[serde(default)]
    question: Vec<Question>,
}

/// The folder that a file stands in.
fn folder(file: &SourceFile) -> &str {
    let before = file
        .path
        .strip_suffix(&file.name)
        .unwrap_or_default()
        .trim_end_matches('/');
    before.rsplit('/').next().unwrap_or_default()
}

struct Loader {
    messages: Vec<Message>,
}

impl Loader {
    fn say(
        &mut self,
        file: &SourceFile,
        line: usize,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.messages.push(Message {
            path: file.path.clone(),
            line,
            what: what.into(),
            hint: hint.into(),
        });
    }

    fn toml<T: DeserializeOwned>(&mut self, file: &SourceFile) -> Option<T> {
        match toml::from_str(&file.text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.messages.push(broken(&file.path, &file.text, &error));
                None
            }
        }
    }

    fn library(&mut self, files: &[SourceFile]) -> Library {
        let mut library = Library {
            questions: Vec::new(),
            kinds: Vec::new(),
            samples: Vec::new(),
        };
        let tomls = |wanted: &'static str| {
            files
                .iter()
                .filter(move |file| folder(file) == wanted && file.name.ends_with(".toml"))
        };
        library.questions = self.questions(tomls("questions"));
        if !self.messages.is_empty() {
            return library;
        }
        for file in files.iter().filter(|file| file.name == "paper.toml") {
            library
                .kinds
                .extend(self.kind(file, files, &library.questions));
        }
        library.kinds.sort_by(|a, b| a.id.cmp(&b.id));
        for file in tomls("samples") {
            let Some(table) = self.toml(file) else {
                continue;
            };
            match samples::sample(&library, file.name.trim_end_matches(".toml"), table) {
                Ok(sample) => library.samples.push(sample),
                Err(found) => {
                    for (at, what) in found {
                        self.say(file, line_of_answer(file, &at), what, "");
                    }
                }
            }
        }
        library
            .samples
            .sort_by_key(|sample| sample.name.parse::<u32>().unwrap_or(u32::MAX));
        library
    }

    fn questions<'a>(&mut self, files: impl Iterator<Item = &'a SourceFile>) -> Vec<Question> {
        let mut all = Vec::new();
        // Where each question stands: its file, and its index there.
        let mut places: Vec<(&SourceFile, usize)> = Vec::new();
        for file in files {
            let read: Option<QuestionFile> = self.toml(file);
            for (index, question) in read.into_iter().flat_map(|read| read.question).enumerate() {
                places.push((file, index));
                all.push(question);
            }
        }
        for (question, at, what, hint) in questions::findings(&all) {
            let (file, index) = places[question];
            let line = line_of(&file.text, &format!("question.{index}.{at}"));
            self.say(file, line, what, hint);
        }
        for (question, (file, index)) in all.iter().zip(&places) {
            if let Some(fact) = question
                .known_from
                .as_deref()
                .filter(|fact| fact.starts_with("application.") && !known::FACTS.contains(fact))
            {
                let line = line_of(&file.text, &format!("question.{index}.known_from"));
                let hint = crate::program::broken::nearest(fact, &known::FACTS);
                self.say(
                    file,
                    line,
                    format!("申込の項目「{fact}」はありません。"),
                    hint,
                );
            }
        }
        all
    }

    fn kind(
        &mut self,
        file: &SourceFile,
        files: &[SourceFile],
        questions: &[Question],
    ) -> Option<Kind> {
        let mut kind: Kind = self.toml(file)?;
        let folder = folder(file);
        if kind.id != folder {
            self.say(
                file,
                line_of(&file.text, "id"),
                format!(
                    "id「{}」がフォルダーの名前「{folder}」と違います。",
                    kind.id
                ),
                "同じにしてください。",
            );
        }
        let path = format!(
            "{}text.md",
            file.path.strip_suffix("paper.toml").unwrap_or_default()
        );
        let Some(text) = files.iter().find(|other| other.path == path) else {
            self.say(
                file,
                1,
                "本文の text.md がありません。",
                "同じフォルダーに置いてください。",
            );
            return None;
        };
        let (nodes, mut faults) = parse(&text.text);
        let mut inspection = Inspection::new(questions);
        inspection.nodes(&nodes, &mut Vec::new());
        faults.append(&mut inspection.faults);
        // A text that could not be read whole would seem to lack what it refers to.
        if faults.is_empty() {
            faults = references::faults(&inspection);
        }
        faults.extend(wording::faults(&text.text));
        let found = asked::findings(&kind, questions, &inspection.names.used);
        if faults.is_empty() {
            for (at, what, hint) in found {
                self.say(file, line_of(&file.text, &at), what, hint);
            }
        }
        for Fault { line, what, hint } in faults {
            self.say(text, line, what, hint);
        }
        kind.text = nodes;
        Some(kind)
    }
}

/// The line of an answer by its field, `systems.mail.rto`; rows stand under their ids.
fn line_of_answer(file: &SourceFile, field: &str) -> usize {
    let mut parts = field.split('.');
    let (question, row) = (parts.next().unwrap_or_default(), parts.next());
    let Some(row) = row else {
        return line_of(&file.text, question);
    };
    let column = parts.next().unwrap_or_default();
    let table: Option<toml::Table> = toml::from_str(&file.text).ok();
    let rows = table
        .as_ref()
        .and_then(|table| table.get(question)?.as_array());
    let index = rows.and_then(|rows| {
        rows.iter()
            .position(|found| found.get("id").and_then(toml::Value::as_str) == Some(row))
    });
    let index = index
        .or_else(|| row.parse::<usize>().ok()?.checked_sub(1))
        .unwrap_or(0);
    line_of(&file.text, &format!("{question}.{index}.{column}"))
}
