//! Mails about the papers of a case: to the company by the programme's texts, to the office by ours.

use jiff::Timestamp;
use sonae_core::paper::desk::version_text;
use sonae_core::paper::kind::Kind;
use sonae_store::case::Stored;
use sonae_store::outbox::Mail;

use super::Mailer;
use super::message::{self, Letter};

/// The programme's mail that asks the company to read a version.
const REVIEW: &str = "paper_review";
/// The programme's mail that confirms what the company accepted.
const ACCEPTED: &str = "paper_accepted";

/// The version that a mail is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub stored: &'a Stored,
    pub kind: &'a Kind,
    pub version: u32,
    pub at: Timestamp,
}

/// What a mail says about it.
#[derive(Clone, Copy, Debug)]
pub enum Word<'a> {
    /// It waits to be read; with what its author wrote.
    Review { note: &'a str },
    /// The company accepted it; with the SHA-256 of what it accepted, in hex.
    Accepted { sha256: &'a str },
}

/// The id of the mail that asked the company to read a version sent at `at`.
pub fn id_of_review(application_id: &str, kind: &str, version: u32, at: Timestamp) -> String {
    message::id_of(&Letter {
        mail: REVIEW,
        about: &about(application_id, kind, version),
        recipient: "",
        at,
        reply_to: None,
    })
}

fn about(application_id: &str, kind: &str, version: u32) -> String {
    format!("{application_id}:paper:{kind}:{version}")
}

impl Mailer {
    /// The mail to the company; none when the programme has no such mail, or the address cannot be used.
    pub fn of_paper(&self, paper: &About<'_>, word: Word<'_>) -> Option<Mail> {
        let stored = paper.stored;
        let program = &self.programs.get(&stored.program_id)?.program;
        let about = about(&stored.application_id, &paper.kind.id, paper.version);
        let (mail, reason, sha256) = match word {
            Word::Review { note } => (REVIEW, note, ""),
            Word::Accepted { sha256 } => (ACCEPTED, "", sha256),
        };
        let letter = Letter {
            mail,
            about: &about,
            recipient: stored.answers.contact_email.as_deref().unwrap_or_default(),
            at: paper.at,
            reply_to: self.reply_to(&stored.receipt_number),
        };
        let url = format!("{}/papers/{}", self.status_of(stored), paper.kind.id);
        let values = self
            .of_case(program, stored, &[])
            .paragraphs("reason", reason)
            .text("paper_title", &paper.kind.title)
            .text("paper_version", &version_text(paper.version))
            .text("paper_url", &url)
            .text("paper_sha256", sha256);
        self.write(program, &letter, values)
    }

    /// The mail to the expert, or to whoever works on the case, that says how the company answered. Neither the company's name nor what it wrote
    /// leaves the office.
    pub fn paper_answered(
        &self,
        paper: &About<'_>,
        recipient: &str,
        name: &str,
        accepted: bool,
    ) -> Option<Mail> {
        let stored = paper.stored;
        let (title, number) = (&paper.kind.title, &stored.receipt_number);
        let version = version_text(paper.version);
        let (mail, subject, what, next) = match accepted {
            true => (
                "staff_paper_accepted",
                "文書が承認されました",
                "承認しました",
                "内容を直すときは、次のページで改訂を始めてください。",
            ),
            false => (
                "staff_paper_returned",
                "文書が差し戻されました",
                "差し戻しました",
                "直してほしいところは、次のページで読めます。",
            ),
        };
        let body = format!(
            "{name} 様\n\n\
             受付番号 {number} の会社が、「{title}」{version}を{what}。\n\
             {next}\n\n\
             {}/office/cases/{number}/papers/{}\n",
            self.base_url, paper.kind.id
        );
        let about = about(&stored.application_id, &paper.kind.id, paper.version);
        let letter = Letter {
            mail,
            about: &about,
            recipient,
            at: paper.at,
            reply_to: None,
        };
        self.to_staff(&letter, &format!("備え {subject}(受付番号 {number})"), body)
    }
}
