//! 基本対策事業: from the receipt by contact, agreement, expert, diagnosis and approval to the decision on courses.

use serde_json::json;

use super::player::Player;
use crate::office::{OPEN_R6, Office, R6};

/// An application for two courses up to the approval. Nobody reached keeps no promise, and the office's call is not the expert's.
const TO_APPROVAL: &str = r#"
06-03 10:00 |         |        | open contact secretariat 06-06(contact) guidance=held utm=held | received@10:00
06-04 10:00 | office  | contacted {"channel": "phone", "outcome": "no_answer"} | open contact secretariat 06-06(contact) guidance=held utm=held |
06-04 15:00 | office  | called | open agreement company 06-11(target.agreement) guidance=held utm=held | agreement_request@15:05
06-05 18:30 | company | agreed | open expert_contact expert 06-10(expert_contact) guidance=held utm=held | completed@18:30
06-06 09:00 | office  | called | open expert_contact expert 06-10(expert_contact) guidance=held utm=held |
06-06 11:00 | expert  | contacted {"channel": "mail", "outcome": "left_message"} | open diagnosis expert 06-13(target.diagnosis) guidance=held utm=held | diagnosis_guide@11:05
06-12 14:00 | expert  | diagnosed {"record": {"network": "ONUからHUBへ"}} | open diagnosis expert 06-13(target.diagnosis) guidance=held utm=held |
06-12 14:30 | expert  | courses_proposed {"courses": ["utm"], "reason": "規程は整備済み"} | open diagnosis expert 06-13(target.diagnosis) guidance=held utm=held |
06-12 15:00 | expert  | diagnosed {"record": {"other": "なし"}, "done": true} | open approval secretariat 06-19(target.approval) guidance=held utm=held |
"#;

async fn at_approval(office: &Office) -> Player<'_> {
    let mut player = Player::apply(office, R6, "k", json!({})).await;
    player.plays(TO_APPROVAL);
    player
}

#[tokio::test]
async fn every_step_to_the_confirmed_participant() {
    let office = Office::open(OPEN_R6);
    let mut p = at_approval(&office).await;
    let mail = p.mail("completed");
    assert!(mail.contains("令和6年6月10日"), "{mail}");
    p.plays(r#"
06-13 09:00 | tokyo  | approved | ! not_proposed |
06-13 10:00 | office | proposed | open approval sponsor 06-20(target.approval) guidance=held utm=held |
06-14 10:00 | tokyo  | approved | open course_decision secretariat 06-21(target.course_decision) guidance=held utm=held |
06-17 09:00 | expert | courses_decided {"courses": ["utm"], "reason": "案のとおり"} | ! forbidden |
06-17 09:30 | office | courses_decided {"courses": ["utm"], "reason": " "} | ! required |
06-17 10:00 | office | courses_decided {"courses": ["utm"], "reason": "案のとおり"} | confirmed guidance=returned utm=held | confirmed@10:05
"#);
    let mail = p.mail("confirmed");
    assert!(
        mail.contains("UTM機器設置コース") && !mail.contains("マネジメント指導コース"),
        "{mail}"
    );
    assert_eq!(
        p.milestones(),
        "received 06-03 complete 06-05 approved 06-14 confirmed 06-17"
    );
}

/// 支援③だけのお申込みでは事前診断を行わない (6 STEP4).
#[tokio::test]
async fn guidance_alone_goes_without_a_diagnosis() {
    let office = Office::open(OPEN_R6);
    let mut p = Player::apply(&office, R6, "k", json!({"courses": ["guidance"]})).await;
    p.plays(r#"
06-03 10:00 |         |          | open contact secretariat 06-06(contact) guidance=held | received@10:00
06-03 16:00 | office  | called   | open agreement company 06-10(target.agreement) guidance=held | agreement_request@16:05
06-08 23:50 | company | agreed   | open expert_contact expert 06-12(expert_contact) guidance=held | completed@23:50
06-10 10:00 | expert  | called   | open approval secretariat 06-17(target.approval) guidance=held |
06-10 11:00 | office  | proposed | open approval sponsor 06-17(target.approval) guidance=held |
06-10 12:00 | tokyo   | approved | open course_decision secretariat 06-17(target.course_decision) guidance=held |
06-10 13:00 | office  | courses_decided {"courses": ["guidance"], "reason": "うかがった内容による"} | confirmed guidance=held | confirmed@13:05
"#);
}

/// A question of Tokyo's stops its days; the office answers it with the next proposal.
#[tokio::test]
async fn tokyo_sends_it_back_and_approves_the_second_proposal() {
    let office = Office::open(OPEN_R6);
    let mut p = at_approval(&office).await;
    p.plays(r#"
06-13 10:00 | office | proposed | open approval sponsor 06-20(target.approval) guidance=held utm=held |
06-13 11:00 | tokyo  | sent_back {"question": " "} | ! required |
06-18 11:00 | tokyo  | sent_back {"question": "都内の拠点はどちらですか。"} | open approval secretariat 06-25(target.approval) guidance=held utm=held |
06-18 12:00 | office | proposed | ! required |
06-19 09:00 | office | proposed {"note": "新宿区です。"} | open approval sponsor 06-26(target.approval) guidance=held utm=held |
"#);
    assert_eq!(p.stored().case.approval.expect("proposed").number, 2);
    p.plays("06-20 09:00 | tokyo | approved | open course_decision secretariat 06-27(target.course_decision) guidance=held utm=held |");
}

/// A correction of substance undoes the approval: Tokyo approved other facts.
#[tokio::test]
async fn a_correction_of_substance_needs_a_new_approval() {
    let office = Office::open(OPEN_R6);
    let mut p = at_approval(&office).await;
    p.plays(r#"
06-13 10:00 | office | proposed | open approval sponsor 06-20(target.approval) guidance=held utm=held |
06-13 11:00 | office | correction_requested {"message": "従業員数をお確かめください。", "fields": ["employees"]} | open approval company 06-20(correction) guidance=held utm=held | correction_request@11:05
06-13 12:00 | tokyo  | approved | ! waits_for_correction |
06-13 12:00 | office | correction_requested {"message": "資本金も。"} | ! already_asked |
"#);
    assert!(p.mail("correction_request").contains("令和6年6月20日"));
    let employees = p.corrected("employees", json!(80));
    p.tries("06-17 20:00", "company", &employees)
        .expect("corrected");
    p.plays(r#"
06-17 20:00 |        |          | open approval secretariat 06-24(target.approval) guidance=held utm=held |
06-18 09:00 | tokyo  | approved | ! not_proposed |
06-18 10:00 | office | proposed | open approval sponsor 06-25(target.approval) guidance=held utm=held |
06-18 11:00 | tokyo  | approved | open course_decision secretariat 06-25(target.course_decision) guidance=held utm=held |
"#);
    // Another telephone number decides nothing.
    let phone = p.corrected("contact_phone", json!("0300000001"));
    p.tries("06-18 12:00", "office", &phone).expect("corrected");
    p.plays("06-18 12:00 | | | open course_decision secretariat 06-25(target.course_decision) guidance=held utm=held | corrected@12:05");
}
