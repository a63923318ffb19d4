//! `…/duplicates`: other applications and records of earlier support that may be of the same company, side by side with this one.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::application::answers::Answers;
use sonae_core::calendar::japanese::moment;
use sonae_core::earlier_support::{Found, Record};
use sonae_core::flow::Event;
use sonae_core::text::phone::display;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::duplicate::{self, Duplicate};
use sonae_store::earlier_support::{self, Stored as Earlier};

use super::case_form::CaseForm;
use super::command;
use super::fields::Ask;
use super::open::{self, Opened};
use super::way::{Group, Way};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::OfficeFrame;
use crate::pages::public::show;

pub(super) static COMPARE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/duplicates/judge",
        label: "同じ企業かを判断する",
        key: "",
        group: Group::Progress,
        action: Action::WorkCase,
        trials: |opened| {
            vec![Event::CompaniesCompared {
                with: opened.stored.receipt_number.clone(),
                same: false,
                reason: "-".to_owned(),
            }]
        },
    },
    about: "似ているお申込みや過去の支援の記録と、同じ企業かどうかを判断します。過去の支援についての判断は、参加要件の判定に使われます。お申込みが止まることはありません。",
    quiet: true,
    fields: |_| {
        vec![
            Ask::line("with", "比べる相手(受付番号、または記録の番号)").required(),
            Ask::one("same", "判断", SAME).required(),
            Ask::text("reason", "理由")
                .required()
                .hint("例：電話で確認したところ、代表者も所在地も異なる別の会社だった。"),
        ]
    },
    event: |_, values| Event::CompaniesCompared {
        with: values.text("with").trim().to_owned(),
        same: values.text("same") == "yes",
        reason: values.text("reason"),
    },
};

const SAME: [(&str, &str); 2] = [("yes", "同じ企業"), ("no", "別の企業")];

pub(super) static DUPLICATES: Way = Way {
    path: "/office/cases/{receipt_number}/duplicates",
    label: "重複と過去の支援を確かめる",
    key: "",
    group: Group::Progress,
    action: Action::WorkCase,
    // Opening a page is no event; whoever may write a note on the case may look.
    trials: |_| {
        let note = Event::Noted {
            text: "-".to_owned(),
        };
        vec![note]
    },
};

#[derive(Template)]
#[template(path = "office/case/duplicates.html")]
struct DuplicatesPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    pairs: Vec<Pair>,
    same: [(&'static str, &'static str); 2],
    judges: bool,
    action: String,
    version: i64,
}

/// This application and one that may be of the same company.
struct Pair {
    /// As `CompaniesCompared` names it.
    with: String,
    title: String,
    /// Of another case that this person may open.
    href: Option<String>,
    strength: &'static str,
    reason: String,
    rows: Vec<Row>,
    judgement: Option<String>,
}

struct Row {
    label: &'static str,
    here: String,
    there: String,
    /// Whether a difference says that these are two companies.
    telling: bool,
}

impl Row {
    fn differs(&self) -> bool {
        self.telling && self.here != self.there
    }
}

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/cases/{receipt_number}/duplicates",
        Action::WorkCase,
        show_duplicates,
    )
}

async fn show_duplicates(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    let (opened, (others, records)) =
        open::open_with(&app, &staff, &number, Action::WorkCase, read).await?;
    let others = others.iter().map(|other| of_other(&app, &opened, other));
    let records = records
        .iter()
        .map(|(record, found)| of_record(&opened, record, found));
    let page = DuplicatesPage {
        frame: command::frame(&app, &opened, "重複と過去の支援"),
        pairs: others.chain(records).collect(),
        same: SAME,
        judges: opened.offers(&COMPARE.way),
        action: COMPARE.way.href(&opened.stored.receipt_number),
        version: opened.stored.case.version,
        opened: &opened,
    };
    show(StatusCode::OK, &page)
}

type Lookalikes = (Vec<Duplicate>, Vec<(Earlier, Found)>);

fn read(tx: &mut Tx, opened: &Opened) -> Result<Lookalikes, StoreError> {
    let stored = &opened.stored;
    let (id, answers) = (&stored.application_id, &stored.answers);
    Ok((
        duplicate::of_company(tx, id, answers)?,
        earlier_support::about(tx, &stored.program_id, id, answers)?,
    ))
}

fn of_other(app: &App, opened: &Opened, other: &Duplicate) -> Pair {
    let program = app.programs.get(&other.program_id);
    let title = program.map_or_else(String::new, |running| {
        running.program.definition.program.short_title.clone()
    });
    let with = other.receipt_number.clone();
    let here = described(&opened.stored.answers);
    let there = described(&other.answers);
    let mut rows: Vec<Row> = (LABELS.into_iter().zip(here).zip(there))
        .map(|((label, here), there)| compared(label, here, there))
        .collect();
    rows.push(Row {
        telling: false,
        label: "受付",
        here: moment(opened.stored.received_at),
        there: moment(other.received_at),
    });
    rows.push(Row {
        telling: false,
        label: "状態",
        here: opened.stored.case.status.label().to_owned(),
        there: other.status.label().to_owned(),
    });
    Pair {
        title: format!("{title} 受付番号{with}のお申込み"),
        href: Some(format!("/office/cases/{with}")),
        strength: other.found.strength.label(),
        reason: other.found.reason(),
        judgement: judgement(opened, &with),
        rows,
        with,
    }
}

fn of_record(opened: &Opened, earlier: &Earlier, found: &Found) -> Pair {
    let with = format!("record:{}", earlier.id);
    let here = described(&opened.stored.answers);
    let there = recorded(&earlier.record);
    let rows = LABELS.into_iter().zip(here).zip(there);
    Pair {
        title: format!(
            "過去の支援の記録：{}年度 {}({})",
            earlier.record.year,
            kind(&earlier.record),
            earlier.source.shown()
        ),
        href: None,
        strength: found.strength.label(),
        reason: found.reason(),
        judgement: judgement(opened, &with),
        rows: rows
            .map(|((label, here), there)| compared(label, here, there))
            .collect(),
        with,
    }
}

fn compared(label: &'static str, here: String, there: String) -> Row {
    Row {
        label,
        here,
        there,
        telling: true,
    }
}

fn kind(record: &Record) -> &'static str {
    use sonae_core::application::choices::{SUPPORT_KINDS, of};
    of(SUPPORT_KINDS, record.kind).label
}

fn judgement(opened: &Opened, with: &str) -> Option<String> {
    let word = opened.stored.case.compared.get(with)?;
    let said = if word.same {
        "同じ企業"
    } else {
        "別の企業"
    };
    Some(format!(
        "{}さんの判断({})：{said}。{}",
        opened.who(&word.by),
        moment(word.at),
        word.reason
    ))
}

const LABELS: [&str; 5] = ["名称", "フリガナ", "法人番号", "所在地", "電話番号"];

fn described(answers: &Answers) -> [String; 5] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        text(&answers.name),
        text(&answers.name_kana),
        text(&answers.corporate_number),
        format!(
            "{}{}",
            text(&answers.address_line1),
            text(&answers.address_line2)
        ),
        answers
            .contact_phone
            .as_deref()
            .map_or_else(String::new, display),
    ]
}

fn recorded(record: &Record) -> [String; 5] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        record.name.clone(),
        text(&record.name_kana),
        text(&record.corporate_number),
        text(&record.address),
        record.phone.as_deref().map_or_else(String::new, display),
    ]
}
