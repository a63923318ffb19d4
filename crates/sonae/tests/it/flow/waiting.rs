//! Places: what is given back is offered to who waits first, and nothing goes beyond a hard capacity or against the order without a reason.

use serde_json::json;

use super::player::{Player, event};
use crate::office::{OPEN_R6, Office, R6, R7};

const OFFER_UTM: &str = r#"offered {"course": "utm"}"#;
const OFFER_EDR: &str = r#"offered {"course": "edr"}"#;

/// Applies for one course as often as it has places, and gives the first.
async fn fill<'a>(office: &'a Office, program: &str, course: &str, places: usize) -> Player<'a> {
    let mut first = None;
    for n in 0..places {
        let player = apply(office, program, &format!("k{n}"), &[course]).await;
        first.get_or_insert(player);
    }
    first.expect("some places")
}

async fn apply<'a>(office: &'a Office, program: &str, key: &str, courses: &[&str]) -> Player<'a> {
    Player::apply(office, program, key, json!({ "courses": courses })).await
}

/// The office goes on while an offer is open, and the dates in its mails are those of its own steps.
#[tokio::test]
async fn a_place_given_back_is_offered_to_who_waits_first() {
    let office = Office::open(OPEN_R6);
    let mut holder = fill(&office, R6, "utm", 50).await;
    let mut a = apply(&office, R6, "a", &["utm"]).await;
    let mut b = apply(&office, R6, "b", &["utm", "guidance"]).await;
    a.plays(
        r#"
06-03 10:00 |        |        | open contact secretariat 06-06(contact) utm=waiting | received@10:00
06-03 11:00 | system | offered {"course": "utm"} | ! no_place |
06-03 11:00 | office | offered {"course": "utm", "reason": "お急ぎ"} | ! no_place |
"#,
    );
    holder
        .tries("06-03 12:00", "company", &event("withdrawn"))
        .expect("withdrawn");
    b.plays(r#"
06-03 10:00 |        |        | open contact secretariat 06-06(contact) guidance=held utm=waiting | received@10:00
06-03 13:00 | system | offered {"course": "utm"} | ! out_of_order |
"#);
    a.tries("06-03 13:00", "system", &event(OFFER_UTM))
        .expect("offered");
    let mail = a.mail("place_offered");
    assert!(
        mail.contains("令和6年6月6日") && mail.contains("枠をご案内しています"),
        "{mail}"
    );
    b.plays(
        r#"06-03 14:00 | office | offered {"course": "utm", "reason": "お急ぎ"} | ! no_place |"#,
    );
    a.plays(r#"
06-03 13:00 |         |        | open contact secretariat 06-06(contact) utm=offered | place_offered@13:00
06-05 10:00 | office  | called | open agreement company 06-06(offer.utm) utm=offered | agreement_request@10:05
06-05 11:00 | company | agreed | open expert_contact expert 06-06(offer.utm) utm=offered | completed@11:00
06-06 23:59 | system  | offer_lapsed {"course": "utm"} | ! not_due |
06-07 00:00 | system  | offer_lapsed {"course": "utm"} | lapsed utm=returned | place_lapsed@09:00
"#);
    let mail = a.mail("completed");
    assert!(mail.contains("令和6年6月10日"), "{mail}");
    b.plays(r#"
06-07 00:01 | system  | offered {"course": "utm"} | open contact secretariat 06-06(contact) guidance=held utm=offered | place_offered@09:00
06-07 08:00 | company | offer_accepted {"course": "guidance"} | ! not_offered |
06-07 09:00 | company | offer_accepted {"course": "utm"} | open contact secretariat 06-06(contact) guidance=held utm=held |
"#);
}

/// Whoever comes back stands behind those who wait already, and before those who come later.
#[tokio::test]
async fn taken_up_again_behind_those_who_wait() {
    let office = Office::open(OPEN_R6);
    let mut first = fill(&office, R6, "edr", 50).await;
    let mut second = apply(&office, R6, "a", &["edr"]).await;
    first.plays(r#"
06-03 10:00 |        |           | open contact secretariat 06-06(contact) edr=held | received@10:00
06-03 12:00 | office | withdrawn {"reason": "お電話で"} | withdrawn edr=returned | withdrawn@12:05
06-04 10:00 | office | reopened {"reason": "思い直された"} | open contact secretariat 06-11(target.contact) edr=waiting |
"#);
    let mut third = apply(&office, R6, "b", &["edr"]).await;
    // One place is free, and three wait: the second, the one that came back, the third.
    let offer = event(OFFER_EDR);
    let out_of_order = |player: &mut Player<'_>, at| {
        let refused = player
            .tries(at, "system", &offer)
            .expect_err("not the first");
        assert_eq!(refused.code, "out_of_order");
    };
    out_of_order(&mut third, "06-05 10:00");
    out_of_order(&mut first, "06-05 10:00");
    second
        .tries("06-05 10:00", "system", &offer)
        .expect("offered");
    let declined = event(r#"offer_declined {"course": "edr"}"#);
    second
        .tries("06-05 11:00", "company", &declined)
        .expect("declined");
    assert_eq!(second.stands(), "lapsed edr=returned");
    out_of_order(&mut third, "06-05 12:00");
    first
        .tries("06-05 12:00", "system", &offer)
        .expect("offered");
}

/// 30社程度 is a target: beyond it, and out of order, only a person with a reason. Without a place there is nothing to approve.
#[tokio::test]
async fn beyond_a_target_and_out_of_order_only_with_a_reason() {
    let office = Office::open("2025-06-02T10:00:00+09:00");
    fill(&office, R7, "csirt", 30).await;
    let mut a = apply(&office, R7, "a", &["csirt"]).await;
    let mut b = apply(&office, R7, "b", &["csirt"]).await;
    a.plays(r#"
06-02 10:00 |        |          | open screening secretariat 06-09(target.screening) csirt=waiting | received@10:00
06-03 10:00 | system | offered {"course": "csirt"} | ! no_place |
06-03 10:00 | system | offered {"course": "csirt", "reason": "空けて"} | ! no_place |
06-03 10:00 | office | offered {"course": "csirt"} | ! no_place |
06-04 10:00 | office | screened | open approval secretariat 07-02(target.approval) csirt=waiting |
06-04 11:00 | office | proposed | ! no_place |
"#);
    b.plays(r#"
06-02 10:00 |         |        | open screening secretariat 06-09(target.screening) csirt=waiting | received@10:00
06-03 10:00 | office  | offered {"course": "csirt", "reason": "東京都と協議済み"} | open screening secretariat 06-06(offer.csirt) csirt=offered | place_offered@10:05
06-04 10:00 | company | offer_accepted {"course": "csirt"} | open screening secretariat 06-11(target.screening) csirt=held |
"#);
}

/// Decided on the course in which a place is held; the position in the other is kept, for an offer on top.
#[tokio::test]
async fn confirmed_in_one_course_and_waiting_for_another() {
    let office = Office::open(OPEN_R6);
    fill(&office, R6, "utm", 50).await;
    let mut p = apply(&office, R6, "a", &["utm", "guidance"]).await;
    p.plays(r#"
06-03 10:00 |         |          | open contact secretariat 06-06(contact) guidance=held utm=waiting | received@10:00
06-03 11:00 | office  | called   | open agreement company 06-10(target.agreement) guidance=held utm=waiting | agreement_request@11:05
06-03 12:00 | company | agreed   | open expert_contact expert 06-06(expert_contact) guidance=held utm=waiting | completed@12:00
06-03 13:00 | expert  | called   | open diagnosis expert 06-10(target.diagnosis) guidance=held utm=waiting | diagnosis_guide@13:05
06-03 14:00 | office  | courses_decided {"courses": ["guidance"], "reason": "診断による"} | ! wrong_step |
06-04 10:00 | expert  | diagnosed {"record": {}, "done": true} | open approval secretariat 06-11(target.approval) guidance=held utm=waiting |
06-04 11:00 | office  | proposed | open approval sponsor 06-11(target.approval) guidance=held utm=waiting |
06-04 12:00 | tokyo   | approved | open course_decision secretariat 06-11(target.course_decision) guidance=held utm=waiting |
06-04 13:00 | office  | courses_decided {"courses": ["utm"], "reason": "希望による"} | ! no_place |
06-04 13:00 | office  | courses_decided {"courses": ["guidance"], "reason": "診断による"} | confirmed guidance=held utm=waiting | confirmed@13:05
"#);
    let mail = p.mail("confirmed");
    assert!(
        mail.contains("マネジメント指導コース") && !mail.contains("UTM機器設置コース"),
        "{mail}"
    );
}

/// A case that loses the only course that needs a diagnosis goes on without one.
#[tokio::test]
async fn a_step_that_no_longer_applies_is_left() {
    let office = Office::open(OPEN_R6);
    let mut holder = fill(&office, R6, "utm", 50).await;
    let mut p = apply(&office, R6, "a", &["utm", "guidance"]).await;
    holder
        .tries("06-03 10:30", "company", &event("withdrawn"))
        .expect("withdrawn");
    p.plays(r#"
06-03 10:00 |         |        | open contact secretariat 06-06(contact) guidance=held utm=waiting | received@10:00
06-03 11:00 | office  | called | open agreement company 06-10(target.agreement) guidance=held utm=waiting | agreement_request@11:05
06-03 12:00 | company | agreed | open expert_contact expert 06-06(expert_contact) guidance=held utm=waiting | completed@12:00
06-03 13:00 | expert  | called | open diagnosis expert 06-10(target.diagnosis) guidance=held utm=waiting | diagnosis_guide@13:05
06-03 14:00 | system  | offered {"course": "utm"} | open diagnosis expert 06-06(offer.utm) guidance=held utm=offered | place_offered@14:00
06-04 10:00 | company | offer_declined {"course": "utm"} | open approval secretariat 06-11(target.approval) guidance=held utm=returned |
"#);
}
