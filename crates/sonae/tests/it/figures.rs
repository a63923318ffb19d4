//! Figures: the funnel in numbers, without anybody's name, and as CSV.

use sonae_core::access::StaffRole;
use sonae_core::flow::Event;

use crate::approvals::{apply, cause};
use crate::office::{OPEN_R6, Office, R6};
use crate::staff::signed_in::SignedIn;

#[tokio::test]
async fn the_funnel_counts_and_names_nobody() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let who = office.sign_in(StaffRole::Secretariat).await;
    let sponsor = office.sign_in(StaffRole::Sponsor).await;
    for path in ["/office/figures", "/office/figures/tokyo-r6-basic-measures"] {
        assert_eq!(
            sponsor.get(&office, path).await.status,
            200,
            "{path} of an empty office"
        );
    }
    let mut numbers = Vec::new();
    for n in 0..9 {
        numbers.push(apply(&office, R6, &format!("k{n}"), "株式会社ナマエ").await);
    }
    for number in &numbers[..6] {
        let declined = Event::Declined {
            reason: "ナマエ様の申出により".into(),
            clause: "5(1)".into(),
        };
        cause(&office.app, &who, StaffRole::Secretariat, number, declined).await;
    }
    let excluded = Event::Excluded {
        reason: "申告が事実と違うため".into(),
        clause: "5(2)".into(),
    };
    cause(
        &office.app,
        &who,
        StaffRole::Secretariat,
        &numbers[6],
        excluded,
    )
    .await;
    let page = sponsor
        .get(&office, "/office/figures/tokyo-r6-basic-measures")
        .await;
    assert_eq!(page.status, 200);
    assert!(
        !page.text.contains("ナマエ") && !page.text.contains(&numbers[0]),
        "no company is named"
    );
    assert!(page.text.contains("role=\"img\"") && !page.text.contains("style=\""));
    assert!(
        page.text.contains("0 / 9"),
        "nine came to the contact and none is through: {}",
        page.text
    );
    assert!(
        page.text.contains("少数のため非表示"),
        "one excluded company could be recognised"
    );
    let told = page.text.matches("少数のため非表示").count();
    assert_eq!(
        told, 2,
        "the other reason goes too, since the total would give the one away"
    );
    as_csv(&office, &sponsor).await;
    let overview = sponsor.get(&office, "/office/figures").await.text;
    assert!(overview.contains("/office/figures/tokyo-r7-incident-response"));
    for path in ["/office/figures/none", "/office/figures/none/csv"] {
        assert_eq!(sponsor.get(&office, path).await.status, 404, "{path}");
    }
}

async fn as_csv(office: &Office, sponsor: &SignedIn) {
    let csv = sponsor
        .get(office, "/office/figures/tokyo-r6-basic-measures/csv")
        .await;
    assert!(csv.header("content-disposition").starts_with("attachment"));
    for line in [
        "全体,受付,件数,9",
        "状態,お断り,件数,6",
        "状態,手続き中,件数,2",
        "お断り,5(1),件数,少数のため非表示",
    ] {
        assert!(csv.text.contains(line), "{line}: {}", csv.text);
    }
}
