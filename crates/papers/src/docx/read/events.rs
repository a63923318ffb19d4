//! Events of one part: elements by their local names, text with its references resolved. A document type, and with it every entity of its own, is
//! refused.

use quick_xml::events::{BytesStart, Event};

use super::{DEEPEST, ReadError};

/// Most attributes of an element that are looked at; the root of a Word file binds about 40 prefixes.
const MOST_ATTRIBUTES: usize = 200;

/// WordprocessingML, transitional and strict (ECMA-376 part 1, annex A).
const WORD: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];

/// An element of the wanted vocabulary, or of another with its prefix kept: `p`, `mc:Fallback`.
pub(super) struct Element<'a> {
    pub(super) name: String,
    /// Without content.
    pub(super) empty: bool,
    start: BytesStart<'a>,
}

impl Element<'_> {
    /// An attribute by its local name.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        // Looking for doubles takes time that grows with the square.
        let found = attributes
            .with_checks(false)
            .filter_map(Result::ok)
            .take(MOST_ATTRIBUTES)
            .find(|attribute| attribute.key.local_name().as_ref() == name)?;
        let value = found.value.as_ref();
        match quick_xml::escape::unescape(value) {
            Ok(value) => Some(value.into_owned()),
            Err(_) => Some(value.to_owned()),
        }
    }

    /// Whether a switch such as `w:b` is on.
    pub(super) fn is_on(&self) -> bool {
        !matches!(
            self.value("val").as_deref(),
            Some("0" | "false" | "off" | "none")
        )
    }
}

pub(super) enum Token<'a> {
    Open(Element<'a>),
    Close(String),
    Text(String),
}

/// Reads tokens and bounds their nesting.
pub(super) struct Reader<'a> {
    events: quick_xml::Reader<&'a [u8]>,
    /// The prefix of WordprocessingML in this part, with its colon; none for parts without.
    prefix: Option<String>,
    any: bool,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// For parts that are no WordprocessingML: names without any prefix.
    pub(super) fn any(text: &'a str) -> Self {
        Self::new(text, true)
    }

    pub(super) fn word(text: &'a str) -> Self {
        Self::new(text, false)
    }

    fn new(text: &'a str, any: bool) -> Self {
        Self {
            events: quick_xml::Reader::from_str(text),
            prefix: None,
            any,
            depth: 0,
        }
    }

    /// The next token; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, ReadError> {
        loop {
            let event = self.events.read_event().map_err(|_| ReadError::Broken)?;
            return Ok(Some(match event {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(ReadError::TooMuch);
                    }
                    Token::Open(self.element(start, false)?)
                }
                Event::Empty(start) => Token::Open(self.element(start, true)?),
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::Close(self.name(end.name().as_ref()))
                }
                Event::Text(text) => Token::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Token::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => Token::Text(resolved(&reference)?),
                Event::DocType(_) => return Err(ReadError::Broken),
                // A file that ends within an element was cut off.
                Event::Eof if self.depth > 0 => return Err(ReadError::Broken),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            }));
        }
    }

    fn element(&mut self, start: BytesStart<'a>, empty: bool) -> Result<Element<'a>, ReadError> {
        if self.prefix.is_none() && !self.any {
            self.prefix = Some(prefix(&start).ok_or(ReadError::NotWord)?);
        }
        let name = self.name(start.name().as_ref());
        Ok(Element { name, empty, start })
    }

    fn name(&self, name: &str) -> String {
        let plain = match &self.prefix {
            _ if self.any => name.split_once(':').map(|(_, local)| local),
            Some(prefix) => name.strip_prefix(prefix.as_str()),
            None => None,
        };
        plain.unwrap_or(name).to_owned()
    }
}

/// The prefix that the root binds to WordprocessingML, with its colon.
fn prefix(root: &BytesStart<'_>) -> Option<String> {
    let mut attributes = root.attributes();
    let bound = attributes
        .with_checks(false)
        .filter_map(Result::ok)
        .take(MOST_ATTRIBUTES)
        .find(|attribute| WORD.contains(&attribute.value.as_ref()))?;
    let key = bound.key.as_ref();
    Some(match key.strip_prefix("xmlns:") {
        Some(prefix) => format!("{prefix}:"),
        None => String::new(),
    })
}

/// A character by its number or one of the five names of XML; others would be entities of the file's own.
fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> Result<String, ReadError> {
    if let Some(c) = reference
        .resolve_char_ref()
        .map_err(|_| ReadError::Broken)?
    {
        return Ok(c.to_string());
    }
    let name = reference.xml10_content();
    quick_xml::escape::resolve_xml_entity(&name)
        .map(str::to_owned)
        .ok_or(ReadError::Broken)
}
