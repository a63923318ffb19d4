//! What `sonae demo` shows: a year of both programmes, with a crowd of invented companies and the people who work on their cases.

mod check_words;
mod checks;
pub mod company;
pub mod crowd;
mod detections;
mod earlier;
pub mod editions;
mod fate;
mod paper_answers;
mod papers;
mod post;
mod reports;
pub mod staff;
mod steps;
pub mod year;

#[cfg(test)]
mod tests;
