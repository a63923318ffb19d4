//! Who runs it: identity, parties, contact, and what a receipt number begins with.

use super::Findings;
use crate::program::program::PartyRole;
use crate::program::{Definition, Role};

/// The characters of receipt numbers (`receipt_number`): none of them is mistaken for another.
const CLEAR: &str = "346789ACDEFGHJKMNPQRTXY";

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    const FILE: &str = "program.toml";
    let program = &definition.program;
    let prefix = &program.receipt_prefix;
    if !(1..=4).contains(&prefix.len()) || !prefix.chars().all(|c| CLEAR.contains(c)) {
        found.add(
            FILE,
            "receipt_prefix",
            format!("受付番号の頭文字「{prefix}」は使えません。"),
            format!("見間違えにくい {CLEAR} のうち1文字から4文字にしてください。"),
        );
    }
    if let Some(year) = reiwa_year(&program.title)
        && year != program.fiscal_year
    {
        found.add(
            FILE,
            "fiscal_year",
            format!(
                "事業名は{year}年度ですが、fiscal_yearは{}です。",
                program.fiscal_year
            ),
            "どちらかを直してください。令和6年度なら2024です。",
        );
    }
    let email = &program.contact.email;
    if email.split('@').filter(|part| !part.is_empty()).count() != 2 || email.contains(' ') {
        found.add(
            FILE,
            "contact.email",
            format!("「{email}」はメールアドレスの形ではありません。"),
            "「jimukyoku@office.example.jp」のような形で書いてください。",
        );
    }
    let has = |role: PartyRole| program.party.iter().any(|party| party.role == role);
    let approves = definition
        .flow
        .step
        .iter()
        .any(|step| step.owner == Role::Sponsor);
    if approves && !has(PartyRole::Sponsor) {
        found.add(
            FILE,
            "party",
            "委託元(role = \"sponsor\")が担当する段階がありますが、partyにありません。",
            "[[party]] に委託元を書き足してください。",
        );
    }
    if !has(PartyRole::Secretariat) {
        found.add(
            FILE,
            "party",
            "運営事務局(role = \"secretariat\")がpartyにありません。",
            "[[party]] に運営事務局を書き足してください。",
        );
    }
}

/// The fiscal year that a title such as 「令和6年度…事業」 names; digits may be full-width.
fn reiwa_year(title: &str) -> Option<i16> {
    let (_, after) = title.split_once("令和")?;
    let (number, _) = after.split_once("年度")?;
    let digits: String = number
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            _ => c,
        })
        .collect();
    let year: i16 = if digits.trim() == "元" {
        1
    } else {
        digits.trim().parse().ok()?
    };
    (1..=200).contains(&year).then_some(2018 + year)
}
