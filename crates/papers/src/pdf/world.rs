//! Typst's view of the world, which here is closed: one template, one paper, our fonts; no folders, packages, network or clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt};

use super::font;

/// Typst never forgets a file's name, so all papers come under the same one.
static TEMPLATE: LazyLock<FileId> = LazyLock::new(|| named("paper.typ"));
static PAPER: LazyLock<FileId> = LazyLock::new(|| named("paper.json"));

static SOURCE: LazyLock<Source> =
    LazyLock::new(|| Source::new(*TEMPLATE, include_str!("paper.typ").to_owned()));

/// With the functions that mark the first cell of a row as its heading.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(font::all())));

fn named(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the name is plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// The world in which one paper is laid out.
pub(super) struct World {
    paper: Bytes,
}

impl World {
    /// `paper` is the view as JSON, which the template reads.
    pub(super) fn new(paper: Vec<u8>) -> World {
        World {
            paper: Bytes::new(paper),
        }
    }
}

impl typst::World for World {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        *TEMPLATE
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == *TEMPLATE {
            true => Ok(SOURCE.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id == *PAPER {
            true => Ok(self.paper.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        font::all().get(index).cloned()
    }

    /// Papers carry their own date.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
