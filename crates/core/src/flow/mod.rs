//! A case on its way: the one state machine of an application, from its receipt to 参加確定.
//!
//! [`transition`] takes a case, an event and who caused it, and gives the case afterwards with the effects to be written in the same
//! transaction, or refuses with a sentence. Steps come from the programme (`flow.toml`); this code knows only their kinds.
//!
//! Invariants, kept by `tests/flow`:
//! - an open case has an open step, one owner and at least one running clock, the first due of which is its due date;
//! - a closed case has no running clock and holds no place;
//! - a case is confirmed only with a place held and the sponsor's approval, where the programme asks for one;
//! - nobody approves what he proposed.

pub mod advance;
mod approval;
mod asking;
pub mod case;
pub mod diagram;
pub mod due_mails;
pub mod event;
pub mod permit;
mod places;
pub mod refusal;
pub mod transition;
mod work;

pub use asking::WAITS_FOR_CORRECTION;
pub use case::{
    Approval, ApprovalState, Case, Compared, Correction, Judgement, Status, StepRecord,
};
pub use event::{Actor, Channel, ContactOutcome, Event};
pub use refusal::Refusal;
pub use transition::{Context, Effect, Move, received, transition};
