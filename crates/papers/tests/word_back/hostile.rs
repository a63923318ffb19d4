//! Files that are no Word files, that are broken, or that are meant to harm.

use std::sync::LazyLock;

use proptest::prelude::*;
use sonae_papers::docx::{ReadError, read, word};

use super::paper::{draft, edited, packed, parts};

static FILE: LazyLock<Vec<u8>> =
    LazyLock::new(|| word(&draft("csirt-regulation")).expect("written"));

#[track_caller]
fn check(file: &[u8], expected: ReadError) {
    assert_eq!(read(file).expect_err("refused"), expected);
}

fn with(name: &str, text: &str) -> Vec<u8> {
    let mut all = parts(&FILE);
    all.retain(|(part, _)| part != name);
    all.push((name.to_owned(), text.as_bytes().to_vec()));
    packed(&all)
}

#[test]
fn what_is_no_word_file_of_today_says_what_to_do() {
    let compound = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    let protected: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check(&compound, ReadError::Old);
    check(
        &[&compound[..], &[0; 40], &protected].concat(),
        ReadError::Protected,
    );
    check(b"{\\rtf1 text}", ReadError::Old);
    check(b"%PDF-1.7", ReadError::NotWord);
    check(b"", ReadError::NotWord);
    check(b"PK\x03\x04 no archive", ReadError::Broken);
    check(
        &packed(&[(
            "mimetype".to_owned(),
            b"application/vnd.oasis.opendocument.text".to_vec(),
        )]),
        ReadError::NotWord,
    );
    check(&vec![b'P'; 6 * 1024 * 1024], ReadError::TooLarge);
    check(&with("word/vbaProject.bin", "macro"), ReadError::Macros);
}

#[test]
fn nothing_is_looked_up_outside() {
    let relation = |kind: &str, target: &str| {
        with(
            "word/_rels/settings.xml.rels",
            &format!(
                "<Relationships><Relationship Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\" TargetMode=\"External\"/></Relationships>"
            ),
        )
    };
    check(
        &relation("attachedTemplate", "https://bad.example.jp/x.dotm"),
        ReadError::Outside,
    );
    check(
        &relation("oleObject", "\\\\bad.example.jp\\x"),
        ReadError::Outside,
    );
    assert!(
        read(&relation(
            "attachedTemplate",
            "file:///C:/Users/a/Normal.dotm"
        ))
        .is_ok()
    );
    assert!(read(&relation("hyperlink", "https://www.example.jp/")).is_ok());
    let entity = "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>";
    check(&with("word/document.xml", entity), ReadError::Broken);
    let undefined = entity.replace(
        "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "",
    );
    check(&with("word/document.xml", &undefined), ReadError::Broken);
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    // A part that is 1,000 times larger when unpacked.
    let zeros = " ".repeat(25 * 1024 * 1024);
    check(&with("word/styles.xml", &zeros), ReadError::TooMuch);
    let body = |text: &str| {
        with(
            "word/document.xml",
            &format!(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{text}</w:body></w:document>"
            ),
        )
    };
    check(&body(&"<w:p>".repeat(300)), ReadError::TooMuch);
    check(&body(&"<w:p></w:p>".repeat(30_000)), ReadError::TooMuch);
    check(
        &body(&format!(
            "<w:tbl><w:tr>{}</w:tr></w:tbl>",
            "<w:tc></w:tc>".repeat(200)
        )),
        ReadError::TooMuch,
    );
    check(
        &body(&format!(
            "<w:p><w:r><w:t>{}</w:t></w:r></w:p>",
            "a".repeat(5_000_000)
        )),
        ReadError::TooMuch,
    );
    check(&body("<w:p><w:r>"), ReadError::Broken);
    let many: Vec<_> = (0..3000).map(|n| (format!("p{n}"), Vec::new())).collect();
    check(&packed(&many), ReadError::TooMuch);
    // An element with very many attributes takes no more than its length.
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert!(
        read(&body(&format!(
            "<w:p><w:pPr><w:pStyle{attributes}/></w:pPr></w:p>"
        )))
        .is_ok()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read(&[b"PK\x03\x04".as_slice(), &bytes].concat());
    }

    /// A true file with some of its bytes changed, cut off or doubled.
    #[test]
    fn a_damaged_file_is_read_or_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20), cut in any::<prop::sample::Index>()) {
        let mut file = FILE.clone();
        for (at, byte) in &changes {
            let at = at.index(file.len());
            file[at] = *byte;
        }
        let _ = read(&file);
        file.truncate(cut.index(file.len()));
        let _ = read(&file);
    }

    /// A true text with pieces of it cut out or put elsewhere.
    #[test]
    fn a_torn_text_is_read_or_refused(cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..400_usize, any::<prop::sample::Index>()), 1..6)) {
        let file = edited(&draft("basic-policy"), |text| {
            for (from, length, to) in &cuts {
                let mut chars: Vec<char> = text.0.chars().collect();
                let from = from.index(chars.len());
                let end = (from + length).min(chars.len());
                let piece: Vec<char> = chars.drain(from..end).collect();
                let to = to.index(chars.len() + 1);
                chars.splice(to..to, piece);
                text.0 = chars.into_iter().collect();
            }
        });
        let _ = read(&file);
    }
}
