//! What the report cannot tell, what it was made from, and whom to ask.

use super::super::figures::Figures;
use super::super::words::{number, times};
use super::{Of, Pieces};

pub(super) fn write(pieces: &mut Pieces, figures: &Figures, of: &Of<'_>) {
    pieces.heading("about", "このレポートについて");
    let lines = &figures.lines;
    let all = lines.detections + lines.activities + lines.unread();
    let mut told = vec![format!(
        "もとにした記録は{}行です。検知{}行、そのほかの記録{}行、読めなかった行{}行でした。",
        number(all),
        number(lines.detections),
        number(lines.activities),
        number(lines.unread())
    )];
    told.push(match lines.unread() {
        0 => "読めなかった行はありませんでした。".to_owned(),
        _ => format!(
            "読めなかった行も捨てずに保存してあります({})。その中に検知があったとしても、このレポートの数には入っていません。",
            reasons(figures)
        ),
    });
    if lines.clock_doubtful > 0 {
        told.push(format!(
            "機器の時計がずれていたため、届いた時刻で数えた行が{}行あります。",
            number(lines.clock_doubtful)
        ));
    }
    if lines.detections != figures.total.events {
        told.push(format!(
            "1行で何件かをまとめて知らせる機器があるため、検知の行の数({}行)と件数({})は違います。",
            number(lines.detections),
            times(figures.total.events)
        ));
    }
    told.push("このレポートを作ったあとに届いた行は、入っていません。".to_owned());
    told.push(format!(
        "もとにした数字は、作ったときのまま保存してあり、同じ数字かどうかをあとから確かめられます(確かめる値 {})。",
        &figures.sha256()[..16]
    ));
    pieces.list("about-list", told);
    pieces.small_heading("ask", "お困りのとき");
    let phone = match of.phone {
        "" => String::new(),
        number => format!("(電話 {number})"),
    };
    pieces.say(
        "ask-said",
        format!(
            "分からないこと、気になることは、{}{phone}へお尋ねください。受付番号 {} をお知らせいただくと、早くお調べできます。",
            of.office, of.receipt_number
        ),
    );
}

fn reasons(figures: &Figures) -> String {
    let name = |code: &str| match code {
        "no_format" => "知らない形式",
        "broken" => "途中で切れた行",
        "too_long" => "長すぎる行",
        "encoding" => "読めない文字",
        _ => "そのほか",
    };
    let told: Vec<String> = (figures.lines.unknown.iter())
        .filter(|(_, count)| **count > 0)
        .map(|(code, count)| format!("{} {}行", name(code), number(*count)))
        .collect();
    told.join("、")
}
