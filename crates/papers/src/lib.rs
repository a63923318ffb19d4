//! Writers of papers: each lays out the one composed [`Document`] and decides nothing else.
//!
//! The only place with the engines for PDF and Word. Same document, same bytes: no file, clock or chance is read here.

mod chart;
pub mod docx;
pub mod html;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod xlsx;
mod xml;

pub use sonae_core::paper::document::Document;
