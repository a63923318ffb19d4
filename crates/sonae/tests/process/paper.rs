//! Papers from the command line: every kind in every format it has, and with what a company's application says.

use crate::office::{Engine, Folder, OPEN_R7, Office, R7, application, sonae};

#[test]
fn every_kind_is_made_in_every_format_it_has() {
    let folder = Folder::new();
    let listed = sonae(&["paper", "list"]);
    assert_eq!(listed.code, Some(0), "{}", listed.err);
    let mut made = 0;
    for line in listed.out.lines() {
        let kind = line.split_whitespace().next().expect("a kind");
        let (_, formats) = line.rsplit_once('(').expect("formats");
        for format in formats.trim_end_matches(')').split(' ') {
            let out = folder.file(&format!("{kind}.{format}"));
            let ended = sonae(&[
                "paper", "make", "--kind", kind, "--sample", "20", "--out", &out,
            ]);
            let ended = (ended.code, ended.err.as_str());
            assert_eq!(ended, (Some(0), ""), "{kind} {format}");
            let file = std::fs::read(&out).expect("it was written");
            let begins: &[u8] = match format {
                "pdf" => b"%PDF-1.7",
                "html" => b"<div id=\"p-",
                _ => b"PK",
            };
            assert!(file.starts_with(begins), "{kind} {format}");
            made += 1;
        }
    }
    let expected = "twelve kinds in three formats, and the ledger as a workbook";
    assert_eq!(made, 37, "{expected}");
}

#[test]
fn a_companys_application_fills_what_it_knows() {
    let mut office = Office::new(Engine::Sqlite);
    office.start(OPEN_R7);
    let body = application(R7, 1);
    let answer = office.submit(R7, "key", &body).expect("an answer");
    assert_eq!(answer.status, 201, "{answer:?}");
    let receipt: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    let number = receipt["receipt_number"].as_str().expect("a number");
    let out = office.folder.file("policy.html");
    let place = office.place();
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    let wanted = ["--kind", "basic-policy", "--company", number, "--out", &out];
    sonae(&[&["paper", "make"], &wanted[..], &place[..]].concat()).well();
    let page = std::fs::read_to_string(&out).expect("it was written");
    assert!(page.contains("株式会社サンプル1"), "{page}");
    assert!(
        page.contains("data-question=\"representative_name\""),
        "what nobody has answered is a line to write on"
    );
}
