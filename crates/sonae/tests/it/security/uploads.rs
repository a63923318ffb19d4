//! Too much, and too much in little: every door for files answers with a sentence.

use std::io::{Cursor, Write};

use axum::body::Body;
use axum::http::{Request, header};
use sonae_core::access::StaffRole;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::office::{OPEN_R6, Office, R6, Reply};
use crate::staff::signed_in::SignedIn;

const KIND: &str = "multipart/form-data; boundary=0123456789abcdef";

/// A form with one file.
fn form(person: &SignedIn, control: &str, name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--0123456789abcdef\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n\
         --0123456789abcdef\r\nContent-Disposition: form-data; name=\"{control}\"; filename=\"{name}\"\r\n\r\n",
        person.csrf
    );
    [head.as_bytes(), content, b"\r\n--0123456789abcdef--\r\n"].concat()
}

/// An Excel file of some kilobytes that unpacks to 40 MiB.
fn bomb() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    writer
        .start_file("xl/workbook.xml", options)
        .expect("a part");
    let zeros = vec![b' '; 40 << 20];
    writer.write_all(&zeros).expect("a part");
    writer.finish().expect("an archive").into_inner()
}

#[track_caller]
fn check(reply: &Reply, status: u16, sentence: &str, what: &str) {
    assert_eq!(reply.status, status, "{what}: {}", reply.text);
    assert!(reply.text.contains(sentence), "{what}: {}", reply.text);
}

#[tokio::test]
async fn files_that_are_too_large_get_a_sentence() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let secretary = office.sign_in(StaffRole::Secretariat).await;
    let (bomb, large) = (bomb(), vec![b'a'; 11 << 20]);
    assert!(bomb.len() < 100_000);
    let large_rows = "a\n".repeat(4 << 20);
    for (person, path, control, name, content, status, sentence) in [
        (
            &secretary,
            "/office/earlier-support",
            "file",
            "r5.xlsx",
            &bomb[..],
            422,
            "大き",
        ),
        (
            &secretary,
            "/office/earlier-support",
            "file",
            "r5.csv",
            large_rows.as_bytes(),
            422,
            "行が多すぎます",
        ),
        (
            &secretary,
            "/office/earlier-support",
            "file",
            "r5.csv",
            &large,
            413,
            "大きすぎます",
        ),
        (
            &secretary,
            "/office/earlier-support",
            "file",
            "r5.xlsx",
            b"PK\x03\x04\0",
            422,
            "読",
        ),
        (
            &secretary,
            "/office/earlier-support",
            "file",
            "../../r5.csv",
            b"\0\0\0",
            422,
            "ファイル",
        ),
    ] {
        let what = format!("{name} of {} bytes to {path}", content.len());
        let body = form(person, control, name, content);
        let reply = person.post_body(&office, path, KIND, body).await;
        check(&reply, status, sentence, &what);
    }
}

#[tokio::test]
async fn forms_that_break_off_or_hold_too_much_get_a_sentence() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let secretary = office.sign_in(StaffRole::Secretariat).await;
    let large = vec![b'a'; 11 << 20];
    let broken = format!(
        "--0123456789abcdef\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}",
        secretary.csrf
    );
    let reply = secretary
        .post_body(&office, "/office/earlier-support", KIND, broken)
        .await;
    check(
        &reply,
        400,
        "受け取れない内容でした",
        "a form that broke off",
    );
    let reply = secretary
        .post_body(
            &office,
            "/office/cases/export",
            "application/x-www-form-urlencoded",
            large,
        )
        .await;
    check(&reply, 413, "大きすぎます", "a form without files");
}

#[tokio::test]
async fn programmes_that_are_too_large_get_a_sentence() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let admin = office.sign_in(StaffRole::Admin).await;
    let upload = format!("/office/programs/{R6}/upload");
    let path = upload.as_str();
    let (bomb, large) = (bomb(), vec![b'a'; 11 << 20]);
    for (person, path, control, name, content, status, sentence) in [
        (
            &admin,
            path,
            "files",
            "program.toml",
            &large[..],
            413,
            "大きすぎます",
        ),
        (
            &admin,
            path,
            "files",
            "program.toml",
            &large[..2 << 20],
            422,
            "大き",
        ),
        (&admin, path, "files", "program.toml", &bomb, 422, "UTF-8"),
        (
            &admin,
            path,
            "files",
            "../../etc/passwd",
            b"a = 1",
            422,
            "ファイル",
        ),
    ] {
        let what = format!("{name} of {} bytes to {path}", content.len());
        let body = form(person, control, name, content);
        let reply = person.post_body(&office, path, KIND, body).await;
        check(&reply, status, sentence, &what);
    }
}

#[tokio::test]
async fn bodies_without_a_sign_in_are_bounded_as_well() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let large = "a".repeat(11 << 20);
    for (path, kind, json) in [
        ("/sign-in", "application/x-www-form-urlencoded", false),
        ("/office/earlier-support", KIND, false),
        (
            &format!("/programs/{R6}/apply")[..],
            "application/x-www-form-urlencoded",
            false,
        ),
        (
            &format!("/api/v1/programs/{R6}/applications"),
            "application/json",
            true,
        ),
        ("/api/v1/earlier-support/imports", "text/csv", true),
    ] {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, kind)
            .header("Idempotency-Key", "k");
        let request = request.body(Body::from(large.clone())).expect("a request");
        let reply = office.send(request).await;
        assert!(
            reply.status.is_client_error() || reply.status.is_redirection(),
            "{path}: {}",
            reply.status
        );
        let problem = reply.header("content-type") == "application/problem+json";
        assert_eq!(problem, json, "{path}: {}", reply.text);
    }
}
