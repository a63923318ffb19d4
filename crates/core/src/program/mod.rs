//! The definition of a programme: what a 募集要項 says, as data.
//!
//! One folder under `programs/` holds one edition. Each file of it is one struct here; the file and the module share
//! their name. Code knows only *kinds* of rule, step, course and document; everything particular stands in the folder.

pub(crate) mod broken;
pub mod check;
pub mod diff;
pub mod effect;
pub mod eligibility;
pub mod events;
pub mod flow;
pub mod form;
pub mod load;
pub mod mail;
pub mod notices;
pub mod office;
mod pair;
pub(crate) mod place;
#[expect(
    clippy::module_inception,
    reason = "each module bears the name of its file in a programme folder"
)]
pub mod program;
pub mod revision;
pub mod schema;
pub mod support;
pub mod window;

pub use diff::{Change, diff};
pub use effect::Effect;
pub use load::{Message, SourceFile, load};
pub use window::WindowState;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The clause of the guidelines an item stands on, for example `2(4)ア` or `8(支援①)`.
///
/// Never empty. It is shown wherever the item decides something.
pub type Clause = String;

/// The name of an item inside its programme: ASCII lower case, digits and `_`, starting with a letter.
pub type Id = String;

/// Everything one folder says. See the modules of the same names.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub program: program::ProgramFile,
    pub eligibility: eligibility::EligibilityFile,
    pub form: form::FormFile,
    pub flow: flow::FlowFile,
    pub mail: mail::MailFile,
    pub support: support::SupportFile,
    pub events: events::EventsFile,
    pub notices: notices::NoticesFile,
}

/// A checked definition with the hash of its content.
///
/// An application is pinned to the revision it was made under and judged by it until it is moved on purpose.
#[derive(Clone, Debug)]
pub struct Program {
    /// SHA-256 of the folder's files in lower-case hex, 64 characters.
    pub revision: String,
    pub definition: Definition,
    /// The files it was read from, by name, so that a published revision can be kept as it was.
    pub files: Vec<(String, String)>,
}

impl Program {
    /// The programme's id, for example `tokyo-r6-basic-measures`.
    pub fn id(&self) -> &str {
        &self.definition.program.id
    }

    pub fn courses(&self) -> &[program::Course] {
        &self.definition.program.course
    }

    pub fn course(&self, id: &str) -> Option<&program::Course> {
        self.courses().iter().find(|course| course.id == id)
    }
}

/// Who acts, owns a clock or is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 申込企業・参加企業
    Company,
    /// 運営事務局
    Secretariat,
    /// 東京都(委託元)
    Sponsor,
    /// 専門家
    Expert,
    /// 技術担当
    Technician,
    /// サポートセンター
    Desk,
}

/// The four dated events of an application, in their order.
///
/// The guidelines leave open which of them takes a place, so that is a setting of the course's capacity.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// 受付: durably stored, receipt number given.
    Received,
    /// 申込完了: the company accepted the terms.
    Complete,
    /// 承認: approved by the sponsor.
    Approved,
    /// 参加確定
    Confirmed,
}

impl Milestone {
    pub const ALL: [Milestone; 4] = [
        Milestone::Received,
        Milestone::Complete,
        Milestone::Approved,
        Milestone::Confirmed,
    ];

    /// The word in programmes and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Milestone::Received => "received",
            Milestone::Complete => "complete",
            Milestone::Approved => "approved",
            Milestone::Confirmed => "confirmed",
        }
    }

    pub fn parse(word: &str) -> Option<Milestone> {
        Milestone::ALL
            .into_iter()
            .find(|milestone| milestone.as_str() == word)
    }
}
