//! `…/screening`: every condition with its clause, the facts at the receipt and now, and the form of a person's judgement beside it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::eligibility::{Fact, Outcome, Verdict};
use sonae_core::flow::Event;
use sonae_db::Tx;
use sonae_store::{StoreError, application, duplicate, earlier_support};

use super::findings::{self, Line};
use super::judge::{JUDGE, OUTCOMES, SCREENED, open_to_judgement};
use super::open::{self, Opened};
use super::way::{Group, Way};
use super::{command, correction, ending};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::OfficeFrame;
use crate::pages::public::finding;
use crate::pages::public::show;

pub(super) static SCREENING: Way = Way {
    path: "/office/cases/{receipt_number}/screening",
    label: "要件を確認する",
    key: "v",
    group: Group::Progress,
    action: Action::ReadCase,
    // Opening a page is no event; whoever may write a note on the case may look.
    trials: |_| {
        let note = Event::Noted {
            text: "-".to_owned(),
        };
        vec![note]
    },
};

#[derive(Template)]
#[template(path = "office/case/screening.html")]
struct ScreeningPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    overall: (&'static str, &'static str),
    /// Conditions that still wait for a person.
    left: usize,
    lookalikes: usize,
    compares: bool,
    findings: Vec<Shown>,
    judges: bool,
    outcomes: [(&'static str, &'static str); 3],
    action: String,
    version: i64,
    ways: Vec<&'static Way>,
}

/// One condition.
struct Shown {
    rule: String,
    line: Line,
    facts: Vec<Compared>,
    /// Whether it is left to a person.
    open: bool,
}

/// One fact as it was at the receipt and as it is now.
struct Compared {
    label: String,
    then: String,
    now: String,
}

/// What the page reads besides the case.
struct More {
    received: Option<Verdict>,
    lookalikes: usize,
}

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/cases/{receipt_number}/screening",
        Action::ReadCase,
        show_screening,
    )
}

async fn show_screening(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    let (opened, more) = open::open_with(&app, &staff, &number, Action::ReadCase, read).await?;
    let case = &opened.stored.case;
    let judged = |rule: &String| case.judgements.contains_key(rule);
    let open = open_to_judgement(&opened);
    let ways = [
        &SCREENED.way,
        &correction::CORRECTION.way,
        &ending::DECLINE.way,
    ];
    let page = ScreeningPage {
        frame: command::frame(&app, &opened, "要件の確認"),
        overall: findings::overall(&opened),
        left: open.iter().filter(|finding| !judged(&finding.rule)).count(),
        lookalikes: more.lookalikes,
        compares: opened.offers(&super::duplicates::COMPARE.way),
        findings: shown(&opened, more.received.as_ref()),
        judges: opened.offers(&JUDGE.way),
        outcomes: OUTCOMES,
        action: JUDGE.way.href(&opened.stored.receipt_number),
        version: case.version,
        ways: ways.into_iter().filter(|way| opened.offers(way)).collect(),
        opened: &opened,
    };
    show(StatusCode::OK, &page)
}

fn read(tx: &mut Tx, opened: &Opened) -> Result<More, StoreError> {
    let stored = &opened.stored;
    let received = application::by_receipt(tx, &stored.receipt_number)?;
    let received = received
        .map(|received| serde_json::from_str(&received.verdict))
        .transpose()?;
    let others = duplicate::of_company(tx, &stored.application_id, &stored.answers)?;
    let records = earlier_support::about(
        tx,
        &stored.program_id,
        &stored.application_id,
        &stored.answers,
    )?;
    Ok(More {
        received,
        lookalikes: others.len() + records.len(),
    })
}

/// What is not met first, then what needs a person, then what is met.
fn shown(opened: &Opened, received: Option<&Verdict>) -> Vec<Shown> {
    let mut lines = findings::lines(opened);
    let mut findings: Vec<_> = opened.stored.verdict.findings.iter().collect();
    findings.sort_by_key(|finding| match finding.outcome {
        Outcome::NotMet => 0,
        Outcome::NeedsJudgement => 1,
        Outcome::Met => 2,
    });
    let shown = findings.into_iter().map(|finding| {
        let title = finding::title(opened.program(), &finding.rule);
        let place = lines
            .iter()
            .position(|line| line.title == title && line.clause == finding.clause)?;
        let before = received.and_then(|verdict| {
            let same = |known: &&sonae_core::eligibility::Finding| known.rule == finding.rule;
            verdict.findings.iter().find(same)
        });
        Some(Shown {
            rule: finding.rule.clone(),
            line: lines.remove(place),
            facts: compared(before.map_or(&[], |before| &before.facts), &finding.facts),
            open: finding.outcome == Outcome::NeedsJudgement,
        })
    });
    shown.flatten().collect()
}

fn compared(then: &[Fact], now: &[Fact]) -> Vec<Compared> {
    let value = |facts: &[Fact], field: &str| {
        let known = facts.iter().find(|fact| fact.field == field);
        let shown = known
            .map(|fact| fact.value.clone())
            .filter(|value| !value.is_empty());
        shown.unwrap_or_else(|| "(なし)".to_owned())
    };
    let gone = then
        .iter()
        .filter(|fact| !now.iter().any(|known| known.field == fact.field));
    let all = now.iter().chain(gone);
    all.map(|fact| Compared {
        label: fact.label.clone(),
        then: value(then, &fact.field),
        now: value(now, &fact.field),
    })
    .collect()
}
