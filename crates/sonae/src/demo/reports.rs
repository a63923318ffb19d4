//! Monthly reports of the demonstration: January's are with the companies, February's stand in every state, made by the commands of the pages.

use jiff::{SignedDuration, Timestamp};
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Refusal};
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::case;

use super::crowd::defect;
use super::detections::{FIRST_EDR, FIRST_UTM};
use super::fate::People;
use crate::app::App;
use crate::error::CommandError;
use crate::office::reports::{Request, decide, make, open, send};

/// How far a report of February is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Standing {
    Made,
    Returned,
    Checked,
    Approved,
    Sent,
    Read,
}

/// Of the companies with a UTM, and with an EDR; those that are left are due, and the job makes them before long.
const UTM: [Standing; 7] = [
    Standing::Read,
    Standing::Sent,
    Standing::Sent,
    Standing::Approved,
    Standing::Checked,
    Standing::Returned,
    Standing::Made,
];
const EDR: [Standing; 3] = [Standing::Read, Standing::Checked, Standing::Made];

/// What a technician adds now and then.
const WORD: &str = "この月は、機器の設置と調整をしました。ご協力ありがとうございました。";

/// Makes, checks, approves and sends reports.
///
/// # Errors
/// A database cannot be written, or something is refused, which is a defect of the demo.
pub(super) fn bring_in(
    app: &App,
    people: &People,
    (utm, edr): &(Vec<String>, Vec<String>),
    until: Timestamp,
) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| defect(error.to_string()))?;
    let desk = Desk { app, people };
    let january = utm.iter().take(FIRST_UTM).chain(edr.iter().take(FIRST_EDR));
    let january: Vec<(String, Standing)> =
        january.map(|one| (one.clone(), Standing::Read)).collect();
    let pairs = utm.iter().zip(UTM).chain(edr.iter().zip(EDR));
    let february: Vec<(String, Standing)> = pairs.map(|(one, how)| (one.clone(), how)).collect();
    runtime.block_on(async {
        desk.play("2026-01", "2026-02-01T06:10:00+09:00", january)
            .await?;
        desk.play("2026-02", "2026-03-01T06:10:00+09:00", february)
            .await?;
        // What is approved now can still be given back.
        for number in utm
            .iter()
            .zip(UTM)
            .filter(|(_, how)| *how == Standing::Approved)
        {
            let at = until - SignedDuration::from_mins(1);
            desk.approve(desk.request(number.0, month("2026-02"), at, StaffRole::Secretariat))
                .await?;
        }
        Ok(())
    })
}

struct Desk<'a> {
    app: &'a App,
    people: &'a People,
}

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month of ours")
}

impl Desk<'_> {
    /// The reports of a month: made in the night after it, checked two days later, approved and sent the day after.
    async fn play(
        &self,
        text: &str,
        made: &str,
        reports: Vec<(String, Standing)>,
    ) -> Result<(), CommandError> {
        let month = month(text);
        let made: Timestamp = made.parse().expect("an instant of ours");
        let later = |hours| made + SignedDuration::from_hours(hours);
        let numbers = reports.iter().map(|(number, _)| number.clone()).collect();
        let all = make::make_all(self.app, numbers, month, (&Actor::System, made)).await?;
        for (_, result) in all {
            result.map_err(|refusal| defect(format!("{refusal:?}")))?;
        }
        for (at, (number, standing)) in reports.iter().enumerate() {
            if *standing == Standing::Made {
                continue;
            }
            let word = if at % 4 == 0 { WORD } else { "" };
            let request = self.request(number, month, later(52), StaffRole::Technician);
            allowed(decide::check(self.app, request, 1, word.to_owned()).await)?;
            match standing {
                Standing::Made | Standing::Checked | Standing::Approved => {}
                Standing::Returned => {
                    let request = self.request(number, month, later(76), StaffRole::Secretariat);
                    let why = "会社の方から、2月に機器を移したと聞きました。見守りの様子にひとこと添えてください。";
                    self.write(move |tx| decide::give_back_in(tx, &request, 1, why))
                        .await?;
                }
                Standing::Sent | Standing::Read => {
                    let request = self.request(number, month, later(76), StaffRole::Secretariat);
                    self.approve(request).await?;
                    let (inner, one, at) = (self.app.clone(), number.clone(), later(77));
                    self.write(move |tx| send::send_in(&inner, tx, &one, month, at))
                        .await?;
                }
            }
            if *standing == Standing::Read {
                let one = number.clone();
                let found = self.app.read(move |tx| case::by_receipt(tx, &one)).await?;
                let stored = found.ok_or_else(|| defect(format!("{number} is gone")))?;
                open::opened(self.app, &stored, month, later(100)).await?;
            }
        }
        Ok(())
    }

    async fn approve(&self, request: Request) -> Result<(), CommandError> {
        allowed(decide::approve(self.app, request, 1).await)?;
        Ok(())
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx) -> Result<Result<T, Refusal>, StoreError> + Send + 'static,
    ) -> Result<T, CommandError> {
        allowed(self.app.write(work).await)
    }

    fn request(&self, number: &str, month: Month, at: Timestamp, role: StaffRole) -> Request {
        Request {
            receipt_number: number.to_owned(),
            month,
            actor: self.people.of(role, 0),
            at,
        }
    }
}

/// What was done; a refusal is a defect of the demo.
fn allowed<T>(outcome: Result<Result<T, Refusal>, StoreError>) -> Result<T, CommandError> {
    outcome?.map_err(|refusal| defect(format!("{refusal:?}")))
}
