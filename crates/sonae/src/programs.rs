//! Where programmes come from: a folder on disk, or the ones built into the program.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use sonae_core::program::load::LARGEST_FILE;
use sonae_core::program::{Message, Program, SourceFile, load};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../programs");

/// How many entries of a folder are looked at; a programme has eight files, an office a few dozen programmes.
const MOST_ENTRIES: usize = 1000;

/// What is to be corrected before programmes can be used: one line each, in Japanese.
#[derive(Debug, thiserror::Error)]
pub struct Messages(pub Vec<Message>);

impl fmt::Display for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, message) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{message}")?;
        }
        Ok(())
    }
}

/// Every programme under `dir`, or the built-in ones without it, in the order of their ids.
///
/// Each sub-folder that holds a `.toml` file is a programme; others are passed over.
///
/// # Errors
/// All messages of all programmes; one faulty programme stops the loading, so that nobody opens half an office.
pub fn load_all(dir: Option<&Path>) -> Result<Vec<Program>, Messages> {
    let folders = match dir {
        Some(dir) => on_disk(dir)?,
        None => built_in(),
    };
    let mut programs = Vec::new();
    let mut messages = Vec::new();
    for files in folders {
        match load(&files) {
            Ok(program) => {
                messages.extend(shared_prefix(&programs, &program, &files));
                programs.push(program);
            }
            Err(found) => messages.extend(found),
        }
    }
    if messages.is_empty() {
        Ok(programs)
    } else {
        Err(Messages(messages))
    }
}

/// Reads and checks the programme in one folder on disk.
///
/// # Errors
/// The folder cannot be read, or its files need correction.
pub fn load_folder(dir: &Path) -> Result<Program, Messages> {
    load(&read_folder(dir)?).map_err(Messages)
}

/// The files of each built-in programme, in the order of their ids.
pub fn built_in() -> Vec<Vec<SourceFile>> {
    let mut folders: Vec<_> = BUILT_IN
        .dirs()
        .map(|folder| {
            let files = folder.files().filter_map(|file| {
                let name = file.path().file_name()?.to_str()?.to_owned();
                let path = format!("programs/{}", file.path().display());
                Some(SourceFile {
                    path,
                    name,
                    text: file.contents_utf8()?.to_owned(),
                })
            });
            files
                .filter(|file| file.name.ends_with(".toml"))
                .collect::<Vec<_>>()
        })
        .filter(|files| !files.is_empty())
        .collect();
    folders.sort_by(|a, b| a[0].path.cmp(&b[0].path));
    folders
}

fn on_disk(dir: &Path) -> Result<Vec<Vec<SourceFile>>, Messages> {
    let mut folders = Vec::new();
    for path in entries(dir)? {
        if path.is_dir() && entries(&path)?.iter().any(|file| is_toml(file)) {
            folders.push(read_folder(&path)?);
        }
    }
    if folders.is_empty() {
        let hint = if dir.join("program.toml").exists() {
            "これは1つの事業のフォルダーです。1つ上のフォルダーを指定してください。"
        } else {
            "事業のフォルダーを1つ以上入れたフォルダーを指定してください。"
        };
        return Err(one(dir, "事業のフォルダーが見つかりません。", hint));
    }
    Ok(folders)
}

/// The `.toml` files of a folder, each read up to its bound.
///
/// # Errors
/// The folder or one of its files cannot be read, or is not UTF-8.
pub fn read_folder(dir: &Path) -> Result<Vec<SourceFile>, Messages> {
    let mut files = Vec::new();
    let mut messages = Vec::new();
    for path in entries(dir)? {
        if !is_toml(&path) {
            continue;
        }
        match read_file(&path) {
            Ok(file) => files.push(file),
            Err(Messages(found)) => messages.extend(found),
        }
    }
    if files.is_empty() && messages.is_empty() {
        messages = one(
            dir,
            "事業のファイル(.toml)が1つもありません。",
            "program.toml などの入ったフォルダーを指定してください。",
        )
        .0;
    }
    if messages.is_empty() {
        Ok(files)
    } else {
        Err(Messages(messages))
    }
}

fn read_file(path: &Path) -> Result<SourceFile, Messages> {
    let mut bytes = Vec::new();
    // A device or a pipe under such a name would never end; only files are opened.
    let read = if path.is_file() {
        // One byte more than the bound is enough for the loader to say that the file is too large.
        File::open(path).and_then(|file| file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes))
    } else {
        Err(io::Error::from(io::ErrorKind::InvalidInput))
    };
    if let Err(error) = read {
        return Err(unreadable(path, &error));
    }
    if bytes.len() > LARGEST_FILE {
        let hint = format!("1つのファイルは{LARGEST_FILE}バイトまでです。");
        return Err(one(path, "ファイルが大きすぎます。", &hint));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile {
            path: path.display().to_string(),
            name: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            text,
        }),
        Err(error) => {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            Err(Messages(vec![Message {
                path: path.display().to_string(),
                line,
                what: "文字コードがUTF-8ではありません。".to_owned(),
                hint: "エディターで文字コードをUTF-8にして保存し直してください。".to_owned(),
            }]))
        }
    }
}

fn is_toml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "toml")
}

/// What stands in a folder, in the order of the names.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, Messages> {
    let read = || -> io::Result<Vec<PathBuf>> {
        fs::read_dir(dir)?
            .take(MOST_ENTRIES)
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    let mut paths = read().map_err(|error| unreadable(dir, &error))?;
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, error: &io::Error) -> Messages {
    match error.kind() {
        io::ErrorKind::NotFound => one(
            path,
            "見つかりません。",
            "フォルダーの場所と名前をお確かめください。",
        ),
        io::ErrorKind::NotADirectory => one(
            path,
            "フォルダーではありません。",
            "program.toml などの入ったフォルダーを指定してください。",
        ),
        io::ErrorKind::PermissionDenied => one(
            path,
            "読む権限がありません。",
            "ファイルとフォルダーの権限をお確かめください。",
        ),
        _ => one(path, "読めません。", "ファイルの状態をお確かめください。"),
    }
}

fn one(path: &Path, what: &str, hint: &str) -> Messages {
    Messages(vec![Message {
        path: path.display().to_string(),
        line: 1,
        what: what.to_owned(),
        hint: hint.to_owned(),
    }])
}

/// Receipt numbers of two programmes must never look alike.
fn shared_prefix(programs: &[Program], program: &Program, files: &[SourceFile]) -> Option<Message> {
    let prefix = &program.definition.program.receipt_prefix;
    let other = programs
        .iter()
        .find(|other| other.definition.program.receipt_prefix == *prefix)?;
    let file = files.iter().find(|file| file.name == "program.toml")?;
    let line = file
        .text
        .lines()
        .position(|line| line.trim_start().starts_with("receipt_prefix"));
    Some(Message {
        path: file.path.clone(),
        line: line.map_or(1, |index| index + 1),
        what: format!(
            "受付番号の頭文字「{prefix}」を「{}」も使っています。",
            other.id()
        ),
        hint: "事業ごとに別の receipt_prefix にしてください。".to_owned(),
    })
}

#[cfg(test)]
mod tests;
