//! The invented people who run the demonstration's programmes.

use sonae_core::access::StaffRole;

use crate::app::App;
use crate::error::CommandError;
use crate::staff::rehearsal;

/// Role, mail address, name; at least one of each role. The first of a role is the one whose link is printed.
const PEOPLE: &[(StaffRole, &str, &str)] = &[
    (
        StaffRole::Secretariat,
        "jimu-1@office.example.jp",
        "事務 あおい",
    ),
    (
        StaffRole::Secretariat,
        "jimu-2@office.example.jp",
        "事務 さくら",
    ),
    (
        StaffRole::Sponsor,
        "tokyo-1@office.example.jp",
        "都庁 みどり",
    ),
    (
        StaffRole::Expert,
        "expert-1@office.example.jp",
        "専門 たけし",
    ),
    (
        StaffRole::Expert,
        "expert-2@office.example.jp",
        "専門 ゆかり",
    ),
    (
        StaffRole::Technician,
        "gijutsu-1@office.example.jp",
        "技術 まこと",
    ),
    (StaffRole::Desk, "desk-1@office.example.jp", "窓口 ひかり"),
    (StaffRole::Admin, "kanri-1@office.example.jp", "管理 つかさ"),
];

/// Brings them in; who is in already stays as she is.
///
/// # Errors
/// The database cannot be written.
pub fn bring_in(app: &App) -> Result<(), CommandError> {
    for (role, email, name) in PEOPLE {
        rehearsal::add(app, *role, email, name)?;
    }
    Ok(())
}
