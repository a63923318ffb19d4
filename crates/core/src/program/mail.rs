//! `mail.toml`: every mail this programme can send. Subject and body are minijinja with strict undefined.
//!
//! What may stand between `{{` and `}}` is a closed vocabulary: [`PLACEHOLDERS`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Clause, Id, Role};

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MailFile {
    pub mail: Vec<Mail>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Named by a step or a clock of the flow, or one of those that an event outside the flow sends: `received` (the auto-reply),
    /// `draft_link`, `private_link`, `withdrawn`, `course_withdrawn`, `correction_request`, `corrected`, `declined`, `place_offered`,
    /// `place_lapsed`, `paper_review`, `paper_accepted`, `monthly_report`.
    pub id: Id,
    pub clause: Clause,
    pub to: Role,
    /// When it goes out, one sentence for the reader of the definition.
    pub when: String,
    /// An answer to a machine's event, marked `Auto-Submitted: auto-replied` (RFC 3834).
    #[serde(default)]
    pub auto_reply: bool,
    pub subject: String,
    pub body: String,
}

/// One name that a mail's subject and body may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    pub name: &'static str,
    /// What stands there, in Japanese, for the manual and the office's editor.
    pub description: &'static str,
    pub scope: Scope,
}

/// Which mails have a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Every,
    /// Every mail about an application, that is all but `draft_link`.
    Application,
    /// Only `draft_link`.
    Draft,
    /// Only mails about a paper of a case.
    Paper,
    /// Only `monthly_report`.
    Report,
    /// Mails about an application, in a programme whose office has a clock from the receipt.
    ContactClock,
}

/// All placeholders. Every value is text, except `courses`, which is a list of `title`, `position` (a number) and
/// `state_text`. A mail whose event has no such value gets an empty text.
pub const PLACEHOLDERS: [Placeholder; 25] = [
    every("applicant_name", "会社名(個人事業主は屋号または氏名)"),
    every("contact_name", "ご担当者の氏名"),
    every("program_title", "事業名"),
    every("program_short_title", "事業の短い名前"),
    every("office_name", "事務局の名前"),
    every("office_phone", "事務局の電話番号"),
    every("office_email", "事務局のメールアドレス"),
    every("office_hours", "事務局の受付時間"),
    every(
        "due_date",
        "期限の日(例 2024年6月4日(火))。期限のない知らせでは空",
    ),
    about_application("receipt_number", "受付番号"),
    about_application("received_at", "受付日時(例 2024年5月30日(木) 9時00分)"),
    about_application(
        "courses",
        "申し込んだコースの並び。1つずつに title(名前)、position(受付順)、state_text(枠の状態)がある",
    ),
    about_application("status_url", "申込状況のページのアドレス"),
    about_application("log_index", "受付の記録の番号"),
    about_application("log_hash", "受付の記録のハッシュ値"),
    about_application("questionnaire_url", "事前問診やアンケートのアドレス"),
    about_application("reason", "理由(お断り、差戻しなど)"),
    Placeholder {
        name: "contact_due_date",
        description: "事務局が連絡する期限の日。受付から数える事務局の期限がある事業だけ",
        scope: Scope::ContactClock,
    },
    Placeholder {
        name: "draft_url",
        description: "書きかけの申込みの続きのアドレス(draft_link だけ)",
        scope: Scope::Draft,
    },
    about_paper("paper_title", "文書の名前(文書のメールだけ)"),
    about_paper("paper_version", "文書の版(例 第2版。文書のメールだけ)"),
    about_paper("paper_url", "文書のページのアドレス(文書のメールだけ)"),
    about_paper(
        "paper_sha256",
        "承認された文書のハッシュ値(paper_accepted だけ)",
    ),
    about_report(
        "report_month",
        "レポートの月(例 2026年6月。monthly_report だけ)",
    ),
    about_report(
        "report_url",
        "レポートのページのアドレス(monthly_report だけ)",
    ),
];

/// The mails about a paper of a case.
pub const PAPER_MAILS: [&str; 2] = ["paper_review", "paper_accepted"];

const fn about_report(name: &'static str, description: &'static str) -> Placeholder {
    Placeholder {
        name,
        description,
        scope: Scope::Report,
    }
}

const fn about_paper(name: &'static str, description: &'static str) -> Placeholder {
    Placeholder {
        name,
        description,
        scope: Scope::Paper,
    }
}

const fn every(name: &'static str, description: &'static str) -> Placeholder {
    Placeholder {
        name,
        description,
        scope: Scope::Every,
    }
}

const fn about_application(name: &'static str, description: &'static str) -> Placeholder {
    Placeholder {
        name,
        description,
        scope: Scope::Application,
    }
}
