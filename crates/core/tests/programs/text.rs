//! What the texts of a programme must keep to: invented contact data, mails that read well everywhere.

use super::{TOKYO, files, program};

/// Longest line of a mail, in full-width characters, so that it is not broken on a phone or in a plain-text reader.
const LONGEST_LINE: usize = 35;

/// Addresses that belong to somebody must not stand in a repository: an office sets its own.
#[test]
fn contact_data_is_invented() {
    for id in TOKYO {
        for file in files(&format!("programs/{id}")) {
            let at = &file.path;
            assert!(!file.text.contains("http"), "{at}: an address of a page");
            for word in file
                .text
                .split(|c: char| !(c.is_ascii_graphic() && c != '"'))
            {
                if word.contains('@') {
                    assert!(word.ends_with(".example.jp"), "{at}: {word}");
                }
                let digits = word.chars().filter(char::is_ascii_digit).count();
                if word.starts_with('0') && digits >= 10 {
                    assert!(word.starts_with("03-0000-"), "{at}: {word}");
                }
            }
        }
    }
}

#[test]
fn mails_have_short_lines() {
    for id in TOKYO {
        for mail in program(&format!("programs/{id}")).definition.mail.mail {
            for line in mail.body.lines().filter(|line| !line.contains('{')) {
                let halves: usize = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
                assert!(halves <= 2 * LONGEST_LINE, "{id} {}: {line}", mail.id);
            }
        }
    }
}

/// The two promises that the issue of receipts makes by mail.
#[test]
fn auto_replies_say_where_the_applicant_stands() {
    let received = |id: &str| {
        let mails = program(&format!("programs/{id}")).definition.mail.mail;
        mails
            .into_iter()
            .find(|mail| mail.id == "received")
            .unwrap()
    };
    assert!(
        received(TOKYO[0])
            .body
            .contains("{{ contact_due_date }}までに")
    );
    assert!(
        received(TOKYO[1])
            .body
            .contains("この時点では事業への参加は確定していません。")
    );
    assert!(TOKYO.iter().all(|id| received(id).auto_reply));
}
