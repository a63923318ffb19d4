//! The monthly report of a company: from plain figures to a paper in plain Japanese, and its life from due to read.
//!
//! Architecture invariant: a report is made from its [`figures::Figures`] and two words of people alone, so that the same figures always say the
//! same; detections and papers know nothing of each other.

pub mod compose;
pub mod difference;
pub mod explain;
pub mod figures;
pub mod life;
pub mod month;
pub mod periods;
pub mod waiting;
mod words;
