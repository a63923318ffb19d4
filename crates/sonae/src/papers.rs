//! The library of papers that is built into the program, and the one place where its pages are turned into PDF.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use sonae_core::paper::document::Document;
use sonae_core::paper::library::{Library, load};
use sonae_core::program::SourceFile;

use crate::error::CommandError;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../papers");

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| load(&files()).expect("a test loads these very files"));

/// All kinds of paper with their questions and samples.
pub fn library() -> &'static Library {
    &LIBRARY
}

/// The library's files, folder by folder.
pub fn files() -> Vec<SourceFile> {
    let of_folder = |folder: &'static Dir<'static>| {
        folder.files().filter_map(|file| {
            let name = file.path().file_name()?.to_str()?.to_owned();
            let path = format!("papers/{}", file.path().display());
            Some(SourceFile {
                path,
                name,
                text: file.contents_utf8()?.to_owned(),
            })
        })
    };
    let mut files: Vec<SourceFile> = BUILT_IN.dirs().flat_map(of_folder).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// How many PDFs are made at once; each takes a core for a while.
#[cfg(feature = "papers")]
static MAKERS: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// The PDF of a document, made on a thread that may block; none when this program makes no PDF, or when it failed, which is logged.
#[cfg(feature = "papers")]
pub async fn pdf(document: Document) -> Option<Vec<u8>> {
    let _place = MAKERS.acquire().await.ok()?;
    let made = tokio::task::spawn_blocking(move || sonae_papers::pdf::write(&document)).await;
    match made {
        Ok(Ok(pdf)) => Some(pdf.bytes),
        Ok(Err(error)) => {
            tracing::error!(%error, "a paper could not be made into a PDF");
            None
        }
        Err(_) => {
            tracing::error!("making a PDF stopped");
            None
        }
    }
}

/// Without the feature `papers` there is no PDF.
#[cfg(not(feature = "papers"))]
pub async fn pdf(_: Document) -> Option<Vec<u8>> {
    None
}

/// The same for a command, which may block.
///
/// # Errors
/// It could not be laid out, or this program makes no PDF.
#[cfg(feature = "papers")]
pub fn pdf_now(document: &Document) -> Result<Vec<u8>, CommandError> {
    let made = sonae_papers::pdf::write(document);
    made.map(|pdf| pdf.bytes).map_err(|error| {
        CommandError::new(
            format!("PDFを作れませんでした。[{error}]"),
            "Sonaeの不具合です。開発者に知らせてください。",
        )
    })
}

/// Without the feature `papers` there is no PDF.
///
/// # Errors
/// Always.
#[cfg(not(feature = "papers"))]
pub fn pdf_now(_: &Document) -> Result<Vec<u8>, CommandError> {
    Err(CommandError::new(
        "このSonaeは、PDFを作る部分を入れずに作られています。",
        "数字は --json で書き出せます。何も書き出していません。",
    ))
}

#[cfg(test)]
mod tests {
    use super::library;

    #[test]
    fn the_library_in_the_program_is_sound() {
        assert!(library().kind("basic-policy").is_some());
        assert_eq!(library().samples().len(), 3);
    }
}
