//! Where references lead: a bookmark for every block.

use std::collections::BTreeMap;

use sonae_core::paper::document::{Body, Document};

/// Word's limit for the name of a bookmark, in characters.
pub(super) const LONGEST_NAME: usize = 40;

/// The bookmarks of a paper.
pub(super) struct Place<'a> {
    by_id: BTreeMap<&'a str, Target>,
}

pub(super) struct Target {
    /// Number of the bookmark within the file.
    pub(super) mark: usize,
    /// Its name: `s_` and the block's id in letters Word takes; the mark's number keeps long ones apart.
    pub(super) name: String,
    /// Word can count the printed number of this block anew (`第5条`), when articles are put in before it.
    pub(super) counted: Option<String>,
}

impl<'a> Place<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let by_id = document.blocks.iter().enumerate();
        Self {
            by_id: by_id
                .map(|(mark, block)| {
                    let counted = match &block.body {
                        Body::Article { number, .. } => Some(format!("第{number}条")),
                        _ => None,
                    };
                    (
                        block.id.as_str(),
                        Target {
                            mark,
                            name: name(&block.id, mark),
                            counted,
                        },
                    )
                })
                .collect(),
        }
    }

    /// The blocks by the names of their bookmarks.
    pub(super) fn names(&self) -> BTreeMap<&str, &'a str> {
        let names = self.by_id.iter();
        names
            .map(|(id, target)| (target.name.as_str(), *id))
            .collect()
    }

    pub(super) fn target(&self, id: &str) -> Option<&Target> {
        self.by_id.get(id)
    }
}

fn name(id: &str, mark: usize) -> String {
    let plain: String = id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let name = format!("s_{plain}");
    if name.len() <= LONGEST_NAME && plain == id {
        return name;
    }
    let end = format!("_{mark}");
    let kept: String = name.chars().take(LONGEST_NAME - end.len()).collect();
    format!("{kept}{end}")
}
