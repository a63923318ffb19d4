//! Every kind of paper in the library, for every sample company and for one that has answered nothing, in every format.

mod excel;
mod library;
mod names;
#[cfg(feature = "pdf")]
mod pdf;
mod word;
