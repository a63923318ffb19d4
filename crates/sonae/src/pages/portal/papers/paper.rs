//! One paper: `…/papers/{kind}`. The version the company is asked to look at, or the last it accepted; what changed; what was said about it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use sonae_core::calendar::japanese::{date_with_weekday, moment};
use sonae_core::calendar::tokyo_date;
use sonae_core::paper::difference::difference;
use sonae_core::paper::document::Document;
use sonae_papers::html;
use sonae_store::paper_comment::{self, Comment};
use sonae_store::paper_version::{self, End, Version, Which};

use super::super::super::papers::editor::{Query, Visit};
use super::super::super::public::calm::{self, Page};
use super::super::super::public::frame::Frame;
use super::super::door::{Opened, Top};
use super::changes::{self, Shown, places};
use super::{Standing, standing, visit};
use crate::app::App;

/// Changes that are shown; a paper that changed more than this is read as a whole.
const MOST_CHANGES: usize = 200;

#[derive(Template)]
#[template(path = "portal/papers/paper.html")]
struct PaperPage {
    frame: Frame,
    top: Top,
    said: bool,
    title: &'static str,
    here: String,
    version: u32,
    state: &'static str,
    class: &'static str,
    sentence: String,
    /// What the expert wrote with it.
    note: String,
    in_review: bool,
    earlier: Vec<Earlier>,
    /// The version that the changes are counted from.
    since: Option<u32>,
    changes: Vec<Shown>,
    more: usize,
    body: String,
    comments: Vec<Remark>,
    places: Vec<(String, String)>,
    comment_error: Option<String>,
    typed: String,
    chosen: String,
    list: String,
    has_pdf: bool,
    is_ledger: bool,
    hash: Option<String>,
    answers: String,
    may_comment: bool,
}

/// A version before this one.
struct Earlier {
    version: u32,
    href: String,
    how: &'static str,
    at: String,
    reason: String,
}

struct Remark {
    who: &'static str,
    own: bool,
    at: String,
    place: Option<(String, String)>,
    text: String,
    resolved: bool,
}

/// A paper with one version of it, as the company reads it.
pub(super) struct Read {
    pub(super) standing: Standing,
    pub(super) version: Version,
    pub(super) document: Document,
    /// The version accepted before it, with its document.
    before: Option<(u32, Document)>,
    comments: Vec<Comment>,
}

/// What was typed into the comment and why it was not taken.
#[derive(Default)]
pub(super) struct Wrong {
    pub(super) sentence: Option<String>,
    pub(super) text: String,
    pub(super) block: String,
}

type Named = Path<(String, String, String)>;

pub(in crate::pages::portal) async fn show(
    State(app): State<App>,
    Path((number, token, kind)): Named,
    RawQuery(query): RawQuery,
) -> Page {
    let (opened, visit) = visit(&app, &number, &token).await?;
    let query = Query::parse(&query.unwrap_or_default());
    let said = query.0.iter().any(|(name, _)| name == "commented");
    let wanted = query.0.iter().find(|(name, _)| name == "version");
    let wanted = wanted.and_then(|(_, number)| number.parse().ok());
    let Some(read) = read_paper(&app, &opened, &kind, wanted).await? else {
        return Err(calm::not_found());
    };
    Ok(page(&app, &opened, &visit, read, (said, Wrong::default())))
}

/// The version of a paper that was asked for, or the one to read now; none when there is nothing to read yet.
pub(super) async fn read_paper(
    app: &App,
    opened: &Opened,
    kind: &str,
    wanted: Option<u32>,
) -> Result<Option<Read>, Response> {
    let (now, kind, stored) = (app.clock.now(), kind.to_owned(), opened.stored.clone());
    let read = app.read(move |tx| {
        let papers = standing(tx, &stored, now)?;
        let Some(standing) = papers.into_iter().find(|paper| paper.kind.id == kind) else {
            return Ok(None);
        };
        let chosen = match wanted {
            Some(number) => standing
                .versions
                .iter()
                .find(|version| version.version == number),
            None => standing
                .in_review()
                .or_else(|| standing.accepted())
                .or_else(|| standing.versions.first()),
        };
        let Some(version) = chosen.cloned() else {
            return Ok(None);
        };
        let id = &stored.application_id;
        let mut document = |number: u32| -> Result<Option<Document>, sonae_store::StoreError> {
            let which = Which {
                application_id: id,
                kind: &kind,
                version: number,
            };
            let found = paper_version::find(tx, which)?;
            Ok(found
                .map(|(_, text)| serde_json::from_str(&text))
                .transpose()?)
        };
        let Some(own) = document(version.version)? else {
            return Ok(None);
        };
        let accepted = |known: &&Version| {
            known.version < version.version
                && known
                    .end
                    .as_ref()
                    .is_some_and(|end| end.how == End::Accepted)
        };
        let before = standing
            .versions
            .iter()
            .find(accepted)
            .map(|known| known.version);
        let before = match before {
            Some(number) => document(number)?.map(|document| (number, document)),
            None => None,
        };
        let comments = paper_comment::of_paper(tx, id, &kind)?;
        Ok(Some(Read {
            standing,
            version,
            document: own,
            before,
            comments,
        }))
    });
    read.await.map_err(calm::failed)
}

/// The page of a version.
pub(super) fn page(
    app: &App,
    opened: &Opened,
    visit: &Visit,
    read: Read,
    (said, wrong): (bool, Wrong),
) -> Response {
    let Read {
        standing,
        version,
        document,
        before,
        comments,
    } = read;
    let kind = standing.kind;
    let here = visit.place.page(&kind.id);
    let in_review = standing
        .in_review()
        .is_some_and(|known| known.version == version.version);
    let (state, class, sentence) = words(&version, in_review);
    let found = before
        .as_ref()
        .map(|(_, old)| difference(old, &document))
        .unwrap_or_default();
    let places = places(&document);
    let frame = frame(app, opened, visit, &kind.title).with_error(wrong.sentence.is_some());
    let status =
        [StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY][usize::from(wrong.sentence.is_some())];
    let page = PaperPage {
        frame,
        top: opened.top(),
        said,
        title: &kind.title,
        version: version.version,
        state,
        class,
        sentence,
        in_review,
        earlier: earlier(&standing, &version, &here),
        since: before.as_ref().map(|(number, _)| *number),
        more: found.len().saturating_sub(MOST_CHANGES),
        changes: found
            .iter()
            .take(MOST_CHANGES)
            .map(changes::shown)
            .collect(),
        body: html::html(&document),
        comments: comments
            .iter()
            .map(|comment| remark(comment, &places))
            .collect(),
        places,
        comment_error: wrong.sentence,
        typed: wrong.text,
        chosen: wrong.block,
        list: visit.place.base.clone(),
        has_pdf: version.pdf_sha256.is_some(),
        is_ledger: kind.id == "asset-ledger",
        hash: version
            .pdf_sha256
            .or(Some(version.document_sha256))
            .filter(|_| !in_review),
        note: version.note,
        answers: visit.place.page(&format!("answers/{}/1", kind.id)),
        may_comment: visit.place.open,
        here,
    };
    calm::html(status, &page)
}

fn frame(app: &App, opened: &Opened, visit: &Visit, title: &str) -> Frame {
    let mut frame = opened.frame(app, title).crumb("文書", &visit.place.base);
    frame.narrow = false;
    frame
}

fn words(version: &Version, in_review: bool) -> (&'static str, &'static str, String) {
    let day = |at| date_with_weekday(tokyo_date(at));
    match (&version.end, in_review) {
        (_, true) => (
            "確認してください",
            "chip-warning",
            format!(
                "{}にお送りした版です。読んで、下のボタンでお返事ください。",
                day(version.at)
            ),
        ),
        (Some(end), _) if end.how == End::Accepted => (
            "承認済み",
            "chip-success",
            format!("{}に承認していただきました。", day(end.at)),
        ),
        (Some(end), _) => (
            "直しています",
            "chip-info",
            format!(
                "{}に、直してほしいところをお知らせいただきました。次の版を専門家が用意しています。",
                day(end.at)
            ),
        ),
        (None, false) => (
            "前の版",
            "chip-info",
            format!("{}にお送りした版です。", day(version.at)),
        ),
    }
}

fn earlier(standing: &Standing, current: &Version, here: &str) -> Vec<Earlier> {
    let others = standing
        .versions
        .iter()
        .filter(|version| version.version != current.version);
    let line = |version: &Version| {
        let (how, reason) = match &version.end {
            None => ("確認をお願いしています", String::new()),
            Some(end) if end.how == End::Accepted => ("承認済み", String::new()),
            Some(end) => ("直しをお願いされました", end.reason.clone()),
        };
        Earlier {
            version: version.version,
            href: format!("{here}?version={}", version.version),
            how,
            at: date_with_weekday(tokyo_date(version.at)),
            reason,
        }
    };
    others.map(line).collect()
}

fn remark(comment: &Comment, places: &[(String, String)]) -> Remark {
    let own = comment.author == "company";
    let place = comment.block.as_ref().and_then(|block| {
        let (id, name) = places.iter().find(|(id, _)| id == block)?;
        Some((format!("#p-{id}"), name.clone()))
    });
    Remark {
        who: if own {
            "お客さま"
        } else {
            "専門家・事務局"
        },
        own,
        at: moment(comment.at),
        place,
        text: comment.text.clone(),
        resolved: comment.resolved.is_some(),
    }
}
