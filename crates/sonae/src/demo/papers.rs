//! Papers of the demonstration: companies that take part have them in every state, made by the commands of the pages.

use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Refusal};
use sonae_core::paper::answers::Answers;
use sonae_core::paper::desk;
use sonae_store::StoreError;
use sonae_store::case::Stored;

use super::crowd::defect;
use super::fate::{Company, People};
use super::paper_answers;
use crate::app::App;
use crate::error::CommandError;
use crate::office::papers::answers::{self, Save};
use crate::office::papers::{Request, comments, kinds, review};
use crate::papers::library;

/// So many companies have papers. Each version that is sent is made into a PDF, and nobody waits long for a demonstration.
const COMPANIES: usize = 10;
/// The papers that are sent first, whichever of them a company has.
const FIRST: [&str; 4] = ["basic-policy", "csirt-flow", "csirt-regulation", "it-bcp"];

/// How far a company's papers are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Standing {
    HalfAnswered,
    InReview,
    Accepted,
    Returned,
    Revised,
}

const STANDINGS: [Standing; 5] = [
    Standing::Accepted,
    Standing::InReview,
    Standing::Returned,
    Standing::HalfAnswered,
    Standing::Revised,
];

/// Begins, sends, accepts and returns papers.
///
/// # Errors
/// The database cannot be written, or something is refused, which is a defect of the demo.
pub(super) fn bring_in(
    app: &App,
    people: &People,
    companies: &[Company],
) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| defect(error.to_string()))?;
    let has_papers = |company: &&Company| !desk::kinds(library(), &company.stored.case).is_empty();
    let confirmed = companies.iter().filter(has_papers);
    let with_answers = confirmed.filter_map(|company| {
        let answers = paper_answers::answers(company.number, &company.stored.answers)?;
        Some((company, answers))
    });
    for ((company, answers), standing) in with_answers.take(COMPANIES).zip(STANDINGS.iter().cycle())
    {
        let desk = Desk {
            app,
            stored: &company.stored,
            expert: expert(&company.stored, people),
        };
        runtime.block_on(desk.play(&answers, *standing))?;
    }
    Ok(())
}

fn expert(stored: &Stored, people: &People) -> Actor {
    let role = StaffRole::Expert;
    match &stored.case.expert {
        Some(id) => Actor::Staff {
            id: id.clone(),
            role,
        },
        None => people.of(role, 0),
    }
}

/// The papers of one company.
struct Desk<'a> {
    app: &'a App,
    stored: &'a Stored,
    expert: Actor,
}

impl Desk<'_> {
    async fn play(&self, answers: &Answers, standing: Standing) -> Result<(), CommandError> {
        let half = standing == Standing::HalfAnswered;
        let saved = if half {
            paper_answers::half(answers)
        } else {
            answers.clone()
        };
        self.save(saved).await?;
        let stored = self.stored.clone();
        let kinds = self.app.read(move |tx| kinds(tx, &stored)).await?;
        let first = FIRST
            .iter()
            .filter(|id| kinds.iter().any(|kind| kind.id == **id));
        let mut first = first.copied();
        let Some(kind) = first.next().filter(|_| !half) else {
            return Ok(());
        };
        let version = self
            .send(
                kind,
                "お打合せでお聞きしたことをもとに作りました。ご確認をお願いします。",
            )
            .await?;
        match standing {
            Standing::HalfAnswered | Standing::InReview => {}
            Standing::Accepted => {
                self.accept(kind, version).await?;
                if let Some(next) = first.next() {
                    self.send(
                        next,
                        "続きの文書です。電話番号が合っているか、とくにご覧ください。",
                    )
                    .await?;
                }
            }
            Standing::Returned => {
                let words = "窓口の人は、4月に交代します。新しい人の名前にしてください。";
                self.comment(kind, words).await?;
                let back = review::return_to_office(
                    self.app,
                    self.by_company(kind),
                    version,
                    words.to_owned(),
                );
                allowed(back.await)?;
            }
            Standing::Revised => {
                self.accept(kind, version).await?;
                allowed(review::start_revision(self.app, self.by_expert(kind)).await)?;
            }
        }
        Ok(())
    }

    async fn save(&self, given: Answers) -> Result<(), CommandError> {
        let save = Save {
            receipt_number: self.stored.receipt_number.clone(),
            seen: 0,
            asked: given.values.keys().cloned().collect(),
            answers: given,
            actor: self.expert.clone(),
        };
        allowed(answers::save(self.app, save).await).map(|_| ())
    }

    async fn send(&self, kind: &str, note: &str) -> Result<u32, CommandError> {
        let send = review::Send {
            request: self.by_expert(kind),
            note: note.to_owned(),
        };
        allowed(review::send_for_review(self.app, send).await).map(|sent| sent.version)
    }

    async fn accept(&self, kind: &str, version: u32) -> Result<(), CommandError> {
        allowed(review::accept(self.app, self.by_company(kind), version).await).map(|_| ())
    }

    async fn comment(&self, kind: &str, words: &str) -> Result<(), CommandError> {
        let written = comments::comment(self.app, self.by_company(kind), None, words.to_owned());
        allowed(written.await).map(|_| ())
    }

    fn by_company(&self, kind: &str) -> Request {
        self.request(kind, Actor::Company)
    }

    fn by_expert(&self, kind: &str) -> Request {
        self.request(kind, self.expert.clone())
    }

    fn request(&self, kind: &str, actor: Actor) -> Request {
        Request {
            receipt_number: self.stored.receipt_number.clone(),
            kind: kind.to_owned(),
            actor,
        }
    }
}

/// What was done; a refusal is a defect of the demo.
fn allowed<T>(outcome: Result<Result<T, Refusal>, StoreError>) -> Result<T, CommandError> {
    outcome?.map_err(|refusal| defect(format!("{refusal:?}")))
}
