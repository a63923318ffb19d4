//! The postcode table in the program.

use std::collections::BTreeSet;

use sonae_core::postcode::{Address, PREFECTURES, codes, edition, lookup};

#[track_caller]
fn check(code: &str, expected: &[&str]) {
    let lines: Vec<String> = lookup(code)
        .iter()
        .map(|a| format!("{} {}", a.prefecture, a.line()))
        .collect();
    assert_eq!(lines, expected, "{code}");
}

#[test]
fn codes_lead_to_their_addresses() {
    check("1020094", &["東京都 千代田区紀尾井町"]);
    check("1000000", &["東京都 千代田区"]);
    check("1000301", &["東京都 利島村"]);
    check("5220317", &["滋賀県 犬上郡多賀町一円"]);
    check(
        "0295503",
        &[
            "岩手県 和賀郡西和賀町穴明",
            "岩手県 和賀郡西和賀町清水ケ野",
            "岩手県 和賀郡西和賀町間木野",
            "岩手県 和賀郡西和賀町湯田",
        ],
    );
    check("1006012", &["東京都 千代田区霞が関霞が関ビル12階"]);
    check("1638001", &["東京都 新宿区西新宿2丁目8-1"]);
}

#[test]
fn an_office_is_named() {
    let found = lookup("1638001");
    let names: Vec<_> = found
        .iter()
        .filter_map(|a| a.office.as_ref())
        .map(|office| office.name.as_str())
        .collect();
    assert_eq!(names, ["東京都庁"]);
    assert_eq!(found[0].prefecture_code, "13");
}

#[test]
fn one_code_may_stand_for_places_in_two_prefectures() {
    let prefectures: BTreeSet<_> = lookup("4980000").iter().map(|a| a.prefecture).collect();
    assert_eq!(prefectures, BTreeSet::from(["三重県", "愛知県"]));
}

#[test]
fn what_is_no_code_finds_nothing() {
    for code in [
        "0000000",
        "9999999",
        "",
        "163",
        "163-8001",
        "16380011",
        "１６３８００１",
        "163800a",
        "+163800",
    ] {
        assert_eq!(lookup(code), Vec::<Address>::new(), "{code}");
    }
}

/// Also the proof that no lookup can fail: it reads every block and every city.
#[test]
fn every_code_can_be_read_and_every_prefecture_is_there() {
    let codes = codes().expect("every block can be read");
    assert!(codes.len() > 140_000, "{} codes", codes.len());
    assert!(codes.is_sorted());
    let mut prefectures = BTreeSet::new();
    // One code in 50 is enough to meet every block several times without unpacking each 500 times.
    for code in codes.iter().step_by(50) {
        for address in lookup(code) {
            assert!(!address.city.is_empty(), "{code}");
            assert!(
                !address.town.contains(['（', '）', '「', '、', '\t']),
                "{code} {}",
                address.town
            );
            assert!(
                !address.town.contains("掲載がない") && !address.town.contains("地割"),
                "{code} {}",
                address.town
            );
            prefectures.insert(address.prefecture_code);
        }
    }
    assert_eq!(prefectures.len(), PREFECTURES.len());
    assert_eq!(edition().len(), 10);
}

/// Two hundred rows of Tokyo from another reader of the same files.
#[test]
fn tokyo_agrees_with_another_reader() {
    let table = include_str!("data/postcode-tokyo-sample.csv");
    for row in table.lines().skip(1) {
        let fields: Vec<&str> = row.splitn(6, ',').collect();
        let [code, city, town, _, note, kind] = fields[..] else {
            panic!("{row}")
        };
        // The other reader keeps floors apart and cuts 一円 off villages instead of emptying the town.
        let floor = if kind == "area" && note.ends_with('階') {
            note
        } else {
            ""
        };
        let town = if town == city {
            String::new()
        } else {
            format!("{town}{floor}")
        };
        let found = lookup(code);
        let agrees = |a: &Address| {
            let office = a.office.as_ref().is_some_and(|office| office.name == note);
            a.prefecture_code == "13"
                && a.city == city
                && a.town == town
                && office == (kind == "office")
        };
        assert!(found.iter().any(agrees), "{row}: {found:?}");
    }
    assert!(table.lines().count() > 200);
}
