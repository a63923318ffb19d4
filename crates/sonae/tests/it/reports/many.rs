//! One action on many reports: seen before it is done, and done once.

use sonae_core::access::StaffRole;

use super::{MAY, check, watch};
use crate::portal::stand::Stand;

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let at = page.find(&mark).expect("the field") + mark.len();
    page[at..].split('"').next().expect("its end").to_owned()
}

#[tokio::test]
async fn many_are_made_once_however_often_the_form_is_sent() {
    let stand = Stand::at("confirmed").await;
    let application_id = stand.stored().await.application_id;
    let office = &stand.office;
    watch(&office.app, &application_id);
    let technician = office.sign_in(StaffRole::Technician).await;
    let path = "/office/reports/make";
    let nothing = technician.post(office, path, &[("month", MAY)]).await;
    assert_eq!(nothing.status, 422);
    check(&nothing.text, &["企業が選ばれていません"], &[]);
    let marked = format!("{}:0", stand.number);
    let fields = [("month", MAY), ("case", &*marked), ("case", "R6-000-00A:0")];
    let preview = technician.post(office, path, &fields).await;
    assert_eq!(preview.status, 200);
    let words = [
        "まだ何も変更していません",
        "1件で行えます",
        "登録された機器がありません",
    ];
    check(&preview.text, &words, &[]);
    let run = hidden(&preview.text, "run");
    let fields = [
        ("month", MAY),
        ("case", &*marked),
        ("step", "run"),
        ("run", &*run),
    ];
    for _ in 0..2 {
        let done = technician.post(office, path, &fields).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let after = technician.follow(office, &done).await;
        check(&after.text, &["1件のうち1件で行いました"], &[]);
    }
    let report = format!("/office/reports/{}/{MAY}", stand.number);
    let page = technician.get(office, &report).await;
    check(&page.text, &["第1版"], &["第2版"]);
    let list = format!("/office/reports?month={MAY}&state=made&kind=UTM");
    let page = technician.get(office, &list).await;
    check(&page.text, &["点検待ち 1件", &stand.number], &[]);
    for path in [
        "/office/reports/done/x",
        "/office/reports/x/2024-05",
        "/office/reports/x/y",
    ] {
        assert_eq!(technician.get(office, path).await.status, 404, "{path}");
    }
}
