//! What `sonae demo` shows: months of both programmes, with a crowd of invented companies and the people who work on their cases.

pub mod company;
pub mod crowd;
pub mod editions;
mod fate;
pub mod staff;
pub mod year;

#[cfg(test)]
mod tests;
