//! Edits in a file are found, and nothing else.

use sonae_core::paper::difference::{Part, ReturnedKind, returned};
use sonae_core::paper::document::{Body, Span};
use sonae_papers::docx::read;

use super::paper::{Text, draft, edited, packed, paragraph, parts};

/// What comes back of a paper after a change: `kind block row: before → after`.
#[track_caller]
fn check(kind: &str, change: impl FnOnce(&mut Text), expected: &[&str]) {
    let draft = draft(kind);
    let file = edited(&draft, change);
    let back = read(&file).expect("readable");
    let found = returned(&draft, &back.paragraphs(&draft));
    let shown: Vec<String> = found
        .changes
        .iter()
        .map(|change| {
            let place = [change.block.as_deref(), change.row.as_deref()];
            let place: Vec<&str> = place.into_iter().flatten().collect();
            let parts: String = change.parts.iter().map(part).collect();
            let what = match change.kind {
                ReturnedKind::Changed => parts,
                ReturnedKind::Removed => change.before.clone(),
                ReturnedKind::Added => change.after.clone(),
                ReturnedKind::Moved => {
                    format!("behind {}", change.behind.as_deref().unwrap_or("nothing"))
                }
            };
            format!("{:?} {}: {what}", change.kind, place.join(" "))
        })
        .collect();
    assert_eq!(shown, expected);
}

fn part(part: &Part) -> String {
    match part {
        Part::Same(_) => "…".to_owned(),
        Part::Removed(text) => format!("[-{text}]"),
        Part::Added(text) => format!("[+{text}]"),
    }
}

#[test]
fn a_changed_sentence() {
    check(
        "csirt-regulation",
        |text| {
            text.replace(
                "CSIRTは、経営責任者の直属とする。",
                "CSIRTは、社長の直属とする。",
            )
        },
        &["Changed establishment-2: …[-経営責任者][+社長]…"],
    );
}

/// A sentence that was written anew keeps its bookmark.
#[test]
fn a_sentence_written_anew() {
    check(
        "csirt-regulation",
        |text| {
            text.replace(
                "CSIRTは、経営責任者の直属とする。",
                "この組織の長には取締役をあて、毎年四月に見直す。",
            );
        },
        &[
            "Changed establishment-2: [-CSIRTは、経営責任者の直属とする][+この組織の長には取締役をあて、毎年四月に見直す]…",
        ],
    );
}

#[test]
fn a_deleted_article() {
    check(
        "csirt-regulation",
        |text| {
            text.cut("w:p", ">設置<");
            text.cut("w:p", "を置く。<");
            text.cut("w:p", "経営責任者の直属とする。");
        },
        &[
            "Removed establishment: （設置）",
            "Removed establishment-1: 当社に、𠮷﨑食品 CSIRTを置く。",
            "Removed establishment-2: CSIRTは、経営責任者の直属とする。",
        ],
    );
}

/// Word counts the articles behind anew and shows other references; nobody changed them.
#[test]
fn an_inserted_article() {
    check(
        "csirt-regulation",
        |text| {
            let new = [
                paragraph("Article", "（見張り）"),
                paragraph("Clause", "CSIRTは、毎朝、記録を確かめる。"),
            ];
            text.put_behind("w:p", "経営責任者の直属とする。", &new.concat());
        },
        &[
            "Added establishment-2: （見張り）",
            "Added establishment-2: CSIRTは、毎朝、記録を確かめる。",
        ],
    );
}

#[test]
fn a_moved_paragraph() {
    check(
        "csirt-regulation",
        |text| {
            let moved = text.cut("w:p", "経営責任者の直属とする。");
            text.put_behind("w:p", "対応の方針を決める。", &moved);
        },
        &["Moved establishment-2: behind leader-2"],
    );
}

#[test]
fn a_changed_cell() {
    check(
        "asset-ledger",
        |text| {
            text.replace(
                "<w:t xml:space=\"preserve\">保健所に示すことがある</w:t>",
                "<w:t>保健所に</w:t><w:t>毎月示す</w:t>",
            );
        },
        &["Changed ledger haccp: …[+毎月]…[-ことがある]…"],
    );
}

#[test]
fn typed_numbers_are_no_change() {
    check(
        "csirt-regulation",
        |text| {
            let article = text.cut("w:p", ">目的<");
            let typed = article.replacen(">（<", ">第1条　（<", 1);
            let heading = text.0.find(">総則<").expect("there");
            let end = heading + text.0[heading..].find("</w:p>").expect("ends") + "</w:p>".len();
            text.0.insert_str(end, &typed);
        },
        &[],
    );
}

/// Every change of a tracked file counts as made, and the person is told.
#[test]
fn tracked_changes() {
    let draft = draft("csirt-regulation");
    let file = edited(&draft, |text| {
        text.replace(
            "<w:r><w:t xml:space=\"preserve\">CSIRTは、経営責任者の直属とする。</w:t></w:r>",
            "<w:r><w:t>CSIRTは、</w:t></w:r><w:del w:id=\"900\" w:author=\"山田\"><w:r><w:delText>経営責任者</w:delText></w:r></w:del><w:ins w:id=\"901\" w:author=\"山田\"><w:r><w:t>社長</w:t></w:r></w:ins><w:r><w:t>の直属とする。</w:t></w:r>",
        );
        // A paragraph whose end was deleted goes on with the next one.
        let gone = text
            .cut("w:p", "責任者は、インシデントへの対応を指揮し")
            .replace(
                "</w:pPr>",
                "<w:rPr><w:del w:id=\"902\" w:author=\"山田\"/></w:rPr></w:pPr>",
            );
        let gone = gone
            .replace("<w:r><w:t ", "<w:del w:id=\"903\"><w:r><w:delText ")
            .replace("</w:t></w:r>", "</w:delText></w:r></w:del>");
        text.put_behind("w:p", "CSIRTの責任者は、情報セキュリティ責任者", &gone);
    });
    let back = read(&file).expect("readable");
    assert_eq!(
        back.notes,
        ["変更履歴が残っています。すべての変更を反映した文章として読みました。"]
    );
    let found = returned(&draft, &back.paragraphs(&draft));
    let blocks: Vec<_> = found
        .changes
        .iter()
        .map(|change| (change.kind, change.block.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        blocks,
        [
            (ReturnedKind::Changed, "establishment-2"),
            (ReturnedKind::Removed, "leader-2")
        ],
        "{:#?}",
        found.changes
    );
}

#[test]
fn comments_and_footnotes_are_read_where_they_stand() {
    let draft = draft("csirt-regulation");
    let file = edited(&draft, |text| {
        text.replace(
            "経営責任者の直属とする。</w:t></w:r>",
            "経営責任者の直属とする。</w:t></w:r><w:r><w:commentReference w:id=\"7\"/></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r>",
        );
    });
    let mut parts = parts(&file);
    let word = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    parts.push(("word/comments.xml".to_owned(), format!("<w:comments {word}><w:comment w:id=\"7\" w:author=\"山田 花子\"><w:p><w:r><w:t>社長でよいか</w:t></w:r></w:p><w:p><w:r><w:t>確認する</w:t></w:r></w:p></w:comment></w:comments>").into_bytes()));
    parts.push(("word/footnotes.xml".to_owned(), format!("<w:footnotes {word}><w:footnote w:id=\"0\" w:type=\"separator\"><w:p/></w:footnote><w:footnote w:id=\"2\"><w:p><w:r><w:t>取締役会で決めた。</w:t></w:r></w:p></w:footnote></w:footnotes>").into_bytes()));
    let back = read(&packed(&parts)).expect("readable");
    let paragraphs = back.paragraphs(&draft);
    let comment = &back.comments[0];
    assert_eq!(comment.author, "山田 花子");
    assert_eq!(comment.text, "社長でよいか 確認する");
    let at = comment.at.expect("placed");
    assert_eq!(paragraphs[at].blocks, ["establishment-2"]);
    assert_eq!(paragraphs[at + 1].text, "（脚注）取締役会で決めた。");
    let found = returned(&draft, &paragraphs);
    assert_eq!(found.changes.len(), 1);
    assert_eq!(found.changes[0].kind, ReturnedKind::Added);
    assert_eq!(found.changes[0].block.as_deref(), Some("establishment-2"));
}

/// Word counts references anew when an article was put in; what refers to it did not change.
#[test]
fn a_number_that_was_counted_anew_is_no_change() {
    let mut draft = draft("csirt-regulation");
    let number = draft.blocks.iter().find_map(|block| match block.body {
        Body::Article { number, .. } if block.id == "members" => Some(number),
        _ => None,
    });
    let text = format!("第{}条", number.expect("an article"));
    let to = "members".to_owned();
    for block in &mut draft.blocks {
        if let ("purpose-1", Body::Clause { text: line, .. }) = (block.id.as_str(), &mut block.body)
        {
            line.push(Span::Reference {
                to: to.clone(),
                text: text.clone(),
            });
        }
    }
    let file = edited(&draft, |text| {
        let field = text
            .0
            .find(" REF s_members")
            .expect("a reference by number");
        let result = field + text.0[field..].find(">第").expect("a number") + ">第".len();
        text.0.insert(result, '9');
    });
    let back = read(&file).expect("readable");
    assert_eq!(returned(&draft, &back.paragraphs(&draft)).changes, []);
}
