//! `…/withdraw`, `…/decline`, `…/exclude` and `…/reopen`: how a case ends, and how it is taken up again.

use sonae_core::access::Action;
use sonae_core::flow::Event;
use sonae_core::program::flow::StepKind;

use super::case_form::CaseForm;
use super::fields::Ask;
use super::open::Opened;
use super::way::{Group, Way};
use crate::office::foreseen::place_label;

pub(super) static WITHDRAW: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/withdraw",
        label: "企業の申し出で取り下げる",
        key: "",
        group: Group::End,
        action: Action::WorkCase,
        trials: |_| {
            vec![Event::Withdrawn {
                reason: "-".to_owned(),
            }]
        },
    },
    about: "企業から電話やメールで取下げの申し出があったときに使います。枠は返され、承ったことをメールでお知らせします。",
    quiet: false,
    fields: |_| vec![Ask::text("reason", "どなたから、どのように申し出があったか").required()],
    event: |_, values| Event::Withdrawn {
        reason: values.text("reason"),
    },
};

pub(super) static WITHDRAW_COURSE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/courses/withdraw",
        label: "一つのコースだけを取り下げる",
        key: "",
        group: Group::End,
        action: Action::WorkCase,
        trials: |opened| {
            let withdrawn = |course: String| Event::CourseWithdrawn {
                course,
                reason: "-".to_owned(),
            };
            let courses = opened.stored.case.places.keys();
            courses.cloned().map(withdrawn).collect()
        },
    },
    about: "いくつかのコースのうち、一つだけをやめるとの申し出があったときに使います。そのコースの枠や順番を返し、承ったことをメールでお知らせします。ほかのコースは、そのまま続きます。",
    quiet: false,
    fields: |opened| {
        // One that was given up already stays in the list: a second click is told apart from a mistake.
        let places = opened.stored.case.places.iter();
        let choices = places.map(|(course, state)| {
            let label = format!("{}({})", opened.words().course(course), place_label(*state));
            (course.clone(), label)
        });
        vec![
            Ask::one("course", "取り下げるコース", choices).required(),
            Ask::text("reason", "どなたから、どのように申し出があったか").required(),
        ]
    },
    event: |_, values| Event::CourseWithdrawn {
        course: values.text("course"),
        reason: values.text("reason"),
    },
};

pub(super) static DECLINE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/decline",
        label: "参加をお断りする",
        key: "",
        group: Group::End,
        action: Action::WorkCase,
        trials: |_| {
            vec![Event::Declined {
                reason: "-".to_owned(),
                clause: "-".to_owned(),
            }]
        },
    },
    about: "要件を満たさないときなどに、理由と要項の条項を付けてお断りします。理由は、そのままメールで企業に届きます。",
    quiet: false,
    fields: closing,
    event: |_, values| Event::Declined {
        reason: values.text("reason"),
        clause: values.text("clause"),
    },
};

pub(super) static EXCLUDE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/exclude",
        label: "除外する",
        key: "",
        group: Group::End,
        action: Action::WorkCase,
        trials: |_| {
            vec![Event::Excluded {
                reason: "-".to_owned(),
                clause: "-".to_owned(),
            }]
        },
    },
    about: "虚偽の申込みや、事業の趣旨に合わないことがわかったときに、対象から除きます。参加が確定した後でもできます。理由は、そのままメールで企業に届きます。",
    quiet: false,
    fields: closing,
    event: |_, values| Event::Excluded {
        reason: values.text("reason"),
        clause: values.text("clause"),
    },
};

pub(super) static REOPEN: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/reopen",
        label: "案件を再開する",
        key: "",
        group: Group::End,
        action: Action::WorkCase,
        trials: |_| {
            vec![Event::Reopened {
                reason: "-".to_owned(),
            }]
        },
    },
    about: "終わった案件を、止まった段階から進め直します。返した枠は戻りません。今お待ちの方の後ろに並びます。",
    quiet: false,
    fields: |_| vec![Ask::text("reason", "再開する理由").required()],
    event: |_, values| Event::Reopened {
        reason: values.text("reason"),
    },
};

fn closing(opened: &Opened) -> Vec<Ask> {
    vec![
        Ask::one("clause", "根拠にする要項の条項", clauses(opened)).required(),
        Ask::text("reason", "理由(企業に届きます)")
            .required()
            .hint("企業の方が読んでわかる言葉で書きます。"),
    ]
}

/// The clauses of the conditions, those not met first, and of the steps in which the office and the sponsor look at them.
fn clauses(opened: &Opened) -> Vec<(String, String)> {
    let definition = &opened.program().definition;
    let findings = &opened.stored.verdict.findings;
    let not_met = |rule: &str| {
        let finding = findings.iter().find(|finding| finding.rule == rule);
        finding.is_some_and(|finding| finding.outcome == sonae_core::eligibility::Outcome::NotMet)
    };
    let mut rules: Vec<_> = definition.eligibility.rule.iter().collect();
    rules.sort_by_key(|rule| !not_met(&rule.id));
    let rules = rules
        .into_iter()
        .map(|rule| (rule.clause.clone(), rule.title.clone()));
    let looked_at = |kind| matches!(kind, StepKind::Screening | StepKind::Approval);
    let steps = (definition.flow.step.iter())
        .filter(|step| looked_at(step.kind))
        .map(|step| (step.clause.clone(), step.title.clone()));
    let pledges = (definition.eligibility.pledge.iter())
        .map(|pledge| (pledge.clause.clone(), "誓約事項".to_owned()));
    let mut listed: Vec<(String, String)> = Vec::new();
    for (clause, title) in rules.chain(steps).chain(pledges) {
        match listed.iter_mut().find(|(known, _)| *known == clause) {
            Some((_, titles)) if !titles.contains(&title) => {
                titles.push('、');
                titles.push_str(&title);
            }
            Some(_) => {}
            None => listed.push((clause.clone(), format!("要項 {clause}：{title}"))),
        }
    }
    listed
}
