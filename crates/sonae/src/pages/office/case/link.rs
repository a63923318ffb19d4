//! `…/link`: a new private link for the company; the old one stops working.

use sonae_core::access::Action;
use sonae_core::flow::Event;

use super::case_form::CaseForm;
use super::fields::Ask;
use super::way::{Group, Way};

pub(super) static LINK: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/link",
        label: "企業のリンクを新しくする",
        key: "",
        group: Group::Talk,
        action: Action::WorkCase,
        trials: |_| {
            vec![Event::LinkRenewed {
                reason: "-".to_owned(),
            }]
        },
    },
    about: "企業のリンクがほかの方に知られたときや、ご担当者が替わったときに使います。新しいリンクは、メールでご担当者に届きます。",
    quiet: false,
    fields: |_| vec![Ask::text("reason", "新しくする理由").required()],
    event: |_, values| Event::LinkRenewed {
        reason: values.text("reason"),
    },
};
