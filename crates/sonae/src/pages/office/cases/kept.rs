//! Lists that somebody keeps for herself: `/office/cases/views`.

use axum::extract::{Path, State};
use sonae_core::access::Action;
use sonae_core::text::line;
use sonae_store::saved_view::{self, SavedView};

use super::asked::{Asked, PATH};
use super::{Said, shown};
use crate::app::App;
use crate::chance;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;

/// The longest name of a list, in characters.
const LONGEST_NAME: usize = 30;

pub(super) fn routes(door: Door) -> Door {
    door.post("/office/cases/views", Action::ListCases, keep)
        .post("/office/cases/views/{id}/delete", Action::ListCases, forget)
}

async fn keep(State(app): State<App>, staff: Staff, sent: Form) -> Page {
    let fields = sent.fields().iter();
    let asked = Asked::read(fields.map(|(name, value)| (name.as_str(), value.as_str())));
    // Search words may name a person, and a kept list must not.
    let asked = Asked {
        view: asked.view(staff.role).as_str().to_owned(),
        ..asked.with("q", "").with("left_by", "")
    };
    let typed = sent.first("name").to_owned();
    let name = match line::line(&typed, "名前", LONGEST_NAME) {
        Ok(name) => name,
        Err(mistake) => {
            let error = mistake.sentence.into_owned();
            return shown(&app, &staff, asked, Some(Said { typed, error })).await;
        }
    };
    let now = app.clock.now();
    let view = SavedView {
        id: chance::id(now),
        name,
        query: asked.query(),
    };
    let (id, own) = (staff.id.clone(), view.clone());
    let kept = app
        .write(move |tx| saved_view::keep(tx, &id, &own, now))
        .await?;
    if !kept {
        let error = format!(
            "保存できる一覧は{}個までです。使っていない一覧を消してから、もう一度保存してください。",
            saved_view::MOST
        );
        return shown(&app, &staff, asked, Some(Said { typed, error })).await;
    }
    let said = Flash::success("この一覧を保存しました。");
    Ok(said.go(&app, &staff, &asked.href()))
}

async fn forget(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let own = staff.id.clone();
    let gone = app
        .write(move |tx| saved_view::forget(tx, &own, &id))
        .await?;
    let said = match gone {
        true => Flash::success("保存した一覧を消しました。案件はそのままです。"),
        false => Flash::warning("この一覧は、すでに消されています。"),
    };
    Ok(said.go(&app, &staff, PATH))
}
