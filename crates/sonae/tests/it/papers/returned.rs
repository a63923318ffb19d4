//! A paper goes out as Word, comes back changed, and is taken in change by change.

use std::io::{Cursor, Read, Write};

use sonae::office::papers::answers::{Save, save};
use sonae::office::papers::draft;
use sonae::office::papers::returned::{Compared, compare, keep};
use sonae::office::papers::taken::{Taken, Ticked, take_in};
use sonae_core::flow::{Actor, Refusal};
use sonae_core::paper::document::Document;
use sonae_core::paper::own_text::Take;
use sonae_core::paper::plain;
use sonae_papers::docx::word;
use sonae_store::paper_own_text::{self, MOST_CHANGES, OwnText};
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

    /// The draft with words replaced is sent; gives the file's id.
    async fn sent_back(&self, edits: &[(&str, &str)]) -> String {
        let file = edited(&self.draft(), edits);
        let request = self.by(Actor::Company, POLICY);
        let kept = keep(&self.office.app, request, "方針.docx".to_owned(), file).await;
        kept.expect("the database answers").expect("readable")
    }

    /// Somebody ticks all that was compared.
    async fn ticked(&self, compared: &Compared) -> Result<Taken, Refusal> {
        let keys = compared.proposals.iter().map(|one| one.key.clone());
        let ticked = Ticked {
            file: compared.attachment.id.clone(),
            keys: keys.collect(),
            seen: compared.sequence(),
        };
        let request = self.by(Actor::Company, POLICY);
        let taken = take_in(&self.office.app, request, ticked).await;
        taken.expect("the database answers")
    }

    /// The saves of answers, and the own words of the policy.
    fn written(&self) -> (i64, usize) {
        let id = self.stored().application_id;
        let db = &self.office.app.db;
        let own = db.read(|tx| paper_own_text::of_paper(tx, &id, POLICY));
        (self.answers().sequence, own.expect("readable").len())
    }
}

/// A file of Word with words of its text replaced.
pub(crate) fn edited(document: &Document, edits: &[(&str, &str)]) -> Vec<u8> {
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
    let kept = desk
        .sent_back(&[
            ("年に1回", "年に2回"),
            ("事故やその疑い", "事故、ヒヤリとしたこと"),
        ])
        .await;
    let compared = desk.compared(&kept).await;
    assert_eq!(compared.attachment.name, "方針.docx");
    assert_eq!(compared.proposals.len(), 2, "{:#?}", compared.proposals);
    assert!(
        compared
            .proposals
            .iter()
            .all(|one| matches!(one.take, Take::Own(_)))
    );

    let mut first = compared.clone();
    first.proposals.truncate(1);
    let taken = desk.ticked(&first).await.expect("taken in");
    assert_eq!((taken.words, taken.answers), (1, 0));
    let text = plain::text(&desk.draft());
    let (is_in, is_out) = (
        compared.proposals[0].after.as_str(),
        compared.proposals[1].after.as_str(),
    );
    assert!(text.contains(is_in) && !text.contains(is_out), "{text}");
    assert_eq!(desk.compared(&kept).await.proposals.len(), 1);
    assert!(desk.log().contains("paper.words_taken_in"));

    // What was ticked before the draft changed is not taken for something else.
    let refusal = desk.ticked(&first).await.expect_err("refused");
    assert_eq!(refusal.code, "draft_changed");
    first.proposals.clear();
    let refusal = desk.ticked(&first).await.expect_err("refused");
    assert_eq!(refusal.code, "nothing_ticked");
}

const BLANK: &str =
    ">\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}<";

/// The second blank of ten, which the signatures have, is filled: an answer. Another sentence is own words.
const BOTH: [(&str, &str); 4] = [
    (BLANK, ">@<"),
    (BLANK, ">備前 守<"),
    (">@<", BLANK),
    ("事故やその疑い", "事故、ヒヤリとしたこと"),
];

#[tokio::test]
async fn words_and_answers_are_taken_in_together() {
    let desk = Desk::new().await;
    let compared = desk.compared(&desk.sent_back(&BOTH).await).await;
    let two = Taken {
        words: 1,
        answers: 1,
    };
    // Two people who tick the same at once: one of them is told.
    let (one, other) = tokio::join!(desk.ticked(&compared), desk.ticked(&compared));
    let (done, refused) = match one {
        Ok(done) => (Ok(done), other),
        Err(_) => (other, one),
    };
    assert_eq!(done, Ok(two), "{:#?}", compared.proposals);
    assert_eq!(
        refused.map_err(|refusal| refusal.code),
        Err("draft_changed")
    );
    assert_eq!(desk.written(), (1, 1));
    let text = plain::text(&desk.draft());
    assert!(
        text.contains("備前 守") && text.contains("ヒヤリ"),
        "{text}"
    );
}

#[tokio::test]
async fn what_somebody_else_answered_meanwhile_refuses_all_and_is_named() {
    let desk = Desk::new().await;
    let compared = desk.compared(&desk.sent_back(&BOTH).await).await;
    let signs = serde_json::json!({
        "representative_title": "取締役",
        "representative_name": "別の人",
    });
    let (asked, answers) = desk.typed(&signs);
    let saved = Save {
        receipt_number: desk.number.clone(),
        seen: 0,
        asked,
        answers,
        actor: desk.experts(),
    };
    let saved = save(&desk.office.app, saved).await;
    saved.expect("the database answers").expect("allowed");
    let before = desk.written();
    let refusal = desk.ticked(&compared).await.expect_err("refused");
    assert_eq!(refusal.code, "draft_changed");
    let label = &sonae::papers::library()
        .question("representative_name")
        .expect("asked")
        .label;
    assert!(refusal.sentence.contains(label), "{}", refusal.sentence);
    assert_eq!(desk.written(), before);
}

#[tokio::test]
async fn where_words_have_no_room_answers_are_not_taken_in_either() {
    let desk = Desk::new().await;
    let compared = desk.compared(&desk.sent_back(&BOTH).await).await;
    let (app, stored) = (&desk.office.app, desk.stored());
    let filled = app.db.write(|tx| {
        for n in 0..MOST_CHANGES {
            let own = OwnText {
                id: format!("o{n}"),
                block: None,
                change: serde_json::json!({}),
                author: "company".to_owned(),
                at: app.clock.now(),
            };
            paper_own_text::add(tx, &stored.application_id, POLICY, &own)?;
            paper_own_text::remove(
                tx,
                (&stored.application_id, POLICY),
                &own.id,
                "company",
                own.at,
            )?;
        }
        Ok::<(), sonae_store::StoreError>(())
    });
    filled.expect("filled");
    let refusal = desk.ticked(&compared).await.expect_err("refused");
    assert_eq!(refusal.code, "too_many_changes");
    assert_eq!(desk.written(), (0, 0));
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
