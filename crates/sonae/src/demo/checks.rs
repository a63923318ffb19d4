//! Daily checks of the demonstration, made by the commands of the pages: the technician judged and signed every day of the loans but one, and is in
//! the middle of yesterday's sheet when the demonstration begins.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use sonae_core::access::{Action, StaffRole};
use sonae_core::calendar::{Calendar, tokyo_date, tokyo_midnight};
use sonae_core::detection_check::State;
use sonae_core::flow::Refusal;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_telemetry::Day;
use sonae_telemetry::questions::findings::DayTotal;

use super::check_words::{self, Words};
use super::crowd::defect;
use super::detections::LENT_ON;
use super::editions::R6;
use super::fate::People;
use crate::app::App;
use crate::error::CommandError;
use crate::jobs::remind_checks;
use crate::office::checks::escalate::{Escalate, escalate};
use crate::office::checks::facts::{Facts, Known, found};
use crate::office::checks::findings::{Step, step};
use crate::office::checks::judge::{Judge, judge_in};
use crate::office::checks::said::{Say, say_in};
use crate::office::checks::sheet::{Line, lines};
use crate::office::checks::sign::sign_in;
use crate::office::checks::suppress::{Suppress, suppress};
use crate::office::checks::{CompanyDay, Who};

/// Nobody signed it, and nobody caught up.
const MISSED: Date = date(2026, 3, 12);
/// The technician and the office were reminded of it in the night after the next business day.
const REMINDED_AT: &str = "2026-03-14T00:10:00+09:00";
/// From this day on a known finding is hidden, up to the last day of the second.
const SUPPRESSED: (Date, Date) = (date(2026, 2, 2), date(2026, 4, 30));
/// Of this day a finding went to the desk and was settled; of the other one waits there.
const SETTLED: Date = date(2026, 2, 16);
const HANDED: Date = date(2026, 3, 19);
/// Companies of yesterday that have a state when the demonstration begins.
const SAID: usize = 7;
/// On so many company-days one is left as 要確認.
const REVIEWED: usize = 61;

/// Checks every day from the first loan up to the eve of the day on which the demonstration begins.
///
/// # Errors
/// A database cannot be written, or something is refused, which is a defect of the demo.
pub(super) fn bring_in(app: &App, people: &People, until: Timestamp) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| defect(error.to_string()))?;
    let running = app.programs.get(R6).expect("it is served");
    let who = |role| Who {
        id: people.id(role, 0),
        role,
    };
    let desk = Desk {
        app,
        technician: who(StaffRole::Technician),
        support: who(StaffRole::Desk),
        calendar: &running.calendar,
        yesterday: tokyo_date(until).yesterday().expect("a date of ours"),
    };
    let mut day = LENT_ON;
    while day <= desk.yesterday {
        if day == MISSED {
            remind_checks::remind(app, REMINDED_AT.parse().expect("an instant of ours"))?;
        } else {
            let sheet = desk.sheet(day)?;
            runtime.block_on(desk.single_out(&sheet))?;
            // What was singled out stands on the sheet now.
            desk.check(&desk.sheet(day)?)?;
        }
        day = day.tomorrow().expect("a date of ours");
    }
    Ok(())
}

struct Desk<'a> {
    app: &'a App,
    technician: Who,
    support: Who,
    calendar: &'a Calendar,
    yesterday: Date,
}

/// A day with what was detected at each company.
struct Sheet {
    day: Date,
    at: Timestamp,
    totals: BTreeMap<String, DayTotal>,
    lines: Vec<(Line, Facts)>,
}

impl Desk<'_> {
    fn sheet(&self, day: Date) -> Result<Sheet, CommandError> {
        let detections = self.app.detections.get()?;
        let totals = detections.sheet(Day::of_date(day))?;
        let asked = (day, &self.technician, Action::CheckDetections);
        let sheet = self.app.db.read(|tx| lines(tx, asked, &totals))?;
        let mut lines = Vec::with_capacity(sheet.len());
        for line in sheet {
            let company_day = (line.company_id(), day);
            let facts = found(detections, company_day, line.total)?;
            lines.push((line, facts));
        }
        Ok(Sheet {
            day,
            at: self.checked_at(day)?,
            totals,
            lines,
        })
    }

    /// The morning of the next business day; days that waited go first.
    fn checked_at(&self, day: Date) -> Result<Timestamp, CommandError> {
        let next = self.calendar.add_business_days(day, 1);
        let next = next.map_err(|error| defect(format!("{error:?}")))?;
        let waited = i64::from(day.until(next).map_or(1, |span| span.get_days()));
        let nine = tokyo_midnight(next).expect("a date of ours") + SignedDuration::from_hours(9);
        Ok(nine + SignedDuration::from_mins(12 * (4 - waited).max(0)))
    }

    fn company_day(&self, sheet: &Sheet, (at, line): (usize, &Line)) -> CompanyDay {
        let later = SignedDuration::from_secs(25 * i64::try_from(at).expect("small"));
        CompanyDay {
            receipt_number: line.company.receipt_number.clone(),
            day: sheet.day,
            who: self.technician.clone(),
            at: sheet.at + later,
        }
    }

    /// What is done about one finding of a few days: it is suppressed, or handed to the desk.
    async fn single_out(&self, sheet: &Sheet) -> Result<(), CommandError> {
        let (rules, verdict, words) = match sheet.day {
            day if day == SUPPRESSED.0 => return self.suppress(sheet).await,
            SETTLED => check_words::SETTLED,
            HANDED => check_words::HANDED,
            _ => return Ok(()),
        };
        let (company_day, key) = self.pick(sheet, rules)?;
        let at = company_day.at;
        let wish = Escalate {
            company_day,
            key,
            verdict,
            words: words.to_owned(),
            version: 0,
        };
        let number = allowed(escalate(self.app, wish).await)?;
        if sheet.day == SETTLED {
            let steps = [
                (1, Step::Take),
                (27, Step::Close(check_words::CLOSED.to_owned())),
            ];
            for (hours, what) in steps {
                let at = at + SignedDuration::from_hours(hours);
                allowed(step(self.app, self.support.clone(), (number, at), what).await)?;
            }
        }
        Ok(())
    }

    async fn suppress(&self, sheet: &Sheet) -> Result<(), CommandError> {
        let (company_day, key) = self.pick(sheet, check_words::SUPPRESSED.0)?;
        let wish = Suppress {
            company_day,
            key,
            everywhere: false,
            any_device: false,
            reason: check_words::SUPPRESSED.1.to_owned(),
            until: SUPPRESSED.1,
        };
        allowed(suppress(self.app, wish).await)?;
        Ok(())
    }

    /// The first company with a finding of one of these rules that waits for somebody, with the finding's key.
    fn pick(&self, sheet: &Sheet, rules: &[&str]) -> Result<(CompanyDay, String), CommandError> {
        for (at, (line, facts)) in sheet.lines.iter().enumerate() {
            let mut known = facts.findings.iter().map(|(group, _)| group);
            let wanted = known.find(|group| {
                rules.contains(&&*group.rule) && group.is_grave() && !group.was_blocked()
            });
            if let Some(group) = wanted {
                return Ok((self.company_day(sheet, (at, line)), group.key()));
            }
        }
        Err(defect(format!("{} has no finding of {rules:?}", sheet.day)))
    }

    /// Judges what waits, says a state of each company and signs; yesterday is left half way.
    fn check(&self, sheet: &Sheet) -> Result<(), CommandError> {
        let half = sheet.day == self.yesterday;
        let mut half_judged = false;
        let outcome = self.app.db.write(|tx| {
            half_judged = false;
            for (at, (line, facts)) in sheet.lines.iter().enumerate() {
                if line.checked.is_some() {
                    continue;
                }
                let company_day = self.company_day(sheet, (at, line));
                let open = open(tx, sheet.day, line, facts)?;
                if half && at >= SAID {
                    // One company is being looked at when the demonstration begins.
                    if !half_judged && open.len() > 1 {
                        half_judged = true;
                        let some = &open[..open.len().div_ceil(2)];
                        if let Err(refusal) = judge(tx, &company_day, facts, some)? {
                            return Ok(Err(refusal));
                        }
                    }
                    continue;
                }
                if half && line.is_plainly_quiet() {
                    continue;
                }
                if let Err(refusal) = judge(tx, &company_day, facts, &open)? {
                    return Ok(Err(refusal));
                }
                let (state, note) = state(sheet.day, at, line);
                let say = Say {
                    company_day,
                    state,
                    note: note.to_owned(),
                    version: 0,
                    lines: Some(line.lines()),
                };
                if let Err(refusal) = say_in(tx, &say, facts)? {
                    return Ok(Err(refusal));
                }
            }
            if half {
                return Ok(Ok(0));
            }
            let at = sheet.at + SignedDuration::from_mins(9);
            let facts = sheet.lines.iter();
            let facts = facts.map(|(line, facts)| (line.company_id().to_owned(), facts.clone()));
            let told = (&sheet.totals, &facts.collect());
            sign_in(tx, &self.technician, (sheet.day, at), told)
        });
        allowed(outcome)?;
        match half && !half_judged {
            true => Err(defect("no company of yesterday is half judged".into())),
            false => Ok(()),
        }
    }
}

/// The keys and rules of the findings that stand in the way of 異常なし.
fn open(
    tx: &mut Tx,
    day: Date,
    line: &Line,
    facts: &Facts,
) -> Result<Vec<(String, String)>, StoreError> {
    let known = Known::read(tx, line.company_id(), day)?;
    let standing = known.day(line.company_id(), day, facts).findings;
    let open = standing.into_iter().filter(|one| one.is_open());
    Ok(open.map(|one| (one.group.key(), one.group.rule)).collect())
}

fn judge(
    tx: &mut Tx,
    company_day: &CompanyDay,
    facts: &Facts,
    open: &[(String, String)],
) -> Result<Result<(), Refusal>, StoreError> {
    for (key, rule) in open {
        let Words { verdict, reason } = check_words::of_rule(rule);
        let judge = Judge {
            company_day: company_day.clone(),
            key: key.clone(),
            verdict,
            reason: reason.to_owned(),
            version: 0,
        };
        if let Err(refusal) = judge_in(tx, &judge, facts)? {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}

/// What is said of a company whose findings are all judged.
fn state(day: Date, at: usize, line: &Line) -> (State, &'static str) {
    let of_year = usize::try_from(day.day_of_year()).unwrap_or_default();
    match line.total {
        None => (State::Quiet, check_words::OFF),
        Some(_) if (of_year * 17 + at * 5) % REVIEWED == 3 => (State::Review, check_words::REVIEW),
        Some(_) => (State::Quiet, ""),
    }
}

/// What was done; a refusal is a defect of the demo.
fn allowed<T>(outcome: Result<Result<T, Refusal>, StoreError>) -> Result<T, CommandError> {
    outcome?.map_err(|refusal| defect(format!("{refusal:?}")))
}
