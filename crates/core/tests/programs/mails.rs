//! Every mail of both programmes, rendered with believable values, to be read as the company reads it.

use std::fmt::Write;

use minijinja::{Environment, UndefinedBehavior, Value, context};

use super::{TOKYO, program};

fn values(id: &str) -> Value {
    let program = program(&format!("programs/{id}")).definition.program;
    let courses: Vec<Value> = (program.course.iter().zip([12, 53]))
        .map(|(course, position)| {
            let state_text = if position > 50 {
                "お待ちいただいています"
            } else {
                "枠を確保しました"
            };
            context! { title => &course.title, position, state_text }
        })
        .take(program.combination.at_most as usize)
        .collect();
    context! {
        applicant_name => "みほん工業株式会社",
        contact_name => "見本 太郎",
        program_title => program.title,
        program_short_title => program.short_title,
        office_name => program.contact.name,
        office_phone => program.contact.phone,
        office_email => program.contact.email,
        office_hours => program.contact.hours_text,
        receipt_number => format!("{}-0012", program.receipt_prefix),
        received_at => "2024年5月30日(木) 9時00分",
        courses,
        status_url => "https://sonae.example.jp/s/見本",
        log_index => 17,
        log_hash => "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        questionnaire_url => "https://sonae.example.jp/q/見本",
        reason => "主たる事業所の所在地を確認できませんでした。",
        contact_due_date => "2024年6月4日(火)",
        due_date => "2024年6月4日(火)",
        draft_url => "https://sonae.example.jp/d/見本",
        report_month => "2026年6月",
        report_url => "https://sonae.example.jp/s/見本/reports/2026-06",
        paper_title => "情報セキュリティ基本方針",
        paper_version => "第1版",
        paper_url => "https://sonae.example.jp/s/見本/papers/basic-policy",
        paper_sha256 => "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }
}

#[test]
fn mails_read_well() {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for id in TOKYO {
        let values = values(id);
        let mut all = String::new();
        for mail in program(&format!("programs/{id}")).definition.mail.mail {
            let render = |text: &str| environment.render_str(text, &values).unwrap();
            let (subject, body) = (render(&mail.subject), render(&mail.body));
            assert!(
                !body.contains("\n\n\n"),
                "{id} {}: two empty lines",
                mail.id
            );
            writeln!(all, "=== {}: {subject}\n{body}", mail.id).unwrap();
        }
        insta::assert_snapshot!(id, all);
    }
}
