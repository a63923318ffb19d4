//! A list of last year's participants: three of them apply again, and say nothing of it.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use sonae_core::access::StaffRole;
use sonae_core::audit::hex;
use sonae_core::earlier_support::list::Defaults;
use sonae_store::earlier_import::{self, Draft};

use super::company;
use super::crowd::defect;
use super::fate::People;
use crate::app::App;
use crate::error::CommandError;
use crate::office::earlier_lists;

const FILE: &str = "令和5年度_参加企業.csv";
/// Numbers of the companies on the list; the first three apply again, the third in the last days.
const COMPANIES: [usize; 9] = [44, 62, 250, 901, 902, 903, 905, 906, 907];

/// Imports the list as the office does.
///
/// # Errors
/// The database cannot be written, or the list is refused, which is a defect of the demo.
pub(super) fn bring_in(app: &App, people: &People, at: Timestamp) -> Result<(), CommandError> {
    let mut content = String::from("会社名,法人番号,支援の種類,年度\r\n");
    for number in COMPANIES {
        let company = company::answers(number);
        let text = |name: &str| company[name].as_str().unwrap_or_default().to_owned();
        let kind = ["UTM", "EDR"][number % 2];
        content += &format!(
            "{},{},{kind},令和5年度\r\n",
            text("name"),
            text("corporate_number")
        );
    }
    let reading = earlier_lists::read(content.as_bytes(), Defaults::default());
    let reading = reading.map_err(|error| defect(format!("{error:?}")))?;
    let id = crate::chance::id(at);
    let staff_id = people.id(StaffRole::Secretariat, 0);
    let draft = Draft {
        id: &id,
        file_name: FILE,
        file_hash: &hex(&Sha256::digest(&content)),
        reading: &reading,
        complete: false,
        staff_id: &staff_id,
    };
    let confirmed = app.db.write(|tx| {
        earlier_import::draft(tx, &draft, at, at + SignedDuration::from_hours(24))?;
        earlier_import::confirm(tx, &id, &staff_id, &format!("staff:{staff_id}"), at)
    })?;
    match confirmed {
        earlier_import::Confirmed::Done => Ok(()),
        other => Err(defect(format!("{other:?}"))),
    }
}
