//! References: every name that points to another item finds it.

use super::Findings;
use crate::program::broken::nearest;
use crate::program::flow::WhenDue;
use crate::program::{Definition, Id};

/// Mails that an event outside the flow sends; the flow need not name them.
const EVENT_MAILS: [&str; 13] = [
    "received",
    "draft_link",
    "private_link",
    "withdrawn",
    "course_withdrawn",
    "correction_request",
    "corrected",
    "declined",
    "place_offered",
    "place_lapsed",
    "paper_review",
    "paper_accepted",
    "monthly_report",
];

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    courses(definition, found);
    flow(definition, found);
    unused(definition, found);
    let purposes: Vec<&str> = definition
        .notices
        .purpose
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    for (s, screen) in definition.form.screen.iter().enumerate() {
        for (f, field) in screen.field.iter().enumerate() {
            let at = format!("screen.{s}.field.{f}.purpose");
            Known {
                kind: "利用目的(notices.tomlのpurpose)",
                ids: &purposes,
            }
            .has("form.toml", at, &field.purpose, found);
        }
    }
    let deliverables: Vec<&str> = definition
        .support
        .deliverable
        .iter()
        .map(|d| d.id.as_str())
        .collect();
    for (p, plan) in definition.support.session_plan.iter().enumerate() {
        for (s, session) in plan.session.iter().enumerate() {
            Known {
                kind: "成果物(deliverable)",
                ids: &deliverables,
            }
            .has_all(
                "support.toml",
                &format!("session_plan.{p}.session.{s}.deliverables"),
                &session.deliverables,
                found,
            );
        }
    }
}

/// The ids that a reference may name, and what they are called.
struct Known<'a> {
    kind: &'static str,
    ids: &'a [&'a str],
}

impl Known<'_> {
    fn has(&self, file: &'static str, at: String, id: &str, found: &mut Findings) {
        if !self.ids.contains(&id) {
            let what = format!("「{id}」という{}はありません。", self.kind);
            found.add(file, at, what, nearest(id, self.ids));
        }
    }

    fn has_all(&self, file: &'static str, at: &str, ids: &[Id], found: &mut Findings) {
        for (index, id) in ids.iter().enumerate() {
            self.has(file, format!("{at}.{index}"), id, found);
        }
    }
}

fn courses(definition: &Definition, found: &mut Findings) {
    let ids: Vec<&str> = definition
        .program
        .course
        .iter()
        .map(|c| c.id.as_str())
        .collect();
    let known = Known {
        kind: "コース",
        ids: &ids,
    };
    for (index, window) in definition.program.window.iter().enumerate() {
        known.has_all(
            "program.toml",
            &format!("window.{index}.courses"),
            &window.courses,
            found,
        );
    }
    for (index, pair) in definition.program.combination.excludes.iter().enumerate() {
        known.has_all(
            "program.toml",
            &format!("combination.excludes.{index}"),
            pair,
            found,
        );
    }
    for (index, step) in definition.flow.step.iter().enumerate() {
        let at = |key: &str| format!("step.{index}.{key}");
        known.has_all(
            "flow.toml",
            &at("skip_when_only"),
            &step.skip_when_only,
            found,
        );
        known.has_all("flow.toml", &at("only_for"), &step.only_for, found);
    }
    let support = &definition.support;
    for (index, deliverable) in support.deliverable.iter().enumerate() {
        let at = format!("deliverable.{index}.courses");
        known.has_all("support.toml", &at, &deliverable.courses, found);
    }
    let single = support
        .session_plan
        .iter()
        .enumerate()
        .map(|(i, p)| ("session_plan", i, &p.course));
    let single = single
        .chain(
            support
                .equipment
                .iter()
                .enumerate()
                .map(|(i, e)| ("equipment", i, &e.course)),
        )
        .chain(
            support
                .monitoring
                .iter()
                .enumerate()
                .map(|(i, m)| ("monitoring", i, &m.course)),
        )
        .chain(
            support
                .desk
                .iter()
                .enumerate()
                .map(|(i, d)| ("desk", i, &d.course)),
        );
    for (list, index, course) in single {
        known.has(
            "support.toml",
            format!("{list}.{index}.course"),
            course,
            found,
        );
    }
}

fn flow(definition: &Definition, found: &mut Findings) {
    let flow = &definition.flow;
    let steps: Vec<&str> = flow.step.iter().map(|s| s.id.as_str()).collect();
    let clocks: Vec<&str> = flow.clock.iter().map(|c| c.id.as_str()).collect();
    let mails: Vec<&str> = definition.mail.mail.iter().map(|m| m.id.as_str()).collect();
    let mail = Known {
        kind: "メール",
        ids: &mails,
    };
    for (index, step) in flow.step.iter().enumerate() {
        let at = |key: &str| format!("step.{index}.{key}");
        Known {
            kind: "段階",
            ids: &steps,
        }
        .has_all("flow.toml", &at("after"), &step.after, found);
        mail.has_all("flow.toml", &at("mail"), &step.mail, found);
        mail.has_all(
            "flow.toml",
            &at("mail_when_done"),
            &step.mail_when_done,
            found,
        );
        if let Some(clock) = &step.clock {
            Known {
                kind: "期限(clock)",
                ids: &clocks,
            }
            .has("flow.toml", at("clock"), clock, found);
        }
    }
    for (c, clock) in flow.clock.iter().enumerate() {
        for (w, when) in clock.when_due.iter().enumerate() {
            if let WhenDue::Remind { mail: id } = when {
                mail.has(
                    "flow.toml",
                    format!("clock.{c}.when_due.{w}.remind.mail"),
                    id,
                    found,
                );
            }
        }
    }
}

/// What nothing points to: a clock that never starts, a mail that is never sent, a question that is never asked.
fn unused(definition: &Definition, found: &mut Findings) {
    let flow = &definition.flow;
    for (index, clock) in flow.clock.iter().enumerate() {
        if !flow
            .step
            .iter()
            .any(|step| step.clock.as_ref() == Some(&clock.id))
        {
            found.add(
                "flow.toml",
                format!("clock.{index}.id"),
                format!("期限「{}」はどの段階からも使われていません。", clock.id),
                "段階に clock として書くか、この期限を消してください。",
            );
        }
    }
    for (index, mail) in definition.mail.mail.iter().enumerate() {
        let in_step = |ids: &Vec<Id>| ids.contains(&mail.id);
        let sent = EVENT_MAILS.contains(&mail.id.as_str())
            || flow
                .step
                .iter()
                .any(|step| in_step(&step.mail) || in_step(&step.mail_when_done))
            || flow
                .clock
                .iter()
                .flat_map(|clock| &clock.when_due)
                .any(|when| matches!(when, WhenDue::Remind { mail: id } if *id == mail.id));
        if !sent {
            found.add(
                "mail.toml",
                format!("mail.{index}.id"),
                format!("メール「{}」を送る段階も期限もありません。", mail.id),
                "flow.tomlの mail、mail_when_done、remind のどれかに書くか、このメールを消してください。",
            );
        }
    }
    for (index, question) in definition.form.question.iter().enumerate() {
        let name = format!("extra.{}", question.id);
        if !definition
            .form
            .screen
            .iter()
            .flat_map(|s| &s.field)
            .any(|field| field.name == name)
        {
            found.add(
                "form.toml",
                format!("question.{index}.id"),
                format!("質問「{}」はどの画面にもありません。", question.id),
                format!("画面の field に name = \"{name}\" を書くか、この質問を消してください。"),
            );
        }
    }
}
