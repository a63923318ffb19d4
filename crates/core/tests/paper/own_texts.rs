//! A company's own words: whatever is taken in and answered later, the paper composes and no reference is left without its target.

use proptest::prelude::*;
use sonae_core::paper::answers::Answers;
use sonae_core::paper::compose_own;
use sonae_core::paper::document::Document;
use sonae_core::paper::own_text::{Draft, Edit, Take, proposals};
use sonae_core::paper::plain::text;

use super::differences::paragraphs;
use super::hostile::{Change, apply, change, one_kind_with};
use super::{LIBRARY, meta};

/// What happens to the paragraphs of a file: place, what, words.
type Touch = (usize, u8, String);

/// Everything that can be taken in after some edits of the draft's paragraphs.
fn taken(kind: &str, answers: &Answers, before: &[Edit], touches: &[Touch]) -> Vec<Edit> {
    let meta = meta();
    let kind = LIBRARY.kind(kind).expect("in the library");
    let document = compose_own(&LIBRARY, kind, answers, before, &meta).document;
    let mut came = paragraphs(&document);
    for (at, what, words) in touches {
        let at = at % came.len();
        match what {
            0 => drop(came.remove(at)),
            1 => {
                let mut new = came[at].clone();
                new.text.clone_from(words);
                new.style =
                    ["Article", "Heading1", "ListItem", "BodyText"][words.len() % 4].to_owned();
                came.insert(at, new);
            }
            2 => came[at].text.push_str(words),
            _ => {
                let moved = came.remove(at);
                came.insert(at / 2, moved);
            }
        }
        if came.is_empty() {
            break;
        }
    }
    let draft = Draft {
        library: &LIBRARY,
        kind,
        answers,
        edits: before,
        meta: &meta,
    };
    let mut edits = before.to_vec();
    for proposal in proposals(draft, &came) {
        if let Take::Own(own) = proposal.take {
            edits.extend(own);
        }
    }
    edits
}

const KINDS: [&str; 4] = [
    "basic-policy",
    "csirt-regulation",
    "security-regulations",
    "csirt-flow",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn own_words_outlive_any_answers(
        kind in 0..KINDS.len(),
        first in prop::collection::vec((0..1000_usize, 0..4_u8, "\\PC{0,20}|\\{\\{company_name\\}\\}|\\[\\[purpose\\]\\]"), 0..12),
        second in prop::collection::vec((0..1000_usize, 0..4_u8, "\\PC{0,20}"), 0..6),
        changes in prop::collection::vec(change(), 0..20),
    ) {
        let mut answers = LIBRARY.samples()[1].answers.clone();
        let edits = taken(KINDS[kind], &answers, &[], &first);
        let edits = taken(KINDS[kind], &answers, &edits, &second);
        let json = serde_json::to_string(&edits).expect("written");
        let edits: Vec<Edit> = serde_json::from_str(&json).expect("read");
        changes.iter().for_each(|change: &Change| apply(&mut answers, change));
        one_kind_with(&answers, KINDS[kind], &edits);
    }
}

/// Every row of every table taken away under own words that mention all there is.
#[test]
fn removing_any_row_leaves_no_reference_in_own_words() {
    let answers = &LIBRARY.samples()[1].answers;
    for kind in [KINDS[1], KINDS[3]] {
        let touches: Vec<Touch> = (0..40)
            .map(|at| (at * 7, 2, "（当社の定め）".to_owned()))
            .collect();
        let edits = taken(kind, answers, &[], &touches);
        assert!(!edits.is_empty(), "{kind}");
        for question in LIBRARY.questions() {
            for row in answers.rows(&question.id) {
                let mut fewer = answers.clone();
                fewer.remove_row(&question.id, &row.id);
                one_kind_with(&fewer, kind, &edits);
            }
        }
    }
}

/// Own words are printed as they were typed, whatever they look like.
#[test]
fn own_words_are_no_markup() {
    let answers = &LIBRARY.samples()[1].answers;
    let words = "{{company_name}} [[purpose]] **太字** \u{202e}";
    let touches: Vec<Touch> = (0..10).map(|at| (at, 2, words.to_owned())).collect();
    let edits = taken("basic-policy", answers, &[], &touches);
    let kind = LIBRARY.kind("basic-policy").expect("in the library");
    let document: Document = compose_own(&LIBRARY, kind, answers, &edits, &meta()).document;
    assert!(text(&document).contains("{{company_name}} [[purpose]] **太字**"));
}
