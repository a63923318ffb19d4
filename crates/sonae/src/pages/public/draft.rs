//! The draft behind a private link.

use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use sonae_core::program::Program;
use sonae_core::program::form::Screen;
use sonae_store::StoreError;
use sonae_store::draft::{self, Draft};
use sonae_store::outbox::Mail;
use std::sync::Arc;

use super::calm;
use super::typed::Typed;
use crate::app::App;
use crate::links;

/// An unfinished form that was opened by its link.
pub(super) struct Open {
    pub token: String,
    pub id: String,
    pub program: Arc<Program>,
    pub typed: Typed,
    pub expires_at: Timestamp,
    /// Whether the programme has changed since the form was begun.
    pub changed: bool,
}

/// Opens a draft by its link's token.
///
/// # Errors
/// The page to show instead: nothing found, already sent (on to the receipt), or the database is busy.
pub(super) async fn open(app: &App, token: &str) -> Result<Open, Response> {
    let looks_right = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !looks_right {
        return Err(calm::no_draft(app));
    }
    let id = links::draft_id(token);
    let now = app.clock.now();
    let found = {
        let id = id.clone();
        app.read(move |tx| {
            let Some(draft) = draft::find(tx, &id, now)? else {
                return Ok(None);
            };
            let number = receipt_number(tx, &draft)?;
            Ok(Some((draft, number)))
        })
        .await
    };
    let (draft, number) = match found {
        Ok(Some(found)) => found,
        Ok(None) => return Err(calm::no_draft(app)),
        Err(error) => return Err(calm::failed(error)),
    };
    if let (Some(application), Some(number)) = (&draft.application_id, number) {
        return Err(calm::see_other(&application_path(
            app,
            &number,
            application,
        )));
    }
    let Some(running) = app.programs.get(&draft.program_id) else {
        return Err(calm::no_draft(app));
    };
    let program = running.program.clone();
    Ok(Open {
        token: token.to_owned(),
        id,
        changed: draft.revision != program.revision,
        program,
        typed: Typed::new(draft.typed),
        expires_at: draft.expires_at,
    })
}

fn receipt_number(tx: &mut sonae_db::Tx, draft: &Draft) -> Result<Option<String>, StoreError> {
    let Some(application) = &draft.application_id else {
        return Ok(None);
    };
    let arrival = sonae_store::application::arrival(tx, application)?;
    Ok(arrival.map(|arrival| arrival.receipt_number))
}

/// Begins a form and gives the token of its link.
///
/// # Errors
/// The page to show when the database is busy.
pub(super) async fn begin(
    app: &App,
    program: Arc<Program>,
    typed: &Typed,
) -> Result<String, Response> {
    let (token, id) = links::new_draft();
    let now = app.clock.now();
    let (until, typed) = (expiry(&program, now), typed.value());
    let made = app
        .write(move |tx| draft::create(tx, &id, &program, &typed, now, until))
        .await;
    match made {
        Ok(()) => Ok(token),
        Err(error) => Err(calm::failed(error)),
    }
}

/// Until when a form that is saved at `now` is kept.
pub(super) fn expiry(program: &Program, now: Timestamp) -> Timestamp {
    let days = i64::from(program.definition.form.draft_days);
    now.checked_add(SignedDuration::from_hours(days * 24))
        .unwrap_or(Timestamp::MAX)
}

/// The receipt and status page of an application.
pub(super) fn application_path(app: &App, receipt_number: &str, application_id: &str) -> String {
    app.links.status_path(receipt_number, application_id, 0)
}

impl Open {
    /// Saves what was typed, before anything is said about it.
    ///
    /// # Errors
    /// The page to show instead: the draft was sent or has expired meanwhile, or the database is busy.
    pub(super) async fn save(&mut self, app: &App) -> Result<(), Response> {
        self.save_with(app, None).await
    }

    /// The same, with a mail that goes out exactly when it was saved.
    ///
    /// # Errors
    /// As [`Open::save`].
    pub(super) async fn save_with(
        &mut self,
        app: &App,
        mail: Option<Mail>,
    ) -> Result<(), Response> {
        let now = app.clock.now();
        self.expires_at = expiry(&self.program, now);
        let (id, typed, until) = (self.id.clone(), self.typed.value(), self.expires_at);
        let saved = app
            .write(move |tx| {
                let saved = draft::save(tx, &id, &typed, now, until)?;
                if let (true, Some(mail)) = (saved, &mail) {
                    sonae_store::outbox::put(tx, None, mail, now, now)?;
                }
                Ok(saved)
            })
            .await;
        match saved {
            Ok(true) => Ok(()),
            // Sent or expired between opening and saving: opening it again tells which.
            Ok(false) => match open(app, &self.token).await {
                Ok(_) => Err(calm::busy(app, &format!("{}/confirm", self.path()))),
                Err(page) => Err(page),
            },
            Err(error) => Err(calm::failed(error)),
        }
    }

    pub(super) fn path(&self) -> String {
        format!("/apply/{}", self.token)
    }

    pub(super) fn screen_path(&self, screen: &Screen) -> String {
        format!("/apply/{}/{}", self.token, screen.id)
    }

    pub(super) fn screens(&self) -> &[Screen] {
        &self.program.definition.form.screen
    }
}
