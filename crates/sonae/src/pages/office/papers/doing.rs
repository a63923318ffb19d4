//! What the office does to a paper: `…/send`, `…/take-back`, `…/revise`, `…/comments`, `…/comments/{id}/settled`, `…/attachments`.

use axum::extract::{Path, State};
use sonae_core::access::Action;
use sonae_core::flow::Refusal;

use super::here;
use super::paper::{Wrong, page};
use crate::app::App;
use crate::office::papers::{Outcome, Request, comments, files, review};
use crate::pages::office::Page;
use crate::pages::office::case::open::{Opened, open};
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;

pub(super) fn routes(door: Door) -> Door {
    let work = Action::WorkPapers;
    door.post(
        "/office/cases/{receipt_number}/papers/{kind}/send",
        work,
        send,
    )
    .post(
        "/office/cases/{receipt_number}/papers/{kind}/take-back",
        work,
        take_back,
    )
    .post(
        "/office/cases/{receipt_number}/papers/{kind}/revise",
        work,
        revise,
    )
    .post(
        "/office/cases/{receipt_number}/papers/{kind}/comments",
        work,
        comment,
    )
    .post(
        "/office/cases/{receipt_number}/papers/{kind}/comments/{id}/settled",
        work,
        settled,
    )
    .upload(
        "/office/cases/{receipt_number}/papers/{kind}/attachments",
        work,
        attach,
    )
}

type Named = Path<(String, String)>;

async fn send(
    State(app): State<App>,
    Path((number, kind)): Named,
    staff: Staff,
    form: Form,
) -> Page {
    let opened = open(&app, &staff, &number, Action::WorkPapers).await?;
    let send = review::Send {
        request: request(&opened, &kind),
        note: form.first("note").to_owned(),
    };
    let done = review::send_for_review(&app, send).await;
    let wrong = Wrong {
        note: form.first("note").to_owned(),
        ..Wrong::default()
    };
    let said = |sent: review::Sent| match sent.mail {
        Some(_) => format!(
            "第{}版の確認をお願いしました。会社へのメールは5分後に送ります。それまでに取り下げると、メールは送りません。",
            sent.version
        ),
        None => format!(
            "第{}版の確認をお願いしました。メールは送れないため、会社に別の方法でお知らせください。",
            sent.version
        ),
    };
    answer((&app, &staff), (&opened, &kind), done, said, wrong).await
}

async fn take_back(State(app): State<App>, Path((number, kind)): Named, staff: Staff) -> Page {
    let opened = open(&app, &staff, &number, Action::WorkPapers).await?;
    let done = review::take_back(&app, request(&opened, &kind)).await;
    let said = |_| "確認の依頼を取り下げました。次の版として直せます。".to_owned();
    answer(
        (&app, &staff),
        (&opened, &kind),
        done,
        said,
        Wrong::default(),
    )
    .await
}

async fn revise(State(app): State<App>, Path((number, kind)): Named, staff: Staff) -> Page {
    let opened = open(&app, &staff, &number, Action::WorkPapers).await?;
    let done = review::start_revision(&app, request(&opened, &kind)).await;
    let said = |_| "改訂を始めました。承認された版は、そのまま残ります。".to_owned();
    answer(
        (&app, &staff),
        (&opened, &kind),
        done,
        said,
        Wrong::default(),
    )
    .await
}

async fn comment(
    State(app): State<App>,
    Path((number, kind)): Named,
    staff: Staff,
    form: Form,
) -> Page {
    let opened = open(&app, &staff, &number, Action::WorkPapers).await?;
    let (text, block) = (
        form.first("text").to_owned(),
        form.first("block").to_owned(),
    );
    let about = Some(block.clone()).filter(|block| !block.is_empty());
    let done = comments::comment(&app, request(&opened, &kind), about, text.clone()).await;
    let wrong = Wrong {
        text,
        block,
        ..Wrong::default()
    };
    let said = |_| "コメントを書きました。会社のページにも表示されます。".to_owned();
    answer((&app, &staff), (&opened, &kind), done, said, wrong).await
}

async fn settled(
    State(app): State<App>,
    Path((number, kind, id)): Path<(String, String, String)>,
    staff: Staff,
) -> Page {
    let opened = open(&app, &staff, &number, Action::WorkPapers).await?;
    let done = comments::resolve(&app, request(&opened, &kind), id).await;
    let said = |()| "コメントを済みにしました。".to_owned();
    answer(
        (&app, &staff),
        (&opened, &kind),
        done,
        said,
        Wrong::default(),
    )
    .await
}

async fn attach(
    State(app): State<App>,
    Path((number, kind)): Named,
    staff: Staff,
    form: Form,
) -> Page {
    let opened = open(&app, &staff, &number, Action::WorkPapers).await?;
    let (name, content) = match form.file("file") {
        Some(file) => (file.name.clone(), file.content.to_vec()),
        None => (String::new(), Vec::new()),
    };
    let done = files::attach(&app, request(&opened, &kind), name, content).await;
    let said = |_| "ファイルを添付しました。".to_owned();
    answer(
        (&app, &staff),
        (&opened, &kind),
        done,
        said,
        Wrong::default(),
    )
    .await
}

fn request(opened: &Opened, kind: &str) -> Request {
    Request {
        receipt_number: opened.stored.receipt_number.clone(),
        kind: kind.to_owned(),
        actor: opened.actor(),
    }
}

/// Back to the paper with what was done, or the paper again with why it was not.
async fn answer<T>(
    (app, staff): (&App, &Staff),
    (opened, kind): (&Opened, &str),
    done: Outcome<T>,
    said: impl FnOnce(T) -> String,
    wrong: Wrong,
) -> Page {
    match done? {
        Ok(done) => {
            let paper = format!("{}/{kind}", here(opened));
            Ok(Flash::success(said(done)).go(app, staff, &paper))
        }
        Err(Refusal { sentence, .. }) => {
            let wrong = Wrong {
                sentence: Some(sentence),
                ..wrong
            };
            let number = &opened.stored.receipt_number;
            page(app, staff, (number, kind), None, wrong).await
        }
    }
}
