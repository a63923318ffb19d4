//! Places and waiting lists as the secretariat sees them: the order, an offer, and an offer out of order with its reason.

use sonae_core::access::StaffRole;
use sonae_core::flow::Event;

use crate::approvals::{apply, cause};
use crate::office::{OPEN_R6, Office, R6, complete};
use crate::staff::signed_in::SignedIn;

const UTM: &str = "/office/waiting/tokyo-r6-basic-measures/utm";

/// Fills the course and lets some wait; their receipt numbers in the order of receipt.
async fn full(office: &Office, waiting: usize) -> Vec<String> {
    let places = {
        let running = office.app.programs.get(R6).expect("served");
        running
            .program
            .course("utm")
            .expect("a course")
            .capacity
            .places as usize
    };
    assert_eq!(
        complete(R6)["courses"][0],
        "utm",
        "the sample applies for this course"
    );
    let mut numbers = Vec::new();
    for n in 0..places + waiting {
        numbers.push(apply(office, R6, &format!("k{n}"), &format!("<u>見本{n}</u>")).await);
    }
    numbers
}

fn mark(page: &str, number: &str) -> String {
    let at = page
        .find(&format!("value=\"{number}@"))
        .expect("who waits can be chosen");
    let rest = &page[at + 7..];
    rest[..rest.find('"').expect("a quoted value")].to_owned()
}

async fn offer(
    office: &Office,
    who: &SignedIn,
    mark: &str,
    reason: &str,
    confirmed: &str,
) -> (u16, String) {
    let fields = [("case", mark), ("reason", reason), ("confirmed", confirmed)];
    let reply = who.post(office, &format!("{UTM}/offer"), &fields).await;
    (reply.status.as_u16(), reply.text)
}

#[tokio::test]
async fn places_are_offered_in_order_or_with_a_reason() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let numbers = full(&office, 3).await;
    let who = office.sign_in(StaffRole::Secretariat).await;
    let overview = who.get(&office, "/office/waiting").await;
    assert_eq!(overview.status, 200);
    assert!(overview.text.contains(UTM) && overview.text.contains("定員(超えられません)"));
    let waiting = &numbers[numbers.len() - 3..];
    let page = who.get(&office, UTM).await.text;
    let at = |number: &String| page.find(number.as_str()).expect("shown");
    assert!(at(&waiting[0]) < at(&waiting[1]) && at(&waiting[1]) < at(&waiting[2]));
    assert!(!page.contains("<u>見本"), "what companies write is text");
    let (status, said) = offer(&office, &who, &mark(&page, &waiting[0]), "", "").await;
    assert_eq!(status, 422);
    assert!(said.contains("枠が残っていません"), "{said}");
    for number in &numbers[..2] {
        let event = Event::Withdrawn {
            reason: "電話で".into(),
        };
        cause(&office.app, &who, StaffRole::Secretariat, number, event).await;
    }
    let (status, said) = offer(&office, &who, &mark(&page, &waiting[2]), "", "").await;
    assert_eq!(status, 422);
    assert!(said.contains("順番を変える場合は、理由"), "{said}");
    let reason = "設備の<b>入替え</b>に合わせるため";
    let (status, said) = offer(&office, &who, &mark(&page, &waiting[2]), reason, "").await;
    assert_eq!(status, 200);
    assert!(
        said.contains("お返事の期限") && said.contains("宛先") && !said.contains("<b>入替え"),
        "{said}"
    );
    let (status, _) = offer(&office, &who, &mark(&page, &waiting[2]), reason, "1").await;
    assert_eq!(status, 303);
    let (status, _) = offer(&office, &who, &mark(&page, &waiting[0]), "", "1").await;
    assert_eq!(status, 303);
    let (status, _) = offer(&office, &who, &mark(&page, &waiting[1]), "急ぐため", "1").await;
    assert_eq!(
        status, 422,
        "a hard capacity is not exceeded for any reason"
    );
    let page = who.get(&office, UTM).await.text;
    assert!(page.contains("案内中 2、残り 0、順番待ち 1"), "{page}");
    assert!(page.contains("枠を案内しました"));
    for path in [
        "/office/waiting/none/utm",
        "/office/waiting/tokyo-r6-basic-measures/none",
    ] {
        assert_eq!(who.get(&office, path).await.status, 404, "{path}");
    }
}
