//! Runs of text within a paragraph.

use sonae_core::paper::document::Span;

use super::place::Place;
use crate::xml::Xml;

/// A missing answer is a line to write on, in Word as on paper.
const BLANK: &str = "\u{3000}";

/// A line of the model as runs.
pub(super) fn line(xml: &mut Xml, spans: &[Span], place: &Place<'_>) {
    for span in spans {
        match span {
            Span::Text(text) => run(xml, text, &[]),
            Span::Strong(text) => run(xml, text, &["w:b"]),
            Span::Blank { width, .. } => underlined(xml, &BLANK.repeat(usize::from(*width))),
            Span::Reference { to, text } => reference(xml, to, text, place),
        }
    }
}

/// One run with properties that are switched on. A line break within the text stays one.
pub(super) fn run(xml: &mut Xml, text: &str, properties: &[&str]) {
    xml.element("w:r", &[], |xml| {
        if !properties.is_empty() {
            xml.element("w:rPr", &[], |xml| {
                properties
                    .iter()
                    .for_each(|property| xml.empty(property, &[]))
            });
        }
        words(xml, text);
    });
}

fn underlined(xml: &mut Xml, text: &str) {
    xml.element("w:r", &[], |xml| {
        xml.element("w:rPr", &[], |xml| xml.value("w:u", "single"));
        words(xml, text);
    });
}

fn words(xml: &mut Xml, text: &str) {
    for (at, part) in text.split('\n').enumerate() {
        if at > 0 {
            xml.empty("w:br", &[]);
        }
        xml.element("w:t", &[("xml:space", "preserve")], |xml| xml.text(part));
    }
}

/// A number that Word can count anew is a field that shows what the model says until then; any other reference is a link.
fn reference(xml: &mut Xml, to: &str, text: &str, place: &Place<'_>) {
    let Some(target) = place.target(to) else {
        return run(xml, text, &[]);
    };
    if target.counted.as_deref() == Some(text) {
        return field(xml, &format!(" REF {} \\n \\h ", target.name), text);
    }
    xml.element(
        "w:hyperlink",
        &[("w:anchor", &target.name), ("w:history", "1")],
        |xml| run(xml, text, &[]),
    );
}

/// A complex field (ECMA-376 part 1, 17.16) with its instruction and the result shown before it is counted.
pub(super) fn field(xml: &mut Xml, instruction: &str, result: &str) {
    let character = |xml: &mut Xml, kind: &str| {
        xml.element("w:r", &[], |xml| {
            xml.empty("w:fldChar", &[("w:fldCharType", kind)])
        });
    };
    character(xml, "begin");
    xml.element("w:r", &[], |xml| {
        xml.element("w:instrText", &[("xml:space", "preserve")], |xml| {
            xml.text(instruction)
        });
    });
    character(xml, "separate");
    run(xml, result, &[]);
    character(xml, "end");
}
