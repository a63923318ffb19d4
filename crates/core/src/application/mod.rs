//! An application: what a company answers, and what becomes of it.

pub mod answers;
