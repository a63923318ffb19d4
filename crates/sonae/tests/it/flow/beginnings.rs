//! The first days of a case: what was promised runs on whatever else happens, and what is withdrawn then.

use serde_json::json;

use super::player::Player;
use crate::office::{OPEN_R6, Office, R6};

/// 3営業日以内のご連絡 (6(2)ア) is promised: a correction does not stop it, and a call during the correction keeps it.
#[tokio::test]
async fn the_promised_contact_does_not_wait_for_a_correction() {
    let office = Office::open(OPEN_R6);
    let mut p = Player::apply(&office, R6, "k", json!({"courses": ["utm"]})).await;
    p.plays(r#"
06-03 10:00 |        |        | open contact secretariat 06-06(contact) utm=held | received@10:00
06-04 10:00 | office | correction_requested {"message": "所在地をお確かめください。"} | open contact company 06-06(contact) utm=held | correction_request@10:05
06-05 10:00 | office | contacted {"channel": "phone", "outcome": "left_message"} | open contact company 06-06(contact) utm=held |
06-06 10:00 | office | called | open contact company 06-11(correction) utm=held |
"#);
    let same = p.corrected("employees", json!(45));
    p.tries("06-10 10:00", "company", &same).expect("corrected");
    p.plays(r#"
06-10 10:00 |        |        | open contact secretariat 06-13(target.contact) utm=held |
06-10 11:00 | office | called | open agreement company 06-17(target.agreement) utm=held | agreement_request@11:05
"#);
}

#[tokio::test]
async fn withdrawn_by_the_company() {
    let office = Office::open(OPEN_R6);
    let mut p = Player::apply(&office, R6, "k", json!({})).await;
    p.plays(r#"
06-03 10:00 |         |           | open contact secretariat 06-06(contact) guidance=held utm=held | received@10:00
06-03 22:00 | company | withdrawn | withdrawn guidance=returned utm=returned | withdrawn@22:00
"#);
    assert!(p.mail("withdrawn").contains("UTM機器設置コース"));
}

/// Taken up again before anything was decided, a case goes on where it stood.
#[tokio::test]
async fn withdrawn_by_a_call_and_taken_up_again() {
    let office = Office::open(OPEN_R6);
    let mut p = Player::apply(&office, R6, "k", json!({})).await;
    p.plays(r#"
06-03 10:00 |        |           | open contact secretariat 06-06(contact) guidance=held utm=held | received@10:00
06-04 10:00 | office | withdrawn | ! required |
06-04 10:00 | office | withdrawn {"reason": "お電話で"} | withdrawn guidance=returned utm=returned | withdrawn@10:05
06-05 10:00 | office | reopened {"reason": "思い直された"} | open contact secretariat 06-12(target.contact) guidance=held utm=held |
06-05 11:00 | office | called | open agreement company 06-12(target.agreement) guidance=held utm=held | agreement_request@11:05
"#);
}
