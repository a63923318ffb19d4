//! Seminars, surveys, hearings and the newsletter: their dates and numbers.

use super::Findings;
use super::dates::Year;
use crate::program::Definition;
use crate::program::events::Seminar;

const FILE: &str = "events.toml";

/// Sign-up that closes more than three months before the event is a slip of the finger.
const LONGEST_BEFORE: u32 = 90;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let events = &definition.events;
    let Some(year) = Year::of(definition.program.fiscal_year) else {
        return;
    };
    if let Some(seminars) = &events.seminars {
        if seminars.sign_up_until_days_before > LONGEST_BEFORE {
            found.add(
                FILE,
                "seminars.sign_up_until_days_before",
                format!(
                    "説明会の申込みを{}日前に締め切ります。",
                    seminars.sign_up_until_days_before
                ),
                format!("前日までなら1、当日までなら0です。{LONGEST_BEFORE}以下にしてください。"),
            );
        }
        if seminars.venue_places == 0 && seminars.online_places == 0 {
            found.add(
                FILE,
                "seminars.venue_places",
                "説明会の定員が会場もオンラインも0です。",
                "どちらかを1以上にしてください。",
            );
        }
    } else if !events.seminar.is_empty() {
        found.add(
            FILE,
            "seminar",
            "説明会はありますが、申込みの方法([seminars])がありません。",
            "[seminars] に定員と締切を書いてください。",
        );
    }
    let closes = definition
        .program
        .window
        .iter()
        .map(|window| window.closes)
        .max();
    for (index, seminar) in events.seminar.iter().enumerate() {
        let late = matches!(closes, Some(Some(last)) if seminar.date > last)
            && definition
                .program
                .window
                .iter()
                .all(|window| window.closes.is_some());
        self::seminar(&format!("seminar.{index}"), seminar, year, late, found);
    }
    for (index, survey) in events.survey.iter().enumerate() {
        let first = definition.program.fiscal_year;
        if !(first..=first.saturating_add(5)).contains(&survey.fiscal_year) {
            found.add(
                FILE,
                format!("survey.{index}.fiscal_year"),
                format!(
                    "{first}年度の事業のアンケートが{}年度です。",
                    survey.fiscal_year
                ),
                "事業の年度から5年以内の年度にしてください。",
            );
        }
    }
    for (index, hearing) in events.hearing.iter().enumerate() {
        if hearing.companies == 0 {
            found.add(
                FILE,
                format!("hearing.{index}.companies"),
                "ヒアリングをする企業が0社です。",
                "1以上にするか、このヒアリングを消してください。",
            );
        }
    }
}

fn seminar(at: &str, seminar: &Seminar, year: Year, late: bool, found: &mut Findings) {
    if !(year.first..=year.last).contains(&seminar.date) {
        found.add(
            FILE,
            format!("{at}.date"),
            format!("説明会の日{}がこの年度の日付ではありません。", seminar.date),
            format!("{}から{}までの日付にしてください。", year.first, year.last),
        );
    } else if late {
        found.add(
            FILE,
            format!("{at}.date"),
            format!(
                "説明会の日{}には、どのコースの受付も終わっています。",
                seminar.date
            ),
            "説明会の日か、program.tomlの [[window]] の closes を直してください。",
        );
    }
    if seminar.ends <= seminar.starts {
        found.add(
            FILE,
            format!("{at}.ends"),
            "説明会が、始まる前に終わります。",
            "starts と ends の時刻を見比べてください。",
        );
    }
}
