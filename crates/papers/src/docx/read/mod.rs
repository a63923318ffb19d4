//! A Word file that comes back: whatever was sent gives its text, or a sentence that says what to do.
//!
//! Files come from Word, LibreOffice, Google Docs or an attacker. Only a few parts are unpacked, each up to a bound; nothing outside of the file is ever
//! looked at. What the comparison cannot hold (pictures, formulas) is said, so that nothing is lost in silence.

mod archive;
mod body;
mod events;
mod field;
mod notes;
mod paragraph;
mod styles;
mod symbol;

use std::collections::BTreeMap;

use sonae_core::paper::difference::Paragraph;
use sonae_core::paper::document::Document;
use thiserror::Error;

use super::place::Place;
use archive::Archive;

/// Largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 5 * 1024 * 1024;
/// Most bytes of one part, unpacked.
const LARGEST_PART: u64 = 24 * 1024 * 1024;
/// Most parts of a file.
const MOST_PARTS: usize = 2_000;
/// Most paragraphs, rows counted as one.
const MOST_PARAGRAPHS: usize = 20_000;
/// Most characters of all paragraphs together.
const MOST_CHARACTERS: usize = 4_000_000;
/// Deepest nesting of elements; Word itself writes less than 60.
const DEEPEST: usize = 256;
/// Most bookmarks of a paragraph that are kept.
const MOST_MARKS: usize = 8;
/// Most cells of a row.
const MOST_CELLS: usize = 100;
/// Most comments.
const MOST_COMMENTS: usize = 1_000;
/// Longest name of a style that is kept, in characters.
const LONGEST_NAME: usize = 40;

/// Around a number that the file shows of a block: the sign, the bookmark's name, another sign, the number as the file shows it, the sign. Neither
/// can be in a file's text.
const NUMBER_OF: char = '\u{1}';
const SHOWN: char = '\u{2}';

/// Why a file cannot be read, as a sentence for the person who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    #[error(
        "ファイルが大きすぎます。5MBまでのWordファイルを送ってください。写真が入っているときは、写真を外してください。"
    )]
    TooLarge,
    #[error("中身が大きすぎて読み取れません。1つの文書だけを入れたWordファイルを送ってください。")]
    TooMuch,
    #[error(
        "パスワードで保護されたファイルは読み取れません。Wordでパスワードを外して保存し、もう一度送ってください。"
    )]
    Protected,
    #[error(
        "古い形式（.doc など）のファイルは読み取れません。Wordの「名前を付けて保存」で「Word文書（.docx）」を選んで保存し、もう一度送ってください。"
    )]
    Old,
    #[error(
        "マクロが入ったファイルは受け取れません。Wordの「名前を付けて保存」で「Word文書（.docx）」を選んで保存し、もう一度送ってください。"
    )]
    Macros,
    #[error(
        "外部の雛形や部品を読み込むファイルは受け取れません。文章を新しいWord文書に貼り付けて保存し、もう一度送ってください。"
    )]
    Outside,
    #[error(
        "Wordファイル（.docx）ではありません。Wordの「名前を付けて保存」で「Word文書（.docx）」を選んで保存し、もう一度送ってください。"
    )]
    NotWord,
    #[error("ファイルが壊れていて読み取れません。Wordで開いて保存し直し、もう一度送ってください。")]
    Broken,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    paragraphs: Vec<Found>,
    pub comments: Vec<Comment>,
    /// What the reader should know before comparing, one Japanese sentence each.
    pub notes: Vec<String>,
}

/// A remark at the edge of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub author: String,
    pub text: String,
    /// The paragraph it stands at, counted as [`Returned::paragraphs`] gives them; none when its place was lost.
    pub at: Option<usize>,
}

/// A paragraph or row with the names of the bookmarks that hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Found {
    style: String,
    text: String,
    cells: Vec<String>,
    marks: Vec<String>,
}

impl Returned {
    /// The paragraphs and rows in the file's order; bookmarks are read as those this writer gives the draft's blocks.
    pub fn paragraphs(&self, draft: &Document) -> Vec<Paragraph> {
        let place = Place::of(draft);
        let names = place.names();
        let paragraph = |found: &Found| Paragraph {
            style: found.style.clone(),
            number: String::new(),
            text: counted(&found.text, &place, &names),
            cells: found
                .cells
                .iter()
                .map(|cell| counted(cell, &place, &names))
                .collect(),
            blocks: found
                .marks
                .iter()
                .filter_map(|mark| names.get(mark.as_str()))
                .map(|id| (*id).to_owned())
                .collect(),
        };
        self.paragraphs.iter().map(paragraph).collect()
    }
}

/// The text with the draft's numbers where the file shows numbers of the draft's blocks.
fn counted(text: &str, place: &Place<'_>, names: &BTreeMap<&str, &str>) -> String {
    let mut parts = text.split(NUMBER_OF);
    let mut found = parts.next().unwrap_or_default().to_owned();
    while let Some(field) = parts.next() {
        let (name, shown) = field.split_once(SHOWN).unwrap_or(("", field));
        let target = names.get(name).and_then(|id| place.target(id));
        let number = target.and_then(|target| target.counted.as_deref());
        found.push_str(number.unwrap_or(shown));
        found.push_str(parts.next().unwrap_or_default());
    }
    found
}

/// Reads a Word file.
///
/// # Errors
/// A sentence for whoever sent it, when it is no Word file of today or harms by what it holds.
pub fn read(file: &[u8]) -> Result<Returned, ReadError> {
    let mut archive = Archive::open(file)?;
    let document = archive.document()?;
    let styles = match archive.beside("styles.xml")? {
        Some(text) => styles::Styles::read(&text)?,
        None => styles::Styles::default(),
    };
    let mut body = body::read(&document, &styles)?;
    for (part, element, kind) in [
        ("footnotes.xml", "footnote", "脚注"),
        ("endnotes.xml", "endnote", "文末脚注"),
    ] {
        if let Some(text) = archive.beside(part)? {
            notes::join(&mut body, &notes::read(&text, element)?, element, kind);
        }
    }
    let comments = match archive.beside("comments.xml")? {
        Some(text) => notes::comments(&notes::read(&text, "comment")?, &body),
        None => Vec::new(),
    };
    let mut said = body.remarks();
    if !comments.is_empty() {
        said.push("Wordのコメントがあります。コメントは下に並べます。".to_owned());
    }
    Ok(Returned {
        paragraphs: body.into_paragraphs(),
        comments,
        notes: said,
    })
}
