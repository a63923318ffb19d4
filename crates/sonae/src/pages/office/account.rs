//! `/office/account`: the person's own sign-ins, recovery codes and settings.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use sonae_core::access::Action;
use sonae_core::calendar::japanese;
use sonae_store::session::Session;

use super::Page;
use super::door::{Door, Staff};
use super::flash::Flash;
use super::form::Form;
use super::frame::{OfficeFrame, Section};
use super::sign_in::code::{code_field, locked, wrong};
use super::sign_in::mistakes_of;
use crate::app::App;
use crate::pages::public::error::PageError;
use crate::pages::public::field::{Mistake, Text};
use crate::pages::public::show;
use crate::staff::sign_in::{Outcome, renew_recovery_codes};
use crate::staff::{note, session};

const PATH: &str = "/office/account";

pub(super) fn routes(door: Door) -> Door {
    let may = Action::OwnAccount;
    door.get(PATH, may, page)
        .post("/office/account/sign-out", may, sign_out)
        .post("/office/account/sign-out-everywhere", may, everywhere)
        .post("/office/account/sessions", may, end_one)
        .post("/office/account/recovery-codes", may, renew)
        .post("/office/account/keys", may, keys)
}

#[derive(Template)]
#[template(path = "office/account.html")]
struct AccountPage {
    frame: OfficeFrame,
    mistakes: Vec<Mistake>,
    email: String,
    sessions: Vec<Line>,
    codes_left: i64,
    code: Text,
}

/// A browser that is signed in.
struct Line {
    short_id: String,
    browser: String,
    since: String,
    seen: String,
    until: String,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "office/recovery_codes.html")]
struct CodesPage {
    frame: OfficeFrame,
    codes: Vec<String>,
}

async fn page(State(app): State<App>, staff: Staff) -> Page {
    account_page(&app, &staff, None, StatusCode::OK).await
}

async fn account_page(app: &App, staff: &Staff, error: Option<String>, status: StatusCode) -> Page {
    let id = staff.id.clone();
    let found = app.read(move |tx| {
        let person = sonae_store::staff::by_id(tx, &id)?;
        let sessions = sonae_store::session::of_staff(tx, &id)?;
        let left = sonae_store::staff::recovery_codes_left(tx, &id)?;
        Ok((person, sessions, left))
    });
    let (person, sessions, codes_left) = found.await?;
    let now = app.clock.now();
    let lines = sessions
        .iter()
        .filter(|session| session.expires_at > now)
        .map(|session| line(session, staff));
    let code = code_field(
        "認証アプリに表示されている6桁の数字です。ご本人であることを確かめます。",
        error,
    );
    let mistakes = mistakes_of(&code);
    let shown = AccountPage {
        frame: OfficeFrame::new(app, staff, Section::Account, "自分の設定")
            .with_error(!mistakes.is_empty()),
        mistakes,
        email: person.map_or_else(String::new, |person| person.email),
        sessions: lines.collect(),
        codes_left,
        code,
    };
    show(status, &shown)
}

fn line(session: &Session, staff: &Staff) -> Line {
    Line {
        short_id: session.short_id().to_owned(),
        browser: browser_name(&session.browser),
        since: japanese::moment(session.created_at),
        seen: japanese::moment(session.seen_at),
        until: japanese::moment(session.expires_at),
        is_this: session.id == staff.session_id,
    }
}

/// What a person knows her browser by, out of what it calls itself. Many call themselves by each other's names, so the order counts.
fn browser_name(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 5] = [
        ("Edg", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        let found = known.iter().find(|(word, _)| agent.contains(word));
        found.map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}({system})"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "種類のわからないブラウザー".to_owned(),
    }
}

/// Ends this browser's session.
async fn sign_out(State(app): State<App>, staff: Staff) -> Page {
    let (now, id, session_id) = (app.clock.now(), staff.id, staff.session_id);
    app.write(move |tx| {
        sonae_store::session::end(tx, &session_id)?;
        note(tx, now, "system", "staff.signed_out", &id)
    })
    .await?;
    Ok(to_sign_in(&app))
}

/// Ends every session of this person.
async fn everywhere(State(app): State<App>, staff: Staff) -> Page {
    let (now, id) = (app.clock.now(), staff.id);
    app.write(move |tx| {
        sonae_store::session::end_all(tx, &id)?;
        note(tx, now, "system", "staff.signed_out_everywhere", &id)
    })
    .await?;
    Ok(to_sign_in(&app))
}

fn to_sign_in(app: &App) -> Response {
    let mut response = Redirect::to("/sign-in").into_response();
    let cleared = session::clear_cookie(app);
    response.headers_mut().append(SET_COOKIE, cleared);
    response
}

/// Ends one session of this person, also this browser's.
async fn end_one(State(app): State<App>, staff: Staff, form: Form) -> Page {
    let (id, short_id) = (staff.id.clone(), form.first("session").to_owned());
    let ended = app
        .write(move |tx| sonae_store::session::end_one_of(tx, &id, &short_id))
        .await?;
    let said = match ended {
        true => Flash::success("そのブラウザーをサインアウトしました。"),
        false => Flash::warning("そのブラウザーは、すでにサインアウトしています。"),
    };
    Ok(said.go(&app, &staff, PATH))
}

/// Gives new recovery codes to who proves with a code that she is not just somebody at an open screen.
async fn renew(State(app): State<App>, staff: Staff, form: Form) -> Page {
    let id = staff.id.clone();
    let person = app
        .read(move |tx| sonae_store::staff::by_id(tx, &id))
        .await?;
    let person = person.ok_or(PageError::NotFound)?;
    let typed = form.first("code").to_owned();
    let (error, status) = match renew_recovery_codes(&app, person, typed).await? {
        // Shown once and standing nowhere else, so this answer is the page itself and no redirect.
        Outcome::Right(codes) => {
            let title = "新しい回復コード";
            let frame = OfficeFrame::new(&app, &staff, Section::Account, title);
            return show(
                StatusCode::OK,
                &CodesPage {
                    frame: frame.crumb("自分の設定", PATH),
                    codes,
                },
            );
        }
        Outcome::Wrong(left) => wrong(left),
        Outcome::Locked(until) => locked(until),
    };
    account_page(&app, &staff, Some(error), status).await
}

/// Switches single-key shortcuts on or off (WCAG 2.2, 2.1.4).
async fn keys(State(app): State<App>, staff: Staff, form: Form) -> Page {
    let (id, on) = (staff.id.clone(), form.first("keys") == "on");
    app.write(move |tx| sonae_store::staff::set_single_keys(tx, &id, on))
        .await?;
    let said = match on {
        true => Flash::success("1文字のキーの操作を使うようにしました。"),
        false => Flash::success("1文字のキーの操作を切りました。"),
    };
    Ok(said.go(&app, &staff, PATH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_their_names() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
                "Edge(Windows)",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/605.1",
                "Safari(Mac)",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "Firefox(Linux)",
            ),
            ("curl/8", "curl"),
            ("", "種類のわからないブラウザー"),
        ] {
            assert_eq!(browser_name(agent), name);
        }
    }
}
