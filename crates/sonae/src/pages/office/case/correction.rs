//! `…/correction` and `…/correction/cancel`: asking the company to look at its answers again.

use sonae_core::access::Action;
use sonae_core::application::show::show_all;
use sonae_core::flow::Event;

use super::case_form::CaseForm;
use super::fields::Ask;
use super::way::{Group, Way};

pub(super) static CORRECTION: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/correction",
        label: "申込内容の訂正をお願いする",
        key: "r",
        group: Group::Progress,
        action: Action::WorkCase,
        trials: |_| {
            vec![Event::CorrectionRequested {
                message: "-".to_owned(),
                fields: Vec::new(),
            }]
        },
    },
    about: "企業にメールで確認をお願いします。回答を待つ間、止められる期限は止まります。",
    quiet: false,
    fields: |opened| {
        let shown = show_all(opened.program(), &opened.stored.answers).into_iter();
        let choices = shown.map(|shown| {
            let label = match shown.value.is_empty() {
                true => format!("{}(回答なし)", shown.label),
                false => format!("{}：{}", shown.label, shown.value),
            };
            (shown.field, label)
        });
        vec![
            Ask::text("message", "確認していただきたいこと(企業に届きます)")
                .required()
                .hint("どこを、なぜ確かめてほしいのかを、具体的に書きます。"),
            Ask::many("fields", "対象の項目", choices)
                .hint("選ばないときは、すべての項目が対象になります。"),
        ]
    },
    event: |_, values| Event::CorrectionRequested {
        message: values.text("message"),
        fields: values.all("fields"),
    },
};

pub(super) static CORRECTION_CANCEL: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/correction/cancel",
        label: "訂正のお願いを取り消す",
        key: "",
        group: Group::Progress,
        action: Action::WorkCase,
        trials: |_| {
            vec![Event::CorrectionCancelled {
                reason: "-".to_owned(),
            }]
        },
    },
    about: "電話で確認できたときなど、企業の回答を待たずに進めるときに使います。止まっていた期限は、残りの日数からまた進みます。",
    quiet: false,
    fields: |_| vec![Ask::text("reason", "取り消す理由").required()],
    event: |_, values| Event::CorrectionCancelled {
        reason: values.text("reason"),
    },
};
