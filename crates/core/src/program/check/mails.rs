//! Mails: every template can be read, and every placeholder is one that the mail will have.

use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::{Finding, Findings};
use crate::program::broken::nearest;
use crate::program::mail::{Mail, PAPER_MAILS, PLACEHOLDERS, Placeholder, Scope};
use crate::program::{Definition, Milestone, Role};

const FILE: &str = "mail.toml";

/// The auto-reply, which every programme sends.
const RECEIVED: &str = "received";

/// The mail with the private link of a draft, before there is an application.
const DRAFT: &str = "draft_link";

/// How much work rendering one template may be; a mail needs a few hundred.
const FUEL: u64 = 100_000;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    for (index, mail) in definition.mail.mail.iter().enumerate() {
        let known: Vec<&Placeholder> = PLACEHOLDERS
            .iter()
            .filter(|p| offered(p, mail, definition))
            .collect();
        for (key, text) in [("subject", &mail.subject), ("body", &mail.body)] {
            let mut template = Template {
                environment: &environment,
                at: format!("mail.{index}.{key}"),
                text,
                found,
            };
            template.check(&known, definition);
        }
        if mail.subject.contains('\n') {
            found.add(
                FILE,
                format!("mail.{index}.subject"),
                "件名が2行以上あります。",
                "件名は1行にしてください。",
            );
        }
    }
    received(definition, found);
}

/// Whether a mail has this placeholder.
fn offered(placeholder: &Placeholder, mail: &Mail, definition: &Definition) -> bool {
    let draft = mail.id == DRAFT;
    match placeholder.scope {
        Scope::Every => true,
        Scope::Application => !draft,
        Scope::Draft => draft,
        Scope::Paper => PAPER_MAILS.contains(&mail.id.as_str()),
        Scope::Report => mail.id == "monthly_report",
        Scope::ContactClock => !draft && has_contact_clock(definition),
    }
}

/// Whether the office has to call by a day that is computed from the receipt.
fn has_contact_clock(definition: &Definition) -> bool {
    definition
        .flow
        .clock
        .iter()
        .any(|clock| clock.starts_at == Milestone::Received && clock.owner == Role::Secretariat)
}

fn received(definition: &Definition, found: &mut Findings) {
    let mails = &definition.mail.mail;
    let Some(index) = mails.iter().position(|mail| mail.id == RECEIVED) else {
        found.add(
            FILE,
            "mail",
            format!("受付の自動返信(id = \"{RECEIVED}\")がありません。"),
            "[[mail]] に書き足してください。",
        );
        return;
    };
    let mail = &mails[index];
    if !mail.auto_reply {
        found.add(
            FILE,
            format!("mail.{index}.id"),
            "受付の自動返信に auto_reply = true がありません。",
            "相手の自動返信と応酬しないための印です。書き足してください。",
        );
    }
    if mail.to != Role::Company {
        found.add(
            FILE,
            format!("mail.{index}.to"),
            "受付の自動返信の宛先が申込企業になっていません。",
            "to = \"company\" にしてください。",
        );
    }
    if !mail.body.contains("receipt_number") {
        found.add(
            FILE,
            format!("mail.{index}.body"),
            "受付の自動返信に受付番号がありません。",
            "本文に {{ receipt_number }} を入れてください。",
        );
    }
}

struct Template<'a> {
    environment: &'a Environment<'static>,
    at: String,
    text: &'a str,
    found: &'a mut Findings,
}

impl Template<'_> {
    fn check(&mut self, known: &[&Placeholder], definition: &Definition) {
        let template = match self.environment.template_from_str(self.text) {
            Ok(template) => template,
            Err(error) => return self.report(&error),
        };
        let names: Vec<&str> = known.iter().map(|placeholder| placeholder.name).collect();
        let mut unknown: Vec<String> = template
            .undeclared_variables(false)
            .into_iter()
            .filter(|name| !names.contains(&name.as_str()))
            .collect();
        unknown.sort();
        for name in &unknown {
            let (what, hint) = unavailable(name, &names, definition);
            self.push(name.clone(), what, hint);
        }
        if !unknown.is_empty() {
            return;
        }
        let sample = Value::from_pairs(known.iter().map(|p| (p.name, sample(p.name))));
        if let Err(error) = template.render(sample) {
            self.report(&error);
        }
    }

    fn report(&mut self, error: &Error) {
        let line = error
            .line()
            .and_then(|line| self.text.lines().nth(line.saturating_sub(1)));
        let near = line.unwrap_or_default().trim().to_owned();
        let (what, hint) = match error.kind() {
            ErrorKind::SyntaxError | ErrorKind::InvalidDelimiter => (
                "差し込みの書き方が読めません。",
                "{{ 名前 }} の形か、{% for course in courses %} … {% endfor %} の形で書きます。かっこの数をお確かめください。",
            ),
            ErrorKind::UndefinedError => (
                "差し込みの「.」の後の名前がありません。",
                "courses の1つずつには title、position、state_text があります。",
            ),
            ErrorKind::OutOfFuel => (
                "差し込みの繰返しが多すぎます。",
                "繰返しを減らしてください。",
            ),
            _ => (
                "差し込みに、使えない働きがあります。",
                "使えるのは {{ 名前 }}、{% for %}、{% if %} です。",
            ),
        };
        self.push(near, what.to_owned(), hint.to_owned());
    }

    fn push(&mut self, near: String, what: String, hint: String) {
        self.found.push(Finding {
            near,
            ..Finding::new(FILE, &self.at, what, hint)
        });
    }
}

fn unavailable(name: &str, known: &[&str], definition: &Definition) -> (String, String) {
    match PLACEHOLDERS.iter().find(|placeholder| placeholder.name == name) {
        Some(Placeholder { scope: Scope::ContactClock, .. }) if !has_contact_clock(definition) => (
            format!("差し込み「{name}」を使っていますが、事務局が連絡する期限がありません。"),
            "flow.tomlに owner = \"secretariat\"、starts_at = \"received\" の期限を書くか、この差し込みを消してください。".to_owned(),
        ),
        Some(_) => (
            format!("差し込み「{name}」は、このメールでは使えません。"),
            "このメールを送るときには、まだその値がありません。消してください。".to_owned(),
        ),
        None => (format!("差し込み「{name}」はありません。"), nearest(name, known)),
    }
}

/// A believable value, so that a template is rendered as it will be.
fn sample(name: &str) -> Value {
    if name != "courses" {
        return Value::from(name);
    }
    let course = |position: i64| {
        Value::from_pairs([
            ("title", Value::from("支援コース")),
            ("position", Value::from(position)),
            ("state_text", Value::from("枠を確保しました")),
        ])
    };
    [course(1), course(2)].into_iter().collect()
}
