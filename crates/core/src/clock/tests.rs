//! Clocks by table: one line tells a whole story.

use std::sync::LazyLock;

use jiff::civil::{DateTime, date, time};
use jiff::{Span, Timestamp};
use proptest::prelude::*;

use super::{Clock, ClockRefusal, ClockSpec, State};
use crate::calendar::{Calendar, Closings, OfficeHours, tokyo, tokyo_date};
use crate::program::program::AfterHours;
use crate::program::{Role, flow};

/// 12/29-1/3 and two days in summer.
static OFFICE: LazyLock<Calendar> = LazyLock::new(|| {
    let mut closings = Closings::year_end();
    for day in [date(2025, 8, 14), date(2025, 8, 15)] {
        closings.dates.insert(day, "夏季休業".to_owned());
    }
    Calendar::published_default(closings)
});

/// Columns: what is shown | start | business days, warning, after hours | events | now | last day | state, or a refusal.
/// All times are Tokyo's. May 29, 2025 is a Thursday.
const STORIES: &str = "
day 0                       | 2025-05-29 10:00 | 3/1/same |  | 2025-05-29 10:00 | 2025-06-03 | running 残り3営業日
just before midnight        | 2025-05-29 23:59 | 3/1/same |  | 2025-05-29 23:59 | 2025-06-03 | running 残り3営業日
just after midnight         | 2025-05-30 00:00 | 3/1/same |  | 2025-05-30 00:00 | 2025-06-04 | running 残り3営業日
day 1                       | 2025-05-29 10:00 | 3/1/same |  | 2025-05-30 00:00 | 2025-06-03 | running 残り2営業日
Saturday counts as Friday   | 2025-05-29 10:00 | 3/1/same |  | 2025-05-31 12:00 | 2025-06-03 | running 残り2営業日
before the warning          | 2025-05-29 10:00 | 3/1/same |  | 2025-06-01 23:59 | 2025-06-03 | running 残り2営業日
the warning begins          | 2025-05-29 10:00 | 3/1/same |  | 2025-06-02 00:00 | 2025-06-03 | warning 残り1営業日
last minute                 | 2025-05-29 10:00 | 3/1/same |  | 2025-06-03 23:59 | 2025-06-03 | warning 本日が期限
the due moment is late      | 2025-05-29 10:00 | 3/1/same |  | 2025-06-04 00:00 | 2025-06-03 | overdue 期限超過 1営業日
late by three               | 2025-05-29 10:00 | 3/1/same |  | 2025-06-06 10:00 | 2025-06-03 | overdue 期限超過 3営業日
weekends do not add         | 2025-05-29 10:00 | 3/1/same |  | 2025-06-08 10:00 | 2025-06-03 | overdue 期限超過 3営業日
late on a Saturday          | 2025-05-27 10:00 | 3/1/same |  | 2025-05-31 00:00 | 2025-05-30 | overdue 期限超過
late on the Monday after    | 2025-05-27 10:00 | 3/1/same |  | 2025-06-02 00:00 | 2025-05-30 | overdue 期限超過 1営業日
over the new year           | 2024-12-27 10:00 | 3/1/same |  | 2024-12-31 10:00 | 2025-01-08 | running 残り3営業日
golden week                 | 2026-05-01 10:00 | 3/1/same |  | 2026-05-06 10:00 | 2026-05-11 | running 残り3営業日
silver week                 | 2026-09-18 10:00 | 3/1/same |  | 2026-09-24 10:00 | 2026-09-28 | running 残り2営業日
the office's own days       | 2025-08-08 10:00 | 3/1/same |  | 2025-08-15 10:00 | 2025-08-18 | warning 残り1営業日
after hours, same day       | 2025-05-30 17:00 | 3/1/same |  | 2025-05-30 17:00 | 2025-06-04 | running 残り3営業日
after hours, next day       | 2025-05-30 17:00 | 3/1/next |  | 2025-05-30 18:00 | 2025-06-05 | running 残り3営業日
after hours, first day      | 2025-05-30 17:00 | 3/1/next |  | 2025-06-03 00:00 | 2025-06-05 | running 残り2営業日
just in hours               | 2025-05-30 16:59 | 3/1/next |  | 2025-05-30 18:00 | 2025-06-04 | running 残り3営業日
before opening              | 2025-05-30 08:00 | 3/1/next |  | 2025-05-30 08:00 | 2025-06-04 | running 残り3営業日
on a Saturday, same day     | 2025-05-31 10:00 | 3/1/same |  | 2025-05-31 10:00 | 2025-06-04 | running 残り3営業日
on a Saturday, next day     | 2025-05-31 10:00 | 3/1/next |  | 2025-05-31 10:00 | 2025-06-05 | running 残り3営業日
no days                     | 2025-05-29 10:00 | 0/0/same |  | 2025-05-29 10:00 | 2025-05-29 | warning 本日が期限
no days on a Saturday       | 2025-05-31 10:00 | 0/0/same |  | 2025-05-31 10:00 | 2025-06-02 | running 残り1営業日
no days until Monday        | 2025-05-31 10:00 | 0/0/same |  | 2025-06-02 00:00 | 2025-06-02 | warning 本日が期限
warned from the start       | 2025-05-29 10:00 | 3/5/same |  | 2025-05-29 10:00 | 2025-06-03 | warning 残り3営業日
no warning the day before   | 2025-05-29 10:00 | 3/0/same |  | 2025-06-02 23:59 | 2025-06-03 | running 残り1営業日
warned on the last day only | 2025-05-29 10:00 | 3/0/same |  | 2025-06-03 00:00 | 2025-06-03 | warning 本日が期限
paused                      | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00 | 2025-06-20 10:00 | 2025-06-03 | paused 一時停止中（残り2営業日）
paused within a day         | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00, resume 2025-05-30 15:00 | 2025-05-30 15:00 | 2025-06-03 | running 残り2営業日
paused on day 0             | 2025-05-29 10:00 | 3/1/same | pause 2025-05-29 11:00, resume 2025-06-10 10:00 | 2025-06-10 10:00 | 2025-06-13 | running 残り3営業日
two days carried over       | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00, resume 2025-06-10 10:00 | 2025-06-10 10:00 | 2025-06-12 | running 残り2営業日
warned after a pause        | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00, resume 2025-06-10 10:00 | 2025-06-11 00:00 | 2025-06-12 | warning 残り1営業日
paused on the last day      | 2025-05-29 10:00 | 3/1/same | pause 2025-06-03 10:00, resume 2025-06-10 10:00 | 2025-06-10 10:00 | 2025-06-10 | warning 本日が期限
gone on on a Saturday       | 2025-05-29 10:00 | 3/1/same | pause 2025-06-03 10:00, resume 2025-06-07 10:00 | 2025-06-07 10:00 | 2025-06-09 | warning 残り1営業日
paused over a weekend       | 2025-05-29 10:00 | 3/1/same | pause 2025-05-31 10:00, resume 2025-06-01 10:00 | 2025-06-01 10:00 | 2025-06-03 | running 残り2営業日
paused twice over           | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00, resume 2025-06-02 10:00, pause 2025-06-03 10:00, resume 2025-06-05 10:00 | 2025-06-05 10:00 | 2025-06-06 | warning 残り1営業日
paused before day 0 begins  | 2025-05-30 18:00 | 3/1/next | pause 2025-05-30 18:30, resume 2025-05-30 19:00 | 2025-05-30 19:00 | 2025-06-05 | running 残り3営業日
late after a pause          | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00, resume 2025-06-10 10:00 | 2025-06-13 00:00 | 2025-06-12 | overdue 期限超過 1営業日
done in time                | 2025-05-29 10:00 | 3/1/same | stop 2025-06-03 23:59 | 2025-07-01 10:00 | 2025-06-03 | stopped 完了
done a day late             | 2025-05-29 10:00 | 3/1/same | stop 2025-06-04 00:00 | 2025-07-01 10:00 | 2025-06-03 | stopped 完了（期限超過 1営業日）
done on the Saturday after  | 2025-05-27 10:00 | 3/1/same | stop 2025-05-31 10:00 | 2025-07-01 10:00 | 2025-05-30 | stopped 完了（期限超過）
done during a pause         | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00, stop 2025-06-20 10:00 | 2025-07-01 10:00 | 2025-06-03 | stopped 完了
cannot pause when late      | 2025-05-29 10:00 | 3/1/same | pause 2025-06-04 00:00 | 2025-06-04 00:00 | | 期限を過ぎているため、一時停止できません。
cannot pause twice          | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00, pause 2025-05-30 11:00 | 2025-06-04 00:00 | | この期限はすでに一時停止しています。
cannot go on unpaused       | 2025-05-29 10:00 | 3/1/same | resume 2025-05-30 10:00 | 2025-06-04 00:00 | | この期限は一時停止していません。
cannot stop twice           | 2025-05-29 10:00 | 3/1/same | stop 2025-05-30 10:00, stop 2025-05-30 11:00 | 2025-06-04 00:00 | | この期限はすでに終わっています。
cannot pause what is done   | 2025-05-29 10:00 | 3/1/same | stop 2025-05-30 10:00, pause 2025-05-30 11:00 | 2025-06-04 00:00 | | この期限はすでに終わっています。
cannot go on before a pause | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00, resume 2025-05-30 09:00 | 2025-06-04 00:00 | | 前の出来事より早い日時は指定できません。日時をご確認ください。
cannot stop before it goes on | 2025-05-29 10:00 | 3/1/same | pause 2025-05-30 10:00, resume 2025-05-30 12:00, stop 2025-05-30 11:00 | 2025-06-04 00:00 | | 前の出来事より早い日時は指定できません。日時をご確認ください。
cannot pause a firm clock   | 2025-05-29 10:00 | 3/1/same/firm | pause 2025-05-30 10:00 | 2025-06-04 00:00 | | この期限は一時停止できません。
beyond the calendar         | 2150-12-30 10:00 | 3/1/same |  | 2150-12-30 10:00 | | 営業日を計算できる範囲（1955年から2150年まで）を超えています。日付と休業日の設定をご確認ください。
";

#[test]
fn stories() {
    let lines: Vec<&str> = STORIES.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 54);
    for line in lines {
        check(line);
    }
}

fn check(line: &str) {
    let [name, start, setting, events, now, last_day, expected] =
        line.split('|').map(str::trim).collect::<Vec<_>>()[..]
    else {
        panic!("seven columns: {line}");
    };
    let (shown_day, shown) = match tell(start, setting, events) {
        Ok(clock) => (
            clock.due_date().to_string(),
            show(clock.state(&OFFICE, instant(now))),
        ),
        Err(refusal) => (String::new(), refusal.to_string()),
    };
    assert_eq!(
        (shown_day.as_str(), shown.as_str()),
        (last_day, expected),
        "{name}"
    );
}

fn tell(start: &str, setting: &str, events: &str) -> Result<Clock, ClockRefusal> {
    let parts: Vec<&str> = setting.split('/').collect();
    let spec = ClockSpec {
        business_days: parts[0].parse().expect("a number"),
        warn_when_left: parts[1].parse().expect("a number"),
        owner: Role::Secretariat,
        pausable: parts.get(3) != Some(&"firm"),
    };
    let after_hours = if parts[2] == "next" {
        AfterHours::NextBusinessDay
    } else {
        AfterHours::SameDay
    };
    let mut clock = Clock::start(spec, &OFFICE, &hours(after_hours), instant(start))?;
    for event in events
        .split(',')
        .map(str::trim)
        .filter(|event| !event.is_empty())
    {
        let (what, at) = event.split_once(' ').expect("an event and its time");
        clock = match what {
            "pause" => clock.pause(&OFFICE, instant(at))?,
            "resume" => clock.resume(&OFFICE, instant(at))?,
            "stop" => clock.stop(instant(at))?,
            other => panic!("no event {other}"),
        };
        let stored = serde_json::to_string(&clock).expect("a clock can be stored");
        assert_eq!(
            serde_json::from_str::<Clock>(&stored).expect("and read again"),
            clock
        );
    }
    Ok(clock)
}

fn show(state: State) -> String {
    let kind = match state {
        State::Running { .. } => "running",
        State::Warning { .. } => "warning",
        State::Overdue { .. } => "overdue",
        State::Paused { .. } => "paused",
        State::Stopped { .. } => "stopped",
    };
    format!("{kind} {state}")
}

#[test]
fn a_programme_says_how_its_clocks_run() {
    let written = r#"
        id = "first_contact"
        clause = "8"
        title = "運営事務局からの連絡"
        owner = "secretariat"
        starts_at = "received"
        business_days = 3
        warn_business_days = 1
    "#;
    let firm: flow::Clock = toml::from_str(written).expect("a clock");
    let expected = ClockSpec {
        business_days: 3,
        warn_when_left: 1,
        owner: Role::Secretariat,
        pausable: false,
    };
    assert_eq!(ClockSpec::of_programme(&firm), expected);
    let pausing = format!("{written}pauses_for = [\"company\"]");
    let pausing: flow::Clock = toml::from_str(&pausing).expect("a clock");
    assert!(ClockSpec::of_programme(&pausing).pausable);
}

fn hours(after_hours: AfterHours) -> OfficeHours {
    OfficeHours {
        opens: time(9, 0, 0, 0),
        closes: time(17, 0, 0, 0),
        after_hours,
    }
}

fn instant(text: &str) -> Timestamp {
    let local: DateTime = text.parse().expect("a date and time");
    local.to_zoned(tokyo()).expect("an instant").timestamp()
}

fn after(start: Timestamp, minutes: i32) -> Timestamp {
    start
        .saturating_add(Span::new().minutes(minutes))
        .expect("minutes can be added to an instant")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// A pause moves the end by the business days after its first day up to its last, and by nothing else.
    #[test]
    fn a_pause_moves_the_end_by_its_business_days(
        offset in 0..2_000_000i32, days in 1..12u32, warn_when_left in 0..4u32, wait in 0..12_000i32, pause in 0..60_000i32,
    ) {
        let start = after(instant("2024-01-04 10:00"), offset);
        let spec = ClockSpec { business_days: days, warn_when_left, owner: Role::Expert, pausable: true };
        let clock = Clock::start(spec, &OFFICE, &hours(AfterHours::SameDay), start)?;
        prop_assert!(clock.warn_at >= start && clock.warn_at < clock.due_at);
        let paused_at = after(start, wait);
        let resumed_at = after(paused_at, pause);
        let Ok(paused) = clock.pause(&OFFICE, paused_at) else {
            prop_assert!(paused_at >= clock.due_at);
            return Ok(());
        };
        let resumed = paused.resume(&OFFICE, resumed_at)?;
        prop_assert!(resumed.due_at >= clock.due_at);
        prop_assert!(resumed.warn_at >= resumed_at && resumed.warn_at < resumed.due_at);

        let (first, last) = (tokyo_date(paused_at), tokyo_date(resumed_at));
        let whole = OFFICE.business_days_between(tokyo_date(start), resumed.due_date());
        let stopped = OFFICE.business_days_between(first, last);
        let paused_on_the_last_day = first == clock.due_date();
        if paused_on_the_last_day && !OFFICE.is_business_day(last) {
            prop_assert_eq!(whole, i64::from(days) + stopped + 1);
        } else {
            prop_assert_eq!(whole, i64::from(days) + stopped);
        }
    }

    /// As time goes on a clock only ever goes from running over warning to overdue.
    #[test]
    fn states_follow_each_other(offset in 0..2_000_000i32, days in 0..8u32, a in 0..30_000i32, b in 0..30_000i32) {
        let start = after(instant("2024-01-04 10:00"), offset);
        let spec = ClockSpec { business_days: days, warn_when_left: 1, owner: Role::Expert, pausable: true };
        let clock = Clock::start(spec, &OFFICE, &hours(AfterHours::NextBusinessDay), start)?;
        let order = |minutes: i32| match clock.state(&OFFICE, after(start, minutes)) {
            State::Running { left } => (0, -i64::from(left)),
            State::Warning { left } => (1, -i64::from(left)),
            State::Overdue { by } => (2, i64::from(by)),
            State::Paused { .. } | State::Stopped { .. } => (3, 0),
        };
        prop_assert!(order(a.min(b)) <= order(a.max(b)));
        prop_assert!(order(30_000).0 < 3);
    }
}
