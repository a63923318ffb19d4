//! Elements that are always closed and text that is always escaped.

use quick_xml::escape::escape;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Namespaces of a WordprocessingML part.
pub(crate) const WORD: [(&str, &str); 2] = [
    (
        "xmlns:w",
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        "xmlns:r",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
];

/// XML being written.
#[derive(Default)]
pub(crate) struct Xml {
    text: String,
}

impl Xml {
    /// A piece without a head, for a page.
    pub(crate) fn piece(inner: impl FnOnce(&mut Self)) -> String {
        let mut xml = Self::default();
        inner(&mut xml);
        xml.text
    }

    /// A whole part with one root.
    pub(crate) fn part(
        root: &str,
        namespaces: &[(&str, &str)],
        inner: impl FnOnce(&mut Self),
    ) -> String {
        let mut xml = Self {
            text: HEAD.to_owned(),
        };
        xml.element(root, namespaces, inner);
        xml.text
    }

    /// `<tag a="b">…</tag>`
    pub(crate) fn element(
        &mut self,
        tag: &str,
        attributes: &[(&str, &str)],
        inner: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        self.text.push('>');
        inner(self);
        self.text.push_str("</");
        self.text.push_str(tag);
        self.text.push('>');
    }

    /// `<tag a="b"/>`
    pub(crate) fn empty(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.open(tag, attributes);
        self.text.push_str("/>");
    }

    /// `<tag w:val="value"/>`, the shape of most properties.
    pub(crate) fn value(&mut self, tag: &str, value: impl ToString) {
        self.empty(tag, &[("w:val", &value.to_string())]);
    }

    /// Text of an element. Characters that XML 1.0 cannot hold are left out: nobody can see them, and Word refuses the whole file for one.
    pub(crate) fn text(&mut self, text: &str) {
        let clean: String = text.chars().filter(|c| allowed(*c)).collect();
        self.text.push_str(&escape(clean.as_str()));
    }

    fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.text.push('<');
        self.text.push_str(tag);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            let clean: String = value.chars().filter(|c| allowed(*c)).collect();
            self.text.push_str(&escape(clean.as_str()));
            self.text.push('"');
        }
    }
}

/// XML 1.0, production 2 (Char).
fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
