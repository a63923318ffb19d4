//! What the mails say, byte by byte, and that no answer breaks out of its place.

mod staff;

use std::net::SocketAddr;
use std::path::PathBuf;

use proptest::prelude::*;
use sonae_core::audit::PlaceData;
use sonae_core::flow::Effect;
use sonae_store::case::Stored;

use super::*;
use crate::config::DataArgs;
use crate::programs;
use crate::telemetry::kept::KeptArgs;
use crate::telemetry::ways_in::WaysInArgs;
use reading::{Readable, read};

const R6: &str = "tokyo-r6-basic-measures";
const R7: &str = "tokyo-r7-incident-response";

fn config(mail_from: Option<&str>) -> ServeArgs {
    ServeArgs {
        data: DataArgs {
            data: PathBuf::from("unused"),
            database: None,
            detections: None,
        },
        listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
        programs: None,
        clock: None,
        smtp: None,
        mail_from: mail_from.map(str::to_owned),
        mail_proof_address: None,
        inbound_address: None,
        inbox: None,
        base_url: Some("https://sonae.example.jp/".into()),
        behind_proxy: false,
        webhook_local: false,
        no_rate_limit: false,
        ways_in: WaysInArgs::default(),
        kept: KeptArgs::default(),
        is_demo: false,
    }
}

fn mailer() -> Mailer {
    let programs = Programs::new(programs::load_all(None).expect("the built-in programmes load"));
    Mailer::new(&config(None), Arc::new(programs), LinkSecret::new([7; 32])).expect("it starts")
}

fn submission(mailer: &Mailer, program: &str, courses: &[&str], name: &str) -> Submission {
    let running = mailer.programs.get(program).expect("it is built in");
    let answers = serde_json::json!({
        "name": name,
        "contact_name": "髙﨑 𠮷子",
        "contact_email": "takasaki@musashino-seimitsu.example.jp",
    });
    Submission {
        application_id: "0190-a".into(),
        program: running.program.clone(),
        courses: courses.iter().map(|&course| course.to_owned()).collect(),
        answers: answers.to_string(),
        verdict: r#"{"verdict":"eligible","revision":"","findings":[]}"#.into(),
        outcome: "eligible".into(),
        salt: [0; 16],
        key: "k".into(),
        body_hash: [0; 32],
        draft_id: None,
        arrived_at: Timestamp::UNIX_EPOCH,
    }
}

fn arrival(submission: &Submission, at: &str) -> Arrival {
    let states = ["held", "waiting"];
    let places = submission.courses.iter().zip(states).zip(1..);
    Arrival {
        application_id: submission.application_id.clone(),
        program_id: submission.program.id().to_owned(),
        sequence: 1,
        receipt_number: "KT-333-34A".into(),
        received_at: at.parse().expect("an instant"),
        places: places
            .map(|((course, state), position)| PlaceData {
                course: course.clone(),
                position,
                state: state.into(),
            })
            .collect(),
        log_index: 17,
        log_hash: [0xab; 32],
    }
}

/// The auto-reply to an application to `courses` at `at`, as its reader sees it.
fn reply(program: &str, courses: &[&str], at: &str) -> (Mail, Readable) {
    let mailer = mailer();
    let submission = submission(&mailer, program, courses, "株式会社武蔵野精密");
    let mut effects = mailer.received(&submission, &arrival(&submission, at));
    assert_eq!(effects.mail.len(), 1);
    let mail = effects.mail.remove(0);
    let readable = read(&mail.content);
    (mail, readable)
}

fn shown(mail: &Readable) -> String {
    let headers = mail
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\n"));
    format!("{}\n{}", headers.collect::<String>(), mail.body)
}

#[test]
fn auto_reply_of_r6_says_by_when_the_office_calls() {
    let (_, mail) = reply(R6, &["utm", "guidance"], "2024-05-30T09:00:00+09:00");
    assert!(
        mail.body
            .contains("令和6年6月4日(火)までに、事務局から電話")
    );
    insta::assert_snapshot!(shown(&mail));
}

#[test]
fn auto_reply_of_r7_says_that_nothing_is_confirmed() {
    let (_, mail) = reply(R7, &["csirt"], "2025-05-29T09:00:00+09:00");
    assert!(
        mail.body
            .contains("この時点では事業への参加は確定していません")
    );
    insta::assert_snapshot!(shown(&mail));
}

#[test]
fn the_day_of_the_call_follows_the_calendar() {
    for (at, day) in [
        ("2024-11-29T23:59:59+09:00", "令和6年12月4日(水)"),
        ("2024-07-12T12:00:00+09:00", "令和6年7月18日(木)"),
    ] {
        let (_, mail) = reply(R6, &["edr"], at);
        assert!(
            mail.body.contains(&format!("\n{day}までに、")),
            "{at}: {}",
            mail.body
        );
    }
}

#[test]
fn the_same_event_gives_the_same_bytes_and_another_gives_another_id() {
    let at = "2024-05-30T09:00:00+09:00";
    let (first, _) = reply(R6, &["utm"], at);
    assert_eq!(first, reply(R6, &["utm"], at).0);
    assert_ne!(
        first.message_id,
        reply(R6, &["utm"], "2024-05-30T09:00:01+09:00")
            .0
            .message_id
    );
    assert_eq!(
        first.message_id,
        format!("<{}@office.example.jp>", first.id)
    );
}

#[test]
fn every_mail_of_every_programme_renders_with_hostile_values() {
    let mailer = mailer();
    let at: Timestamp = "2025-06-02T10:00:00+09:00".parse().expect("an instant");
    for running in mailer.programs.iter() {
        let program = &running.program;
        let places = [PlaceData {
            course: program.courses()[0].id.clone(),
            position: i64::MAX,
            state: "waiting".into(),
        }];
        for mail in &program.definition.mail.mail {
            for value in [
                "髙﨑𠮷",
                "",
                "{{ 1/0 }}{% for %}",
                "a\r\nBcc: x@example.jp",
                "<b>&\u{202e}",
                &"長".repeat(5000),
            ] {
                let mut values = Placeholders::of_program(program).courses(program, &places);
                for placeholder in sonae_core::program::mail::PLACEHOLDERS {
                    if placeholder.name != "courses" {
                        values = values.text(placeholder.name, value);
                    }
                }
                let texts = mailer.texts_of(program).expect("they compile");
                let text = texts.render(&mail.id, values);
                let text = text.expect("it is there").expect("it renders");
                assert_eq!(text.auto_reply, mail.auto_reply);
                let letter = Letter {
                    mail: RECEIVED,
                    about: "x",
                    recipient: "a@example.jp",
                    at,
                    reply_to: None,
                };
                let contact = &program.definition.program.contact;
                let written =
                    message::write(&mailer.sender, contact, &letter, &text).expect("it is written");
                well_formed(&written.content);
                assert_eq!(read(&written.content).body, text.body);
            }
        }
    }
}

/// A case of which a mail can be about.
fn stored(mailer: &Mailer, at: Timestamp) -> Stored {
    let submission = submission(mailer, R6, &["utm"], "株式会社武蔵野精密");
    let running = mailer.programs.get(R6).expect("it is built in");
    let places = [("utm".to_owned(), PlaceState::Returned)].into();
    Stored {
        application_id: "0190-a".into(),
        program_id: R6.into(),
        revision: String::new(),
        receipt_number: "KT-333-34A".into(),
        sequence: 1,
        received_at: at,
        answers: serde_json::from_str(&submission.answers).expect("answers"),
        verdict: serde_json::from_str(&submission.verdict).expect("a verdict"),
        case: flow::received(&running.program, &running.calendar, &places, at).case,
    }
}

#[test]
fn every_event_has_its_mail() {
    let mailer = mailer();
    let at: Timestamp = "2024-06-03T10:00:00+09:00".parse().expect("an instant");
    let running = mailer.programs.get(R6).expect("it is built in");
    let stored = stored(&mailer, at);
    let effect = |mail: &str| Effect::Mail {
        mail: mail.into(),
        reason: "一行目\n二行目".into(),
        due: Some(at.to_zoned(sonae_core::calendar::tokyo()).date()),
    };
    for mail in &running.program.definition.mail.mail {
        let made = mailer.of_effect(&stored, &[], &effect(&mail.id), at);
        well_formed(&made.expect("every mail of R6 can be written").content);
    }
    let declined = mailer.of_effect(&stored, &[], &effect("declined"), at);
    let body = read(&declined.expect("R6 has this mail").content).body;
    assert!(
        body.contains("一行目\n二行目"),
        "a reason keeps its lines: {body}"
    );
    let message = Effect::Message {
        subject: "ご確認\r\nBcc: b@example.jp".into(),
        text: "お電話の件です。".into(),
    };
    let message = mailer
        .of_effect(&stored, &[], &message, at)
        .expect("written");
    well_formed(&message.content);
    assert_eq!(read(&message.content).header("Bcc"), "");
    let mail = mailer
        .of_effect(&stored, &[], &effect("withdrawn"), at)
        .expect("R6 has this mail");
    let mail = read(&mail.content);
    assert!(mail.header("Subject").contains("取り下げを承りました"));
    assert_eq!(
        mail.header("Auto-Submitted"),
        "",
        "a person asked for it and reads it"
    );
}

#[test]
fn a_draft_has_its_mail() {
    let mailer = mailer();
    let at: Timestamp = "2024-06-03T10:00:00+09:00".parse().expect("an instant");
    let program = &mailer.programs.get(R6).expect("it is built in").program;
    let draft = DraftLink {
        recipient: "a@example.jp",
        token: "abc123",
        expires_at: at,
        applicant_name: "",
        contact_name: "",
    };
    let mail = mailer
        .draft_link(program, &draft, at)
        .expect("R6 has this mail");
    let body = read(&mail.content).body;
    assert!(body.contains("https://sonae.example.jp/apply/abc123\n"));
    assert!(body.contains("令和6年6月3日(月) 10時00分まで"));
    for recipient in [
        "",
        "a",
        "a@example.jp\r\nBcc: b@example.jp",
        "a@example.jp, b@example.jp",
    ] {
        let draft = DraftLink { recipient, ..draft };
        assert_eq!(mailer.draft_link(program, &draft, at), None, "{recipient}");
    }
}

#[test]
fn a_sender_that_is_no_address_stops_the_start() {
    for text in [
        "",
        "noreply",
        "a@",
        "a@b c",
        "a@example.jp\nBcc: x@example.jp",
        "日本@example.jp",
    ] {
        let error = Sender::read(text).expect_err(text).to_string();
        assert!(error.contains("--mail-from"), "{error}");
    }
    let named = Sender::read("中小企業支援事務局 <jimu@office.example.jp>").expect("an address");
    assert_eq!(named.address().to_string(), "jimu@office.example.jp");
}

/// What every server takes: ASCII lines of at most 998 octets that end in CRLF, and each header once (RFC 5321, 5322).
fn well_formed(content: &[u8]) {
    assert!(content.is_ascii());
    let text = std::str::from_utf8(content).expect("ASCII");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 998));
    let (head, _) = text.split_once("\r\n\r\n").expect("a body");
    let mut names: Vec<_> = head
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| {
            line.split_once(": ")
                .expect("a header")
                .0
                .to_ascii_lowercase()
        })
        .collect();
    names.retain(|name| name != "auto-submitted");
    names.sort();
    let known = [
        "content-transfer-encoding",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "reply-to",
        "subject",
        "to",
    ];
    assert_eq!(names, known);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in an answer: no further header, no further line, no other recipient.
    #[test]
    fn no_answer_breaks_out(name in any::<String>(), tail in "\\PC*", newline in "(\r\n|\n|\r|\u{2028}|\u{85})") {
        let mailer = mailer_once();
        let name = format!("{name}{newline}Bcc: x@example.jp{newline}{newline}{tail}");
        let submission = submission(mailer, R6, &["utm"], &name);
        let effects = mailer.received(&submission, &arrival(&submission, "2024-05-30T09:00:00+09:00"));
        let mail = &effects.mail[0];
        well_formed(&mail.content);
        let readable = read(&mail.content);
        prop_assert_eq!(readable.header("To"), "takasaki@musashino-seimitsu.example.jp");
        let expected = submission_lines(&readable.body);
        prop_assert_eq!(expected, Some("髙﨑 𠮷子 様"));
    }
}

/// The second line of the auto-reply, which stays the second whatever the company's name is.
fn submission_lines(body: &str) -> Option<&str> {
    body.lines().nth(1)
}

fn mailer_once() -> &'static Mailer {
    static MAILER: std::sync::OnceLock<Mailer> = std::sync::OnceLock::new();
    MAILER.get_or_init(mailer)
}

/// Not a test of correctness: prints what one mail costs. `cargo test --release -p sonae -- --ignored --nocapture cost_of_a_mail`
#[test]
#[ignore = "a measurement"]
fn cost_of_a_mail() {
    const ROUNDS: u32 = 5000;
    let mailer = mailer();
    let submission = submission(&mailer, R6, &["utm", "guidance"], "株式会社武蔵野精密");
    let arrival = arrival(&submission, "2024-05-30T09:00:00+09:00");
    let start = std::time::Instant::now();
    for _ in 0..ROUNDS {
        std::hint::black_box(mailer.received(&submission, &arrival));
    }
    println!("{:?} for a mail and its clocks", start.elapsed() / ROUNDS);
}
