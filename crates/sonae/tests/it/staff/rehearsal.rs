//! A demonstration lets anybody in as its invented people; everything else does not even have the address.

use sonae::demo::staff;
use sonae_core::access::StaffRole;

use super::visitor::Visitor;
use crate::office::{OPEN_R6, Office};

#[tokio::test]
async fn a_demonstration_has_a_link_for_each_role() {
    let office = Office::open_demo(OPEN_R6);
    for _ in 0..2 {
        staff::bring_in(&office.app).expect("brought in, and nobody twice");
    }
    let mut visitor = Visitor::default();
    let page = visitor.get(&office, "/sign-in").await;
    assert!(page.text.contains("/sign-in/rehearsal"));
    let list = visitor.get(&office, "/sign-in/rehearsal").await;
    assert_eq!(list.text.matches("」としてサインイン").count(), 8);
    for role in StaffRole::ALL {
        assert!(list.text.contains(role.label()));
        let mut visitor = Visitor::default();
        let path = format!("/sign-in/rehearsal/{}", role.as_str());
        let reply = visitor.get(&office, &path).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("location")),
            (303, "/office"),
            "{role:?}"
        );
        let account = visitor.get(&office, "/office/account").await;
        assert_eq!(account.status, 200, "{role:?}");
        assert!(account.text.contains(role.label()));
    }
    let nobody = visitor.get(&office, "/sign-in/rehearsal/nobody").await;
    assert_eq!(nobody.status, 404);
}

/// A rehearsal of an installation may run on a copy of its data: it is no demonstration.
#[tokio::test]
async fn nothing_else_has_such_an_address() {
    let office = Office::open(OPEN_R6);
    assert!(office.app.clock.is_rehearsal());
    staff::bring_in(&office.app).expect("brought in");
    let mut visitor = Visitor::default();
    for path in ["/sign-in/rehearsal", "/sign-in/rehearsal/admin"] {
        let reply = visitor.get(&office, path).await;
        assert_eq!((reply.status.as_u16(), visitor.cookie.as_str()), (404, ""));
    }
    let page = visitor.get(&office, "/sign-in").await;
    assert!(!page.text.contains("/sign-in/rehearsal"));
    let entered = sonae::staff::rehearsal::sign_in(&office.app, "admin", String::new()).await;
    assert!(entered.expect("readable").is_none());
}
