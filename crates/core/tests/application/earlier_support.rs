//! Earlier support: which records are about a company, and what they do to a judgement.

use serde_json::{Value, json};
use sonae_core::application::answers::{Answers, PastSupport};
use sonae_core::earlier_support::{Company, Evidence, History, Record, compare};
use sonae_core::eligibility::{Outcome, judge, judge_with_history};
use sonae_core::program::program::SupportKind;

use crate::sample;

/// 会社名 | 法人番号 | 住所 | 電話番号 of the company that applies, then the same of the record, then what is found.
const COMPANIES: &str = "
# The number decides, whatever else changed.
みほん工業株式会社 | 7000012050002 | 新宿区西新宿2-8-1 | 0300000001 | 別名商事 | 7000012050002 | 港区芝1-1-1 | 0300000009 | Certain 法人番号が一致、名称と住所と電話番号は異なる
みほん工業株式会社 | 7000012050002 | 新宿区西新宿2-8-1 | 0300000001 | みほん工業(株) | 8000012010038 | 新宿区西新宿2-8-1 | 0300000009 | none
みほん工業株式会社 | 7000012050002 | 新宿区西新宿2-8-1 | 0300000001 | みほん工業(株) | 8000012010038 | 新宿区西新宿2-8-1 | 0300000001 | Possible 名称と住所と電話番号が一致、法人番号は異なる

# The name, written in any way, with the address or the telephone number.
株式会社みほん工業 | | 新宿区西新宿2-8-1 | 0300000001 | ﾐﾎﾝ工業㈱ | | 東京都新宿区西新宿二丁目8番1号 見本ビル3F | | Likely 名称と住所が一致
株式会社みほん工業 | 7000012050002 | 新宿区西新宿2-8-1 | 0300000001 | みほん工業（株） | | | 0300000001 | Likely 名称と電話番号が一致
髙﨑製作所株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | 高崎製作所 | | 新宿区西新宿2ー8ー1 | | Likely 名称と住所が一致
サンプル株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | ｻﾝﾌﾟﾙ(ｶ | | | 0300000001 | Likely 名称と電話番号が一致

# Moved, a branch, a homonym.
みほん工業株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | みほん工業株式会社 | | 港区芝1-1-1 | 0300000001 | Likely 名称と電話番号が一致、住所は異なる
みほん工業株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | みほん工業株式会社 | | 立川市緑町1-1-1 | 0420000002 | Possible 名称が一致、住所と電話番号は異なる
みほん工業株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | みほん工業株式会社 | | | | Possible 名称だけが一致
みほん工業株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | 有限会社みほん工業 | | | | Possible 名称だけが一致

# Not the same: neighbours, a shared telephone.
みほん工業株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | みほん商事株式会社 | | 新宿区西新宿2-8-1 | 0300000002 | none
みほん工業株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | みほん商事株式会社 | | 港区芝1-1-1 | 0300000001 | none
みほん工業株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | みほん商事株式会社 | | 新宿区西新宿2-8-1 | 0300000001 | Possible 住所と電話番号が一致、名称は異なる
株式会社 | | 新宿区西新宿2-8-1 | | みほん商事株式会社 | | 港区芝1-1-1 | | none

# A person: the name of the shop, with the person's name, or the person alone.
個人 みほん商店 | | 新宿区西新宿2-8-1 | 0300000001 | みほん商店 見本太郎 | | | 0300000001 | Likely 名称と電話番号が一致
個人 みほん商店 | | 新宿区西新宿2-8-1 | 0300000001 | 見本 太郎 | | 新宿区西新宿2-8-1 | | Likely 名称と住所が一致
個人 みほん商店 | | 新宿区西新宿2-8-1 | 0300000001 | 見本太郎 | | | | Possible 名称だけが一致
みほん商店 | | 新宿区西新宿2-8-1 | 0300000001 | 見本太郎 | | 新宿区西新宿2-8-1 | | none
";

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn applicant(cells: &[&str]) -> Answers {
    let person = cells[0].strip_prefix("個人 ");
    let answers = json!({
        "entity_kind": if person.is_some() { "sole_proprietor" } else { "corporation" },
        "name": person.unwrap_or(cells[0]), "contact_name": "見本 太郎",
        "corporate_number": given(cells[1]), "prefecture": "13", "address_line1": given(cells[2]),
        "contact_phone": given(cells[3]),
    });
    serde_json::from_value(answers).expect("answers")
}

fn record(cells: &[&str]) -> Record {
    Record {
        name: cells[0].to_owned(),
        name_kana: None,
        corporate_number: given(cells[1]),
        postcode: None,
        address: given(cells[2]),
        phone: given(cells[3]),
        kind: SupportKind::Utm,
        year: 2022,
    }
}

#[test]
fn records_are_found_with_their_reason() {
    let mut failures = String::new();
    let mut count = 0;
    let lines = COMPANIES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 9, "{line}");
        let applicant = Company::of_answers(&applicant(&cells[..4]));
        let record = Company::of_record(&record(&cells[4..8]));
        let shown = |found: Option<sonae_core::earlier_support::Found>| match found {
            Some(found) => format!("{:?} {}", found.strength, found.reason()),
            None => "none".to_owned(),
        };
        let found = shown(compare(&applicant, &record));
        assert_eq!(
            found,
            shown(compare(&record, &applicant)),
            "the same from both sides: {line}"
        );
        if found != cells[8] {
            failures.push_str(&format!("{line}\n    found: {found}\n"));
        }
        count += 1;
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count >= 15);
}

/// The reading decides only with something else beside it: many companies sound alike.
#[test]
fn the_reading_alone_finds_nothing() {
    let mut answers = applicant(&["美本工業", "", "新宿区西新宿2-8-1", "0300000001"]);
    answers.name_kana = Some("ミホンコウギョウ".to_owned());
    for (phone, expected) in [("0300000001", true), ("0300000002", false)] {
        let mut record = record(&["見本工業", "", "", phone]);
        record.name_kana = Some("カブシキガイシャ ミホンコウギョウ".to_owned());
        let found = compare(&Company::of_answers(&answers), &Company::of_record(&record));
        assert_eq!(found.is_some(), expected, "{phone}");
    }
}

const CERTAIN: [&str; 4] = ["みほん工業株式会社", "7000012050002", "", ""];
const HOMONYM: [&str; 4] = ["みほん工業株式会社", "", "", ""];

/// What the lists say: each a record (certain or a homonym) of a kind in 2022.
fn history(records: &[([&str; 4], SupportKind)], complete: &[SupportKind]) -> History {
    let company = Company::of_answers(&applicant(&[
        "みほん工業株式会社",
        "7000012050002",
        "新宿区西新宿2-8-1",
        "0300000001",
    ]));
    let evidence = records.iter().map(|(cells, kind)| {
        let record = Record {
            kind: *kind,
            ..record(cells)
        };
        Evidence {
            support: record.support(),
            found: compare(&company, &Company::of_record(&record)).expect("a match"),
            source: "名簿.xlsx".to_owned(),
        }
    });
    let support = |kind: &SupportKind| PastSupport {
        kind: *kind,
        year: 2022,
    };
    History {
        records: evidence.collect(),
        complete: complete.iter().map(support).collect(),
    }
}

/// Programme and rule; what the company states (a dash: nothing answered); its courses; records of the office, a homonym's with `?`; kinds of
/// which the list is complete; the outcome; what the sentence says; what the office's fact says. All support was given in 2022.
const JUDGED: &str = "
# Nobody looked: as before.
r6 earlier_support;      ; utm     ;     ;     ; met             ; 過去に受けていません ;
r6 earlier_support; utm  ; utm     ;     ;     ; not_met         ; ご参加いただけません ;
# Both say so.
r6 earlier_support;      ; utm     ;     ; utm ; met             ; 過去に受けていません ;
r6 earlier_support; utm  ; utm     ; utm ;     ; not_met         ; ご参加いただけません ; 令和4年度 UTM機器設置(名簿.xlsx、法人番号と名称が一致
r6 earlier_support; utm  ; utm     ; utm ; utm ; not_met         ; ご参加いただけません ; 名簿.xlsx
# The list knows what the company did not state.
r6 earlier_support;      ; utm     ; utm ;     ; needs_judgement ; ご回答では受けていない支援の記録が、事務局の名簿にあります。令和4年度 UTM機器設置。 ; 名簿.xlsx
r6 earlier_support; edr  ; utm     ; utm ;     ; needs_judgement ; ご回答では受けていない支援 ; 名簿.xlsx
r6 earlier_support;      ; guidance,utm ; guidance ; ; needs_judgement ; ご回答では受けていない支援 ; 名簿.xlsx
# A homonym.
r6 earlier_support;      ; utm     ; utm?;     ; needs_judgement ; 同じ企業かどうかを ; 名称だけが一致
r6 earlier_support; utm  ; utm     ; utm?; utm ; needs_judgement ; 同じ企業と確かめられる記録がありません ; 名称だけが一致
# Of a kind that does not count here.
r6 earlier_support;      ; utm     ; edr,csirt ; ; met           ; 過去に受けていません ; EDR導入
r6 earlier_support;      ; guidance; utm ;     ; met             ; 過去に受けていません ; UTM機器設置
# The company states what a complete list lacks; one that is not complete says nothing by its silence.
r6 earlier_support; utm  ; utm     ;     ; utm ; needs_judgement ; 令和4年度 UTM機器設置の支援を受けたとのご回答ですが ; なし
r6 earlier_support; utm  ; utm     ;     ; edr ; not_met         ; ご参加いただけません ;
# One course is decided, whatever is open about the other.
r6 earlier_support; utm  ; utm,edr ; utm,edr ; ; not_met         ; ご参加いただけません ; 名簿.xlsx
# Not answered: the company is asked, whatever a list says.
r6 earlier_support; -    ; utm     ; utm ;     ; needs_judgement ; 回答がまだない ; 名簿.xlsx
# Where earlier support is wanted, the statement is checked in the same way.
r7 measures; inhouse_structure ; csirt ; ; ; met ; ;
r7 measures; inhouse_structure ; csirt ; inhouse_structure ; inhouse_structure ; met ; ;
r7 measures; inhouse_structure ; csirt ; ; inhouse_structure ; needs_judgement ; ; なし
r7 measures;             ; csirt   ; inhouse_structure ; ; needs_judgement ; ; 社内体制整備
r7 special_support;      ; csirt   ; special_support ;  ; needs_judgement ; ; 名簿.xlsx
r7 same_course;          ; csirt   ; it_bcp ;  ; met             ; ;
r7 same_course;          ; csirt   ; csirt  ;  ; needs_judgement ; ご回答では受けていない支援 ;
";

fn list(cell: &str) -> Vec<&str> {
    let words = cell.split(',').map(str::trim);
    words.filter(|word| !word.is_empty()).collect()
}

fn kind(word: &str) -> SupportKind {
    serde_json::from_value(json!(word)).expect("a kind")
}

#[test]
fn sources_that_agree_decide_and_others_are_for_a_person() {
    for line in JUDGED
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let cells: Vec<&str> = line.split(';').map(str::trim).collect();
        let [
            subject,
            stated,
            courses,
            records,
            complete,
            outcome,
            says,
            fact,
        ] = cells[..]
        else {
            panic!("eight cells: {line}");
        };
        let (programme, rule) = subject.split_once(' ').expect("programme and rule");
        let program = sample::program(programme);
        let mut body = sample::complete(programme);
        let past = |kind: &&str| json!({ "kind": kind, "year": 2022 });
        let past: Vec<Value> = list(stated).iter().map(past).collect();
        sample::set(
            &mut body,
            "past_support",
            (stated != "-").then(|| json!(past)),
        );
        sample::set(&mut body, "courses", Some(json!(list(courses))));
        if rule == "measures" {
            sample::set(&mut body, "measures", None);
        }
        let records: Vec<_> = (list(records).into_iter())
            .map(|word| match word.strip_suffix('?') {
                Some(word) => (HOMONYM, kind(word)),
                None => (CERTAIN, kind(word)),
            })
            .collect();
        let complete: Vec<SupportKind> = list(complete).into_iter().map(kind).collect();
        let history = history(&records, &complete);
        let verdict = judge_with_history(&program, &sample::answers(&program, body), &history);
        let mut findings = verdict.findings.iter();
        let finding = findings
            .find(|finding| finding.rule == rule)
            .expect("the rule");
        let office = finding
            .facts
            .iter()
            .find(|fact| fact.field == "office_records");
        let office = office.map_or("", |fact| &fact.value);
        let fits = json!(finding.outcome) == outcome
            && finding.sentence.contains(says)
            && (office.contains(fact) && office.is_empty() == records.is_empty() || fact == "なし");
        assert!(fits, "{line}\n{finding:#?}");
        if outcome == "needs_judgement" && stated != "-" {
            let own = finding
                .facts
                .iter()
                .any(|fact| fact.field == "past_support");
            assert!(
                own && !office.is_empty(),
                "both sources stand in the facts: {line}"
            );
        }
    }
}

/// No history at all changes a finding that does not ask for earlier support, and none ever turns a finding into not met that was not so by
/// the company's own words.
#[test]
fn records_alone_never_refuse_a_company() {
    use SupportKind::{Csirt, Edr, Guidance, InhouseStructure, ItBcp, SpecialSupport, Utm};
    let kinds = [
        Utm,
        Edr,
        Guidance,
        Csirt,
        ItBcp,
        InhouseStructure,
        SpecialSupport,
    ];
    for programme in sample::NAMES {
        let program = sample::program(programme);
        for stated in [
            json!([]),
            json!([{ "kind": "utm", "year": 2022 }, { "kind": "csirt", "year": 2022 }]),
        ] {
            let mut body = sample::complete(programme);
            sample::set(&mut body, "past_support", Some(stated));
            let answers = sample::answers(&program, body);
            let alone = judge(&program, &answers);
            for sets in 0..1 << kinds.len() {
                let chosen = (0..kinds.len())
                    .filter(|n| sets >> n & 1 == 1)
                    .map(|n| kinds[n]);
                let chosen: Vec<SupportKind> = chosen.collect();
                let records: Vec<_> = chosen.iter().map(|kind| (CERTAIN, *kind)).collect();
                let found =
                    judge_with_history(&program, &answers, &history(&records, &kinds[..sets % 8]));
                for (before, after) in alone.findings.iter().zip(&found.findings) {
                    let refused =
                        after.outcome == Outcome::NotMet && before.outcome != Outcome::NotMet;
                    let asks = after.facts.iter().any(|fact| fact.field == "past_support");
                    assert!(!refused, "{programme} {chosen:?} {after:?}");
                    assert!(asks || before == after, "{programme} {chosen:?} {after:?}");
                }
            }
        }
    }
}
