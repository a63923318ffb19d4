//! `…/agreed`: ご了承 given on the phone.

use sonae_core::access::Action;
use sonae_core::flow::Event;

use super::case_form::CaseForm;
use super::fields::Ask;
use super::way::{Group, Way};

pub(super) static AGREED: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/agreed",
        label: "ご了承を記録する",
        key: "g",
        group: Group::Progress,
        action: Action::WorkCase,
        trials: |_| {
            vec![Event::Agreed {
                note: String::new(),
            }]
        },
    },
    about: "電話などでご説明し、企業が規定や遵守事項を了承したときに記録します。企業がご自分のページで了承したときは、自動で記録されます。",
    quiet: false,
    fields: |_| {
        vec![
            Ask::text("note", "どなたが、どのように了承したか")
                .required()
                .hint("例：6月5日の電話で、総務の担当の方にご説明し、了承をいただいた。"),
        ]
    },
    event: |_, values| Event::Agreed {
        note: values.text("note"),
    },
};
