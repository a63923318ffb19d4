//! `…/contact`: an attempt to reach the company by phone or mail. Once it succeeded, the step that waits for it is done.

use sonae_core::access::Action;
use sonae_core::flow::{Channel, ContactOutcome, Event};

use super::case_form::CaseForm;
use super::fields::Ask;
use super::way::{Group, Way};

pub(super) static CONTACT: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/contact",
        label: "連絡を記録する",
        key: "c",
        group: Group::Talk,
        // The expert's first contact is logged here too.
        action: Action::Diagnose,
        trials: |_| {
            vec![Event::Contacted {
                channel: Channel::Phone,
                outcome: ContactOutcome::NoAnswer,
                note: String::new(),
            }]
        },
    },
    about: "電話やメールで連絡したことを残します。つながらなかった電話も残してください。お話しできたとき、またはメールでご連絡したときは、連絡の期限が終わり、次の段階に進みます。",
    quiet: true,
    fields: |_| {
        vec![
            Ask::one(
                "channel",
                "連絡の手段",
                [
                    ("phone", "電話"),
                    ("mail", "メール"),
                    ("in_person", "対面"),
                    ("online", "オンライン"),
                ],
            )
            .required()
            .in_a_row()
            .filled("phone"),
            Ask::one(
                "outcome",
                "結果",
                [
                    ("reached", "お話しできた(メールは送った)"),
                    ("left_message", "伝言を残した"),
                    ("no_answer", "つながらなかった"),
                ],
            )
            .required()
            .in_a_row(),
            Ask::text("note", "話した内容")
                .hint("お話しした方、確認したこと、次の約束を書きます。企業には見えません。"),
        ]
    },
    event: |_, values| Event::Contacted {
        channel: match values.text("channel").as_str() {
            "mail" => Channel::Mail,
            "in_person" => Channel::InPerson,
            "online" => Channel::Online,
            _ => Channel::Phone,
        },
        outcome: match values.text("outcome").as_str() {
            "reached" => ContactOutcome::Reached,
            "left_message" => ContactOutcome::LeftMessage,
            _ => ContactOutcome::NoAnswer,
        },
        note: values.text("note"),
    },
};
