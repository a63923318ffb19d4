//! Who works in the office, and what each may do.
//!
//! Architecture invariant: whether somebody may do something is decided here and nowhere else.

use serde::{Deserialize, Serialize};

/// The roles of staff. A company is no role here: it holds a private link to its own application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
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
    /// 管理者
    Admin,
}

impl StaffRole {
    /// Every role, in the order in which the office lists them.
    pub const ALL: [StaffRole; 6] = [
        StaffRole::Secretariat,
        StaffRole::Sponsor,
        StaffRole::Expert,
        StaffRole::Technician,
        StaffRole::Desk,
        StaffRole::Admin,
    ];

    /// The word used on the command line, in the interface and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            StaffRole::Secretariat => "secretariat",
            StaffRole::Sponsor => "sponsor",
            StaffRole::Expert => "expert",
            StaffRole::Technician => "technician",
            StaffRole::Desk => "desk",
            StaffRole::Admin => "admin",
        }
    }

    pub fn parse(word: &str) -> Option<StaffRole> {
        StaffRole::ALL
            .into_iter()
            .find(|role| role.as_str() == word)
    }

    /// The name people read.
    pub fn label(self) -> &'static str {
        match self {
            StaffRole::Secretariat => "運営事務局",
            StaffRole::Sponsor => "東京都",
            StaffRole::Expert => "専門家",
            StaffRole::Technician => "技術担当",
            StaffRole::Desk => "サポートセンター",
            StaffRole::Admin => "管理者",
        }
    }
}
