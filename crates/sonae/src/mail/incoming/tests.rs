//! Mails as servers and people really write them, against what is read out of them.

use super::*;

const OURS: &str = "<0190-a@office.example.jp>";

fn mail(headers: &str, body: &str) -> Vec<u8> {
    let headers = headers.trim().replace('\n', "\r\n");
    format!("{headers}\r\n\r\n{}", body.replace('\n', "\r\n")).into_bytes()
}

fn read(raw: &[u8]) -> Incoming {
    super::read(raw, None)
}

/// Checks the nature and whether our mail is the first that it refers to.
fn check(raw: &[u8], nature: Nature, finds_ours: bool) -> Incoming {
    let read = read(raw);
    assert_eq!(read.nature, nature, "{}", String::from_utf8_lossy(raw));
    let found = read.answers.iter().any(|id| id == OURS);
    assert_eq!(found, finds_ours, "{:?}", read.answers);
    read
}

fn returned(reason: &str) -> Nature {
    Nature::Returned {
        reason: reason.into(),
    }
}

#[test]
fn a_reply_is_read_with_its_references() {
    let raw = mail(
        &format!(
            "From: =?UTF-8?B?6auY5bSO?= <takasaki@musashino.example.jp>\nTo: Office <office+kt.1@sonae.example.jp>\n\
             Subject: =?ISO-2022-JP?B?UmU6IBskQiQqSlY7dhsoQg==?=\nMessage-ID: <r1@musashino.example.jp>\n\
             References: <older@example.jp>\n {OURS}\nContent-Type: text/plain; charset=utf-8"
        ),
        "承知しました。\u{202e}\n\n> 引用\n",
    );
    let read = check(&raw, Nature::Ordinary, true);
    assert_eq!(read.answers[0], OURS, "the last reference comes first");
    assert_eq!(read.sender, "高崎 <takasaki@musashino.example.jp>");
    assert_eq!(read.subject, "Re: お返事");
    assert_eq!(read.text, "承知しました。\n\n> 引用");
    assert_eq!(read.message_id, "<r1@musashino.example.jp>");
    assert!(read.recipients.contains("office+kt.1@sonae.example.jp"));
}

#[test]
fn html_becomes_text_and_files_are_listed() {
    let raw = mail(
        "From: a@example.jp\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b",
        "--b\nContent-Type: text/html; charset=utf-8\n\n<p>こんにちは<script>alert(1)</script></p><img src='https://t.example.jp/p'>\n\
         --b\nContent-Type: application/pdf; name=\"a\u{0}.pdf\"\nContent-Disposition: attachment; filename=\"見積.pdf\"\n\
         Content-Transfer-Encoding: base64\n\nAAAA\n--b--\n",
    );
    let read = check(&raw, Nature::Ordinary, false);
    assert!(
        read.text.contains("こんにちは") && !read.text.contains('<'),
        "{}",
        read.text
    );
    assert_eq!(read.attachments.len(), 1);
    assert_eq!(
        (read.attachments[0].name.as_str(), read.attachments[0].bytes),
        ("見積.pdf", 3)
    );
}

#[test]
fn machines_are_recognised() {
    for (header, nature) in [
        ("Auto-Submitted: auto-replied", Nature::Automatic),
        (
            "Auto-Submitted: auto-generated (vacation)",
            Nature::Automatic,
        ),
        ("auto-submitted: no", Nature::Ordinary),
        ("X-Autoreply: yes", Nature::Automatic),
        ("Precedence: auto_reply", Nature::Automatic),
        ("Precedence: bulk", Nature::Ordinary),
        ("X-Other: 1", Nature::Ordinary),
    ] {
        let raw = mail(
            &format!("From: a@example.jp\nIn-Reply-To: {OURS}\n{header}"),
            "不在です。\n",
        );
        check(&raw, nature, true);
    }
}

/// A delivery status notification with one group of fields for its recipient.
fn notification(fields: &str) -> Vec<u8> {
    mail(
        "From: MAILER-DAEMON@mx.example.jp\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"",
        &format!(
            "--b\nContent-Type: text/plain\n\nI'm sorry.\n--b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.example.jp\n\n{fields}\n\n--b\nContent-Type: text/rfc822-headers\n\n\
             Message-ID: {OURS}\nSubject: x\n\n--b--\n"
        ),
    )
}

#[test]
fn delivery_status_notifications_are_read() {
    let to = "Final-Recipient: rfc822; a@example.jp\n";
    for (fields, nature) in [
        (
            "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown",
            returned("5.1.1"),
        ),
        ("action: FAILED\nStatus: 5.2.2 (full)", returned("5.2.2")),
        (
            "Action: failed\nDiagnostic-Code: smtp;\n 550-5.7.1 refused",
            returned("5.7.1"),
        ),
        (
            "Action: failed\nDiagnostic-Code: smtp; 554 no",
            returned("SMTP 554"),
        ),
        ("Action: failed", returned("unknown")),
        // A delay and a success are news, not a return.
        ("Action: delayed\nStatus: 4.4.1", Nature::Automatic),
        ("Action: delivered\nStatus: 2.0.0", Nature::Automatic),
    ] {
        let bounce = matches!(nature, Nature::Returned { .. });
        check(&notification(&format!("{to}{fields}")), nature, bounce);
    }
}

#[test]
fn plain_letters_of_common_servers_are_read() {
    let original = format!("\n------ This is a copy ------\n\nMessage-ID: {OURS}\nSubject: x\n");
    for (headers, body, nature) in [
        (
            "From: Mail Delivery System <Mailer-Daemon@mx.example.jp>\nX-Failed-Recipients: a@example.jp\nSubject: Mail delivery failed: returning message to sender",
            "  a@example.jp\n    550 5.1.1 no such user\n",
            returned("5.1.1"),
        ),
        (
            "From: MAILER-DAEMON@qmail.example.jp\nSubject: failure notice",
            "Hi. This is the qmail-send program.\n192.0.2.1 does not like recipient.\nRemote host said: 550 unknown\n",
            returned("SMTP 550"),
        ),
        (
            "From: postmaster@example.jp\nSubject: =?UTF-8?B?6YWN5L+h5LiN6IO9?=: x",
            "理由は書かれていません。\n",
            returned("unknown"),
        ),
        // A person who writes about such a mail is no server.
        (
            "From: a@example.jp\nSubject: Undeliverable: help",
            "困っています。\n",
            Nature::Ordinary,
        ),
    ] {
        let bounce = matches!(nature, Nature::Returned { .. });
        check(&mail(headers, &format!("{body}{original}")), nature, bounce);
    }
}

#[test]
fn the_same_mail_by_two_ways_is_one_and_another_is_another() {
    let body = "本文\n";
    let one = read(&mail(
        "Received: a\nMessage-ID: <1@example.jp>\nTo: a@example.jp",
        body,
    ));
    let two = read(&mail(
        "Received: b\nMessage-ID: <1@example.jp>\nTo: a@example.jp",
        body,
    ));
    let forged = read(&mail("Message-ID: <1@example.jp>", "別の本文\n"));
    assert_eq!(one.once, two.once);
    assert_ne!(one.once, forged.once);
}

#[test]
fn anything_is_read_within_bounds() {
    let long = "あ".repeat(50_000);
    let many = "<a@b.example.jp> ".repeat(5000);
    for raw in [
        Vec::new(),
        vec![0; 3],
        vec![0xff; 1000],
        b"\r\n\r\n".to_vec(),
        mail(&format!("Subject: {long}\nReferences: {many}"), &long),
        mail(
            "Content-Type: multipart/mixed; boundary=b",
            &"--b\n\nx\n".repeat(3000),
        ),
    ] {
        let read = read(&raw);
        assert!(read.subject.chars().count() <= LONGEST_LINE);
        assert!(read.text.chars().count() <= LONGEST_TEXT);
        assert!(read.answers.len() <= MOST_ANSWERED);
        assert!(!read.text.contains('\0'));
        assert_eq!(read.once.len(), 64);
    }
}

#[test]
fn every_reason_has_a_sentence() {
    for reason in [
        "5.1.1", "5.1.2", "5.2.2", "5.7.1", "SMTP 550", "SMTP 554", "unknown", "",
    ] {
        assert!(returned::meaning(reason).ends_with('。'), "{reason}");
    }
}

#[test]
fn a_copy_that_did_not_arrive_returns_no_mail() {
    let notice = |recipient: &str| {
        format!("Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\n")
    };
    let check = |groups: &[&str], expected: Option<Nature>| {
        let groups: Vec<String> = groups.iter().map(|recipient| notice(recipient)).collect();
        let raw = mail(
            "From: MAILER-DAEMON@relay.example.jp\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; boundary=b",
            &format!(
                "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example.jp\n\n{}\n--b--\n",
                groups.join("\n")
            ),
        );
        let read = super::read(&raw, Some("utsushi@office.example.jp"));
        assert_eq!(
            read.nature,
            expected.unwrap_or(Nature::Automatic),
            "{groups:?}"
        );
    };
    check(&["a@example.jp"], Some(returned("5.1.1")));
    check(&["Utsushi@office.example.jp"], None);
    check(
        &["utsushi@office.example.jp", "a@example.jp"],
        Some(returned("5.1.1")),
    );
}
