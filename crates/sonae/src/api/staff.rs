//! Every address of the interface that needs a token, with what it does by the table of access.

use sonae_core::access::Action as A;

use super::door::Endpoint;
use super::{action, case, cases, earlier_support, revisions, timeline};
use crate::sheet::MAX_BYTES;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/api/v1/cases", A::ListCases, cases::list),
        Endpoint::post("/api/v1/cases/search", A::ListCases, cases::search),
        Endpoint::get("/api/v1/cases/{receipt_number}", A::ReadCase, case::one),
        Endpoint::get(
            "/api/v1/cases/{receipt_number}/timeline",
            A::ReadCase,
            timeline::timeline,
        ),
        Endpoint::get(
            "/api/v1/cases/{receipt_number}/mails",
            A::ReadMails,
            timeline::mails,
        ),
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/actions",
            A::ReadCase,
            action::act,
        ),
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/preview",
            A::ReadCase,
            action::preview,
        ),
        Endpoint::get(
            "/api/v1/programs/{id}/revisions",
            A::ReadPrograms,
            revisions::list,
        ),
        Endpoint::get(
            "/api/v1/programs/{id}/revisions/{revision}",
            A::ReadPrograms,
            revisions::files,
        ),
        Endpoint::get(
            "/api/v1/earlier-support/imports",
            A::ImportEarlierSupport,
            earlier_support::list,
        ),
        Endpoint::post(
            "/api/v1/earlier-support/imports",
            A::ImportEarlierSupport,
            earlier_support::hand_in,
        )
        .largest_body(MAX_BYTES),
        Endpoint::get(
            "/api/v1/earlier-support/imports/{id}",
            A::ImportEarlierSupport,
            earlier_support::one,
        ),
        Endpoint::post(
            "/api/v1/earlier-support/imports/{id}/take-back",
            A::ImportEarlierSupport,
            earlier_support::take_back,
        ),
    ]
}
