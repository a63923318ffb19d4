//! `GET` and `POST …/papers/{kind}/comments`: what company and office said about a paper.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::access::Action;
use sonae_core::audit::at_text;
use sonae_db::Tx;
use sonae_store::case::Stored;
use sonae_store::paper_comment::{self, Comment};

use super::command::{named_once, request};
use super::open_paper;
use crate::api::address::Parts;
use crate::api::applications::key_header;
use crate::api::body::JsonBody;
use crate::api::door::Caller;
use crate::api::once::{self, Said};
use crate::api::problem::Problem;
use crate::api::typed::{self, wrong};
use crate::app::App;
use crate::office::papers::comments::{LONGEST, LONGEST_BLOCK, comment_in};

/// What was said about a paper.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperCommentList")]
pub struct CommentList {
    /// The oldest first; at most 500.
    pub comments: Vec<CommentView>,
}

/// A comment.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperComment")]
pub struct CommentView {
    pub id: String,
    /// The block of the document; null for the whole paper. The block may be gone by now.
    pub block: Option<String>,
    /// The version that was open when it was written.
    pub version: u32,
    /// `staff:<id>` or `company`
    pub by: String,
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    pub text: String,
    /// Who said that it is settled; null while it is open.
    pub settled_by: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    pub settled_at: Option<String>,
}

/// A comment to be written. The company reads it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PaperCommentToWrite")]
pub struct Commenting {
    #[schemars(length(min = 1, max = 2000))]
    pub text: String,
    /// The id of a block of the document; null for the whole paper.
    #[serde(default)]
    #[schemars(length(min = 1, max = 200))]
    pub block: Option<String>,
}

/// A comment that was written.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperCommented")]
pub struct CommentedView {
    /// The comment's id.
    pub id: String,
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Parts((number, kind)): Parts<(String, String)>,
) -> Result<Json<CommentList>, Problem> {
    let of_kind = kind.clone();
    let comments = move |tx: &mut Tx, stored: &Stored| {
        paper_comment::of_paper(tx, &stored.application_id, &of_kind)
    };
    let named = (&*number, &*kind);
    let opened = open_paper(&app, &caller, named, Action::ReadPapers, comments).await?;
    Ok(Json(CommentList {
        comments: opened.more.into_iter().map(view).collect(),
    }))
}

fn view(comment: Comment) -> CommentView {
    let (settled_by, settled_at) = comment.resolved.unzip();
    CommentView {
        id: comment.id,
        block: comment.block,
        version: comment.version,
        by: comment.author,
        at: at_text(comment.at),
        text: comment.text,
        settled_by,
        settled_at: settled_at.map(at_text),
    }
}

pub async fn write(
    State(app): State<App>,
    caller: Caller,
    Parts((number, kind)): Parts<(String, String)>,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let key = key_header(&headers)?.to_owned();
    let request = request(&app, &caller, (&number, &kind)).await?;
    let command = named_once(&caller, &key, (&request, "comments"), &sent);
    let commenting = read(sent)?;
    let now = app.clock.now();
    let said = app
        .write(move |tx| {
            once::once(tx, &command, now, |tx| {
                let what = (commenting.block.as_deref(), commenting.text.as_str());
                Ok(match comment_in(tx, &request, what, now)? {
                    Ok(id) => Said::Answer(serde_json::to_string(&CommentedView { id })?),
                    Err(refusal) => Said::Refused(refusal),
                })
            })
        })
        .await
        .map_err(Problem::of_store)?;
    said.answer()
}

fn read(sent: serde_json::Value) -> Result<Commenting, Problem> {
    let commenting: Commenting = typed::read(sent)?;
    let longest = |field, longest: usize| {
        wrong(
            field,
            "too_long",
            &format!("{longest}文字までにしてください。"),
        )
    };
    if commenting.text.trim().is_empty() {
        return Err(wrong("text", "required", "コメントを書いてください。"));
    }
    if commenting.text.chars().count() > LONGEST {
        return Err(longest("text", LONGEST));
    }
    match &commenting.block {
        Some(block) if block.is_empty() => Err(wrong(
            "block",
            "invalid",
            "文書の箇所のIDを送ってください。文書全体へのコメントでは、この項目は要りません。",
        )),
        Some(block) if block.len() > LONGEST_BLOCK => Err(longest("block", LONGEST_BLOCK)),
        _ => Ok(commenting),
    }
}
