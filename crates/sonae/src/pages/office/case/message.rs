//! `…/message`: a mail to the company in the office's own words.

use sonae_core::access::Action;
use sonae_core::flow::Event;

use super::case_form::CaseForm;
use super::fields::Ask;
use super::way::{Group, Way};

pub(super) static MESSAGE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/message",
        label: "企業にメッセージを送る",
        key: "m",
        group: Group::Talk,
        action: Action::Diagnose,
        trials: |_| {
            vec![Event::Messaged {
                subject: "-".to_owned(),
                text: "-".to_owned(),
            }]
        },
    },
    about: "企業のご担当者へのメールです。企業の状況のページにも載ります。宛名、状況のページのアドレス、事務局の連絡先は、自動で入ります。",
    quiet: false,
    fields: |_| {
        vec![
            Ask::line("subject", "件名")
                .required()
                .hint("前に事業の名前、後ろに受付番号が付きます。"),
            Ask::text("text", "本文(企業に届きます)").required(),
        ]
    },
    event: |_, values| Event::Messaged {
        subject: values.text("subject"),
        text: values.text("text"),
    },
};
