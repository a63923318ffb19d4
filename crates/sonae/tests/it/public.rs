//! The public site: what every answer carries, error pages, kept pages, what a programme page says over time.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use axum::{Router, middleware};
use sonae::edge::edge;
use sonae::pages::public::error::PageError;

use crate::office::{OPEN_R6, Office, R6, R7, complete};

const PAGES: &[&str] = &[
    "/",
    "/programs/tokyo-r6-basic-measures",
    "/programs/tokyo-r7-incident-response",
    "/privacy",
    "/programs/tokyo-r6-basic-measures/privacy",
    "/programs/tokyo-r7-incident-response/privacy",
    "/accessibility",
    "/site-policy",
];

#[tokio::test]
async fn every_page_is_whole_and_safe() {
    let office = Office::open(OPEN_R6);
    for page in PAGES {
        let reply = office.get(page).await;
        assert_eq!(reply.status, StatusCode::OK, "{page}");
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
        assert!(policy.ends_with("base-uri 'none'; frame-ancestors 'none'"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{page}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{page}");
        for piece in [
            "<html lang=\"ja\">",
            "href=\"#main\"",
            "id=\"contact\"",
            "</html>",
        ] {
            assert!(reply.text.contains(piece), "{page} lacks {piece}");
        }
        assert_eq!(reply.text.matches("<h1").count(), 1, "{page}");
    }
}

#[tokio::test]
async fn the_style_sheet_may_be_kept_for_ever() {
    let office = Office::open(OPEN_R6);
    let page = office.get("/").await.text;
    let start = page.find("/assets/sonae.").expect("a style sheet");
    let href = page[start..].split('"').next().expect("an address");
    let style = office.get(href).await;
    assert_eq!(style.status, StatusCode::OK);
    assert!(style.header("cache-control").contains("immutable"));
    let old = office.get("/assets/sonae.0000000000000000.css").await;
    assert_eq!(old.status, StatusCode::NOT_FOUND);
}

/// Sends a request without a body and checks the page that answers it.
async fn check_refused(office: &Office, request: Request<Body>, status: StatusCode, says: &str) {
    let what = format!("{} {}", request.method(), request.uri());
    let reply = office.send(request).await;
    assert_eq!(reply.status, status, "{what}");
    assert!(reply.text.contains(says), "{what}: {}", reply.text);
    assert_eq!(reply.header("cache-control"), "no-store", "{what}");
}

#[tokio::test]
async fn errors_are_pages_with_a_way_on() {
    let office = Office::open(OPEN_R6);
    let get = |path: &str| Request::get(path).body(Body::empty()).expect("a request");
    let not_found = "ページが見つかりません";
    for path in [
        "/nothing",
        "/programs/none",
        "/programs/none/privacy",
        "/assets/x",
    ] {
        check_refused(&office, get(path), StatusCode::NOT_FOUND, not_found).await;
    }
    let post = Request::post("/privacy").body(Body::empty());
    let post = post.expect("a request");
    let status = StatusCode::METHOD_NOT_ALLOWED;
    check_refused(&office, post, status, "この操作はできません").await;
    let foreign = Request::post("/privacy").header("sec-fetch-site", "cross-site");
    let foreign = foreign.body(Body::empty()).expect("a request");
    let sentence = "送信を受け付けられませんでした";
    check_refused(&office, foreign, StatusCode::FORBIDDEN, sentence).await;
}

#[tokio::test]
async fn defects_show_a_number_and_no_reason() {
    async fn panics() -> &'static str {
        panic!("the inner reason")
    }
    async fn fails() -> PageError {
        PageError::Internal("the inner reason".into())
    }
    async fn is_busy() -> PageError {
        PageError::Busy("the inner reason".into())
    }
    let mut office = Office::open(OPEN_R6);
    office.router = Router::new()
        .route("/panics", get(panics))
        .route("/fails", get(fails))
        .route("/busy", get(is_busy))
        .layer(middleware::from_fn_with_state(office.app.clone(), edge));
    for (path, status) in [("/panics", 500), ("/fails", 500), ("/busy", 503)] {
        let reply = office.get(path).await;
        assert_eq!(reply.status.as_u16(), status, "{path}");
        assert!(reply.text.contains("お問い合わせの番号"), "{path}");
        assert!(!reply.text.contains("inner reason"), "{path}");
        assert_eq!(reply.header("retry-after").is_empty(), status == 500);
    }
}

#[tokio::test]
async fn a_known_page_is_not_sent_again() {
    let office = Office::open(OPEN_R6);
    let path = format!("/programs/{R6}");
    let first = office.get(&path).await;
    let request = Request::get(&path).header("if-none-match", first.header("etag"));
    let again = office
        .send(request.body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.text.is_empty());
}

#[tokio::test]
async fn a_programme_page_follows_the_window() {
    let check = async |instant: &str, program: &str, label: &str, apply: bool| {
        let page = Office::open(instant)
            .get(&format!("/programs/{program}"))
            .await;
        let says = page.text.contains(&format!(">{label}</span>"));
        assert!(says, "{program} at {instant} says {label}");
        let button = page.text.contains(&format!("/programs/{program}/apply\""));
        assert_eq!(button, apply, "{program} at {instant}");
    };
    check("2024-05-29T23:59:59+09:00", R6, "受付前", false).await;
    check("2024-05-30T00:00:00+09:00", R6, "受付中", true).await;
    check("2024-11-29T23:59:59+09:00", R6, "受付中", true).await;
    check("2024-11-30T00:00:00+09:00", R6, "受付終了", false).await;
    check("2025-05-28T23:59:59+09:00", R7, "受付前", false).await;
    check("2030-01-01T00:00:00+09:00", R7, "受付中", true).await;
}

#[tokio::test]
async fn a_programme_page_counts_the_places() {
    let office = Office::open(OPEN_R6);
    let body = complete(R6).to_string();
    let reply = office.apply(R6, "one", body).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.text);
    let page = office.get(&format!("/programs/{R6}")).await.text;
    assert!(page.contains("定員50社。残り49社です。"), "{page}");
}

/// What the definition says must reach the page: a programme's editor looks for every sentence there.
#[tokio::test]
async fn a_programme_page_shows_every_item() {
    let office = Office::open(OPEN_R6);
    for running in office.app.programs.iter() {
        let program = &running.program;
        let page = office
            .get(&format!("/programs/{}", program.id()))
            .await
            .text;
        let file = &program.definition;
        let texts = (file.flow.step.iter().map(|step| &step.text))
            .chain(file.notices.notice.iter().map(|notice| &notice.text))
            .chain(file.notices.qa.iter().map(|qa| &qa.answer))
            .chain(file.notices.purpose.iter().map(|purpose| &purpose.text))
            .chain(file.notices.retention.iter().map(|one| &one.data))
            .chain(file.eligibility.rule.iter().map(|rule| &rule.title))
            .chain(file.eligibility.pledge.iter().map(|pledge| &pledge.text))
            .chain(file.support.diagnosis.iter().map(|item| &item.label))
            .chain(file.support.desk.iter().map(|desk| &desk.text))
            .chain(file.support.monitoring.iter().map(|one| &one.text))
            .chain(file.support.deliverable.iter().map(|one| &one.title))
            .chain(
                file.support
                    .equipment
                    .iter()
                    .flat_map(|one| one.term.iter().map(|t| &t.text)),
            )
            .chain(
                file.support
                    .session_plan
                    .iter()
                    .flat_map(|p| p.session.iter().map(|s| &s.contents)),
            )
            .chain(file.events.seminar.iter().map(|seminar| &seminar.venue))
            .chain(file.events.survey.iter().map(|survey| &survey.text))
            .chain(file.events.hearing.iter().map(|hearing| &hearing.text))
            .chain(file.events.newsletter.iter().map(|letter| &letter.consent))
            .chain(program.courses().iter().map(|course| &course.summary));
        let escaped = |text: &String| text.replace('&', "&#38;").replace('<', "&#60;");
        let missing: Vec<&String> = texts
            .filter(|text| !page.contains(&escaped(text)))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:#?}", program.id());
    }
}
