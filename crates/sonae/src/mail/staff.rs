//! Mails to staff. They belong to no programme, so their texts stand here.

use jiff::Timestamp;
use sonae_core::calendar::japanese::moment;
use sonae_store::outbox::Mail;

use super::Mailer;
use super::message::{self, Letter};
use super::texts::Text;

/// The mail with a one-time link.
pub struct SignInLink<'a> {
    pub recipient: &'a str,
    pub name: &'a str,
    pub token: &'a str,
    pub expires_at: Timestamp,
}

impl Mailer {
    /// The mail with a sign-in link; none when the address cannot be used.
    pub fn sign_in_link(&self, link: &SignInLink<'_>, at: Timestamp) -> Option<Mail> {
        let url = format!(
            "{}{}",
            self.base_url,
            crate::staff::sign_in::link_path(link.token)
        );
        let body = format!(
            "{} 様\n\n\
             サインインの申し込みを受け付けました。\n\
             次のリンクを開き、画面のボタンを押してください。\n\n{url}\n\n\
             このリンクは、{} まで、1回だけ使えます。\n\
             心当たりがないときは、このメールを破棄してください。リンクを使わない限り、何も起こりません。\n",
            link.name,
            moment(link.expires_at)
        );
        let letter = Letter {
            mail: "staff_sign_in",
            about: link.token,
            recipient: link.recipient,
            at,
            reply_to: None,
        };
        self.to_staff(&letter, "備え サインインのリンク", body)
    }

    /// The mail that says that wrong codes have locked the second factor for a while.
    pub fn staff_locked(&self, recipient: &str, name: &str, at: Timestamp) -> Option<Mail> {
        let until = moment(at + crate::staff::sign_in::LOCKED_FOR);
        let body = format!(
            "{name} 様\n\n\
             サインインの確認コードの間違いが続いたため、{until} まで、あなたの確認コードを受け付けないようにしました。\n\
             ご自分で間違えたときは、その時刻を過ぎてから、もう一度サインインしてください。\n\n\
             心当たりがないときは、ほかの人があなたのメールを読んでいるおそれがあります。\n\
             メールのパスワードを変え、管理者に知らせてください。\n"
        );
        let letter = Letter {
            mail: "staff_locked",
            about: recipient,
            recipient,
            at,
            reply_to: None,
        };
        self.to_staff(&letter, "備え サインインを一時的に止めました", body)
    }

    /// The mail that tells somebody that she was added and where to sign in. It carries no secret.
    pub fn staff_added(&self, recipient: &str, name: &str, at: Timestamp) -> Option<Mail> {
        let body = format!(
            "{name} 様\n\n\
             中小企業サイバーセキュリティ支援事業の運営システム「備え」に、あなたを利用者として登録しました。\n\
             次のページで、このメールのあて先のアドレスを入力してください。サインインのリンクをお送りします。\n\n\
             {}/sign-in\n\n\
             初めてのサインインでは、スマートフォンなどの認証アプリを登録します。お手元にご用意ください。\n",
            self.base_url
        );
        let letter = Letter {
            mail: "staff_added",
            about: recipient,
            recipient,
            at,
            reply_to: None,
        };
        self.to_staff(&letter, "備え 利用者の登録のお知らせ", body)
    }

    /// The mail that says that the second factor was taken away and another is enrolled at the next sign-in.
    pub fn staff_reset(&self, recipient: &str, name: &str, at: Timestamp) -> Option<Mail> {
        let body = format!(
            "{name} 様\n\n\
             管理者が、あなたの認証アプリの登録を取り消しました。これまでのサインインは、すべて終わりました。\n\
             次のページからサインインし、認証アプリをもう一度登録してください。\n\n\
             {}/sign-in\n\n\
             心当たりがないときは、管理者に知らせてください。\n",
            self.base_url
        );
        let letter = Letter {
            mail: "staff_reset",
            about: recipient,
            recipient,
            at,
            reply_to: None,
        };
        self.to_staff(&letter, "備え 認証アプリの登録の取り消し", body)
    }

    /// Writes the mail under the name of the first programme's office, which is where an answer goes.
    pub(super) fn to_staff(
        &self,
        letter: &Letter<'_>,
        subject: &str,
        body: String,
    ) -> Option<Mail> {
        let office = &self
            .programs
            .iter()
            .next()?
            .program
            .definition
            .program
            .contact;
        let text = Text {
            subject: subject.to_owned(),
            body,
            auto_reply: false,
        };
        message::write(&self.sender, office, letter, &text)
            .inspect_err(|error| {
                tracing::error!(mail = letter.mail, %error, "a mail could not be written");
            })
            .ok()
    }
}
