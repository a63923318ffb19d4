//! What was ticked of a file that came back from Word is taken in: words as own words, cells and blanks as answers, all of it or nothing.

use serde_json::Value as Json;
use sonae_core::flow::Refusal;
use sonae_core::paper::own_text::{AnswerChange, Edit, Take};
use sonae_store::StoreError;

use super::answers::{self, CaseAnswers, Save};
use super::returned::{Compared, compare};
use super::{Outcome, Request, draft, files, kept};
use crate::app::App;
use crate::papers::library;

/// How often a file is compared anew because somebody changed the draft between comparing and taking in.
const MOST_TRIES: u32 = 3;
/// Most questions that a refusal names.
const MOST_NAMED: usize = 3;

/// What somebody ticked on the page that compares a file with the draft.
#[derive(Clone, Debug)]
pub struct Ticked {
    /// The file's id.
    pub file: String,
    /// The keys of proposals.
    pub keys: Vec<String>,
    /// [`Compared::sequence`] when the page was shown.
    pub seen: i64,
}

/// What was taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Changes of words, and of answers.
    pub words: usize,
    pub answers: usize,
}

/// The chosen changes, ready to be written.
struct Chosen {
    words: Vec<(Option<String>, Json)>,
    answers: Option<Save>,
    taken: Taken,
}

/// Takes in what was ticked, in one transaction; a refusal has changed nothing and says what somebody else changed meanwhile.
///
/// The file is compared before the transaction, which takes its time, and the transaction begins with whether the draft is still the one compared.
///
/// # Errors
/// The database could not be written.
pub async fn take_in(app: &App, request: Request, ticked: Ticked) -> Outcome<Taken> {
    for _ in 0..MOST_TRIES {
        let compared = match compare(app, &request, &ticked.file).await? {
            Ok(compared) => compared,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let chosen = match chosen(&request, &compared, &ticked) {
            Ok(chosen) => chosen,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(done) = write(app, &request, compared, chosen).await? {
            return Ok(done);
        }
    }
    Ok(Err(changed(None)))
}

fn chosen(request: &Request, compared: &Compared, ticked: &Ticked) -> Result<Chosen, Refusal> {
    let stale = || changed(Some((&compared.draft.answers, ticked.seen)));
    let mut own: Vec<Edit> = Vec::new();
    let mut changes: Vec<AnswerChange> = Vec::new();
    for key in &ticked.keys {
        let known = compared.proposals.iter().any(|one| one.key == *key);
        if !known {
            return Err(stale());
        }
    }
    // In the order of the paper, in which they belong together.
    let is_ticked = |key: &String| ticked.keys.contains(key);
    for proposal in compared.proposals.iter().filter(|one| is_ticked(&one.key)) {
        match &proposal.take {
            Take::Own(edits) => own.extend(edits.iter().cloned()),
            Take::Answers(answers) => changes.extend(answers.iter().cloned()),
            Take::Not(why) => return Err(Refusal::new("not_taken_in", why.clone())),
        }
    }
    if own.is_empty() && changes.is_empty() {
        return Err(Refusal::new(
            "nothing_ticked",
            "取り込む変更を、1つ以上選んでください。",
        ));
    }
    let taken = Taken {
        words: own.len(),
        answers: changes.len(),
    };
    let words = own
        .into_iter()
        .filter_map(|edit| Some((edit.block, serde_json::to_value(edit.change).ok()?)))
        .collect();
    let answers = match changes.is_empty() {
        true => None,
        false => Some(save(request, compared, &changes).ok_or_else(stale)?),
    };
    Ok(Chosen {
        words,
        answers,
        taken,
    })
}

fn save(request: &Request, compared: &Compared, changes: &[AnswerChange]) -> Option<Save> {
    let before = compared.draft.answers.shown.clone();
    let answers = changes.iter().try_fold(before, |answers, change| {
        change.applied(library(), &answers)
    })?;
    let asked = changes.iter().map(|change| change.question.clone());
    Some(Save {
        receipt_number: request.receipt_number.clone(),
        seen: compared.sequence(),
        asked: asked.collect(),
        answers,
        actor: request.actor.clone(),
    })
}

/// None when the draft is no longer the one that was compared.
async fn write(
    app: &App,
    request: &Request,
    compared: Compared,
    chosen: Chosen,
) -> Result<Option<Result<Taken, Refusal>>, StoreError> {
    let (inner, request) = (app.clone(), request.clone());
    app.write(move |tx| {
        let at = kept(inner.clock.now());
        let opened = match request.open(tx)? {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Some(Err(refusal))),
        };
        let now = draft::of_paper(tx, &opened.stored, opened.kind, at)?;
        if now.basis(&opened.stored) != compared.basis {
            return Ok(None);
        }
        // Whatever refuses comes before whatever writes.
        if let Err(refusal) = files::room_for(tx, &opened, &chosen.words)? {
            return Ok(Some(Err(refusal)));
        }
        if let Some(save) = &chosen.answers {
            match answers::save_in(tx, save, at)? {
                Ok(saved) if saved.conflicts.is_empty() => {}
                Ok(_) => {
                    let why = "answers that nobody changed are in conflict";
                    return Err(StoreError::Damaged(why.into()));
                }
                Err(refusal) => return Ok(Some(Err(refusal))),
            }
        }
        files::add_words(tx, &opened, &chosen.words, (&request.actor, at))?;
        Ok(Some(Ok(chosen.taken)))
    })
    .await
}

/// The draft is another one than the person saw, who is told what is different if it is an answer.
fn changed(since: Option<(&CaseAnswers, i64)>) -> Refusal {
    let names: Vec<&str> = since
        .into_iter()
        .flat_map(|(answers, seen)| {
            let newer = answers.changed.iter();
            newer.filter(move |(_, changed)| changed.sequence > seen)
        })
        .filter_map(|(question, _)| library().question(question))
        .map(|question| question.label.as_str())
        .collect();
    let mut said = names
        .iter()
        .take(MOST_NAMED)
        .map(|name| format!("「{name}」"))
        .collect::<String>();
    if names.len() > MOST_NAMED {
        said.push_str("など");
    }
    let what = match said.as_str() {
        "" => "文書の下書きが変わりました".to_owned(),
        said => format!("{said}の答えが変わりました"),
    };
    Refusal::new(
        "draft_changed",
        format!(
            "比べた後で、{what}。まだ何も取り込んでいません。いまの下書きと比べ直しましたので、もう一度選んでください。"
        ),
    )
}
