//! An application: what a company answers, and what becomes of it.

pub mod answers;
pub mod asked;
pub mod choices;
pub mod find;
pub mod keys;
pub mod labels;
pub mod lookup;
pub mod prefecture;
pub mod read;
pub mod show;
