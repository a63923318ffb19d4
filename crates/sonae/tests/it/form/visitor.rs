//! A visitor with a browser that knows links, forms and redirects.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::office::{Office, R6, Reply};

/// One of the form's screens and what a small company in Shinjuku types there.
pub(crate) const SCREENS: &[(&str, &str)] = &[
    (
        "company",
        "entity_kind=corporation&name=株式会社備え髙﨑製作所&name_kana=そなえたかさきせいさくしょ&corporate_number=７０００-０１２０-５０００２",
    ),
    (
        "size",
        "industry=manufacturing_other&capital_yen=1,000万円&employees=４５人",
    ),
    (
        "address",
        "postcode=〒１６０ー００２３&prefecture=13&address_line1=新宿区西新宿２ー８ー１&address_line2=",
    ),
    (
        "contact",
        "contact_name=髙橋　𠮷子&contact_kana=ﾀｶﾊｼ ﾖｼｺ&contact_phone=+81-3-0000-0123&contact_email=ＹＯＳＨＩＫＯ＠sonae.example.jp&extra.contact_by=either",
    ),
    ("courses", "courses=utm&courses=guidance"),
    (
        "conditions",
        "past_support=none&past_support_kind=&past_support_year=&equivalent_subsidy=false",
    ),
    (
        "pledges",
        "pledges=a&pledges=b&pledges=c&pledges=d&pledges=e&pledges=f&pledges=g&survey_agreed=true",
    ),
];

/// Sends a form whose values are written as they are read.
pub(crate) async fn send(office: &Office, path: &str, form: &str) -> Reply {
    let mut body = form_urlencoded::Serializer::new(String::new());
    for pair in form.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        body.append_pair(name, value);
    }
    post(office, path, body.finish()).await
}

/// Sends a body as a browser sends a form.
pub(crate) async fn post(office: &Office, path: &str, body: impl Into<Body>) -> Reply {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    office
        .send(request.body(body.into()).expect("a request"))
        .await
}

/// Where a reply leads; it must be one that a browser follows with GET.
#[track_caller]
pub(crate) fn followed(reply: &Reply) -> String {
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text);
    reply.header("location").to_owned()
}

/// Begins a form and gives its path, `/apply/{token}`.
pub(crate) async fn begin(office: &Office) -> String {
    let first = followed(&send(office, &format!("/programs/{R6}/apply"), "").await);
    let (path, screen) = first.rsplit_once('/').expect("a screen");
    assert_eq!(screen, "company");
    path.to_owned()
}

/// Fills in every screen without a mistake, up to the confirmation.
pub(crate) async fn fill(office: &Office) -> String {
    let path = begin(office).await;
    fill_in(office, &path).await;
    path
}

pub(crate) async fn fill_in(office: &Office, path: &str) {
    for (index, (screen, form)) in SCREENS.iter().enumerate() {
        let form = format!("{form}&action=next");
        let reply = send(office, &format!("{path}/{screen}"), &form).await;
        let next = SCREENS.get(index + 1).map_or("confirm", |next| next.0);
        assert_eq!(followed(&reply), format!("{path}/{next}"), "{screen}");
    }
}

/// A page that is shown: its status, and that it is a page.
#[track_caller]
pub(crate) fn shows(reply: &Reply, status: StatusCode, words: &[&str]) {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.header("cache-control"), "no-store");
    for word in words {
        assert!(reply.text.contains(word), "「{word}」 in {}", reply.text);
    }
}
