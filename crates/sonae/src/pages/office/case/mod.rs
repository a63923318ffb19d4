//! `/office/cases/{receipt_number}`: one case, everything known about it, and everything that can be done with it.
//!
//! A page that acts on cases stands in a file of its own here. It opens the case with [`open::open`], which asks whether the person may
//! see it; acts through [`command::send`], which shows before it does; and registers its [`way::Way`] in [`WAYS`], so that the case's page
//! offers it while the engine would take it. A plain form is a [`case_form::CaseForm`] in [`FORMS`] and needs no handler.

mod agreed;
mod assign;
pub mod case_form;
pub mod command;
mod contact;
mod corrected;
mod correction;
mod courses;
mod diagnosis;
mod duplicates;
mod ending;
pub mod fields;
pub mod findings;
mod judge;
mod link;
mod message;
mod next;
mod note;
pub mod open;
mod page;
mod related;
mod screening;
pub mod sentence;
pub mod timeline;
mod undo;
pub mod way;

use super::door::Door;
use case_form::CaseForm;
use way::Way;

/// The plain forms, in the order in which they are offered.
pub static FORMS: &[&CaseForm] = &[
    &contact::CONTACT,
    &message::MESSAGE,
    &note::NOTE,
    &link::LINK,
    &agreed::AGREED,
    &correction::CORRECTION,
    &correction::CORRECTION_CANCEL,
    &assign::TAKE,
    &assign::ASSIGN,
    &assign::EXPERT,
    &ending::WITHDRAW,
    &ending::WITHDRAW_COURSE,
    &ending::DECLINE,
    &ending::EXCLUDE,
    &ending::REOPEN,
];

/// The forms in which people decide, with pages of their own beside them.
pub static DECISIONS: &[&CaseForm] = &[
    &judge::JUDGE,
    &judge::SCREENED,
    &duplicates::COMPARE,
    &diagnosis::DIAGNOSIS,
    &courses::PROPOSE,
    &courses::DECIDE,
];

/// Every way on from a case, in the order in which they are offered within their groups.
pub static WAYS: &[&Way] = &[
    &contact::CONTACT.way,
    &message::MESSAGE.way,
    &note::NOTE.way,
    &link::LINK.way,
    &agreed::AGREED.way,
    &correction::CORRECTION.way,
    &correction::CORRECTION_CANCEL.way,
    &corrected::CORRECTED,
    &screening::SCREENING,
    &judge::JUDGE.way,
    &judge::SCREENED.way,
    &duplicates::DUPLICATES,
    &duplicates::COMPARE.way,
    &diagnosis::DIAGNOSIS.way,
    &courses::COURSES,
    &courses::PROPOSE.way,
    &courses::DECIDE.way,
    &assign::TAKE.way,
    &assign::ASSIGN.way,
    &assign::EXPERT.way,
    &ending::WITHDRAW.way,
    &ending::WITHDRAW_COURSE.way,
    &ending::DECLINE.way,
    &ending::EXCLUDE.way,
    &ending::REOPEN.way,
];

pub(super) fn routes(door: Door) -> Door {
    let door = page::routes(door);
    let door = undo::routes(door);
    let door = screening::routes(door);
    let door = duplicates::routes(door);
    let door = courses::routes(door);
    let door = corrected::routes(door);
    let door = case_form::routes(door, DECISIONS);
    case_form::routes(door, FORMS)
}
