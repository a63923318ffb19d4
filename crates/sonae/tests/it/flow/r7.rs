//! インシデント対応強化: from the receipt by screening, approval and questionnaire to the confirmed participant.

use serde_json::json;
use sonae::jobs::run_clocks;
use sonae_core::application::answers::ExtraAnswer;
use sonae_core::flow::Event;

use super::player::Player;
use crate::office::{Office, R7};

const OPEN: &str = "2025-06-02T10:00:00+09:00";

const TO_QUESTIONNAIRE: &str = r#"
06-02 10:00 |        |          | open screening secretariat 06-09(target.screening) csirt=held | received@10:00
06-02 11:00 | office | proposed | ! wrong_step |
06-03 10:00 | office | screened | open approval secretariat 06-10(target.approval) csirt=held |
06-03 11:00 | office | proposed | open approval sponsor 06-10(target.approval) csirt=held |
06-04 16:00 | tokyo  | approved | open questionnaire company 06-11(questionnaire) csirt=held | questionnaire_request@16:05
"#;

async fn at_questionnaire(office: &Office) -> Player<'_> {
    let mut player = Player::apply(office, R7, "k", json!({})).await;
    player.plays(TO_QUESTIONNAIRE);
    player
}

/// Whatever the programme asks, each question gets an answer that it takes.
fn answered(p: &Player<'_>) -> Event {
    let programs = &p.office.app.programs;
    let program = &programs.get(R7).expect("served").program;
    let text = |text: &str| ExtraAnswer::Text(text.to_owned());
    let answers = program
        .definition
        .support
        .questionnaire
        .iter()
        .map(|asked| {
            let any = [text("あ"), ExtraAnswer::YesNo(true), ExtraAnswer::Number(1)];
            let choices = asked.option.iter().map(|choice| text(&choice.value));
            let taken = any
                .into_iter()
                .chain(choices)
                .find(|answer| asked.takes(answer));
            (asked.id.clone(), taken.expect("some answer is taken"))
        });
    Event::QuestionnaireAnswered {
        answers: answers.collect(),
    }
}

#[tokio::test]
async fn every_step_to_the_confirmed_participant() {
    let office = Office::open(OPEN);
    let mut p = at_questionnaire(&office).await;
    let mail = p.mail("questionnaire_request");
    assert!(mail.contains("令和7年6月11日"), "{mail}");
    let answers = answered(&p);
    p.tries("06-05 21:00", "company", &answers)
        .expect("answered");
    p.plays("06-05 21:00 | | | confirmed csirt=held | confirmed@21:00");
    assert_eq!(
        p.milestones(),
        "received 06-02 approved 06-04 confirmed 06-05"
    );
}

/// 一定期間ご回答がない場合: a mail, then a call, then days again (6 STEP4).
#[tokio::test]
async fn a_questionnaire_without_answer_is_reminded_of_and_then_called_about() {
    let office = Office::open(OPEN);
    let mut p = at_questionnaire(&office).await;
    p.plays(r#"
06-11 23:59 | system | clock_ran_out {"clock": "questionnaire"} | ! not_due |
06-12 00:00 | system | clock_ran_out {"clock": "questionnaire"} | open questionnaire company 06-17(remind.questionnaire) csirt=held | questionnaire_reminder@09:00
06-12 00:01 | system | clock_ran_out {"clock": "questionnaire"} | ! already_done |
06-18 00:00 | system | clock_ran_out {"clock": "remind.questionnaire"} | open questionnaire secretariat 06-20(phone.questionnaire) csirt=held |
06-19 10:00 | office | contacted {"channel": "phone", "outcome": "no_answer"} | open questionnaire company 06-24(remind.questionnaire) csirt=held |
06-25 00:00 | system | clock_ran_out {"clock": "remind.questionnaire"} | open questionnaire secretariat 06-27(phone.questionnaire) csirt=held |
"#);
    let answers = answered(&p);
    p.tries("06-25 09:00", "company", &answers)
        .expect("answered");
    p.plays("06-25 09:00 | | | confirmed csirt=held | confirmed@09:00");
}

/// A correction is asked for before the answer: the questionnaire's days stand still, no reminder goes out, and what ran out before
/// is reminded of when the correction is over.
#[tokio::test]
async fn nobody_is_reminded_of_the_questionnaire_while_a_correction_is_asked_for() {
    let office = Office::open(OPEN);
    let mut p = at_questionnaire(&office).await;
    let answers = answered(&p);
    p.plays(r#"
06-06 10:00 | office | correction_requested {"message": "ご担当の方をお確かめください。"} | open questionnaire company 06-13(correction) csirt=held | correction_request@10:05
06-12 00:00 | system | clock_ran_out {"clock": "questionnaire"} | ! waits_for_correction |
"#);
    assert_eq!(acted_on(&office, "2025-06-12T00:00:00+09:00"), 0);
    let refused = p.tries("06-12 10:00", "company", &answers);
    assert_eq!(refused.expect_err("later").code, "waits_for_correction");
    p.plays(r#"
06-12 11:00 | office | correction_cancelled {"reason": "お電話で確認"} | open questionnaire company 06-17(questionnaire) csirt=held |
06-18 00:00 | system | clock_ran_out {"clock": "questionnaire"} | open questionnaire company 06-23(remind.questionnaire) csirt=held | questionnaire_reminder@09:00
06-18 10:00 | office | correction_requested {"message": "所在地も。"} | open questionnaire company 06-25(correction) csirt=held | correction_request@10:05
06-24 00:00 | system | clock_ran_out {"clock": "remind.questionnaire"} | ! waits_for_correction |
06-25 10:00 | office | correction_cancelled {"reason": "お電話で確認"} | open questionnaire company 06-30(remind.questionnaire) csirt=held |
"#);
    assert_eq!(acted_on(&office, "2025-07-01T00:00:00+09:00"), 1);
}

/// It ran out before anybody acted on it, and then a correction was asked for: late it stays, and the reminder goes out afterwards.
#[tokio::test]
async fn a_reminder_that_was_due_waits_for_the_correction() {
    let office = Office::open(OPEN);
    let mut p = at_questionnaire(&office).await;
    p.plays(r#"
06-12 00:00 | office | correction_requested {"message": "ご担当の方をお確かめください。"} | open questionnaire company 06-11(questionnaire) csirt=held | correction_request@00:05
"#);
    assert_eq!(acted_on(&office, "2025-06-13T00:00:00+09:00"), 0);
    p.plays(r#"
06-13 10:00 | office | correction_cancelled {"reason": "お電話で確認"} | open questionnaire company 06-11(questionnaire) csirt=held |
"#);
    assert_eq!(acted_on(&office, "2025-06-13T10:01:00+09:00"), 1);
    p.plays("06-13 10:01 | | | open questionnaire company 06-18(remind.questionnaire) csirt=held | questionnaire_reminder@10:01");
}

/// How many clocks a round of the job acts on.
fn acted_on(office: &Office, at: &str) -> usize {
    let (_going, stop) = tokio::sync::watch::channel(false);
    let at = at.parse().expect("an instant");
    run_clocks::round(&office.app, at, &stop).expect("a round")
}

/// 「同水準にある企業と判断した場合」 (2(5)): the office judges with a reason before it goes on, and another judgement undoes the proposal.
#[tokio::test]
async fn what_needs_a_persons_judgement_waits_for_it() {
    let office = Office::open(OPEN);
    let measures = json!({"utm_or_edr_installed": true, "two_star_level_policy": false});
    let mut p = Player::apply(&office, R7, "k", json!({"measures": measures})).await;
    p.plays(r#"
06-02 10:00 |        |          | open screening secretariat 06-09(target.screening) csirt=held | received@10:00
06-03 09:00 | office | screened | ! needs_judgement |
06-03 09:00 | office | judged {"rule": "sme", "met": false, "reason": "疑わしい"} | ! not_open_to_judgement |
06-03 09:00 | office | judged {"rule": "measures", "met": true, "reason": ""} | ! required |
06-03 09:00 | expert | judged {"rule": "measures", "met": true, "reason": "同水準"} | ! forbidden |
06-03 10:00 | office | judged {"rule": "measures", "met": false, "reason": "方針がない"} | open screening secretariat 06-09(target.screening) csirt=held |
06-03 10:30 | office | screened | ! ineligible |
06-03 11:00 | office | judged {"rule": "measures", "met": true, "reason": "方針の案を確認した"} | open screening secretariat 06-09(target.screening) csirt=held |
06-03 12:00 | office | screened | open approval secretariat 06-10(target.approval) csirt=held |
06-03 13:00 | office | proposed | open approval sponsor 06-10(target.approval) csirt=held |
06-04 09:00 | office | judged {"rule": "measures", "met": false, "reason": "案は他社のものだった"} | open approval secretariat 06-11(target.approval) csirt=held |
06-04 10:00 | tokyo  | approved | ! not_proposed |
06-04 10:00 | office | proposed | ! ineligible |
06-04 11:00 | office | declined {"reason": "2(4)と同水準にありません。", "clause": ""} | ! required |
06-04 11:00 | office | declined {"reason": "2(4)と同水準にありません。", "clause": "2(5)"} | declined csirt=returned | declined@11:05
06-04 12:00 | office | screened | ! not_open |
06-04 12:00 | office | withdrawn {"reason": "お電話で"} | ! not_open |
06-05 09:00 | office | called   | declined csirt=returned |
"#);
    assert!(p.mail("declined").contains("2(4)と同水準にありません。"));
}

/// Asked for a correction: the office's days stand still and go on with what was left, here with two of five business days gone.
#[tokio::test]
async fn the_offices_days_stand_still_while_the_company_corrects() {
    let office = Office::open(OPEN);
    let mut p = Player::apply(&office, R7, "k", json!({})).await;
    p.plays(r#"
06-02 10:00 |        |          | open screening secretariat 06-09(target.screening) csirt=held | received@10:00
06-04 10:00 | office | correction_requested {"message": "資本金をお確かめください。"} | open screening company 06-11(correction) csirt=held | correction_request@10:05
06-05 10:00 | office | screened | ! waits_for_correction |
06-12 00:00 | system | clock_ran_out {"clock": "correction"} | open screening secretariat 06-16(phone.correction) csirt=held |
06-12 10:00 | office | called   | open screening company 06-17(remind.correction) csirt=held |
"#);
    let same = p.corrected("employees", json!(45));
    p.tries("06-13 10:00", "company", &same).expect("corrected");
    p.plays(r#"
06-13 10:00 |        |          | open screening secretariat 06-18(target.screening) csirt=held |
06-16 10:00 | office | correction_requested {"message": "所在地も。"} | open screening company 06-23(correction) csirt=held | correction_request@10:05
06-17 10:00 | office | correction_cancelled {"reason": "お電話で確認"} | open screening secretariat 06-19(target.screening) csirt=held |
"#);
    let refused = p
        .tries("06-17 11:00", "company", &same)
        .expect_err("not asked");
    assert_eq!(refused.code, "not_asked");
}

/// 虚偽 (8(1)): out even after the confirmation; taken up again it needs every decision anew.
#[tokio::test]
async fn excluded_after_the_confirmation_and_taken_up_again() {
    let office = Office::open(OPEN);
    let mut p = at_questionnaire(&office).await;
    let answers = answered(&p);
    p.tries("06-05 21:00", "company", &answers)
        .expect("answered");
    p.plays(r#"
06-05 21:00 |        |          | confirmed csirt=held | confirmed@21:00
06-06 10:00 | office | excluded {"reason": "記載が事実と異なる", "clause": "8(1)"} | excluded csirt=returned | declined@10:05
06-06 11:00 | office | reopened {"reason": ""} | ! required |
06-09 10:00 | office | reopened {"reason": "取り違えだった"} | open approval secretariat 06-16(target.approval) csirt=held |
06-09 11:00 | office | proposed | open approval sponsor 06-16(target.approval) csirt=held |
06-10 10:00 | tokyo  | approved | open questionnaire company 06-17(questionnaire) csirt=held | questionnaire_request@10:05
"#);
    p.tries("06-10 12:00", "company", &answers)
        .expect("answered");
    p.plays("06-10 12:00 | | | confirmed csirt=held | confirmed@12:00");
    assert_eq!(
        p.milestones(),
        "received 06-02 approved 06-10 confirmed 06-10"
    );
}
