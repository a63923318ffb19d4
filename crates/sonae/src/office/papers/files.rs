//! What comes from outside into a paper: words that were changed in Word, and files that are kept beside it.

use jiff::Timestamp;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_core::flow::{Actor, Refusal};
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::paper_attachment::{self, Added, Attachment, LARGEST_FILE, MOST_FILES};
use sonae_store::paper_own_text::{self, OwnText};

use super::logged::{PaperData, log};
use super::{Opened, Outcome, Request, kept};
use crate::app::App;
use crate::chance;

/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 200;
/// Largest change of words, in bytes of JSON.
const LARGEST_CHANGE: usize = 64 * 1024;

/// The kinds of file that are kept, by the end of their names.
const MEDIA_TYPES: [(&str, &str); 8] = [
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("txt", "text/plain; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
];

/// Takes changes of a paper's words in; all of them or none. Gives their ids.
///
/// # Errors
/// The database could not be written.
pub async fn take_in_own_texts(
    app: &App,
    request: Request,
    changes: Vec<(Option<String>, Json)>,
) -> Outcome<Vec<String>> {
    let inner = app.clone();
    app.write(move |tx| {
        let opened = match request.open(tx)? {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let at = kept(inner.clock.now());
        if let Err(refusal) = room_for(tx, &opened, &changes)? {
            return Ok(Err(refusal));
        }
        add_words(tx, &opened, &changes, (&request.actor, at)).map(Ok)
    })
    .await
}

/// Whether changes of words can be taken in; nothing is written.
///
/// # Errors
/// The database could not be read.
pub(super) fn room_for(
    tx: &mut Tx,
    opened: &Opened,
    changes: &[(Option<String>, Json)],
) -> Outcome<()> {
    let too_large = |change: &Json| change.to_string().len() > LARGEST_CHANGE;
    if changes.iter().any(|(_, change)| too_large(change)) {
        return Ok(Err(Refusal::new(
            "change_too_large",
            "1か所の変更が大きすぎて取り込めません。Wordのファイルを、添付として残してください。",
        )));
    }
    let room = paper_own_text::room(tx, &opened.stored.application_id, &opened.kind.id)?;
    if changes.len() > room {
        return Ok(Err(too_many_changes()));
    }
    Ok(Ok(()))
}

/// Writes changes of words for which there is [`room_for`].
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub(super) fn add_words(
    tx: &mut Tx,
    opened: &Opened,
    changes: &[(Option<String>, Json)],
    (actor, at): (&Actor, Timestamp),
) -> Result<Vec<String>, StoreError> {
    let id = &opened.stored.application_id;
    let mut ids = Vec::new();
    for (block, change) in changes {
        let own = OwnText {
            id: chance::id(at),
            block: block.clone(),
            change: change.clone(),
            author: actor.name(),
            at,
        };
        if !paper_own_text::add(tx, id, &opened.kind.id, &own)? {
            return Err(StoreError::Damaged(
                "more changes of words than a paper may have".into(),
            ));
        }
        let data = PaperData {
            kind: Some(&opened.kind.id),
            about: Some(&own.id),
            ..PaperData::default()
        };
        log(
            tx,
            &opened.stored,
            ("paper.words_taken_in", actor, at),
            data,
        )?;
        ids.push(own.id);
    }
    Ok(ids)
}

fn too_many_changes() -> Refusal {
    Refusal::new(
        "too_many_changes",
        "1つの文書に取り込める変更の数の上限に達しました。Wordのファイルを、添付として残してください。",
    )
}

/// Takes a change of words out again. Doing it twice is no mistake.
///
/// # Errors
/// The database could not be written.
pub async fn take_out_own_text(app: &App, request: Request, change: String) -> Outcome<()> {
    let inner = app.clone();
    app.write(move |tx| {
        let at = kept(inner.clock.now());
        let opened = match request.open(tx)? {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let paper = (
            opened.stored.application_id.as_str(),
            opened.kind.id.as_str(),
        );
        if paper_own_text::remove(tx, paper, &change, &request.actor.name(), at)? {
            let data = PaperData {
                kind: Some(&opened.kind.id),
                about: Some(&change),
                ..PaperData::default()
            };
            let what = ("paper.words_taken_out", &request.actor, at);
            log(tx, &opened.stored, what, data)?;
        }
        Ok(Ok(()))
    })
    .await
}

/// Keeps a file beside a paper, as it came; gives its id. The same content again is the file that is kept already.
///
/// # Errors
/// The database could not be written.
pub async fn attach(
    app: &App,
    request: Request,
    name: String,
    content: Vec<u8>,
) -> Outcome<String> {
    let media_type = match accepted(&name, &content) {
        Ok(media_type) => media_type,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let sha256 = hex(&Sha256::digest(&content));
    let inner = app.clone();
    app.write(move |tx| {
        let at = kept(inner.clock.now());
        let opened = match request.open(tx)? {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let attachment = Attachment {
            id: chance::id(at),
            name: name.clone(),
            media_type: media_type.to_owned(),
            sha256: sha256.clone(),
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            author: request.actor.name(),
            at,
        };
        let paper = (
            opened.stored.application_id.as_str(),
            opened.kind.id.as_str(),
        );
        match paper_attachment::add(tx, paper, &attachment, &content)? {
            Added::Known(id) => return Ok(Ok(id)),
            Added::TooMany => {
                return Ok(Err(Refusal::new(
                    "too_many_files",
                    format!("1つの文書に添付できるファイルは{MOST_FILES}個までです。"),
                )));
            }
            Added::Kept => {}
        }
        let data = PaperData {
            kind: Some(&opened.kind.id),
            about: Some(&attachment.id),
            file_sha256: Some(&attachment.sha256),
            ..PaperData::default()
        };
        log(
            tx,
            &opened.stored,
            ("paper.attached", &request.actor, at),
            data,
        )?;
        Ok(Ok(attachment.id))
    })
    .await
}

/// The media type of a file that may be kept.
fn accepted(name: &str, content: &[u8]) -> Result<&'static str, Refusal> {
    if content.is_empty() {
        return Err(Refusal::new(
            "no_file",
            "ファイルを選んでください。中身のないファイルは添付できません。",
        ));
    }
    if content.len() > LARGEST_FILE {
        return Err(Refusal::new(
            "file_too_large",
            format!(
                "ファイルが大きすぎます。{}MBまでのファイルを選んでください。",
                LARGEST_FILE / 1024 / 1024
            ),
        ));
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = ending.to_ascii_lowercase();
    let known = MEDIA_TYPES.iter().find(|(known, _)| *known == ending);
    let printable = !name.chars().any(char::is_control) && name.chars().count() <= LONGEST_NAME;
    match known.filter(|_| printable) {
        Some((_, media_type)) => Ok(media_type),
        None => Err(Refusal::new(
            "file_kind",
            "添付できるのは、Word(docx)、Excel(xlsx)、PDF、画像(png、jpg)、文字(txt、csv)のファイルです。",
        )),
    }
}
