//! What is done with detections: the daily checks, the findings for the desk, the monthly reports.

use sonae_core::access::Action as A;

use super::super::door::Endpoint;
use super::super::{checks, findings, reports};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let mut all = of_checks();
    all.extend(of_findings());
    all.extend(of_reports());
    all
}

fn of_checks() -> Vec<Endpoint> {
    let (read, check) = (A::ReadChecks, A::CheckDetections);
    vec![
        Endpoint::get("/api/v1/checks", read, checks::list::list),
        Endpoint::get(
            "/api/v1/checks/{day}/{receipt_number}",
            read,
            checks::one::one,
        ),
        Endpoint::post(
            "/api/v1/checks/{day}/{receipt_number}/state",
            check,
            checks::act::state,
        ),
        Endpoint::post(
            "/api/v1/checks/{day}/{receipt_number}/judge",
            check,
            checks::act::judge,
        ),
        Endpoint::post(
            "/api/v1/checks/{day}/{receipt_number}/escalate",
            check,
            checks::act::escalate,
        ),
        Endpoint::post("/api/v1/checks/{day}/sign", check, checks::act::sign),
    ]
}

fn of_findings() -> Vec<Endpoint> {
    let (read, handle) = (A::ReadFindings, A::HandleFindings);
    vec![
        Endpoint::get("/api/v1/findings", read, findings::list),
        Endpoint::get("/api/v1/findings/{number}", read, findings::one),
        Endpoint::get(
            "/api/v1/findings/{number}/evidence",
            read,
            findings::evidence::show,
        ),
        Endpoint::post(
            "/api/v1/findings/{number}/take",
            handle,
            findings::act::take,
        ),
        Endpoint::post(
            "/api/v1/findings/{number}/close",
            handle,
            findings::act::close,
        ),
    ]
}

fn of_reports() -> Vec<Endpoint> {
    let read = A::ReadReports;
    vec![
        Endpoint::get("/api/v1/reports", read, reports::list::list),
        Endpoint::get(
            "/api/v1/reports/{receipt_number}/{month}",
            read,
            reports::one::one,
        ),
        Endpoint::get(
            "/api/v1/reports/{receipt_number}/{month}/figures",
            read,
            reports::files::figures,
        ),
        Endpoint::get(
            "/api/v1/reports/{receipt_number}/{month}/pdf",
            read,
            reports::files::pdf,
        ),
        Endpoint::post(
            "/api/v1/reports/{receipt_number}/{month}/make",
            A::MakeReports,
            reports::act::make,
        ),
        Endpoint::post(
            "/api/v1/reports/{receipt_number}/{month}/check",
            A::MakeReports,
            reports::act::check,
        ),
        Endpoint::post(
            "/api/v1/reports/{receipt_number}/{month}/approve",
            A::ApproveReports,
            reports::act::approve,
        ),
        Endpoint::post(
            "/api/v1/reports/{receipt_number}/{month}/return",
            A::ApproveReports,
            reports::act::give_back,
        ),
    ]
}
