//! Styles by what they mean. Programs rename ids and people choose languages; names and what a style is based on stay.

use std::collections::BTreeMap;

use super::ReadError;
use super::events::{Reader, Token};

/// Most styles that are kept.
const MOST_STYLES: usize = 5_000;
/// Most steps from a style to what it is based on.
const MOST_STEPS: usize = 12;

/// The writer's styles by the names they have in its `styles.xml` and, for Word's own, in Japanese Word; in lower case.
const NAMES: [(&str, &str); 33] = [
    ("heading 1", "Heading1"),
    ("heading 2", "Heading2"),
    ("heading 3", "Heading3"),
    ("見出し 1", "Heading1"),
    ("見出し 2", "Heading2"),
    ("見出し 3", "Heading3"),
    ("条見出し", "Article"),
    ("項", "ClauseNumbered"),
    ("項（最初）", "Clause"),
    ("body text", "BodyText"),
    ("本文", "BodyText"),
    ("list paragraph", "ListItem"),
    ("リスト段落", "ListItem"),
    ("list bullet", "ListItem"),
    ("list number", "ListItem"),
    ("箇条書き", "ListItem"),
    ("caption", "Caption"),
    ("図表番号", "Caption"),
    ("表見出し", "TableHead"),
    ("表本文", "TableText"),
    ("signature", "Signature"),
    ("署名", "Signature"),
    ("お知らせ見出し", "NoticeTitle"),
    ("お知らせ", "Notice"),
    ("toc 1", "TOC1"),
    ("toc 2", "TOC2"),
    ("toc 3", "TOC2"),
    ("title", "Title"),
    ("表題", "Title"),
    ("subtitle", "TitleLine"),
    ("副題", "TitleLine"),
    ("雛形の版", "Edition"),
    ("normal", "Normal"),
];

struct Style {
    name: String,
    based_on: Option<String>,
}

/// The styles of a file by id.
#[derive(Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
}

impl Styles {
    pub(super) fn read(text: &str) -> Result<Self, ReadError> {
        let mut reader = Reader::word(text);
        let mut styles = Self::default();
        let mut at: Option<(String, Style)> = None;
        while let Some(token) = reader.next()? {
            match token {
                Token::Open(element) => match (element.name.as_str(), &mut at) {
                    ("style", _) => {
                        at = element.value("styleId").map(|id| {
                            let style = Style {
                                name: String::new(),
                                based_on: None,
                            };
                            (id, style)
                        });
                    }
                    ("name", Some((_, style))) => {
                        style.name = element.value("val").unwrap_or_default().to_lowercase();
                    }
                    ("basedOn", Some((_, style))) => style.based_on = element.value("val"),
                    _ => {}
                },
                Token::Close(name) if name == "style" => {
                    if let Some((id, style)) = at.take()
                        && styles.by_id.len() < MOST_STYLES
                    {
                        styles.by_id.insert(id, style);
                    }
                }
                _ => {}
            }
        }
        Ok(styles)
    }

    /// The writer's name of a style: by its name, or by that of a style it is based on; the id itself when nobody knows it.
    pub(super) fn meaning(&self, id: &str) -> String {
        let mut at = id;
        for _ in 0..MOST_STEPS {
            let Some(style) = self.by_id.get(at) else {
                break;
            };
            let known = NAMES.iter().find(|(name, _)| *name == style.name);
            if let Some((_, meaning)) = known {
                // Everything is based on the ordinary style in the end, which says nothing of another one.
                if *meaning != "Normal" || at == id {
                    return (*meaning).to_owned();
                }
                break;
            }
            match &style.based_on {
                Some(base) => at = base,
                None => break,
            }
        }
        id.chars().take(super::LONGEST_NAME).collect()
    }
}
