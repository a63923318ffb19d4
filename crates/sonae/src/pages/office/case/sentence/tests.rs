//! Every kind of event has its sentence; the list is checked against the events themselves.

use sonae_core::access::StaffRole;
use sonae_core::flow::{Channel, ContactOutcome, Event};
use sonae_core::program::Program;
use sonae_store::staff::{SecondFactor, Staff};

use super::{Told, Words, told};
use crate::office::people::People;
use crate::programs;

fn program() -> Program {
    let all = programs::load_all(None).expect("the built-in programmes load");
    let r6 = all
        .into_iter()
        .find(|program| program.definition.program.receipt_prefix == "KT");
    r6.expect("the first programme")
}

fn people() -> People {
    let hanako = Staff {
        id: "s1".into(),
        email: "hanako@office.example.jp".into(),
        name: "備 花子".into(),
        role: StaffRole::Secretariat,
        active: true,
        created_at: "2024-06-03T10:00:00+09:00".parse().expect("an instant"),
        second_factor: SecondFactor::default(),
        single_keys: true,
    };
    People::of(
        &[hanako],
        vec![("t1".to_owned(), "集計システム".to_owned())],
    )
}

/// Event, who caused it, what is told, and the words of people beside it.
const TABLE: &[(&str, &str, &str, &str)] = &[
    (
        r#"{"event":"assigned","to":"s1"}"#,
        "staff:s1",
        "担当を備 花子さんにしました。",
        "",
    ),
    (
        r#"{"event":"assigned","to":null}"#,
        "staff:s1",
        "担当を外しました。",
        "",
    ),
    (
        r#"{"event":"expert_assigned","to":"gone"}"#,
        "staff:s1",
        "担当の専門家を(登録のない担当)さんにしました。",
        "",
    ),
    (
        r#"{"event":"noted","text":"<b>"}"#,
        "staff:s1",
        "内部メモを書きました。",
        "<b>",
    ),
    (
        r#"{"event":"messaged","subject":"ご確認","text":"本文"}"#,
        "staff:s1",
        "企業にメッセージを送りました：ご確認",
        "本文",
    ),
    (
        r#"{"event":"messaged","subject":"質問","text":"本文"}"#,
        "company",
        "企業からメッセージが届きました：質問",
        "本文",
    ),
    (
        r#"{"event":"messaged","subject":"","text":"本文"}"#,
        "company",
        "企業からメッセージが届きました。",
        "本文",
    ),
    (
        r#"{"event":"correction_requested","message":"数を","fields":["employees"]}"#,
        "staff:s1",
        "申込内容の訂正をお願いしました(対象：常時使用する従業員の数)。",
        "数を",
    ),
    (
        r#"{"event":"correction_requested","message":"全体"}"#,
        "staff:s1",
        "申込内容の訂正をお願いしました。",
        "全体",
    ),
    (
        r#"{"event":"correction_cancelled","reason":"電話で確認"}"#,
        "staff:s1",
        "訂正のお願いを取り消しました。",
        "電話で確認",
    ),
    (
        r#"{"event":"corrected","answers":{}}"#,
        "company",
        "申込内容を直しました。",
        "",
    ),
    (
        r#"{"event":"corrected","answers":{},"reason":"電話"}"#,
        "staff:s1",
        "事務局が、申込内容を直しました。",
        "電話",
    ),
    (
        r#"{"event":"agreed"}"#,
        "company",
        "ご説明した内容を了承しました。",
        "",
    ),
    (
        r#"{"event":"agreed","note":"電話で"}"#,
        "staff:s1",
        "企業が了承したことを記録しました。",
        "電話で",
    ),
    (
        r#"{"event":"judged","rule":"sme","met":true,"reason":"決算書"}"#,
        "staff:s1",
        "「中小企業者であること(会社または個人事業主)」を「満たす」と判断しました。",
        "決算書",
    ),
    (
        r#"{"event":"judged","rule":"gone","met":false,"reason":"x"}"#,
        "staff:s1",
        "「gone」を「満たさない」と判断しました。",
        "x",
    ),
    (
        r#"{"event":"companies_compared","with":"KT-333-36H","same":true,"reason":"電話"}"#,
        "staff:s1",
        "受付番号KT-333-36Hのお申込みと同じ企業だと判断しました。",
        "電話",
    ),
    (
        r#"{"event":"companies_compared","with":"record:01","same":false,"reason":"電話"}"#,
        "staff:s1",
        "過去の支援の記録とは別の企業だと判断しました。",
        "電話",
    ),
    (
        r#"{"event":"rechecked","reason":"名簿"}"#,
        "system",
        "同じ申込内容で、要件を確かめ直しました。",
        "名簿",
    ),
    (
        r#"{"event":"screened","note":"済み"}"#,
        "staff:s1",
        "要件の確認を終えました。",
        "済み",
    ),
    (
        r#"{"event":"diagnosed","record":{"pcs":12}}"#,
        "staff:s1",
        "環境の記録を保存しました(1項目)。",
        "",
    ),
    (
        r#"{"event":"diagnosed","record":{"pcs":12},"done":true}"#,
        "staff:s1",
        "環境の記録を完了しました(1項目)。",
        "",
    ),
    (
        r#"{"event":"courses_proposed","courses":["utm","guidance"],"reason":"案"}"#,
        "staff:s1",
        "コースの案を出しました：COURSES",
        "案",
    ),
    (
        r#"{"event":"courses_decided","courses":["utm","guidance"],"reason":"決"}"#,
        "staff:s1",
        "コースを決めました：COURSES",
        "決",
    ),
    (
        r#"{"event":"proposed","note":"お願い"}"#,
        "staff:s1",
        "東京都に承認を依頼しました。",
        "お願い",
    ),
    (
        r#"{"event":"approved"}"#,
        "staff:s1",
        "東京都が承認しました。",
        "",
    ),
    (
        r#"{"event":"sent_back","question":"なぜ"}"#,
        "staff:s1",
        "東京都が、質問を付けて差し戻しました。",
        "なぜ",
    ),
    (
        r#"{"event":"questionnaire_answered","answers":{"pcs":12}}"#,
        "company",
        "事前問診の回答を受け取りました(1項目)。",
        "",
    ),
    (
        r#"{"event":"declined","reason":"要件","clause":"2(1)"}"#,
        "staff:s1",
        "参加をお断りしました(要項 2(1))。",
        "要件",
    ),
    (
        r#"{"event":"excluded","reason":"虚偽","clause":"2(5)"}"#,
        "staff:s1",
        "除外しました(要項 2(5))。",
        "虚偽",
    ),
    (
        r#"{"event":"withdrawn"}"#,
        "company",
        "お申込みを取り下げました。",
        "",
    ),
    (
        r#"{"event":"withdrawn","reason":"電話"}"#,
        "staff:s1",
        "企業のお申し出により、お申込みを取り下げました。",
        "電話",
    ),
    (
        r#"{"event":"offered","course":"utm"}"#,
        "system",
        "「COURSE」の枠をご案内しました。",
        "",
    ),
    (
        r#"{"event":"offer_accepted","course":"utm"}"#,
        "company",
        "「COURSE」の枠を受けるとの返事がありました。",
        "",
    ),
    (
        r#"{"event":"offer_declined","course":"utm"}"#,
        "company",
        "「COURSE」の枠を辞退するとの返事がありました。",
        "",
    ),
    (
        r#"{"event":"offer_lapsed","course":"utm"}"#,
        "system",
        "「COURSE」の枠のご案内は、期日が過ぎました。",
        "",
    ),
    (
        r#"{"event":"reopened","reason":"誤り"}"#,
        "staff:s1",
        "案件を再開しました。",
        "誤り",
    ),
    (
        r#"{"event":"course_withdrawn","course":"utm","reason":"お電話で"}"#,
        "staff:s1",
        "「COURSE」だけを取り下げました。",
        "お電話で",
    ),
    (
        r#"{"event":"clock_ran_out","clock":"contact"}"#,
        "system",
        "期限「事務局からの最初のご連絡」が過ぎました。",
        "",
    ),
    (
        r#"{"event":"moved","revision":"r","reason":"改定"}"#,
        "staff:s1",
        "事業の新しい版に移しました。",
        "改定",
    ),
    (
        r#"{"event":"link_renewed","reason":"異動"}"#,
        "staff:s1",
        "企業のリンクを新しくしました。",
        "異動",
    ),
];

fn event(text: &str) -> Event {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn every_event_has_its_sentence() {
    let (program, people) = (program(), people());
    let words = Words {
        program: &program,
        people: &people,
    };
    let (one, both) = (
        words.course("utm"),
        words.courses(&["utm".to_owned(), "guidance".to_owned()]),
    );
    for (text, actor, what, said) in TABLE {
        let event = event(text);
        let expected = Told {
            what: what.replace("COURSES", &both).replace("COURSE", &one),
            said: (*said).to_owned(),
            internal: matches!(event, Event::Noted { .. }),
        };
        assert_eq!(told(&words, &event, actor), expected, "{event:?}");
    }
}

#[test]
fn every_contact_has_its_sentence() {
    let (program, people) = (program(), people());
    let words = Words {
        program: &program,
        people: &people,
    };
    let mut seen = Vec::new();
    for channel in [
        Channel::Phone,
        Channel::Mail,
        Channel::InPerson,
        Channel::Online,
    ] {
        for outcome in [
            ContactOutcome::Reached,
            ContactOutcome::LeftMessage,
            ContactOutcome::NoAnswer,
        ] {
            let event = Event::Contacted {
                channel,
                outcome,
                note: "メモ".into(),
            };
            let told = told(&words, &event, "staff:s1");
            assert_eq!(told.said, "メモ");
            assert!(told.what.ends_with('。'), "{}", told.what);
            seen.push(told.what);
        }
    }
    seen.sort();
    seen.dedup();
    // Having sent a mail is the same with and without an answer that day.
    assert_eq!(seen.len(), 11);
}

/// A kind that is added to the engine is missing here until it has a sentence.
#[test]
fn no_kind_of_event_is_forgotten() {
    let schema = schemars::schema_for!(Event).to_value();
    let kinds = schema["oneOf"].as_array().expect("one form a kind");
    let words = kinds
        .iter()
        .filter_map(|kind| kind["properties"]["event"]["const"].as_str());
    let mut tested: Vec<String> = TABLE.iter().map(|(text, ..)| event(text).word()).collect();
    tested.push("contacted".to_owned());
    let words: Vec<&str> = words.collect();
    assert!(words.len() >= 25, "{words:?}");
    for word in words {
        assert!(
            tested.iter().any(|known| known == word),
            "{word} has no sentence"
        );
    }
}

#[test]
fn everybody_has_a_name() {
    let (program, people) = (program(), people());
    let words = Words {
        program: &program,
        people: &people,
    };
    for (actor, name) in [
        ("staff:s1", "備 花子"),
        ("staff:t1", "集計システム(API)"),
        ("staff:s9", "(登録のない担当)"),
        ("company", "申込企業"),
        ("system", "自動"),
        ("", "不明"),
    ] {
        assert_eq!(words.who(actor), name);
    }
}
