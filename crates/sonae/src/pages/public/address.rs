//! 「住所を自動入力」: from the postcode to the address, without overwriting what was typed.

use sonae_core::application::prefecture;
use sonae_core::postcode::{self, Address};
use sonae_core::text::postcode::normalise;

use super::typed::Typed;

/// The most candidates shown. The code with the most towns in Japan has 67; nobody reads more than this on a phone.
const MOST: usize = 20;

/// What came of looking a postcode up.
pub(in crate::pages) struct Suggestion {
    pub sentence: String,
    /// Addresses to choose from, each a button.
    pub candidates: Vec<Candidate>,
}

pub(in crate::pages) struct Candidate {
    pub index: usize,
    /// 東京都新宿区西新宿
    pub address: String,
    /// The large office that has the code for itself.
    pub office: Option<String>,
}

impl Suggestion {
    fn only(sentence: impl Into<String>) -> Suggestion {
        Suggestion {
            sentence: sentence.into(),
            candidates: Vec::new(),
        }
    }
}

/// Looks the typed postcode up. A single address goes into empty fields; anything else is offered.
pub(in crate::pages) fn suggest(typed: &mut Typed) -> Suggestion {
    let code = match normalise(&typed.text("postcode")) {
        Ok(code) => code,
        Err(mistake) => return Suggestion::only(mistake.sentence),
    };
    let found = postcode::lookup(&code);
    match found.as_slice() {
        [] => Suggestion::only(
            "この郵便番号の住所は見つかりませんでした。番号を確かめるか、住所をそのまま入力してください。",
        ),
        [one] if is_empty(typed) => {
            fill(typed, one);
            filled()
        }
        [one] if agrees(typed, one) => {
            Suggestion::only("入力されている住所は、この郵便番号と合っています。")
        }
        several => Suggestion {
            sentence: offer(typed, several.len()),
            candidates: several
                .iter()
                .take(MOST)
                .enumerate()
                .map(candidate)
                .collect(),
        },
    }
}

/// Takes the candidate that was chosen. None when the postcode was changed meanwhile and has no such candidate.
pub(in crate::pages) fn choose(typed: &mut Typed, index: usize) -> Option<Suggestion> {
    let code = normalise(&typed.text("postcode")).ok()?;
    let chosen = postcode::lookup(&code).into_iter().nth(index)?;
    fill(typed, &chosen);
    Some(filled())
}

fn filled() -> Suggestion {
    Suggestion::only("住所を入れました。続きの番地を入力してください。")
}

fn offer(typed: &Typed, count: usize) -> String {
    let choose = match count {
        1 => "郵便番号の住所は次のとおりです。".to_owned(),
        ..=MOST => {
            format!("この郵便番号には{count}件の住所があります。当てはまるものを選んでください。")
        }
        _ => format!(
            "この郵便番号には{count}件の住所があります。初めの{MOST}件です。ほかの場合は、住所をそのまま入力してください。"
        ),
    };
    let kept = if is_empty(typed) {
        ""
    } else {
        "選ぶと、今入力されている都道府県と市区町村・番地は置き換わります。選ばなければ変わりません。"
    };
    choose + kept
}

fn candidate((index, address): (usize, &Address)) -> Candidate {
    Candidate {
        index,
        address: format!("{}{}", address.prefecture, address.line()),
        office: address.office.as_ref().map(|office| office.name.clone()),
    }
}

fn is_empty(typed: &Typed) -> bool {
    ["prefecture", "address_line1"]
        .iter()
        .all(|name| typed.text(name).trim().is_empty())
}

fn agrees(typed: &Typed, address: &Address) -> bool {
    prefecture::code(typed.text("prefecture").trim()).as_deref() == Some(address.prefecture_code)
        && typed
            .text("address_line1")
            .trim()
            .starts_with(&address.line())
}

fn fill(typed: &mut Typed, address: &Address) {
    typed.set("prefecture", address.prefecture_code.into());
    typed.set("address_line1", address.line().into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_typed_is_never_overwritten_unasked() {
        let check = |typed: serde_json::Value, sentence: &str, candidates: usize, line: &str| {
            let mut typed = Typed::new(typed);
            let found = suggest(&mut typed);
            assert!(found.sentence.contains(sentence), "{}", found.sentence);
            assert_eq!(found.candidates.len(), candidates);
            assert_eq!(typed.text("address_line1"), line);
        };
        check(
            json!({ "postcode": "１６０ー００２３" }),
            "入れました",
            0,
            "新宿区西新宿",
        );
        check(
            json!({ "postcode": "160-0023", "address_line1": "渋谷区1-1" }),
            "置き換わります",
            1,
            "渋谷区1-1",
        );
        check(
            json!({ "postcode": "160-0023", "prefecture": "13", "address_line1": "新宿区西新宿1-1-1" }),
            "合っています",
            0,
            "新宿区西新宿1-1-1",
        );
        check(json!({ "postcode": "000-0000" }), "見つかりません", 0, "");
        check(json!({ "postcode": "16" }), "7桁", 0, "");
        check(json!({}), "郵便番号", 0, "");
    }

    #[test]
    fn a_candidate_is_taken_when_chosen() {
        let mut typed = Typed::new(json!({ "postcode": "4980000" }));
        let found = suggest(&mut typed);
        assert!(found.candidates.len() > 1, "{}", found.candidates.len());
        assert_eq!(typed.text("address_line1"), "");
        assert!(choose(&mut typed, 1).is_some());
        assert!(!typed.text("address_line1").is_empty());
        assert!(choose(&mut typed, 999).is_none());
    }
}
