//! Parts beside the text: footnotes, endnotes and comments.

use super::body::Body;
use super::events::{Reader, Token};
use super::{Comment, Found, MOST_COMMENTS, MOST_PARAGRAPHS, ReadError};

/// Longest note that is kept, in characters.
const LONGEST: usize = 5_000;
/// Longest name of an author, in characters.
const LONGEST_AUTHOR: usize = 100;

/// One note or comment.
pub(super) struct Note {
    id: String,
    author: String,
    text: String,
}

/// All elements of one name with their text. Separators between text and notes carry a type and are none.
pub(super) fn read(text: &str, element: &str) -> Result<Vec<Note>, ReadError> {
    let mut reader = Reader::word(text);
    let mut notes: Vec<Note> = Vec::new();
    let mut at: Option<Note> = None;
    let mut within = false;
    let mut deleted = 0_usize;
    while let Some(token) = reader.next()? {
        match token {
            Token::Open(open) if open.name == element => {
                let ordinary = open.value("type").is_none_or(|kind| kind == "normal");
                at = (ordinary && !open.empty && notes.len() < MOST_COMMENTS).then(|| Note {
                    id: open.value("id").unwrap_or_default(),
                    author: open
                        .value("author")
                        .unwrap_or_default()
                        .chars()
                        .take(LONGEST_AUTHOR)
                        .collect(),
                    text: String::new(),
                });
            }
            Token::Open(open) if !open.empty => match open.name.as_str() {
                "t" => within = true,
                "del" => deleted += 1,
                _ => {}
            },
            Token::Open(_) => {}
            Token::Text(text) => {
                if let Some(note) = at.as_mut().filter(|_| within && deleted == 0) {
                    let room = LONGEST.saturating_sub(note.text.chars().count());
                    note.text.extend(text.chars().take(room));
                }
            }
            Token::Close(name) if name == element => notes.extend(at.take()),
            Token::Close(name) => match name.as_str() {
                "t" => within = false,
                "del" => deleted = deleted.saturating_sub(1),
                // Paragraphs of a note are one text.
                "p" => {
                    if let Some(note) = at.as_mut() {
                        note.text.push(' ');
                    }
                }
                _ => {}
            },
        }
    }
    Ok(notes)
}

/// Puts notes behind the paragraphs that refer to them; comments and notes that follow move along.
pub(super) fn join(body: &mut Body, notes: &[Note], element: &str, name: &str) {
    let referred: Vec<(usize, String)> = body
        .notes
        .iter()
        .filter(|(_, kind, _)| kind == element)
        .map(|(at, _, id)| (*at, id.clone()))
        .collect();
    for (at, id) in referred.into_iter().rev().take(MOST_COMMENTS) {
        let Some(note) = notes.iter().find(|note| note.id == id) else {
            continue;
        };
        let text = note.text.trim();
        if text.is_empty() || body.paragraphs.len() >= MOST_PARAGRAPHS {
            continue;
        }
        let found = Found {
            style: "FootnoteText".to_owned(),
            text: format!("（{name}）{text}"),
            ..Found::default()
        };
        body.paragraphs.insert(at + 1, found);
        for place in body.comments.values_mut().filter(|place| **place > at) {
            *place += 1;
        }
        for (place, _, _) in body.notes.iter_mut().filter(|(place, _, _)| *place > at) {
            *place += 1;
        }
    }
}

/// Comments in the order of the text; those whose place was lost come last.
pub(super) fn comments(notes: &[Note], body: &Body) -> Vec<Comment> {
    let comment = |note: &Note| Comment {
        author: note.author.clone(),
        text: note.text.trim().to_owned(),
        at: body.comments.get(&note.id).copied(),
    };
    let mut comments: Vec<Comment> = notes
        .iter()
        .map(comment)
        .filter(|comment| !comment.text.is_empty())
        .collect();
    comments.sort_by_key(|comment| comment.at.unwrap_or(usize::MAX));
    comments
}
