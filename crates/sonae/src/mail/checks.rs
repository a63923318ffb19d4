//! Mails about the daily check, to people of the office. Neither a company's name nor what was detected leaves the office.

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_store::outbox::Mail;

use super::Mailer;
use super::message::Letter;

impl Mailer {
    /// The mail to somebody of the desk that says that a finding waits; none when the address cannot be used.
    pub fn finding_made(
        &self,
        number: i64,
        (recipient, name): (&str, &str),
        at: Timestamp,
    ) -> Option<Mail> {
        let body = format!(
            "{name} 様\n\n\
             技術担当が、毎日の検知の確認から、所見{number}をサポートセンターに渡しました。\n\
             内容と証拠は、次のページで読めます。対応する方は、「引き受ける」を押してください。\n\n\
             {}/office/findings/{number}\n",
            self.base_url
        );
        let about = format!("finding:{number}:{recipient}");
        let letter = Letter {
            mail: "staff_finding",
            about: &about,
            recipient,
            at,
            reply_to: None,
        };
        self.to_staff(&letter, &format!("備え 所見{number}が届きました"), body)
    }

    /// The mail that reminds of a day that nobody signed, sent once; none when the address cannot be used.
    pub fn check_missed(
        &self,
        day: Date,
        (recipient, name): (&str, &str),
        at: Timestamp,
    ) -> Option<Mail> {
        let date = date_with_weekday(day);
        let body = format!(
            "{name} 様\n\n\
             {date}の検知の確認が、まだ署名されていません。\n\
             次のページで、すべての会社に状態を入れて、署名してください。\n\n\
             {}/office/checks?day={day}\n\n\
             このお知らせは、1日分につき1回だけお送りします。\n",
            self.base_url
        );
        let about = format!("check:{day}:{recipient}");
        let letter = Letter {
            mail: "staff_check_missed",
            about: &about,
            recipient,
            at,
            reply_to: None,
        };
        self.to_staff(
            &letter,
            &format!("備え {date}の確認が署名されていません"),
            body,
        )
    }
}
