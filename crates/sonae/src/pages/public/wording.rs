//! The words of the public pages for what a programme's definition names by kind.

use jiff::civil::{Date, Time};
use sonae_core::application::prefecture;
use sonae_core::calendar::japanese::{date_long, date_with_weekday};
use sonae_core::program::flow::{Clock, FlowFile, Step};
use sonae_core::program::notices::NoticeTopic;
use sonae_core::program::program::{PartyRole, Window};
use sonae_core::program::support::{DeskService, Equipment, EquipmentUnit, SessionPlan};
use sonae_core::program::{Milestone, Program, Role};

/// Paragraphs are separated by an empty line.
pub(in crate::pages) fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
}

/// The tag that tells where an item stands in the guidelines, or that the office decided it.
pub(in crate::pages) fn clause(clause: &str) -> String {
    match clause {
        "事務局設定" => "事務局の定め".to_owned(),
        clause => format!("要項 {clause}"),
    }
}

pub(in crate::pages) fn role(role: Role) -> &'static str {
    match role {
        Role::Company => "申込企業",
        Role::Secretariat => "運営事務局",
        Role::Sponsor => "東京都",
        Role::Expert => "専門家",
        Role::Technician => "技術担当",
        Role::Desk => "サポートセンター",
    }
}

pub(in crate::pages) fn party(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Sponsor => "委託元",
        PartyRole::Secretariat => "運営事務局",
        PartyRole::Contractor => "受託事業者",
    }
}

fn milestone(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Received => "受付",
        Milestone::Complete => "申込み完了",
        Milestone::Approved => "承認",
        Milestone::Confirmed => "参加確定",
    }
}

pub(in crate::pages) fn topic(topic: NoticeTopic) -> &'static str {
    match topic {
        NoticeTopic::Application => "お申込みにあたって",
        NoticeTopic::Operation => "運営と実施について",
        NoticeTopic::PersonalData => "個人情報の取扱いについて",
        NoticeTopic::Trouble => "トラブルへの対応について",
    }
}

pub(in crate::pages) const TOPICS: [NoticeTopic; 4] = [
    NoticeTopic::Application,
    NoticeTopic::Operation,
    NoticeTopic::PersonalData,
    NoticeTopic::Trouble,
];

/// 令和7年5月29日(木).
pub(in crate::pages) fn day(date: &Date) -> String {
    date_with_weekday(*date)
}

/// 17:00.
fn hour(time: Time) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// A time of day after a date; empty where the whole day is meant.
pub(in crate::pages) fn after_date(time: Option<&Time>) -> String {
    time.map_or_else(String::new, |time| format!(" {}", hour(*time)))
}

/// 13:30から15:00まで.
pub(in crate::pages) fn hours(from: Time, to: Time) -> String {
    format!("{}から{}まで", hour(from), hour(to))
}

/// By when a step is done: 「受付から3営業日以内」.
pub(in crate::pages) fn due(flow: &FlowFile, step: &Step) -> Option<String> {
    let id = step.clock.as_ref()?;
    let clock: &Clock = flow.clock.iter().find(|clock| clock.id == *id)?;
    Some(format!(
        "{}から{}営業日以内",
        milestone(clock.starts_at),
        clock.business_days
    ))
}

/// For which applications a step is gone through, when not for all.
pub(in crate::pages) fn concerned(program: &Program, step: &Step) -> Option<String> {
    match (step.only_for.as_slice(), step.skip_when_only.as_slice()) {
        ([], []) => None,
        ([], skip) => Some(format!(
            "{}だけのお申込みでは行いません",
            titles(program, skip)
        )),
        (only, _) => Some(format!("{}のコースで行います", titles(program, only))),
    }
}

/// The short titles of courses.
pub(in crate::pages) fn titles(program: &Program, courses: &[String]) -> String {
    let titles: Vec<&str> = (courses.iter())
        .map(|id| match program.course(id) {
            Some(course) => course.short_title.as_str(),
            None => id,
        })
        .collect();
    titles.join("・")
}

/// The courses a window is for, where the programme has several windows.
pub(in crate::pages) fn window_heading(program: &Program, window: &Window) -> String {
    match program.definition.program.window.len() {
        1 => "すべてのコース".to_owned(),
        _ => titles(program, &window.courses),
    }
}

/// How long, when and where sessions take place.
pub(in crate::pages) fn sessions(plan: &SessionPlan) -> String {
    let mut text = format!("全{}回", plan.session.len());
    match plan.minutes {
        Some([shortest, longest]) if shortest == longest => {
            text.push_str(&format!("、1回{shortest}分程度"));
        }
        Some([shortest, longest]) => {
            text.push_str(&format!("、1回{shortest}分から{longest}分程度"));
        }
        None => {}
    }
    text.push_str("です。");
    if plan.weekdays_only {
        text.push_str("平日に行います。");
    }
    if plan.online_possible {
        text.push_str("ご希望により、オンラインでも行います。");
    }
    text
}

/// What is lent, for how long and how many.
pub(in crate::pages) fn loan(equipment: &Equipment) -> String {
    let number = equipment.per_company;
    let many = match equipment.unit {
        EquipmentUnit::Device => format!("{number}台"),
        EquipmentUnit::User => format!("{number}ユーザー"),
    };
    let mut text = format!("{}か月間、1社につき{many}まで", equipment.months);
    if let Some(devices) = equipment.devices_per_user {
        text.push_str(&format!("(1ユーザーあたり{devices}台まで)"));
    }
    text.push_str("です。");
    if !equipment.prefectures.is_empty() {
        let names: Vec<&str> = (equipment.prefectures.iter())
            .map(|code| prefecture::name(code).unwrap_or(code))
            .collect();
        text.push_str(&format!("設置場所は{}に限ります。", names.join("・")));
    }
    if equipment.site_survey {
        text.push_str("事前調査を行います。");
    }
    text
}

/// When a desk answers.
pub(in crate::pages) fn desk_hours(desk: &DeskService) -> Option<String> {
    match (desk.always, desk.weekdays_from, desk.weekdays_to) {
        (true, ..) => Some("24時間365日".to_owned()),
        (false, Some(from), Some(to)) => Some(format!("平日 {}", hours(from, to))),
        (false, ..) => None,
    }
}

/// Until when data is kept: fiscal years end on 31 March of the next year.
pub(in crate::pages) fn kept_until(fiscal_year: &i16, years: &u32) -> String {
    let ends = i32::from(*fiscal_year) + 1;
    let last = i32::try_from(*years)
        .ok()
        .and_then(|years| ends.checked_add(years));
    let last = last.and_then(|year| Date::new(i16::try_from(year).ok()?, 3, 31).ok());
    match last {
        Some(last) => format!("事業の年度が終わってから{years}年({}まで)", date_long(last)),
        None => format!("事業の年度が終わってから{years}年"),
    }
}
