//! National holidays as the law gives them, for years that no published list covers yet.
//!
//! Source: 国民の祝日に関する法律 (昭和23年法律第178号), articles 2 and 3, with its amendments and the one-off laws, each
//! cited at its row. The equinoxes are fixed by the gazette each February for the next year (article 2 says only 春分日
//! and 秋分日); until then they are computed, which is why such years are estimates.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::civil::{Date, Weekday, date};

/// Years for which the rules hold: from the first year of the published list to the last of the equinox formulas.
pub const YEARS: RangeInclusive<i16> = 1955..=2150;

/// The name the published list gives to 振替休日 and to 国民の休日.
pub const REST_DAY: &str = "休日";

/// From this day on a holiday on a Sunday is made good (article 3 clause 2, 昭和48年法律第10号).
const SUBSTITUTES_FROM: Date = date(1973, 4, 12);
/// From this day on a day between two holidays is one too (article 3 clause 3, 昭和60年法律第103号).
const BRIDGES_FROM: Date = date(1985, 12, 27);
/// Until this day a Sunday between two holidays was left out of clause 3 (平成17年法律第43号 dropped the exception).
const BRIDGES_ALSO_ON_SUNDAYS_FROM: Date = date(2007, 1, 1);

/// No row of [`HOLIDAYS`] ends here: the law still stands.
const OPEN: i16 = i16::MAX;

/// How a holiday finds its date in a year.
enum On {
    Day(i8, i8),
    /// The n-th Monday of a month, 「ハッピーマンデー」.
    Monday(i8, i8),
    SpringEquinox,
    AutumnEquinox,
}

/// One holiday of article 2 under one wording of the law: name, date, first and last year, law that brought it.
struct Row(
    &'static str,
    On,
    i16,
    i16,
    #[expect(dead_code, reason = "the citation is for the reader")] &'static str,
);

/// Article 2 with every wording since 1955. The games of 2020 and 2021 moved three holidays: those are rows of one year.
#[rustfmt::skip]
const HOLIDAYS: &[Row] = &[
    Row("元日", On::Day(1, 1), 1949, OPEN, "昭和23年法律第178号"),
    Row("成人の日", On::Day(1, 15), 1949, 1999, "昭和23年法律第178号"),
    Row("成人の日", On::Monday(1, 2), 2000, OPEN, "平成10年法律第141号"),
    Row("建国記念の日", On::Day(2, 11), 1967, OPEN, "昭和41年法律第86号, 昭和41年政令第376号"),
    Row("天皇誕生日", On::Day(2, 23), 2020, OPEN, "平成29年法律第63号"),
    Row("春分の日", On::SpringEquinox, 1949, OPEN, "昭和23年法律第178号"),
    Row("天皇誕生日", On::Day(4, 29), 1949, 1988, "昭和23年法律第178号"),
    Row("みどりの日", On::Day(4, 29), 1989, 2006, "平成元年法律第5号"),
    Row("昭和の日", On::Day(4, 29), 2007, OPEN, "平成17年法律第43号"),
    Row("憲法記念日", On::Day(5, 3), 1949, OPEN, "昭和23年法律第178号"),
    Row("みどりの日", On::Day(5, 4), 2007, OPEN, "平成17年法律第43号"),
    Row("こどもの日", On::Day(5, 5), 1949, OPEN, "昭和23年法律第178号"),
    Row("海の日", On::Day(7, 20), 1996, 2002, "平成7年法律第22号"),
    Row("海の日", On::Monday(7, 3), 2003, 2019, "平成13年法律第59号"),
    Row("海の日", On::Day(7, 23), 2020, 2020, "平成30年法律第55号"),
    Row("海の日", On::Day(7, 22), 2021, 2021, "令和2年法律第68号"),
    Row("海の日", On::Monday(7, 3), 2022, OPEN, "平成13年法律第59号"),
    Row("山の日", On::Day(8, 11), 2016, 2019, "平成26年法律第43号"),
    Row("山の日", On::Day(8, 10), 2020, 2020, "平成30年法律第55号"),
    Row("山の日", On::Day(8, 8), 2021, 2021, "令和2年法律第68号"),
    Row("山の日", On::Day(8, 11), 2022, OPEN, "平成26年法律第43号"),
    Row("敬老の日", On::Day(9, 15), 1966, 2002, "昭和41年法律第86号"),
    Row("敬老の日", On::Monday(9, 3), 2003, OPEN, "平成13年法律第59号"),
    Row("秋分の日", On::AutumnEquinox, 1948, OPEN, "昭和23年法律第178号"),
    Row("体育の日", On::Day(10, 10), 1966, 1999, "昭和41年法律第86号"),
    Row("体育の日", On::Monday(10, 2), 2000, 2019, "平成10年法律第141号"),
    Row("スポーツの日", On::Day(7, 24), 2020, 2020, "平成30年法律第55号, 平成30年法律第57号"),
    Row("スポーツの日", On::Day(7, 23), 2021, 2021, "令和2年法律第68号"),
    Row("スポーツの日", On::Monday(10, 2), 2022, OPEN, "平成30年法律第57号"),
    Row("文化の日", On::Day(11, 3), 1948, OPEN, "昭和23年法律第178号"),
    Row("勤労感謝の日", On::Day(11, 23), 1948, OPEN, "昭和23年法律第178号"),
    Row("天皇誕生日", On::Day(12, 23), 1989, 2018, "平成元年法律第5号"),
];

/// Days made holidays once by a law of their own. Those of 2019 count as 国民の祝日 for article 3, so that they also made
/// 4/30 and 5/2 holidays; the earlier ones have no neighbour for which it would matter.
const ONCE: &[(Date, &str)] = &[
    // 皇太子明仁親王の結婚の儀の行われる日を休日とする法律 (昭和34年法律第16号)
    (date(1959, 4, 10), "結婚の儀"),
    // 昭和天皇の大喪の礼の行われる日を休日とする法律 (平成元年法律第4号)
    (date(1989, 2, 24), "大喪の礼"),
    // 即位礼正殿の儀の行われる日を休日とする法律 (平成2年法律第24号)
    (date(1990, 11, 12), "即位礼正殿の儀"),
    // 皇太子徳仁親王の結婚の儀の行われる日を休日とする法律 (平成5年法律第32号)
    (date(1993, 6, 9), "結婚の儀"),
    // 天皇の即位の日及び即位礼正殿の儀の行われる日を休日とする法律 (平成30年法律第99号)
    (date(2019, 5, 1), "休日（祝日扱い）"),
    (date(2019, 10, 22), "休日（祝日扱い）"),
];

/// All holidays of a year with their names, in order; 振替休日 and 国民の休日 are called 「休日」 as in the published list.
/// Empty outside [`YEARS`].
pub fn holidays(year: i16) -> BTreeMap<Date, &'static str> {
    if !YEARS.contains(&year) {
        return BTreeMap::new();
    }
    let named = named(year);
    let mut all = named.clone();
    for substitute in named.keys().filter_map(|&day| substitute(day, &named)) {
        all.entry(substitute).or_insert(REST_DAY);
    }
    for bridge in named.keys().filter_map(|&day| bridge_after(day, &named)) {
        all.entry(bridge).or_insert(REST_DAY);
    }
    all
}

/// The holidays that have a name: article 2 and the one-off laws.
fn named(year: i16) -> BTreeMap<Date, &'static str> {
    let lawful = HOLIDAYS
        .iter()
        .filter(|Row(_, _, first, last, _)| (*first..=*last).contains(&year))
        .map(|Row(name, on, ..)| (on.in_year(year), *name));
    let once = ONCE.iter().copied().filter(|(day, _)| day.year() == year);
    lawful.chain(once).collect()
}

/// Article 3 clause 2: for a holiday on a Sunday, the next day that is no holiday. (Until 2006 the law said "the next
/// day"; no Sunday before 2007 was followed by a holiday, so one reading serves both.)
fn substitute(day: Date, named: &BTreeMap<Date, &str>) -> Option<Date> {
    if day < SUBSTITUTES_FROM || day.weekday() != Weekday::Sunday {
        return None;
    }
    let mut next = following(day);
    while named.contains_key(&next) {
        next = following(next);
    }
    Some(next)
}

/// Article 3 clause 3: the day after a holiday when the day after that is a holiday again.
fn bridge_after(day: Date, named: &BTreeMap<Date, &str>) -> Option<Date> {
    let between = following(day);
    let is_bridge = !named.contains_key(&between) && named.contains_key(&following(between));
    let sunday_left_out =
        between.weekday() == Weekday::Sunday && between < BRIDGES_ALSO_ON_SUNDAYS_FROM;
    (is_bridge && between >= BRIDGES_FROM && !sunday_left_out).then_some(between)
}

fn following(day: Date) -> Date {
    day.tomorrow()
        .expect("holidays lie within YEARS, far from the last date there is")
}

impl On {
    /// The date in a year within [`YEARS`].
    fn in_year(&self, year: i16) -> Date {
        match *self {
            On::Day(month, day) => date(year, month, day),
            On::Monday(month, nth) => date(year, month, 1)
                .nth_weekday_of_month(nth, Weekday::Monday)
                .expect("every month has a second and a third Monday"),
            On::SpringEquinox => date(
                year,
                3,
                equinox_day(year, [20_835_700, 20_843_100, 21_851_000]),
            ),
            On::AutumnEquinox => date(
                year,
                9,
                equinox_day(year, [23_258_800, 23_248_800, 24_248_800]),
            ),
        }
    }
}

/// Day of the month of an equinox in Japan, 1900 to 2150, from the mean solar year of 365.242194 days.
///
/// The approximation is that of 海上保安庁水路部 (新こよみ便利帳, 恒星社厚生閣): a start for the years to 1979, to 2099 and
/// to 2150, in millionths of a day, plus the drift of the calendar year, less the leap days.
fn equinox_day(year: i16, starts: [i64; 3]) -> i8 {
    const DRIFT_PER_YEAR: i64 = 242_194;
    const MILLION: i64 = 1_000_000;
    let years = i64::from(year) - 1980;
    let start = match year {
        ..1980 => starts[0],
        1980..2100 => starts[1],
        _ => starts[2],
    };
    let day = (start + DRIFT_PER_YEAR * years).div_euclid(MILLION) - years.div_euclid(4);
    i8::try_from(day).expect("the formulas give a day near the 20th")
}
