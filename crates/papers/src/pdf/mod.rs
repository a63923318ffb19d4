//! PDF for print and for keeping: PDF/A-2a and PDF/UA-1 in one file, laid out by Typst.
//!
//! The document goes into Typst as values; its only source is the template `paper.typ` beside this file, so text that looks like markup
//! is printed as it stands. See `docs/decisions/0021-pdf-by-typst.md`.

mod cards;
mod flow;
mod font;
mod line;
mod table;
mod target;
mod together;
mod view;
mod world;

use std::collections::BTreeSet;

use sonae_core::paper::document::Layout;
use thiserror::Error;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::Document;
use world::World;

/// For how many papers what Typst remembers is kept when nobody asks for it again: the template stays, companies go.
const REMEMBERED_PAPERS: usize = 2;

/// A written PDF.
#[derive(Clone, Debug)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    pub pages: usize,
    /// Characters that no font of ours has; `〓` is printed in their places, as Japanese printers do.
    pub unprintable: BTreeSet<char>,
}

/// A paper that could not be laid out: a mistake in the template or a bound of the standards, never of what somebody typed.
#[derive(Debug, Error)]
#[error("the paper could not be laid out: {0}")]
pub struct Failed(String);

/// Lays a document out on A4 pages; cards stand on them by four.
///
/// # Errors
/// [`Failed`], with Typst's messages.
pub fn write(document: &Document) -> Result<Pdf, Failed> {
    let (paper, unprintable) = view::of(document);
    let data = serde_json::to_vec(&paper).map_err(|error| Failed(error.to_string()))?;
    let world = World::new(data);
    let laid_out = typst::compile::<PagedDocument>(&world).output;
    let written = laid_out.and_then(|pages| {
        let pages = match document.layout {
            Layout::Pages => pages,
            Layout::Cards => cards::on_sheets(&pages),
        };
        let bytes = typst_pdf::pdf(&pages, &options())?;
        Ok((bytes, pages.pages().len()))
    });
    comemo::evict(REMEMBERED_PAPERS);
    let (bytes, pages) = written.map_err(|errors| Failed(messages(&errors)))?;
    Ok(Pdf {
        bytes,
        pages,
        unprintable,
    })
}

fn options() -> PdfOptions {
    PdfOptions {
        standards: PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .expect("both standards are at home in PDF 1.7"),
        creator: typst::foundations::Smart::Custom(Some("Sonae".to_owned())),
        ..PdfOptions::default()
    }
}

/// What Typst says; text between backticks is left out, as it may come from the paper.
fn messages(errors: &[SourceDiagnostic]) -> String {
    let messages = errors.iter().map(|error| {
        let parts = error.message.split('`').enumerate();
        let outside = parts.filter(|(place, _)| place % 2 == 0);
        outside.map(|(_, part)| part).collect::<String>()
    });
    messages.collect::<Vec<_>>().join("; ")
}
