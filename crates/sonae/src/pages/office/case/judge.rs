//! `…/judge` and `…/screened`: a person's judgement on one condition, and the end of the screening.

use sonae_core::access::Action;
use sonae_core::eligibility::{Finding, Outcome};
use sonae_core::flow::Event;
use sonae_core::program::flow::StepKind;

use super::case_form::CaseForm;
use super::fields::Ask;
use super::open::Opened;
use super::way::{Group, Way};
use crate::pages::public::finding;

pub(super) const MET: &str = "met";
pub(super) const NOT_MET: &str = "not_met";
/// The company is asked first.
pub(super) const ASK: &str = "ask";

/// What a person may say of a condition.
pub(super) const OUTCOMES: [(&str, &str); 3] = [
    (MET, "満たす"),
    (NOT_MET, "満たさない"),
    (ASK, "まだ決められないので、企業に確認する"),
];

pub(super) static JUDGE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/judge",
        label: "要件を判断する",
        key: "j",
        group: Group::Progress,
        action: Action::WorkCase,
        trials: |opened| {
            let open = open_to_judgement(opened).into_iter();
            open.map(|finding| Event::Judged {
                rule: finding.rule.clone(),
                met: true,
                reason: "-".to_owned(),
            })
            .take(1)
            .collect()
        },
    },
    about: "プログラムでは決められない要件を、人が判断します。判断と理由は、判断した人の名前とともに残ります。前の判断を変えると、東京都の承認は取り直しになります。",
    quiet: false,
    fields: |opened| {
        let open = open_to_judgement(opened);
        let rules: Vec<(String, String)> = (open.iter())
            .map(|finding| {
                let title = finding::title(opened.program(), &finding.rule);
                (
                    finding.rule.clone(),
                    format!("要項 {}：{title}", finding.clause),
                )
            })
            .collect();
        let mut rule = Ask::one("rule", "要件", rules).required();
        if let [only] = open.as_slice() {
            rule = rule.filled(&only.rule);
        }
        vec![
            rule,
            Ask::one("outcome", "判断", OUTCOMES).required(),
            Ask::text("reason", "理由")
                .required()
                .hint("何を確かめて、なぜそう判断したかを書きます。「企業に確認する」を選んだときは、この文がメールで企業に届きます。"),
        ]
    },
    event: |opened, values| {
        let (rule, reason) = (values.text("rule"), values.text("reason"));
        match values.text("outcome").as_str() {
            ASK => Event::CorrectionRequested {
                message: reason,
                fields: facts_of(opened, &rule),
            },
            outcome => Event::Judged {
                rule,
                met: outcome == MET,
                reason,
            },
        }
    },
};

pub(super) static SCREENED: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/screened",
        label: "要件の確認を終える",
        key: "s",
        group: Group::Progress,
        action: Action::WorkCase,
        trials: |opened| {
            // Only a programme with such a step has something to end.
            let steps = &opened.program().definition.flow.step;
            let screens = steps.iter().any(|step| step.kind == StepKind::Screening);
            let screened = Event::Screened {
                note: String::new(),
            };
            screens.then_some(screened).into_iter().collect()
        },
    },
    about: "すべての要件を確かめたことを記録して、次の段階に進めます。",
    quiet: false,
    fields: |_| {
        vec![
            Ask::text("note", "申し送り")
                .hint("次の段階の人に伝えることがあれば書きます。企業には届きません。"),
        ]
    },
    event: |_, values| Event::Screened {
        note: values.text("note"),
    },
};

/// The findings that the rules leave to a person.
pub(super) fn open_to_judgement(opened: &Opened) -> Vec<&Finding> {
    let findings = opened.stored.verdict.findings.iter();
    findings
        .filter(|finding| finding.outcome == Outcome::NeedsJudgement)
        .collect()
}

/// The answers that a condition looks at, as the company is asked about them.
fn facts_of(opened: &Opened, rule: &str) -> Vec<String> {
    let shown = sonae_core::application::show::show_all(opened.program(), &opened.stored.answers);
    let of_rule = opened.stored.verdict.findings.iter();
    of_rule
        .filter(|finding| finding.rule == rule)
        .flat_map(|finding| &finding.facts)
        .map(|fact| fact.field.clone())
        .filter(|field| shown.iter().any(|shown| shown.field == *field))
        .collect()
}
