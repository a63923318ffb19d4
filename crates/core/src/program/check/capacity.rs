//! Places, waiting lists, combinations, and which window each course has.

use super::Findings;
use super::selections::{MOST_COURSES, selections};
use crate::program::Definition;
use crate::program::program::{Capacity, ProgramFile, WaitingList};

const FILE: &str = "program.toml";

/// More places than there are companies is a slip of the finger.
const MOST_PLACES: u32 = 1_000_000;

/// An offer that stays open longer than a year of business days is never decided.
const LONGEST_OFFER: u32 = 250;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let program = &definition.program;
    for (index, course) in program.course.iter().enumerate() {
        places(&format!("course.{index}.capacity"), &course.capacity, found);
    }
    if program.course.is_empty() {
        found.add(
            FILE,
            "course",
            "コースが1つもありません。",
            "[[course]] を1つ以上書いてください。",
        );
        return;
    }
    if program.course.len() > MOST_COURSES {
        found.add(
            FILE,
            format!("course.{MOST_COURSES}"),
            format!("コースが{}あります。", program.course.len()),
            format!("1つの事業のコースは{MOST_COURSES}までです。事業を分けてください。"),
        );
        return;
    }
    windows(program, found);
    combination(program, found);
}

fn places(at: &str, capacity: &Capacity, found: &mut Findings) {
    if capacity.places == 0 || capacity.places > MOST_PLACES {
        found.add(
            FILE,
            format!("{at}.places"),
            format!("定員「{}」は使えません。", capacity.places),
            format!("1から{MOST_PLACES}までの社数にしてください。"),
        );
    } else if capacity.nearly_full >= capacity.places {
        found.add(
            FILE,
            format!("{at}.nearly_full"),
            format!(
                "残り{}社で「残りわずか」とすると、定員{}社では初めから表示されます。",
                capacity.nearly_full, capacity.places
            ),
            "定員より小さい数にしてください。",
        );
    }
    let WaitingList::Open {
        limit,
        offer_business_days,
    } = &capacity.waiting_list
    else {
        return;
    };
    if *limit == Some(0) {
        found.add(
            FILE,
            format!("{at}.waiting_list.open.limit"),
            "待てる企業の数が0では、どの企業も待てません。",
            "待っていただかないなら waiting_list = \"closed\" と書きます。",
        );
    }
    if *offer_business_days == 0 || *offer_business_days > LONGEST_OFFER {
        found.add(
            FILE,
            format!("{at}.waiting_list.open.offer_business_days"),
            format!("空いた枠のご案内に答える期間が{offer_business_days}営業日です。"),
            format!("1から{LONGEST_OFFER}までの営業日にしてください。"),
        );
    }
}

fn windows(program: &ProgramFile, found: &mut Findings) {
    for (index, course) in program.course.iter().enumerate() {
        let mut naming = program
            .window
            .iter()
            .enumerate()
            .filter(|(_, window)| window.courses.contains(&course.id))
            .map(|(index, _)| index);
        if naming.next().is_none() {
            found.add(
                FILE,
                format!("course.{index}.id"),
                format!("コース「{}」の受付期間がありません。", course.id),
                "[[window]] の courses に書き足してください。",
            );
        }
        for window in naming {
            found.add(
                FILE,
                format!("window.{window}.courses"),
                format!("コース「{}」の受付期間が2つあります。", course.id),
                "1つのコースは1つの [[window]] だけに書いてください。",
            );
        }
    }
    for (index, window) in program.window.iter().enumerate() {
        if window.courses.is_empty() {
            found.add(
                FILE,
                format!("window.{index}.courses"),
                "どのコースの受付期間でもありません。",
                "courses にコースのidを書くか、この期間を消してください。",
            );
        }
    }
}

fn combination(program: &ProgramFile, found: &mut Findings) {
    let rule = &program.combination;
    let courses = program.course.len() as u32;
    if rule.at_least == 0 {
        found.add(
            FILE,
            "combination.at_least",
            "コースを1つも選ばない申込みになります。",
            "at_least を1以上にしてください。",
        );
    }
    if rule.at_least > rule.at_most {
        found.add(
            FILE,
            "combination.at_most",
            format!(
                "{}以上{}以下の選び方はありません。",
                rule.at_least, rule.at_most
            ),
            "at_most を at_least 以上にしてください。",
        );
        return;
    }
    if rule.at_most > courses {
        found.add(
            FILE,
            "combination.at_most",
            format!(
                "コースは{courses}つなのに、{}つまで選べることになっています。",
                rule.at_most
            ),
            format!("at_most を{courses}以下にしてください。"),
        );
    }
    let choices = selections(program);
    for (index, course) in program.course.iter().enumerate() {
        if !choices.iter().any(|chosen| chosen.contains(&index)) {
            found.add(
                FILE,
                format!("course.{index}.id"),
                format!(
                    "組合せの条件により、コース「{}」はだれにも選べません。",
                    course.id
                ),
                "combination の at_least、at_most、excludes を見直してください。",
            );
        }
    }
}
