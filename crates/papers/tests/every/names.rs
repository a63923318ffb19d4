//! Names with variants of a character, as people write them: 葛 with its selector is another 葛.

use std::io::{Cursor, Read};

use sonae_core::paper::answers::{Answers, Value};
use sonae_core::paper::compose;
use sonae_papers::docx::word;
use sonae_papers::html::html;

use super::library::{LIBRARY, meta};

const NAME: &str = "葛\u{e0100}城 辻\u{e0100}子";

#[test]
fn a_selected_variant_of_a_character_stays_selected_where_the_reader_has_the_fonts() {
    let answers = Answers {
        values: [(
            "representative_name".to_owned(),
            Value::Text(NAME.to_owned()),
        )]
        .into(),
    };
    let kind = LIBRARY.kind("basic-policy").expect("known");
    let document = compose(&LIBRARY, kind, &answers, &meta());
    assert!(html(&document).contains(NAME));
    let file = word(&document).expect("written");
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("an archive");
    let mut text = String::new();
    let mut part = archive.by_name("word/document.xml").expect("a document");
    part.read_to_string(&mut text).expect("UTF-8");
    assert!(text.contains(NAME));
    // Our own fonts have the plain character.
    #[cfg(feature = "pdf")]
    assert!(
        sonae_papers::pdf::write(&document)
            .expect("laid out")
            .unprintable
            .is_empty()
    );
}
