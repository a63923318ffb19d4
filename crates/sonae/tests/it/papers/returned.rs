//! A paper goes out as Word, comes back changed, and is taken in change by change.

use std::io::{Cursor, Read, Write};

use sonae::office::papers::draft;
use sonae::office::papers::returned::{Compared, Taken, compare, keep, take_in};
use sonae_core::flow::Actor;
use sonae_core::paper::document::Document;
use sonae_core::paper::own_text::Take;
use sonae_core::paper::plain;
use sonae_papers::docx::word;
use zip::write::SimpleFileOptions;

use super::Desk;

const POLICY: &str = "basic-policy";

impl Desk {
    fn draft(&self) -> Document {
        let app = &self.office.app;
        let stored = self.stored();
        let kind = sonae::papers::library().kind(POLICY).expect("a kind");
        let now = app.clock.now();
        let draft = (app.db).read(|tx| draft::of_paper(tx, &stored, kind, now));
        draft.expect("readable").document
    }

    async fn compared(&self, file: &str) -> Compared {
        let request = self.by(Actor::Company, POLICY);
        let compared = compare(&self.office.app, &request, file).await;
        compared.expect("the database answers").expect("comparable")
    }
}

/// A file of Word with words of its text replaced.
fn edited(document: &Document, edits: &[(&str, &str)]) -> Vec<u8> {
    let file = word(document).expect("written");
    let mut from = zip::ZipArchive::new(Cursor::new(file)).expect("an archive");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        if name == "word/document.xml" {
            for (old, new) in edits {
                assert!(text.contains(old), "{old}");
                text = text.replacen(old, new, 1);
            }
        }
        let options = SimpleFileOptions::default();
        to.start_file(name, options).expect("begun");
        to.write_all(text.as_bytes()).expect("written");
    }
    to.finish().expect("closed").into_inner()
}

#[tokio::test]
async fn what_came_back_from_word_is_taken_in_one_by_one() {
    let desk = Desk::new().await;
    let app = &desk.office.app;
    let file = edited(
        &desk.draft(),
        &[
            ("年に1回", "年に2回"),
            ("事故やその疑い", "事故、ヒヤリとしたこと"),
        ],
    );
    let request = desk.by(Actor::Company, POLICY);
    let kept = keep(app, request.clone(), "方針.docx".to_owned(), file).await;
    let kept = kept.expect("the database answers").expect("readable");
    let compared = desk.compared(&kept).await;
    assert_eq!(compared.attachment.name, "方針.docx");
    assert_eq!(compared.proposals.len(), 2, "{:#?}", compared.proposals);
    assert!(
        compared
            .proposals
            .iter()
            .all(|one| matches!(one.take, Take::Own(_)))
    );

    let first = vec![compared.proposals[0].key.clone()];
    let taken = take_in(app, request.clone(), &kept, &first).await;
    let taken = taken.expect("the database answers").expect("taken in");
    assert_eq!(
        taken,
        Taken {
            words: 1,
            answers: 0
        }
    );
    let text = plain::text(&desk.draft());
    let (is_in, is_out) = (
        compared.proposals[0].after.as_str(),
        compared.proposals[1].after.as_str(),
    );
    assert!(text.contains(is_in) && !text.contains(is_out), "{text}");
    assert_eq!(desk.compared(&kept).await.proposals.len(), 1);
    assert!(desk.log().contains("paper.words_taken_in"));

    // What was ticked before the draft changed is not taken for something else.
    let again = take_in(app, request.clone(), &kept, &first).await;
    let refusal = again.expect("the database answers").expect_err("refused");
    assert_eq!(refusal.code, "draft_changed");
}

#[tokio::test]
async fn what_is_no_word_file_is_told_and_not_kept() {
    let desk = Desk::new().await;
    let request = desk.by(Actor::Company, POLICY);
    let kept = keep(
        &desk.office.app,
        request,
        "方針.docx".to_owned(),
        b"%PDF-1.7".to_vec(),
    )
    .await;
    let refusal = kept.expect("the database answers").expect_err("refused");
    assert!(
        refusal.sentence.contains("名前を付けて保存"),
        "{}",
        refusal.sentence
    );
}
