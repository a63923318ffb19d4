//! Where else a case stands, and how much waits, as the pages of each role link to it.

use sonae_core::access::StaffRole;
use sonae_core::flow::Event;
use sonae_store::case_read;

use crate::approvals::{apply, cause, screen};
use crate::office::{Office, R7};
use crate::staff::signed_in::SignedIn;

const OPEN_R7: &str = "2025-06-02T10:00:00+09:00";

struct Two {
    office: Office,
    secretary: SignedIn,
    sponsor: SignedIn,
    number: String,
}

impl Two {
    async fn new() -> Two {
        let office = Office::open_with(OPEN_R7, &["--no-rate-limit"]);
        let secretary = office.sign_in(StaffRole::Secretariat).await;
        let sponsor = office.sign_in(StaffRole::Sponsor).await;
        let number = apply(&office, R7, "a", "青嵐精密株式会社").await;
        Two {
            office,
            secretary,
            sponsor,
            number,
        }
    }

    async fn page(&self, who: &SignedIn) -> String {
        let path = format!("/office/cases/{}", self.number);
        let reply = who.get(&self.office, &path).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.text
    }

    async fn act(&self, who: &SignedIn, role: StaffRole, event: Event) {
        cause(&self.office.app, who, role, &self.number, event).await;
    }
}

/// Each page that a case's page leads to exists, names the case, and leads back.
#[tokio::test]
async fn a_case_leads_to_where_it_stands_and_back() {
    let two = Two::new().await;
    let number = &two.number;
    let check = async |who: &SignedIn, label: &str, href: String| {
        let page = two.page(who).await;
        let link = format!("href=\"{href}\"");
        assert!(page.contains(&link), "{href} is missing in {page}");
        assert!(page.contains(label), "{label} is missing in {page}");
        let there = who.get(&two.office, &href).await;
        assert_eq!(there.status, 200, "{href}");
        let back = format!("href=\"/office/cases/{number}\"");
        assert!(there.text.contains(&back), "{href} leads back");
        if let Some((_, place)) = href.split_once('#') {
            let place = format!("id=\"{place}\"");
            assert!(there.text.contains(&place), "{place} on {href}");
        }
    };
    let (secretary, sponsor) = (&two.secretary, &two.sponsor);
    let below = |name: &str| format!("/office/cases/{number}/{name}");
    check(secretary, "要件の確認", below("screening")).await;
    check(sponsor, "要件の確認", below("screening")).await;
    check(secretary, "重複と過去の支援", below("duplicates")).await;
    assert!(!two.page(sponsor).await.contains("/duplicates"));

    screen(&two.office, secretary, number).await;
    let ready = format!("/office/approvals#case-{number}");
    check(secretary, "東京都に承認を依頼する", ready).await;
    assert!(!two.page(sponsor).await.contains("次にすること"));

    let note = String::new();
    two.act(secretary, StaffRole::Secretariat, Event::Proposed { note })
        .await;
    let list = format!("/office/approvals/alone#case-{number}");
    check(sponsor, "一覧で比べて、承認を判断する", list.clone()).await;
    check(secretary, "承認の一覧", list.clone()).await;
    assert!(!two.page(secretary).await.contains("次にすること"));

    let question = "従業員の数は".to_owned();
    two.act(sponsor, StaffRole::Sponsor, Event::SentBack { question })
        .await;
    check(secretary, "東京都の質問に答えて、改めて依頼する", list).await;
}

/// The sponsor sees how many proposals wait, the secretariat how many cases are late; nobody sees a nought.
#[tokio::test]
async fn the_navigation_counts_what_waits() {
    let two = Two::new().await;
    let badge = |what: &str, count: &str| {
        format!("<span class=\"hidden\">{what}</span>{count}<span class=\"hidden\">件</span>")
    };
    let (late, waits) = (badge("期限超過", "1"), badge("判断待ち", "1"));
    for who in [&two.secretary, &two.sponsor] {
        let page = two.page(who).await;
        assert!(!page.contains("class=\"badge\""), "{page}");
    }
    screen(&two.office, &two.secretary, &two.number).await;
    let note = String::new();
    let proposed = Event::Proposed { note };
    two.act(&two.secretary, StaffRole::Secretariat, proposed)
        .await;
    assert!(two.page(&two.sponsor).await.contains(&waits));
    assert!(!two.page(&two.secretary).await.contains("class=\"badge\""));

    let office = two.office.reopen("2025-06-30T10:00:00+09:00");
    let later = Two {
        secretary: office.sign_in_again(&two.secretary).await,
        sponsor: office.sign_in_again(&two.sponsor).await,
        number: two.number,
        office,
    };
    assert!(later.page(&later.secretary).await.contains(&late));
    let page = later.page(&later.sponsor).await;
    assert!(page.contains(&waits) && !page.contains(&late), "{page}");
}

/// Comparing and printing shows names and judgements: each reading is written down, one for a person, a case and an hour.
#[tokio::test]
async fn comparing_and_printing_leave_a_reading() {
    let two = Two::new().await;
    let other = apply(&two.office, R7, "b", "若竹商事株式会社").await;
    for number in [&two.number, &other] {
        screen(&two.office, &two.secretary, number).await;
        let note = String::new();
        let event = Event::Proposed { note };
        cause(
            &two.office.app,
            &two.secretary,
            StaffRole::Secretariat,
            number,
            event,
        )
        .await;
    }
    let since = OPEN_R7.parse().expect("an instant");
    let reads = async |number: &str| {
        let number = number.to_owned();
        let read = two.office.app.read(move |tx| {
            let stored = sonae_store::case::by_receipt(tx, &number)?.expect("a case");
            case_read::since(tx, &stored.application_id, since)
        });
        read.await.expect("readable")
    };
    for path in ["/office/approvals/alone", "/office/approvals/alone/record"] {
        let one = two.office.sign_in(StaffRole::Sponsor).await;
        for _ in 0..2 {
            assert_eq!(one.get(&two.office, path).await.status, 200);
        }
        for number in [&two.number, &other] {
            let hers = reads(number).await;
            let hers: Vec<_> = hers.iter().filter(|read| read.staff_id == one.id).collect();
            assert_eq!(hers.len(), 1, "{path}");
            let index = hers[0].log_index;
            let entry = (two.office.app)
                .read(move |tx| sonae_store::audit::entry(tx, index))
                .await;
            let line = entry.expect("readable").expect("an entry").line;
            assert!(
                line.contains("\"case.read\"") && line.contains(number.as_str()),
                "{line}"
            );
        }
    }
}
