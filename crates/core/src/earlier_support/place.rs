//! Where an address is, without the building: the town and the numbers behind it.

use crate::postcode::PREFECTURES;
use crate::text::address;
use crate::text::search_key::{fold, search_key};

/// Town and house number of an address, for comparison only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    town: String,
    /// 丁目, 番, 号 and what may follow.
    numbers: Vec<String>,
}

/// None when the address has no town or no number: such an address tells no company apart.
pub(super) fn place(address: &str) -> Option<Place> {
    let without_building = street(&without_postcode(&fold(address)));
    let key = address::key(&without_building);
    let prefecture = PREFECTURES
        .iter()
        .find_map(|(_, name)| key.strip_prefix(&*search_key(name)));
    let key = prefecture.unwrap_or(&key);
    let start = key.find(|c: char| c.is_ascii_digit())?;
    let (town, rest) = key.split_at(start);
    if town.is_empty() {
        return None;
    }
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .unwrap_or(rest.len());
    let numbers = rest[..end].split('-').filter(|number| !number.is_empty());
    Some(Place {
        // 霞が関, 霞ヶ関 and 霞ケ関 are one place.
        town: town.replace('ガ', "ケ"),
        numbers: numbers.map(str::to_owned).collect(),
    })
}

/// Whether both are the same place. One may say less (2-8 and 2-8-1) or add a room (2-8-1-305), but two numbers must agree unless
/// both have only one.
pub(super) fn same(a: &Place, b: &Place) -> bool {
    let shared = a.numbers.len().min(b.numbers.len());
    a.town == b.town
        && a.numbers[..shared] == b.numbers[..shared]
        && (shared >= 2 || a.numbers.len() == b.numbers.len())
}

/// Takes 〒163-8001 off the front.
fn without_postcode(folded: &str) -> String {
    let text = folded.trim_start();
    let Some(rest) = text.strip_prefix('〒') else {
        return text.to_owned();
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-' || c == ' ');
    rest.to_owned()
}

/// Everything before the space that parts the house number from the building.
fn street(folded: &str) -> String {
    let mut before = String::new();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let ends_a_number =
            before.ends_with(|c: char| c.is_ascii_digit() || c == '号') || before.ends_with("番地");
        let begins_with_number = word.starts_with(['-', '番', '号']);
        if ends_a_number && !begins_with_number {
            break;
        }
        before.push_str(word);
    }
    before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_by_town_and_numbers() {
        let check = |a: &str, b: &str, expected: bool| {
            let (Some(one), Some(other)) = (place(a), place(b)) else {
                panic!("no place in {a} or {b}");
            };
            assert_eq!(same(&one, &other), expected, "{a} {one:?} | {b} {other:?}");
            assert_eq!(same(&other, &one), expected, "{b} | {a}");
        };
        check(
            "新宿区西新宿2-8-1",
            "東京都新宿区西新宿二丁目８番１号",
            true,
        );
        check(
            "新宿区西新宿2-8-1",
            "〒163-8001 東京都新宿区西新宿2-8-1 見本ビル3F",
            true,
        );
        check("新宿区西新宿2-8-1 305", "新宿区西新宿2-8-1", true);
        check("新宿区西新宿2-8-1-305", "新宿区西新宿2ー8ー1", true);
        check("千代田区霞が関1-2-3", "千代田区霞ヶ関１丁目２番３号", true);
        check("八王子市元本郷町 3-24-1", "八王子市元本郷町3-24", true);
        check("新宿区西新宿2-8-1", "新宿区西新宿2-8-2", false);
        check("新宿区西新宿2-8-1", "新宿区西新宿2-81", false);
        check("新宿区西新宿2", "新宿区西新宿2-8-1", false);
        check("新宿区新宿2-8-1", "新宿区西新宿2-8-1", false);
        check("大阪府大阪市北区梅田1-1-1", "東京都北区梅田1-1-1", false);
        check("西多摩郡檜原村467番地", "檜原村467", false);
        for nothing in ["", "東京都", "新宿区西新宿", "3F", "〒163-8001"] {
            assert_eq!(place(nothing), None, "{nothing}");
        }
    }
}
