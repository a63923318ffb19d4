//! What `sonae demo` shows: both programmes in their first days, with a crowd of invented companies.

pub mod company;
pub mod crowd;
pub mod editions;
pub mod staff;

#[cfg(test)]
mod tests;
