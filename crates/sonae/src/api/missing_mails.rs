//! `GET /api/v1/mails/missing`: cases that were not sent what they must have been sent, as the last reconciliation found.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::audit::at_text;
use sonae_store::missing_mail::{self, Missing};

use super::problem::Problem;
use crate::app::App;

/// The most that are told; what is sent makes room for the rest.
const MOST: u32 = 200;

/// Mails that are missing, the oldest finding first.
#[derive(Serialize, JsonSchema)]
pub struct MissingMails {
    /// All that are missing, also those that are not told here.
    pub count: i64,
    /// At most 200.
    pub mails: Vec<MissingMail>,
}

/// A mail that a case must have been sent, by where it stands, and was not.
#[derive(Serialize, JsonSchema)]
pub struct MissingMail {
    pub receipt_number: String,
    /// The programme's id.
    pub program: String,
    /// The company's name.
    pub name: String,
    /// The mail's name in the programme, such as `auto_reply`.
    pub kind: String,
    #[schemars(extend("format" = "date-time"))]
    pub found_at: String,
}

pub async fn list(State(app): State<App>) -> Result<Json<MissingMails>, Problem> {
    let (count, missing) = app
        .read(|tx| Ok((missing_mail::count(tx)?, missing_mail::list(tx, MOST)?)))
        .await
        .map_err(Problem::of_store)?;
    Ok(Json(MissingMails {
        count,
        mails: missing.into_iter().map(view).collect(),
    }))
}

fn view(missing: Missing) -> MissingMail {
    MissingMail {
        receipt_number: missing.receipt_number,
        program: missing.program_id,
        name: missing.name,
        kind: missing.mail,
        found_at: at_text(missing.found_at),
    }
}
