//! `sonae program check | diff | schema | flow`: programme folders, without an office.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sonae_core::flow::diagram::markdown;
use sonae_core::program::Message;
use sonae_core::program::diff::{Change, diff as changes_between};
use sonae_core::program::schema::schemas;

use crate::programs::{Messages, load_folder};

/// Checks every folder and says which revision each has.
///
/// # Errors
/// The messages of all folders together; each is one line `FILE:LINE: what hint`.
pub fn check(dirs: &[PathBuf], out: &mut impl io::Write) -> Result<(), Messages> {
    let mut messages = Vec::new();
    for dir in dirs {
        match load_folder(dir) {
            // A closed pipe ends the listing, not the check.
            Ok(program) => drop(writeln!(
                out,
                "{}: 問題はありません(版 {})。",
                dir.display(),
                &program.revision[..12]
            )),
            Err(Messages(found)) => messages.extend(found),
        }
    }
    if messages.is_empty() {
        Ok(())
    } else {
        Err(Messages(messages))
    }
}

/// Writes the JSON Schema of every programme file into a folder.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn schema(dir: &Path) -> Result<(), Messages> {
    let write = || -> io::Result<()> {
        fs::create_dir_all(dir)?;
        schemas()
            .iter()
            .try_for_each(|schema| fs::write(dir.join(schema.name), &schema.text))
    };
    write().map_err(|_| {
        Messages(vec![Message {
            path: dir.display().to_string(),
            line: 1,
            what: "スキーマを書き込めません。".to_owned(),
            hint: "フォルダーの場所と権限、空き容量をお確かめください。".to_owned(),
        }])
    })
}

/// Prints what changes from one revision to the other, and what that means for applications already made.
///
/// # Errors
/// One of the folders cannot be read or needs correction.
pub fn diff(old: &Path, new: &Path, out: &mut impl io::Write) -> Result<(), Messages> {
    let (before, after) = (load_folder(old)?, load_folder(new)?);
    let changes = changes_between(&before.definition, &after.definition);
    // A closed pipe ends the listing and nothing else.
    drop(write_changes(
        &before.revision,
        &after.revision,
        &changes,
        out,
    ));
    Ok(())
}

/// Prints the flow of a programme as a page of the documentation, as the code walks it.
///
/// # Errors
/// The folder cannot be read or needs correction.
pub fn flow(dir: &Path, out: &mut impl io::Write) -> Result<(), Messages> {
    let program = load_folder(dir)?;
    // A closed pipe ends the page and nothing else.
    drop(out.write_all(markdown(&program).as_bytes()));
    Ok(())
}

fn write_changes(
    before: &str,
    after: &str,
    changes: &[Change],
    out: &mut impl io::Write,
) -> io::Result<()> {
    writeln!(out, "版 {} → {}", &before[..12], &after[..12])?;
    if changes.is_empty() {
        return writeln!(out, "内容の違いはありません。");
    }
    for change in changes {
        writeln!(out, "\n{} {}", change.file, change.item)?;
        for (mark, value) in [('-', &change.before), ('+', &change.after)] {
            if let Some(value) = value {
                writeln!(out, "  {mark} {value}")?;
            }
        }
        writeln!(out, "  {}", change.effect.sentence())?;
    }
    Ok(())
}
