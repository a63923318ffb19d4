//! `/office/users/{id}`: one person, and what an administrator can change about her.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::{Action, StaffRole};
use sonae_core::calendar::japanese;

use super::{PATH, roles, state_of};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::field::Choices;
use crate::pages::public::show;
use crate::staff::people::{self, Change, Changed};

pub(super) fn routes(door: Door) -> Door {
    let may = Action::ManageUsers;
    door.get("/office/users/{id}", may, page)
        .post("/office/users/{id}/role", may, role)
        .post("/office/users/{id}/suspend", may, suspend)
        .post("/office/users/{id}/resume", may, resume)
        .post("/office/users/{id}/unlock", may, unlock)
        .post("/office/users/{id}/second-factor", may, second_factor)
}

#[derive(Template)]
#[template(path = "office/users/person.html")]
struct PersonPage {
    frame: OfficeFrame,
    /// Where the forms post to, without the last part.
    path: String,
    email: String,
    role: &'static str,
    roles: Choices,
    added: String,
    state: (&'static str, String),
    active: bool,
    /// Wrong codes were counted, or the person is locked.
    can_unlock: bool,
    has_second_factor: bool,
    sessions: usize,
    is_self: bool,
}

async fn page(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let found = app.read(move |tx| {
        let person = sonae_store::staff::by_id(tx, &id)?;
        let sessions = sonae_store::session::of_staff(tx, &id)?;
        Ok((person, sessions))
    });
    let (person, sessions) = found.await?;
    let person = person.ok_or(PageError::NotFound)?;
    let now = app.clock.now();
    let factor = &person.second_factor;
    let shown = PersonPage {
        frame: OfficeFrame::new(&app, &staff, Section::Users, &person.name).crumb("利用者", PATH),
        path: format!("{PATH}/{}", person.id),
        role: person.role.label(),
        roles: roles(Some(person.role)),
        added: japanese::moment(person.created_at),
        state: state_of(&person, now),
        active: person.active,
        can_unlock: factor.failed > 0 || factor.is_locked(now),
        has_second_factor: factor.secret.is_some(),
        sessions: (sessions.iter())
            .filter(|session| session.expires_at > now)
            .count(),
        is_self: person.id == staff.id,
        email: person.email,
    };
    show(StatusCode::OK, &shown)
}

async fn role(State(app): State<App>, staff: Staff, Path(id): Path<String>, form: Form) -> Page {
    match StaffRole::parse(form.first("role")) {
        Some(role) => {
            let said = "役割を変えました。この人のサインインは終わり、次のサインインから新しい役割になります。";
            change(&app, &staff, id, Change::Role(role), said).await
        }
        None => {
            let said = Flash::warning("役割が選ばれていません。変更していません。");
            Ok(said.go(&app, &staff, &format!("{PATH}/{id}")))
        }
    }
}

async fn suspend(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let said = "利用を停止しました。サインインはすべて終わり、リンクも使えなくなりました。";
    change(&app, &staff, id, Change::Suspend, said).await
}

async fn resume(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let said = "利用を再開しました。サインインのページから、もう一度サインインできます。";
    change(&app, &staff, id, Change::Resume, said).await
}

async fn unlock(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let said = "ロックを解除しました。すぐに確認コードを入力できます。";
    change(&app, &staff, id, Change::Unlock, said).await
}

async fn second_factor(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let said = "認証アプリの登録と回復コードを取り消し、本人にメールで知らせました。次のサインインのときに、登録し直します。";
    change(&app, &staff, id, Change::ResetSecondFactor, said).await
}

/// Makes the change and says on the person's page what came of it.
async fn change(app: &App, staff: &Staff, id: String, change: Change, done: &str) -> Page {
    let path = format!("{PATH}/{id}");
    let said = match people::change(app, staff.actor(), id, change).await? {
        Changed::Done => Flash::success(done),
        Changed::Already => {
            Flash::warning("すでにそのようになっているため、何も変更していません。")
        }
        Changed::LastAdmin => Flash::warning(
            "最後の管理者なので、役割の変更も停止もしていません。先に、ほかの人を管理者にしてください。",
        ),
        Changed::Unknown => return Err(PageError::NotFound),
    };
    Ok(said.go(app, staff, &path))
}
