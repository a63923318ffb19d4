//! Every address of the interface that needs a token, with what it does by the table of access.

mod detections;

use sonae_core::access::Action as A;

use super::door::Endpoint;
use super::publishing::LARGEST_REVISION;
use super::{
    action, approval_lists, approvals, case, cases, earlier_support, figures, missing_mails,
    papers, places, publishing, revisions, telemetry::devices, timeline, token, undo,
};
use crate::sheet::MAX_BYTES;

pub fn endpoints() -> Vec<Endpoint> {
    let mut all = of_cases();
    all.extend(of_papers());
    all.extend(of_devices());
    all.extend(detections::endpoints());
    all.extend(of_programs());
    all.extend(of_approvals());
    all.extend(of_earlier_support());
    all
}

fn of_cases() -> Vec<Endpoint> {
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
        // Whoever may see a case; the record says whether it was this token's own doing.
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/undo",
            A::ReadCase,
            undo::undo,
        ),
        Endpoint::get("/api/v1/mails/missing", A::ReadMails, missing_mails::list),
        Endpoint::get("/api/v1/token", A::OwnAccount, token::show),
    ]
}

fn of_papers() -> Vec<Endpoint> {
    let (read, work) = (A::ReadPapers, A::WorkPapers);
    vec![
        Endpoint::get("/api/v1/cases/{receipt_number}/papers", read, papers::list),
        Endpoint::get(
            "/api/v1/cases/{receipt_number}/papers/answers",
            read,
            papers::answers::show,
        ),
        Endpoint::put(
            "/api/v1/cases/{receipt_number}/papers/answers",
            work,
            papers::answers::save,
        )
        .largest_body(papers::answers::LARGEST_ANSWERS),
        Endpoint::get(
            "/api/v1/cases/{receipt_number}/papers/{kind}",
            read,
            papers::one,
        ),
        Endpoint::get(
            "/api/v1/cases/{receipt_number}/papers/{kind}/versions",
            read,
            papers::versions::list,
        ),
        Endpoint::get(
            "/api/v1/cases/{receipt_number}/papers/{kind}/versions/{version}/file",
            read,
            papers::versions::file,
        ),
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/papers/{kind}/send-for-review",
            work,
            papers::command::send_for_review,
        ),
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/papers/{kind}/take-back",
            work,
            papers::command::take_back,
        ),
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/papers/{kind}/start-revision",
            work,
            papers::command::start_revision,
        ),
        Endpoint::get(
            "/api/v1/cases/{receipt_number}/papers/{kind}/comments",
            read,
            papers::comments::list,
        ),
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/papers/{kind}/comments",
            work,
            papers::comments::write,
        ),
    ]
}

fn of_devices() -> Vec<Endpoint> {
    let manage = A::ManageSources;
    vec![
        Endpoint::get(
            "/api/v1/cases/{receipt_number}/devices",
            manage,
            devices::list,
        ),
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/devices",
            manage,
            devices::register,
        ),
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/devices/{id}/token",
            manage,
            devices::renew,
        ),
        Endpoint::post(
            "/api/v1/cases/{receipt_number}/devices/{id}/end",
            manage,
            devices::end,
        ),
    ]
}

fn of_programs() -> Vec<Endpoint> {
    vec![
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
        Endpoint::post(
            "/api/v1/programs/{id}/revisions",
            A::PublishProgram,
            publishing::keep,
        )
        .largest_body(LARGEST_REVISION),
        Endpoint::get(
            "/api/v1/programs/{id}/revisions/{revision}/effect",
            A::ReadPrograms,
            publishing::effect,
        ),
        Endpoint::post(
            "/api/v1/programs/{id}/revisions/{revision}/publish",
            A::PublishProgram,
            publishing::publish,
        ),
        Endpoint::get(
            "/api/v1/programs/{id}/places",
            A::ManageWaitingList,
            places::list,
        ),
        Endpoint::get(
            "/api/v1/programs/{id}/places/{course}",
            A::ManageWaitingList,
            places::one,
        ),
        Endpoint::get(
            "/api/v1/programs/{id}/figures",
            A::ReadFigures,
            figures::one,
        ),
    ]
}

fn of_approvals() -> Vec<Endpoint> {
    vec![
        Endpoint::get("/api/v1/approvals", A::ReadApprovals, approvals::list),
        Endpoint::get(
            "/api/v1/approval-lists",
            A::ReadApprovals,
            approval_lists::list,
        ),
        Endpoint::get(
            "/api/v1/approval-lists/{id}",
            A::ReadApprovals,
            approval_lists::one,
        ),
    ]
}

fn of_earlier_support() -> Vec<Endpoint> {
    vec![
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
