//! The mails of the year: those that left, and the few that came back or were answered this morning.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{fs, io};

use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sonae_store::outbox::{self, Kept, Leased};
use tokio::sync::watch;

use super::company;
use super::crowd::{R7_FIRST, defect};
use super::editions::{R6, R7};
use super::fate::Company;
use crate::app::App;
use crate::error::CommandError;
use crate::jobs::read_inbox;
use crate::mail::transport::Transport;

/// Mails that are taken at once.
const BATCH: u32 = 500;
const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// What comes in, by the company's programme and number; `to` is the mail of ours that it returns or answers.
struct Coming {
    program: &'static str,
    number: usize,
    to: &'static str,
    kind: Kind,
}

enum Kind {
    Returned,
    Reply(&'static str),
    Absent,
}

const COMING: [Coming; 6] = [
    Coming {
        program: R6,
        number: 256,
        to: "received",
        kind: Kind::Returned,
    },
    Coming {
        program: R6,
        number: 238,
        to: "agreement_request",
        kind: Kind::Reply(
            "規定を読みました。社長の確認を取ってから、今週中に了承の手続きをします。\n一点だけ、機器の電気代の目安を教えていただけますか。",
        ),
    },
    Coming {
        program: R6,
        number: 243,
        to: "received",
        kind: Kind::Absent,
    },
    Coming {
        program: R7,
        number: 60,
        to: "questionnaire_reminder",
        kind: Kind::Reply(
            "お返事が遅くなり申し訳ありません。\n決算の時期と重なっており、来週の前半に回答します。",
        ),
    },
    Coming {
        program: R7,
        number: 76,
        to: "received",
        kind: Kind::Returned,
    },
    Coming {
        program: R7,
        number: 74,
        to: "received",
        kind: Kind::Reply("担当者の電話番号が変わりました。新しい番号は 03-0000-0099 です。"),
    },
];

/// Sends what was due by `until`, each at its time, into the folder of mails.
///
/// # Errors
/// The database or the folder cannot be written.
pub(super) fn send(app: &App, until: Timestamp) -> Result<(), CommandError> {
    let Transport::Folder(folder) = &app.transport else {
        return Err(defect("a demonstration sends no mail".to_owned()));
    };
    loop {
        let leased = app.db.write(|tx| {
            let leased = outbox::lease(tx, until, LEASE, BATCH)?;
            for Leased { mail, due_at, .. } in &leased {
                outbox::mark_sent(tx, &mail.id, *due_at)?;
            }
            Ok::<_, sonae_store::StoreError>(leased)
        })?;
        if leased.is_empty() {
            return Ok(());
        }
        folder.put_past(&leased).map_err(unwritten)?;
    }
}

/// Lays what comes in this morning into the inbox and has it read.
///
/// # Errors
/// The database or the folder cannot be written, or a mail that should be answered was never sent, which is a defect of the demo.
pub(super) fn come_in(
    app: &App,
    companies: &[Company],
    now: Timestamp,
) -> Result<(), CommandError> {
    let Some(maildir) = &app.inbox else {
        return Ok(());
    };
    let known: BTreeMap<(&str, usize), &Company> = (companies.iter())
        .map(|company| ((company.program, company.number), company))
        .collect();
    let lay = |n: usize, text: String| {
        let name = format!("{n}.demo");
        let draft = maildir.path().join("tmp").join(&name);
        let text = text.replace('\n', "\r\n");
        fs::write(&draft, text)?;
        fs::rename(draft, maildir.path().join("new").join(name))
    };
    for (n, coming) in COMING.iter().enumerate() {
        let of = format!("{} {} {}", coming.program, coming.number, coming.to);
        let company = known.get(&(coming.program, coming.number));
        let company = company.ok_or_else(|| defect(of.clone()))?;
        let id = &company.stored.application_id;
        let mails = app.db.read(|tx| outbox::of_application(tx, id))?;
        let ours = mails.into_iter().find(|kept| kept.mail.mail == coming.to);
        let ours = ours.ok_or_else(|| defect(of))?;
        let text = written(coming, &ours, now);
        lay(n, text).map_err(unwritten)?;
    }
    lay(COMING.len(), stranger(now)).map_err(unwritten)?;
    let (_stop, stopping) = watch::channel(false);
    read_inbox::round(app, maildir, &stopping).map_err(|error| defect(error.to_string()))?;
    Ok(())
}

fn written(coming: &Coming, ours: &Kept, now: Timestamp) -> String {
    let number = match coming.program {
        R7 => coming.number + R7_FIRST,
        _ => coming.number,
    };
    let answers = company::answers(number);
    let name = |field: &str| answers[field].as_str().unwrap_or_default().to_owned();
    let (message_id, recipient) = (&ours.mail.message_id, &ours.mail.recipient);
    let head = |from: &str, subject: &str| {
        format!(
            "From: {from}\nTo: office@sonae.example.jp\nSubject: {subject}\nDate: {}\nMessage-ID: <demo-{number}-{}@example.jp>\n\
             In-Reply-To: {message_id}\nReferences: {message_id}\nMIME-Version: 1.0\n",
            date(now),
            coming.to
        )
    };
    let from = format!("{} <{recipient}>", name("contact_name"));
    match &coming.kind {
        Kind::Reply(text) => {
            let head = head(&from, "Re: お申込みについて");
            format!(
                "{head}{PLAIN}\n事務局 御中\n\n{}の{}です。\n{text}\n",
                name("name"),
                name("contact_name")
            )
        }
        Kind::Absent => {
            let head = head(&from, "不在のお知らせ");
            let text =
                "ただいま休暇をいただいております。3月25日(水)に戻りましたら、お返事します。";
            format!("{head}Auto-Submitted: auto-replied\n{PLAIN}\n{text}\n")
        }
        Kind::Returned => {
            let mut text = head(
                "Mail Delivery System <mailer-daemon@mx.example.jp>",
                "Undelivered Mail Returned to Sender",
            );
            // RFC 3464: a letter for people, and a part for machines.
            let _ = write!(
                text,
                "Content-Type: multipart/report; report-type=delivery-status; boundary=\"part\"\n\n--part\n{PLAIN}\n\
                 The mail could not be delivered: no such user here.\n\n--part\nContent-Type: message/delivery-status\n\n\
                 Reporting-MTA: dns; mx.example.jp\n\nFinal-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\n\n--part--\n"
            );
            text
        }
    }
}

const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n";

/// Somebody of whom no application is known.
fn stranger(now: Timestamp) -> String {
    format!(
        "From: 例田 一郎 <reida@kaisha-960.example.jp>\nTo: office@sonae.example.jp\nSubject: 申込みについての質問\nDate: {}\n\
         Message-ID: <demo-stranger@example.jp>\nMIME-Version: 1.0\n{PLAIN}\n\
         はじめてご連絡します。従業員が5人の会社でも、申し込めますか。\n3月31日の何時までに送ればよいでしょうか。\n",
        date(now)
    )
}

/// RFC 5322 section 3.3.
fn date(at: Timestamp) -> String {
    strtime::format("%a, %d %b %Y %H:%M:%S +0000", &at.to_zoned(TimeZone::UTC)).unwrap_or_default()
}

fn unwritten(error: io::Error) -> CommandError {
    defect(error.to_string())
}
