//! Inputs as they are cut, and what their bytes are read as.

use super::*;

/// Pieces with their offsets, whatever the size of the reader's buffer.
fn cut(input: &[u8]) -> Vec<(u64, String)> {
    let read = |size: usize| {
        let mut lines = Lines::new(io::BufReader::with_capacity(size, input));
        let mut found = Vec::new();
        while let Some(piece) = lines.next().expect("memory can be read") {
            let text = String::from_utf8_lossy(&piece.bytes[..piece.bytes.len().min(40)]);
            found.push((piece.offset, text.into_owned()));
        }
        assert_eq!(lines.position(), input.len() as u64);
        found
    };
    let whole = read(1 << 20);
    assert_eq!(
        whole,
        read(4096),
        "the size of the buffer changed what is read"
    );
    whole
}

#[test]
fn inputs_are_cut_into_lines_or_elements() {
    let texts = |input: &str| -> Vec<String> {
        cut(input.as_bytes())
            .into_iter()
            .map(|(_, text)| text)
            .collect()
    };
    assert_eq!(texts("a\r\n\n  \nb"), ["a", "b"]);
    assert_eq!(texts("{\"a\":1}\n{\"b\":2}\n"), ["{\"a\":1}", "{\"b\":2}"]);
    assert_eq!(texts("[LAN]IN=eth0\nx"), ["[LAN]IN=eth0", "x"]);
    assert_eq!(
        texts(" [ {\"a\":\"}\"}, {\"b\":[1,{}]} ]"),
        ["{\"a\":\"}\"}", "{\"b\":[1,{}]}"]
    );
    assert_eq!(
        texts("{\"x\":1,\"value\":[{\"a\":1},{\"b\":2}],\"pages\":{\"n\":1}}"),
        ["{\"a\":1}", "{\"b\":2}"]
    );
    assert_eq!(
        texts("{\n\"e\":{\"events\":[\n{\"a\":\n1}]}}"),
        ["{\"a\":\n1}"]
    );
    assert_eq!(texts("{\n\"a\":1\n}\n"), ["{\n\"a\":1\n}"]);
    assert_eq!(texts("[{\"a\":1"), ["{\"a\":1"]);
    assert_eq!(texts(""), Vec::<String>::new());
    // A record has fields of such names itself.
    let record = r#"{"event_type":"x","resources":[{"a":1}],"value":["b"]}"#;
    assert_eq!(
        texts(&format!("{record}\n{record}")),
        [&record[..40], &record[..40]]
    );
    assert_eq!(texts(&format!("[{record}]")), [&record[..40]]);
    assert_eq!(
        texts(r#"{"meta":{"n":1},"errors":[],"resources":[{"resources":[{}]}]}"#),
        [r#"{"resources":[{}]}"#]
    );
    // An array of a record's own stays in it, also an empty one, in an array, in a wrapper, or alone.
    for own in [r#"{"n":1,"items":[{"r":2}]}"#, r#"{"items":[]}"#] {
        let record = format!(r#"{{"type":"x","c":{own}}}"#);
        for whole in [
            format!(r#"{{"has_more":false,"items":[{record},{record}]}}"#),
            format!("[{record},{record}]"),
            format!("{{\n{}\n{{\n{}", &record[1..], &record[1..]),
        ] {
            let found = texts(&whole);
            assert_eq!(found.len(), 2, "{whole}: {found:?}");
        }
    }
    assert_eq!(
        texts("{\"type\":\"x\",\"events\":[]}\n{\"type\":\"y\"}"),
        ["{\"type\":\"x\",\"events\":[]}", "{\"type\":\"y\"}"]
    );
    // Page after page, in an array as well, and pages without anything.
    assert_eq!(
        texts(
            r#"[{"@odata.context":"x","value":[{"a":1},{"value":[{}]}]},{"value":[]},{"value":[{"b":2}]}]"#
        ),
        ["{\"a\":1}", "{\"value\":[{}]}", "{\"b\":2}"]
    );
    assert_eq!(
        texts("{\"value\":[{\"a\":1}]}\n{\"value\":[]}\n{\"value\":[{\"b\":2}]}"),
        ["{\"a\":1}", "{\"b\":2}"]
    );
    assert_eq!(
        texts("{\"@odata.context\":\"x\",\"value\":[]}"),
        Vec::<String>::new()
    );
    assert_eq!(cut(b"a\nbc\n")[1].0, 2);
}

#[test]
fn what_is_too_long_is_told_and_the_next_line_is_read() {
    let long = ["x".repeat(LONGEST + 1), "y".to_owned()].join("\n");
    let mut lines = Lines::new(long.as_bytes());
    let piece = lines.next().expect("memory").expect("a piece");
    assert_eq!(
        (piece.bytes.len(), text(&piece)),
        (LONGEST, Err(Why::TooLong))
    );
    let piece = lines.next().expect("memory").expect("a piece");
    assert_eq!(text(&piece).as_deref(), Ok("y"));
    let element = format!("[{{\"a\":\"{}\"}},{{}}]", "x".repeat(LONGEST));
    let mut lines = Lines::new(element.as_bytes());
    assert!(lines.next().expect("memory").expect("a piece").too_long);
    assert_eq!(lines.next().expect("memory").expect("a piece").bytes, b"{}");
}

#[test]
fn encodings_are_tried_in_order() {
    let read = |bytes: &[u8]| {
        text(&Piece {
            bytes,
            offset: 0,
            too_long: false,
        })
        .map(Cow::into_owned)
    };
    assert_eq!(read("脅威".as_bytes()).as_deref(), Ok("脅威"));
    assert_eq!(read(b"\x8b\xba\x88\xd0").as_deref(), Ok("脅威"));
    assert_eq!(read(b"caf\xe9 x").as_deref(), Ok("café x"));
    assert_eq!(read(b"a\0b\xff"), Err(Why::Encoding));
}
