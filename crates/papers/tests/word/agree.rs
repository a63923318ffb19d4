//! The numbers Word will count are those of the model: counted here from the finished file as ECMA-376 part 1, 17.9 says.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use sonae_papers::docx::word;

use super::sample::{HOSTILE, plan, regulation};

/// A paragraph as a reader sees it: style, counted number and text.
#[derive(Default, Debug)]
struct Seen {
    style: String,
    number: Option<(String, usize)>,
    text: String,
}

fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("the file is an archive");
    let mut text = String::new();
    archive
        .by_name(name)
        .expect(name)
        .read_to_string(&mut text)
        .expect("parts are UTF-8");
    text
}

fn value(tag: &BytesStart<'_>) -> String {
    attribute(tag, "w:val")
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag
        .try_get_attribute(name)
        .expect("attributes are well-formed");
    let raw = found.map(|found| found.value.into_owned());
    quick_xml::escape::unescape(&raw.unwrap_or_default())
        .expect("attributes are escaped")
        .into_owned()
}

/// Every paragraph of the file; fields show their result.
fn paragraphs(file: &[u8]) -> Vec<Seen> {
    let text = part(file, "word/document.xml");
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut seen, mut in_text) = (Vec::<Seen>::new(), false);
    loop {
        match reader.read_event().expect("the document is well-formed") {
            Event::Start(tag) if tag.name().as_ref() == "w:p" => seen.push(Seen::default()),
            Event::Start(tag) if tag.name().as_ref() == "w:t" => in_text = true,
            Event::End(tag) if tag.name().as_ref() == "w:t" => in_text = false,
            Event::Empty(tag) if tag.name().as_ref() == "w:pStyle" => {
                seen.last_mut().expect("in a paragraph").style = value(&tag)
            }
            Event::Empty(tag) if tag.name().as_ref() == "w:ilvl" => {
                let level = value(&tag).parse().expect("a level is a number");
                seen.last_mut().expect("in a paragraph").number = Some((String::new(), level));
            }
            Event::Empty(tag) if tag.name().as_ref() == "w:numId" => {
                let last = seen.last_mut().expect("in a paragraph");
                last.number = last.number.take().map(|(_, level)| (value(&tag), level));
            }
            Event::Text(words) if in_text => {
                seen.last_mut()
                    .expect("in a paragraph")
                    .text
                    .push_str(&words);
            }
            Event::GeneralRef(name) if in_text => {
                let character = quick_xml::escape::unescape(&format!("&{};", &*name))
                    .expect("a known reference")
                    .into_owned();
                seen.last_mut()
                    .expect("in a paragraph")
                    .text
                    .push_str(&character);
            }
            Event::Eof => return seen,
            _ => {}
        }
    }
}

/// The printed numbers of chapters, articles, clauses and headings (`w:numId` 1 and 4), counted through the file; 0 is no number.
fn counted(kind: &str, seen: &[Seen]) -> Vec<String> {
    let mut counters: BTreeMap<(&str, usize), u32> = BTreeMap::new();
    let mut printed = Vec::new();
    for paragraph in seen {
        let Some((number, level)) = &paragraph.number else {
            continue;
        };
        match number.as_str() {
            "0" => printed.push(paragraph.text.clone()),
            "1" | "4" => {
                let start = if (number.as_str(), *level) == ("4", 1) {
                    2
                } else {
                    1
                };
                let next = counters
                    .get(&(number.as_str(), *level))
                    .map_or(start, |count| count + 1);
                counters.retain(|(of, deeper), _| *of != number || deeper < level);
                counters.insert((number, *level), next);
                let number = match (number.as_str(), kind, level) {
                    ("1", "articles", _) => format!("第{next}章"),
                    ("1", ..) => (0..=*level)
                        .map(|level| counters[&("1", level)].to_string())
                        .collect::<Vec<_>>()
                        .join("."),
                    (_, _, 0) => format!("第{next}条"),
                    _ => next.to_string(),
                };
                printed.push(format!("{number} {}", paragraph.text));
            }
            _ => {}
        }
    }
    printed
}

#[test]
fn chapters_articles_and_clauses_are_counted_as_the_model_says() {
    let seen = paragraphs(&word(&regulation()).expect("written"));
    let expected = [
        "第1章 総則",
        "第1条 （目的）",
        "第2条 （適用範囲）",
        "2 第1条の目的のために、次の者にも守らせる。責任者は\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}とする。",
        "第2章 義務",
        "第3条 （報告）",
    ];
    assert_eq!(counted("articles", &seen), expected);
}

#[test]
fn a_heading_word_would_count_otherwise_has_its_number_written_out() {
    let seen = paragraphs(&word(&plan()).expect("written"));
    let expected = [
        "1 目的",
        "1.1 守るもの",
        "1.1.1 受注",
        "1.2 守り方",
        "2 体制",
        "様式1　報告書",
        "2.5\u{3000}番号の続かない見出し",
    ];
    assert_eq!(counted("decimal", &seen), expected);
}

#[test]
fn hostile_texts_come_out_as_they_are_but_for_what_xml_cannot_hold() {
    let seen = paragraphs(&word(&regulation()).expect("written"));
    for hostile in HOSTILE {
        let expected: String = hostile.chars().filter(|c| !c.is_control()).collect();
        assert!(
            seen.iter().any(|paragraph| paragraph.text == expected),
            "{expected:?} is not in the file"
        );
    }
}

#[test]
fn every_part_is_well_formed_and_every_list_begins_at_one() {
    let file = word(&regulation()).expect("written");
    let archive = zip::ZipArchive::new(Cursor::new(&file)).expect("the file is an archive");
    let names: Vec<_> = archive
        .file_names()
        .map(|name| name.expect("names are UTF-8").into_owned())
        .collect();
    assert_eq!(names.len(), 12);
    for name in names {
        let text = part(&file, &name);
        let mut reader = quick_xml::Reader::from_str(&text);
        while reader
            .read_event()
            .unwrap_or_else(|error| panic!("{name}: {error}"))
            != Event::Eof
        {}
    }
    let text = part(&file, "word/numbering.xml");
    assert_eq!(
        text.matches("<w:num w:numId=").count(),
        6,
        "chapters, bullets, boxes, articles and two numbered lists"
    );
    assert_eq!(text.matches("w:startOverride").count(), 6);
}

#[test]
fn bookmarks_have_names_of_their_own_and_references_lead_to_them() {
    let text = part(&word(&regulation()).expect("written"), "word/document.xml");
    let names: Vec<_> = text
        .split("<w:bookmarkStart ")
        .skip(1)
        .filter_map(|rest| rest.split('"').nth(3))
        .collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), names.len(), "{names:?}");
    assert!(text.contains(" REF s_purpose \\n \\h "));
    for anchor in text
        .split("w:anchor=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(names.contains(&anchor), "{anchor} leads nowhere");
    }
}

#[test]
fn the_same_paper_is_the_same_file() {
    for (name, document) in [("regulation", regulation()), ("plan", plan())] {
        let file = word(&document).expect("written");
        assert_eq!(file, word(&document).expect("written"));
        // To be looked at, and opened by readers that are not Rust.
        if let Some(folder) = std::env::var_os("SONAE_ARTIFACTS") {
            let place = std::path::Path::new(&folder).join(format!("word-{name}.docx"));
            std::fs::write(place, file).expect("the folder can be written");
        }
    }
}
