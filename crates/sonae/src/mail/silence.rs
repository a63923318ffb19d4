//! The mail to who manages devices when some have fallen silent.

use std::fmt::Write;

use jiff::Timestamp;
use sonae_core::calendar::japanese::moment;
use sonae_store::outbox::Mail;
use sonae_store::staff::Staff;

use super::Mailer;
use super::message::Letter;

/// Devices that one mail names; how many more there are is said.
const MOST_NAMED: usize = 20;

/// A device that has fallen silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilentDevice {
    pub source_id: String,
    /// The staff id of who works on the case.
    pub assignee: Option<String>,
    pub receipt_number: String,
    pub product: String,
    pub serial: String,
    /// Its last line, or the beginning of its period.
    pub since: Timestamp,
    /// Whether it was ever heard.
    pub heard_before: bool,
}

impl Mailer {
    /// The mail that says which devices are silent; none when the address cannot be used. No company's name leaves the office.
    pub fn devices_silent(
        &self,
        devices: &[&SilentDevice],
        person: &Staff,
        at: Timestamp,
    ) -> Option<Mail> {
        let mut list = String::new();
        for one in devices.iter().take(MOST_NAMED) {
            let since = moment(one.since);
            let said = match one.heard_before {
                true => format!("最後に届いたのは {since}"),
                false => format!("{since} から、まだ一度も届いていません"),
            };
            // Writing to a text cannot fail.
            let _ = write!(
                list,
                "■ 受付番号 {number}\n{product}(製造番号 {serial})\n{said}\n{base}/office/cases/{number}/devices\n\n",
                number = one.receipt_number,
                product = one.product,
                serial = one.serial,
                base = self.base_url,
            );
        }
        let more = devices.len().saturating_sub(MOST_NAMED);
        if more > 0 {
            let _ = write!(list, "ほかに {more}台あります。\n\n");
        }
        let body = format!(
            "{} 様\n\n\
             次の機器から、ログが届いていません。\n\n\
             {list}\
             電源、回線、送り先の設定を、会社に確かめてください。\n\
             届くようになれば、この知らせは自動で終わります。\n",
            person.name
        );
        let first = devices.first()?;
        let about = format!("{}:{}:{}", person.id, first.source_id, first.since);
        let letter = Letter {
            mail: "staff_devices_silent",
            about: &about,
            recipient: &person.email,
            at,
            reply_to: None,
        };
        let count = devices.len();
        self.to_staff(
            &letter,
            &format!("備え ログの届かない機器があります({count}台)"),
            body,
        )
    }
}
