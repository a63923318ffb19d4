//! What mails to staff say. Their texts stand in the code, so each of them is rendered here to be read as a person of the office reads it.

use std::collections::BTreeSet;
use std::fmt::Write;

use sonae_core::access::StaffRole;
use sonae_store::staff::{SecondFactor, Staff};

use super::*;
use crate::mail::paper::About;
use crate::mail::silence::SilentDevice;
use crate::mail::staff::SignInLink;
use crate::papers::library;

const PERSON: (&str, &str) = ("gijutsu-1@office.example.jp", "技術 まこと");

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant of ours")
}

/// Every mail to staff.
fn all(mailer: &Mailer) -> Vec<Mail> {
    let now = at("2026-03-14T00:10:00+09:00");
    let (email, name) = PERSON;
    let link = SignInLink {
        recipient: email,
        name,
        token: "見本",
        expires_at: at("2026-03-14T00:25:00+09:00"),
    };
    let stored = stored(mailer, now);
    let paper = About {
        stored: &stored,
        kind: library().kind("basic-policy").expect("it is built in"),
        version: 2,
        at: now,
    };
    let devices = [true, false].map(|heard_before| SilentDevice {
        source_id: "0190-d".into(),
        assignee: None,
        receipt_number: stored.receipt_number.clone(),
        product: "FortiGate 60F".into(),
        serial: "FGT60FEX00000012".into(),
        since: at("2026-03-12T08:30:00+09:00"),
        heard_before,
    });
    let person = Staff {
        id: "0190-p".into(),
        email: email.into(),
        name: name.into(),
        role: StaffRole::Technician,
        active: true,
        created_at: now,
        second_factor: SecondFactor::default(),
        single_keys: true,
    };
    let mails = [
        mailer.sign_in_link(&link, now),
        mailer.staff_locked(email, name, now),
        mailer.staff_added(email, name, now),
        mailer.staff_reset(email, name, now),
        mailer.paper_answered(&paper, email, name, true),
        mailer.paper_answered(&paper, email, name, false),
        mailer.devices_silent(&devices.each_ref(), &person, now),
        mailer.finding_made(17, PERSON, now),
        mailer.check_missed("2026-03-12".parse().expect("a date"), PERSON, now),
    ];
    mails.map(|mail| mail.expect("it is written")).into()
}

#[test]
fn mails_to_staff_read_well() {
    let mut shown = String::new();
    for mail in all(&mailer()) {
        well_formed(&mail.content);
        let readable = read(&mail.content);
        assert!(
            !readable.body.contains("\n\n\n"),
            "{}: two empty lines",
            mail.mail
        );
        let subject = readable.header("Subject");
        writeln!(shown, "=== {}: {subject}\n{}", mail.mail, readable.body).expect("a text");
    }
    insta::assert_snapshot!(shown);
}

/// The ids of mails to staff that a text names.
fn named(text: &str) -> impl Iterator<Item = String> {
    let ids = text.split('"').filter(|part| {
        let letters = |one: char| one.is_ascii_lowercase() || one == '_';
        part.starts_with("staff_") && part.chars().all(letters)
    });
    ids.map(str::to_owned)
}

#[test]
fn no_mail_to_staff_is_left_out() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/mail");
    let mut known = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_file() && !path.ends_with("tests.rs") {
            known.extend(named(&std::fs::read_to_string(path).expect("a text")));
        }
    }
    let rendered = all(&mailer()).into_iter().map(|mail| mail.mail);
    assert_eq!(rendered.collect::<BTreeSet<_>>(), known);
}
