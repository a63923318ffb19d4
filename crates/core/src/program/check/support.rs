//! What a participant gets: session plans, equipment, desk; and that the steps of the flow have something to deliver.

use super::Findings;
use crate::application::prefecture;
use crate::program::Definition;
use crate::program::flow::{Step, StepKind};
use crate::program::support::{DeskService, Equipment, EquipmentUnit, SessionPlan};

const FILE: &str = "support.toml";

/// A day has no more minutes for a visit than this.
const LONGEST_SESSION: u32 = 8 * 60;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let support = &definition.support;
    for (index, plan) in support.session_plan.iter().enumerate() {
        session_plan(definition, index, plan, found);
    }
    for (index, equipment) in support.equipment.iter().enumerate() {
        self::equipment(&format!("equipment.{index}"), equipment, found);
    }
    for (index, desk) in support.desk.iter().enumerate() {
        self::desk(&format!("desk.{index}"), desk, found);
    }
    for (index, step) in definition.flow.step.iter().enumerate() {
        delivery(definition, index, step, found);
    }
}

fn session_plan(definition: &Definition, index: usize, plan: &SessionPlan, found: &mut Findings) {
    let at = format!("session_plan.{index}");
    let support = &definition.support;
    if support.session_plan[..index]
        .iter()
        .any(|other| other.course == plan.course)
    {
        found.add(
            FILE,
            format!("{at}.course"),
            format!("コース「{}」の支援の回の計画が2つあります。", plan.course),
            "1つの [[session_plan]] にまとめてください。",
        );
    }
    if plan.session.is_empty() {
        let what = format!("コース「{}」の計画に回がありません。", plan.course);
        found.add(
            FILE,
            format!("{at}.session"),
            what,
            "[[session_plan.session]] を書いてください。",
        );
    }
    if let Some([shortest, longest]) = plan.minutes
        && (shortest == 0 || shortest > longest || longest > LONGEST_SESSION)
    {
        found.add(
            FILE,
            format!("{at}.minutes"),
            format!("1回が{shortest}分から{longest}分までになっています。"),
            format!("[短いとき, 長いとき] の順に、{LONGEST_SESSION}分以内で書いてください。"),
        );
    }
    for (place, session) in plan.session.iter().enumerate() {
        let expected = place as u32 + 1;
        if session.number != expected {
            found.add(
                FILE,
                format!("{at}.session.{place}.number"),
                format!("{expected}回目のところに{}回目があります。", session.number),
                "1から順に、抜けなく書いてください。",
            );
        }
        for (nth, id) in session.deliverables.iter().enumerate() {
            let other = support
                .deliverable
                .iter()
                .find(|deliverable| deliverable.id == *id);
            if other.is_some_and(|deliverable| !deliverable.courses.contains(&plan.course)) {
                found.add(
                    FILE,
                    format!("{at}.session.{place}.deliverables.{nth}"),
                    format!(
                        "成果物「{id}」はコース「{}」のものではありません。",
                        plan.course
                    ),
                    "成果物の courses にこのコースを加えるか、ここから消してください。",
                );
            }
        }
    }
}

fn equipment(at: &str, equipment: &Equipment, found: &mut Findings) {
    for (key, number) in [
        ("months", equipment.months),
        ("per_company", equipment.per_company),
    ] {
        if number == 0 {
            found.add(
                FILE,
                format!("{at}.{key}"),
                format!("「{key}」が0です。"),
                "1以上にしてください。",
            );
        }
    }
    if equipment.unit == EquipmentUnit::Device && equipment.devices_per_user.is_some() {
        found.add(
            FILE,
            format!("{at}.devices_per_user"),
            "台数で数える機器に、利用者ごとの台数があります。",
            "unit = \"user\" にするか、この行を消してください。",
        );
    }
    if equipment.devices_per_user == Some(0) {
        found.add(
            FILE,
            format!("{at}.devices_per_user"),
            "「devices_per_user」が0です。",
            "1以上にしてください。",
        );
    }
    for (index, code) in equipment.prefectures.iter().enumerate() {
        if prefecture::name(code).is_none() {
            found.add(
                FILE,
                format!("{at}.prefectures.{index}"),
                format!("「{code}」という都道府県コードはありません。"),
                "01から47までの2桁で書いてください(東京都は13)。",
            );
        }
    }
}

fn desk(at: &str, desk: &DeskService, found: &mut Findings) {
    match (desk.always, desk.weekdays_from, desk.weekdays_to) {
        (true, None, None) => {}
        (false, Some(from), Some(to)) if from < to => {}
        (true, ..) => found.add(
            FILE,
            format!("{at}.always"),
            "24時間365日なのに、平日の時間もあります。",
            "always か、weekdays_from と weekdays_to のどちらかにしてください。",
        ),
        (false, Some(_), Some(_)) => found.add(
            FILE,
            format!("{at}.weekdays_to"),
            "受付が、始まる前に終わります。",
            "weekdays_from と weekdays_to の時刻を見比べてください。",
        ),
        (false, ..) => found.add(
            FILE,
            at,
            "受け付ける時間がわかりません。",
            "always = true か、weekdays_from と weekdays_to の両方を書いてください。",
        ),
    }
}

/// A step that delivers something needs what it delivers.
fn delivery(definition: &Definition, index: usize, step: &Step, found: &mut Findings) {
    let support = &definition.support;
    let at = format!("step.{index}.kind");
    let courses = definition.program.course.iter().map(|course| &course.id);
    let courses = courses.filter(|id| step.only_for.is_empty() || step.only_for.contains(id));
    for course in courses {
        let (missing, table) = match step.kind {
            StepKind::Visits => (
                !support
                    .session_plan
                    .iter()
                    .any(|plan| plan.course == *course),
                "session_plan",
            ),
            StepKind::Installation | StepKind::Loan | StepKind::LoanEnd => (
                !support.equipment.iter().any(|item| item.course == *course),
                "equipment",
            ),
            _ => (false, ""),
        };
        if missing {
            found.add(
                "flow.toml",
                &at,
                format!(
                    "段階「{}」で、コース「{course}」に行うことがsupport.tomlにありません。",
                    step.id
                ),
                format!("support.tomlに [[{table}]] を書くか、only_for でコースを限ってください。"),
            );
        }
    }
    let missing = match step.kind {
        StepKind::Survey | StepKind::FollowUpSurvey if definition.events.survey.is_empty() => {
            "survey"
        }
        StepKind::Hearing if definition.events.hearing.is_empty() => "hearing",
        _ => return,
    };
    found.add(
        "flow.toml",
        at,
        format!("段階「{}」で行うことがevents.tomlにありません。", step.id),
        format!("events.tomlに [[{missing}]] を書くか、この段階を消してください。"),
    );
}
