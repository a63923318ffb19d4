//! Papers as PDF: what other programs read in them is what the document says.

mod cards;
mod everything;
mod form;
mod reader;
mod report;
mod sample;
mod text;
