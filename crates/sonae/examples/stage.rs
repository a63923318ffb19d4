//! Brings cases into the states that a browser test wants to look at, by the same events that people cause.
//!
//! `stage --data DIR < script.json`. The script is `{"clock": INSTANT, "steps": […]}`; a step is an application
//! `{"case": NAME, "program": ID, "answers": {…}}` or an event `{"case": NAME, "actor": "company" | "system" | a role, "event": {…},
//! "at": INSTANT}` in the interface's words, or for a case that takes part `{"case": NAME, "sample": "20"}`, which answers as that sample company,
//! or `{"case": NAME, "review": KIND}`, which sends a paper to it, or `{"case": NAME, "watched": "told"}`, whose device told something grave on
//! the day before, which lies with the desk; with `"quiet"` it told nothing. What comes out is `{"cases": {NAME: PRIVATE PATH}, "office": [{"method": …, "path": …,
//! "roles": […]}]}`, the latter being every route of the office with the roles that it is open to.

#[path = "stage/watch.rs"]
mod watch;

use std::collections::BTreeMap;
use std::io::Read;
use std::process::ExitCode;

use clap::Parser;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sonae::app::App;
use sonae::clock::Clock;
use sonae::config::ServeArgs;
use sonae::office::act::{Outcome, Request, act_in};
use sonae::office::papers::{self, answers, review};
use sonae::submit::{self, Key, Receipt};
use sonae_core::access::{Grant, StaffRole, allowed};
use sonae_core::flow::{Actor, Event};

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: ServeArgs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    clock: Timestamp,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    case: String,
    program: Option<String>,
    answers: Option<Value>,
    actor: Option<String>,
    event: Option<Event>,
    at: Option<Timestamp>,
    sample: Option<String>,
    review: Option<String>,
    watched: Option<String>,
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match runtime.block_on(run(Cli::parse().args)) {
        Ok(staged) => {
            println!("{staged}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("stage: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: ServeArgs) -> Result<Value, String> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|error| error.to_string())?;
    let script: Script = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let app = sonae::serve::start_at(args, Clock::stopped(script.clock))
        .map_err(|error| error.to_string())?;
    let mut receipts: BTreeMap<String, Receipt> = BTreeMap::new();
    for step in script.steps {
        let name = step.case.clone();
        if step.program.is_some() {
            let receipt = apply(&app, &step).await?;
            receipts.insert(name, receipt);
            continue;
        }
        let receipt = receipts.get(&name);
        let receipt = receipt.ok_or_else(|| format!("{name} has not applied"))?;
        if let Some(event) = &step.event {
            cause(&app, &receipt.receipt_number, event, &step)?;
        }
        work_on_papers(&app, &receipt.receipt_number, &step).await?;
        if let Some(word) = &step.watched {
            watch::watch(&app, &receipt.receipt_number, word == "told").await?;
        }
    }
    app.intake.close();
    let path = |receipt: Receipt| {
        let path = receipt.status_url.strip_prefix(&app.base_url);
        path.unwrap_or_default().to_owned()
    };
    let cases = receipts
        .into_iter()
        .map(|(name, receipt)| (name, path(receipt)));
    let cases: BTreeMap<String, String> = cases.collect();
    Ok(json!({ "cases": cases, "office": office(&app) }))
}

/// Every route of the office as its door has it.
fn office(app: &App) -> Vec<Value> {
    let door = sonae::pages::office::door(app);
    let routes = door.entries().iter().map(|entry| {
        let open = |role: &StaffRole| allowed(*role, entry.action) != Grant::No;
        let roles: Vec<&str> = (StaffRole::ALL.iter().filter(|role| open(role)))
            .map(|role| role.as_str())
            .collect();
        json!({ "method": entry.method.as_str(), "path": entry.path, "roles": roles })
    });
    routes.collect()
}

async fn apply(app: &App, step: &Step) -> Result<Receipt, String> {
    let name = &step.case;
    let program = step.program.as_deref().unwrap_or_default();
    let running = app.programs.get(program);
    let running = running.ok_or_else(|| format!("{name}: no programme {program}"))?;
    let key = Key::of_api(name).ok_or_else(|| format!("{name} is no key"))?;
    let answers = step.answers.clone().unwrap_or_default();
    match submit::submit(app, running, &answers, key).await {
        Ok(submit::Outcome::Received(receipt)) => Ok(receipt),
        other => Err(format!("{name} was not received: {other:?}")),
    }
}

/// Answers as a sample company, or sends a paper to the company.
async fn work_on_papers(app: &App, receipt_number: &str, step: &Step) -> Result<(), String> {
    let actor = Actor::Staff {
        id: "expert".to_owned(),
        role: StaffRole::Expert,
    };
    if let Some(name) = &step.sample {
        let samples = sonae::papers::library().samples();
        let sample = samples.iter().find(|sample| sample.name == *name);
        let answers = sample
            .ok_or_else(|| format!("no sample {name}"))?
            .answers
            .clone();
        let save = answers::Save {
            receipt_number: receipt_number.to_owned(),
            seen: 0,
            asked: answers.values.keys().cloned().collect(),
            answers,
            actor: actor.clone(),
        };
        let saved = answers::save(app, save).await;
        saved
            .map_err(|error| error.to_string())?
            .map_err(|refusal| refusal.sentence)?;
    }
    if let Some(kind) = &step.review {
        let request = papers::Request {
            receipt_number: receipt_number.to_owned(),
            kind: kind.clone(),
            actor,
        };
        let note = "第1版ができました。ご確認ください。".to_owned();
        let sent = review::send_for_review(app, review::Send { request, note }).await;
        sent.map_err(|error| error.to_string())?
            .map_err(|refusal| refusal.sentence)?;
    }
    Ok(())
}

fn cause(app: &App, receipt_number: &str, event: &Event, step: &Step) -> Result<(), String> {
    let actor = match step.actor.as_deref() {
        Some("company") => Actor::Company,
        Some("system") => Actor::System,
        word => {
            let role = word.and_then(StaffRole::parse);
            let role = role.ok_or_else(|| format!("{word:?} causes nothing"))?;
            Actor::Staff {
                id: role.as_str().to_owned(),
                role,
            }
        }
    };
    let request = Request {
        receipt_number: receipt_number.to_owned(),
        version: None,
        event: event.clone(),
        actor,
    };
    let at = step.at.unwrap_or_else(|| app.clock.now());
    match app.db.write(|tx| act_in(app, tx, &request, at)) {
        Ok(Outcome::Done(_)) => Ok(()),
        other => Err(format!("{}: {}: {other:?}", step.case, event.word())),
    }
}
