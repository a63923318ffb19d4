//! 受付番号がお手元にある方: `/status`. The private link is mailed again to whom it was mailed before.
//!
//! The page never says whether a number exists or an address fits: it answers before anything is looked up, so that neither its words
//! nor its time tell. It only says whether number and address were written down without a slip.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use sonae_core::flow::Effect;
use sonae_core::receipt_number;
use sonae_core::text::email;
use sonae_store::StoreError;
use sonae_store::case::{self, Stored};
use sonae_store::outbox::{self, Kept};

use super::calm::{self, Calm, Page};
use super::field::{Control, Mistake, Text, Width, mistakes};
use super::frame::Frame;
use super::posted::Posted;
use crate::app::App;

/// The mail with the link, in every programme that has one.
const PRIVATE_LINK: &str = "private_link";
/// The most of these mails that one application causes in 24 hours, so that nobody is flooded by a stranger.
const MOST_A_DAY: usize = 3;

#[derive(Template)]
#[template(path = "public/status.html")]
struct StatusPage {
    frame: Frame,
    mistakes: Vec<Mistake>,
    controls: [Control; 2],
}

pub(super) async fn show(State(app): State<App>, RawQuery(query): RawQuery) -> Response {
    let query = Posted::parse(query.unwrap_or_default().as_bytes());
    page(&app, &query, [None, None])
}

pub(super) async fn ask(State(app): State<App>, body: Result<Bytes, BytesRejection>) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let number = receipt_number::read(posted.first("receipt_number").trim());
    let address = email::normalise(posted.first("email"));
    let (number, address) = match (number, address) {
        (Some(number), Ok(address)) => (number, address),
        (number, address) => {
            let wrong = number.is_none().then(|| {
                "受付番号が正しくありません。写し間違いがないか、受付のメールでお確かめください。"
                    .to_owned()
            });
            let mistake = address.err().map(|mistake| mistake.sentence.into_owned());
            return Ok(page(&app, &posted, [wrong, mistake]));
        }
    };
    tokio::spawn(async move {
        if let Err(error) = mail_link(&app, number, &address).await {
            tracing::warn!(%error, "a private link could not be mailed again");
        }
    });
    Ok(calm::see_other("/status/asked"))
}

pub(super) async fn asked(State(app): State<App>) -> Response {
    let heading = "メールをお送りする手続きをしました";
    Calm::new(
        Frame::of_site(&app, heading).narrow(),
        heading,
        &[
            "受付番号とメールアドレスが、お申込みのときのものと同じであれば、専用のアドレスを書いたメールが数分で届きます。",
            "届かないときは、迷惑メールの振り分けと、受付番号・メールアドレスの書き間違いをお確かめください。同じお申込みへお送りするのは、1日に3回までです。",
            "メールアドレスが変わった場合は、受付番号を添えて、下の窓口へお電話ください。ご本人であることを確かめてから、お答えします。",
        ],
    )
    .link("受付番号とメールアドレスを入れ直す", "/status")
    .respond(StatusCode::OK)
}

/// Mails the link that is valid now, when number and address go together and it was not mailed too often.
async fn mail_link(app: &App, number: String, address: &str) -> Result<(), StoreError> {
    let found = app
        .read({
            let number = number.clone();
            move |tx| case::by_receipt(tx, &number)
        })
        .await?;
    // Strangers' guesses end here and take nobody's turn to write.
    if !found.is_some_and(|stored| is_of(&stored, address)) {
        return Ok(());
    }
    let (inner, now) = (app.clone(), app.clock.now());
    app.write(move |tx| {
        let Some(stored) = case::by_receipt(tx, &number)? else {
            return Ok(());
        };
        let id = &stored.application_id;
        let effect = Effect::Mail {
            mail: PRIVATE_LINK.to_owned(),
            reason: String::new(),
            due: None,
        };
        let places = case::place_data(tx, id)?;
        let Some(mail) = inner.mailer.of_effect(&stored, &places, &effect, now) else {
            return Ok(());
        };
        let sent = outbox::of_application(tx, id)?;
        let again = sent.iter().any(|kept| kept.mail.id == mail.id);
        if again || sent.iter().filter(|kept| counts(kept, now)).count() >= MOST_A_DAY {
            return Ok(());
        }
        outbox::put(tx, Some(id), &mail, now, now)
    })
    .await
}

fn is_of(stored: &Stored, address: &str) -> bool {
    let own = stored.answers.contact_email.as_deref().unwrap_or_default();
    !own.is_empty() && own.to_lowercase() == address.to_lowercase()
}

fn counts(kept: &Kept, now: Timestamp) -> bool {
    kept.mail.mail == PRIVATE_LINK
        && now.duration_since(kept.created_at) < SignedDuration::from_hours(24)
}

fn page(app: &App, typed: &Posted, [wrong_number, wrong_address]: [Option<String>; 2]) -> Response {
    let mut number = Text {
        value: typed.first("receipt_number").trim().to_owned(),
        width: Width::Medium,
        ..Text::new("receipt_number", "受付番号")
    };
    number.part.required = true;
    number.part.hint =
        Some("例：KT-346-7A9。大文字と小文字、全角と半角、ハイフンの有無は問いません。".to_owned());
    number.part.error = wrong_number;
    let mut address = Text {
        value: typed.first("email").trim().to_owned(),
        inputmode: Some("email"),
        autocomplete: Some("email"),
        ..Text::new("email", "お申込みのときのメールアドレス")
    };
    address.part.required = true;
    address.part.error = wrong_address;
    let controls = [Control::Text(number), Control::Text(address)];
    let mistakes = mistakes(&controls);
    let status = match mistakes.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = StatusPage {
        frame: Frame::of_site(app, "お申込みの状況を見る")
            .narrow()
            .with_error(!mistakes.is_empty()),
        mistakes,
        controls,
    };
    calm::html(status, &page)
}
