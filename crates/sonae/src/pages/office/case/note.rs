//! `…/note`: 内部メモ, for colleagues only.

use sonae_core::access::Action;
use sonae_core::flow::Event;

use super::case_form::CaseForm;
use super::fields::Ask;
use super::way::{Group, Way};

pub(super) static NOTE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/note",
        label: "内部メモを書く",
        key: "n",
        group: Group::Talk,
        action: Action::ReadCase,
        trials: |_| {
            vec![Event::Noted {
                text: "-".to_owned(),
            }]
        },
    },
    about: "事務局の中だけの覚え書きです。企業には見えません。企業に伝えることは「企業にメッセージを送る」から送ってください。",
    quiet: true,
    fields: |_| vec![Ask::text("text", "内部メモ(企業には見えません)").required()],
    event: |_, values| Event::Noted {
        text: values.text("text"),
    },
};
