//! Invented companies: the same number always gives the same company.

use serde_json::{Value, json};
use sonae_core::{postcode, text};

const NAMES: [(&str, &str); 16] = [
    ("青嵐", "セイラン"),
    ("若竹", "ワカタケ"),
    ("こだま", "コダマ"),
    ("水鏡", "スイキョウ"),
    ("風待", "カゼマチ"),
    ("白樺", "シラカバ"),
    ("みなと", "ミナト"),
    ("空木", "ウツギ"),
    ("千鳥", "チドリ"),
    ("雲雀", "ヒバリ"),
    ("榛名坂", "ハルナザカ"),
    ("花筏", "ハナイカダ"),
    ("夕凪", "ユウナギ"),
    ("銀杏", "イチョウ"),
    ("苔清水", "コケシミズ"),
    ("朝霧", "アサギリ"),
];
/// What a company does: name, reading, group of 中小企業基本法第2条第1項.
const TRADES: [(&str, &str, &str); 10] = [
    ("精密", "セイミツ", "manufacturing_other"),
    ("工務店", "コウムテン", "manufacturing_other"),
    ("運輸", "ウンユ", "manufacturing_other"),
    ("印刷", "インサツ", "manufacturing_other"),
    ("商事", "ショウジ", "wholesale"),
    ("食品卸", "ショクヒンオロシ", "wholesale"),
    ("システム", "システム", "service"),
    ("設計事務所", "セッケイジムショ", "service"),
    ("書店", "ショテン", "retail"),
    ("食堂", "ショクドウ", "retail"),
];
const PEOPLE: [(&str, &str); 10] = [
    ("髙﨑 𠮷子", "タカサキ ヨシコ"),
    ("見本 花子", "ミホン ハナコ"),
    ("例田 一郎", "レイダ イチロウ"),
    ("渡邉 実", "ワタナベ ミノル"),
    ("仮名 恵", "カナ メグミ"),
    ("試野 健", "タメシノ ケン"),
    ("齋藤 由美", "サイトウ ユミ"),
    ("架空 誠", "カクウ マコト"),
    ("若葉 桜", "ワカバ サクラ"),
    ("練馬 渉", "ネリマ ワタル"),
];
/// Codes of towns in Tokyo.
const POSTCODES: [&str; 10] = [
    "1000001", "1040061", "1130033", "1440052", "1500001", "1600022", "1700013", "1800003",
    "1900012", "1920046",
];

/// The answers of company `number` about itself, without its courses.
pub fn answers(number: usize) -> Value {
    // Steps without common divisors, so that everything is mixed with everything.
    let pick = |step: usize, of: usize| (number * step + number / of) % of;
    let (name, kana) = NAMES[pick(5, NAMES.len())];
    let (trade, trade_kana, industry) = TRADES[pick(3, TRADES.len())];
    let (contact, contact_kana) = PEOPLE[pick(7, PEOPLE.len())];
    let sole = number % 11 == 4;
    let other = number % 23 == 9;
    let (kind, title) = match (sole, other) {
        (true, _) => ("sole_proprietor", format!("{name}{trade}")),
        (_, true) => ("other", format!("一般社団法人{name}{trade}協議会")),
        _ if number.is_multiple_of(3) => ("corporation", format!("{name}{trade}有限会社")),
        _ => ("corporation", format!("株式会社{name}{trade}")),
    };
    let code = POSTCODES[pick(1, POSTCODES.len())];
    let address = postcode::lookup(code).into_iter().next();
    let line = address.map_or_else(String::new, |address| address.line());
    json!({
        "entity_kind": kind,
        "name": title,
        "name_kana": format!("{kana}{trade_kana}"),
        "corporate_number": (!sole).then(|| corporate_number(number)).flatten(),
        "industry": industry,
        "capital_yen": (kind == "corporation").then(|| 1_000_000 * (1 + (number * 7 % 40))),
        "employees": 2 + number * 13 % 47,
        "postcode": code,
        "prefecture": "13",
        "address_line1": format!("{line}{}-{}", 1 + number % 5, 1 + number % 19),
        "address_line2": null,
        "contact_name": contact,
        "contact_kana": contact_kana,
        "contact_phone": format!("030000{number:04}"),
        "contact_email": format!("tanto@kaisha-{number:03}.example.jp"),
        "past_support": [],
        "equivalent_subsidy": false,
        "measures": { "utm_or_edr_installed": true, "two_star_level_policy": !number.is_multiple_of(9) },
        "continuing_measures": true,
        "pledges": ["a", "b", "c", "d", "e", "f", "g"],
        "survey_agreed": true,
    })
}

/// A number with a right check digit that is plainly invented.
fn corporate_number(number: usize) -> Option<String> {
    (1..=9)
        .map(|check| format!("{check}00009900{number:04}"))
        .find(|digits| text::corporate_number::normalise(digits).is_ok())
}
