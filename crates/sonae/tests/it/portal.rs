//! The company's portal: every page in every state, what a company can do on it, and who does not come in.

mod answers;
mod doing;
mod links;
mod pages;
mod papers;
mod returned;
mod sheets;
pub(crate) mod stand;
