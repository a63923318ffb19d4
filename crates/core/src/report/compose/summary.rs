//! The first page: what happened in one sentence, what to do, the numbers that matter.

use super::super::explain::Explanation;
use super::super::figures::{ALLOWED, BLOCKED, DETECTED, Figures, Kind, OTHER, UNKNOWN};
use super::super::words::{hours, number, percent, times};
use super::{Of, Pieces};
use crate::paper::document::Align;

/// Things to do that are named; what else is there stands with its kind.
const MOST_TO_DO: usize = 3;

/// The month in one sentence, for the first line of the report, its mail and its row in a list.
pub fn headline(figures: &Figures) -> String {
    let month = figures.month.short();
    let total = &figures.total;
    let (heard, _) = figures.hours();
    if total.events == 0 && heard == 0 {
        return format!("{month}は、機器からの記録が届きませんでした。");
    }
    if total.events == 0 {
        return format!("{month}は、機器が知らせた検知はありませんでした。");
    }
    let all = times(total.events);
    match (total.open(), total.handled()) {
        (0, _) => format!("{month}は、検知が{all}あり、すべて機器が止めるか、対処しました。"),
        (open, 0) => format!(
            "{month}は、検知が{all}ありました。{}は、知らせただけで止めてはいないものです。",
            times(open)
        ),
        (open, handled) => format!(
            "{month}は、検知が{all}あり、{}を機器が止めるか、対処しました。{}は、止めてはいないものです。",
            times(handled),
            times(open)
        ),
    }
}

pub(super) fn write(pieces: &mut Pieces, figures: &Figures, of: &Of<'_>) {
    pieces.heading("summary", "今月のまとめ");
    let mut told = vec![headline(figures)];
    told.extend(about(figures));
    pieces.notice(
        "headline",
        &format!("{}の様子", figures.month.label()),
        told,
    );
    if !of.word.trim().is_empty() {
        let lines = of.word.trim().lines().map(str::to_owned).collect();
        pieces.notice("word", "技術担当からひとこと", lines);
    }
    pieces.small_heading("to-do", "していただきたいこと");
    let wanted = to_do(figures);
    match wanted.is_empty() {
        true => pieces.say("nothing-to-do", nothing(figures)),
        false => pieces.list("to-do-list", wanted),
    }
    numbers(pieces, figures);
    pieces.say(
        "what-is-detection",
        "検知とは、機器が「あやしい」と判断して知らせた通信やファイルのことです。件数が多くても、それだけで被害があったという意味ではありません。",
    );
}

/// What else must be known with the headline.
fn about(figures: &Figures) -> Vec<String> {
    let (heard, watched) = figures.hours();
    let silent = figures.silent().count();
    let mut told = Vec::new();
    if heard == 0 {
        told.push("検知がなかったのではなく、見守りができていませんでした。理由を事務局が確かめ、ご連絡します。機器の電源とネットワークの線が抜けていないかもご確認ください。".to_owned());
        return told;
    }
    let part = percent(heard, watched);
    told.push(format!(
        "機器は、見守りの時間{}のうち、{}({part}％)に記録を送っていました。",
        hours(watched),
        hours(heard)
    ));
    if silent > 0 {
        told.push(format!("記録が一度も届かなかった機器が{silent}台あります。くわしくは「見守りの様子」をご覧ください。"));
    } else {
        told.extend(often_off(figures).map(str::to_owned));
    }
    if figures.total.events == 0 {
        let goes_on = match figures.watched.iter().any(|one| !one.ended) {
            true => "見守りは続いています。",
            false => "",
        };
        told.push(format!(
            "検知がない月も、このレポートをお送りしています。{goes_on}"
        ));
    }
    told
}

/// What a company is told whose devices were heard for less than half of the time: a UTM must stay on, while computers rest at night. Where lines
/// name a UTM, it is measured alone: the computers beside it say nothing of it.
fn often_off(figures: &Figures) -> Option<&'static str> {
    let seldom = |(heard, watched): (i64, i64)| percent(heard, watched) < 50;
    let utm = match figures.utm_hours() {
        (_, 0) => figures.has(Kind::Utm) && seldom(figures.hours()),
        known => seldom(known),
    };
    if utm {
        return Some(
            "記録の届かない時間が長かったため、知らせることのできなかった検知があるかもしれません。夜間や休みの日に機器の電源を切っているときは、入れたままにしてください。",
        );
    }
    let computers = figures.has(Kind::Edr) && seldom(figures.hours());
    computers.then_some("パソコンの電源が切れている時間は、記録が届きません。お使いの時間に届いていれば、心配はいりません。使ったのに記録のないパソコンがあれば、事務局へお知らせください。")
}

/// What technicians saw as an attack, then what was not stopped and asks for something, the gravest kinds first.
fn to_do(figures: &Figures) -> Vec<String> {
    let mut kinds: Vec<Asking> = Vec::new();
    for rule in figures.rules.iter().filter(|rule| rule.asks() > 0) {
        let kind = rule.explanation();
        let known = kinds.iter().position(|one| one.kind.id == kind.id);
        let at = known.unwrap_or_else(|| {
            kinds.push(Asking {
                kind,
                weight: 0,
                asks: 0,
                harmless: 0,
            });
            kinds.len() - 1
        });
        let one = &mut kinds[at];
        one.weight = one.weight.max(rule.weight());
        one.asks += rule.asks();
        one.harmless += rule.harmless;
    }
    kinds.sort_by_key(|one| (std::cmp::Reverse((one.weight, one.asks)), &one.kind.id));
    let kinds = kinds.iter().take(MOST_TO_DO).map(Asking::told);
    attacks(figures).into_iter().chain(kinds).collect()
}

/// A kind that asks for something, with its events.
struct Asking {
    kind: &'static Explanation,
    weight: usize,
    asks: i64,
    harmless: i64,
}

impl Asking {
    fn told(&self) -> String {
        let but = match self.harmless {
            0 => "",
            _ => "、無害または誤りと分かったものを除く",
        };
        let Explanation { name, open, .. } = self.kind;
        format!("{name}(止めていないもの{}{but})：{open}", times(self.asks))
    }
}

/// What the daily check saw as an attack asks whatever its kind and severity.
fn attacks(figures: &Figures) -> Option<String> {
    let judged = figures.judged.as_ref().filter(|one| one.attack > 0)?;
    let handed = match judged.escalated {
        0 => String::new(),
        handed => format!("、うちサポートセンターに対応を渡したもの{}", times(handed)),
    };
    Some(format!(
        "技術担当が、攻撃、または疑わしいと見たもの({}{handed})：サポートセンターからの連絡に沿ってご対応ください。まだ連絡がないときは、サポートセンターへお電話ください。対応がお済みのものは、そのままで大丈夫です。",
        times(judged.attack)
    ))
}

fn nothing(figures: &Figures) -> &'static str {
    match figures.hours().0 {
        0 => {
            "機器の電源とネットワークの線をご確認ください。分からないときは、そのままで事務局へお電話ください。"
        }
        _ => {
            "今月、していただくことはありません。WindowsやOffice、ルーターの更新と、バックアップは、ふだんどおり続けてください。"
        }
    }
}

fn numbers(pieces: &mut Pieces, figures: &Figures) {
    let (heard, watched) = figures.hours();
    let total = &figures.total;
    let mut rows = vec![
        vec![
            "検知の数".to_owned(),
            times(total.events),
            "機器が知らせた数です".to_owned(),
        ],
        vec![
            "うち、止めたもの".to_owned(),
            times(total.action[BLOCKED]),
            "捨てた、切った、隔離した、消した".to_owned(),
        ],
    ];
    if figures.has(Kind::Edr) || total.action[OTHER] > 0 {
        let what = "端末を切り離した、ファイルを直したなど".to_owned();
        rows.push(vec![
            "うち、そのほかの対処".to_owned(),
            times(total.action[OTHER]),
            what,
        ]);
    }
    let told = total.action[DETECTED];
    rows.push(vec![
        "うち、知らせただけのもの".to_owned(),
        times(told),
        "止めるようには決められていなかった".to_owned(),
    ]);
    rows.push(vec![
        "うち、通したもの".to_owned(),
        times(total.action[ALLOWED]),
        "知らせて、通した".to_owned(),
    ]);
    if total.action[UNKNOWN] > 0 {
        let what = "機器の言葉から読み取れなかった".to_owned();
        rows.push(vec![
            "うち、対処が不明".to_owned(),
            times(total.action[UNKNOWN]),
            what,
        ]);
    }
    rows.push(vec![
        "検知の種類の名前の数".to_owned(),
        format!("{}とおり", number(figures.distinct_rules as i64)),
        "製品の規則と重さごとに数えた数".to_owned(),
    ]);
    rows.push(vec![
        "外の相手の数".to_owned(),
        format!("{}か所", number(figures.outside_addresses)),
        "インターネット側のアドレスの数".to_owned(),
    ]);
    rows.push(vec![
        "記録が届いた時間".to_owned(),
        hours(heard),
        format!("見守りの時間は、機器を合わせて{}", hours(watched)),
    ]);
    let columns = [
        ("", 5, Align::Left),
        ("数", 3, Align::Right),
        ("意味", 8, Align::Left),
    ];
    pieces.table("numbers", "今月の数字", &columns, rows);
}
