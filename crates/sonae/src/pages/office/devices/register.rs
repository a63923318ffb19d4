//! `/office/cases/{receipt_number}/devices/new`: registers a device and shows its token once.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;

use super::{HERE, frame, here, token};
use crate::app::App;
use crate::office::devices::{self, By, Typed, Wrong};
use crate::pages::office::Page;
use crate::pages::office::case::open::{Opened, open};
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::OfficeFrame;
use crate::pages::public::field::{Choice, Choices, Control, Mistake, Text, Width, mistakes};
use crate::pages::public::show;

const NEW: &str = "/office/cases/{receipt_number}/devices/new";

pub(super) fn routes(door: Door) -> Door {
    debug_assert!(NEW.starts_with(HERE));
    let may = Action::ManageSources;
    door.get(NEW, may, page).post(NEW, may, register)
}

#[derive(Template)]
#[template(path = "office/devices/register.html")]
struct RegisterPage {
    frame: OfficeFrame,
    here: String,
    mistakes: Vec<Mistake>,
    controls: Vec<Control>,
}

async fn page(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    let opened = open(&app, &staff, &number, Action::ManageSources).await?;
    form(&app, &opened, Typed::default(), &[])
}

async fn register(
    State(app): State<App>,
    Path(number): Path<String>,
    staff: Staff,
    sent: Form,
) -> Page {
    let opened = open(&app, &staff, &number, Action::ManageSources).await?;
    let text = |name: &str| sent.first(name).to_owned();
    let typed = Typed {
        kind: text("kind"),
        product: text("product"),
        serial: text("serial"),
        from: text("from"),
        to: text("to"),
    };
    let order = match devices::read(&typed) {
        Ok(order) => order,
        Err(wrong) => return form(&app, &opened, typed, &wrong),
    };
    let fresh = devices::fresh(opened.now);
    let (secret, actor, at) = (fresh.token.clone(), staff.actor(), opened.now);
    let application_id = opened.stored.application_id.clone();
    let receipt_number = opened.stored.receipt_number.clone();
    let source = app
        .write(move |tx| {
            let by = By {
                actor: &actor,
                id: &staff.id,
                receipt_number: Some(&receipt_number),
                at,
            };
            devices::add(tx, &order, &fresh, &application_id, by)
        })
        .await?;
    token::page(&app, &opened, &source, secret)
}

fn form(app: &App, opened: &Opened, typed: Typed, wrong: &[Wrong]) -> Page {
    let error = |field: &str| {
        let of_field = wrong.iter().find(|(name, _)| *name == field);
        of_field.map(|(_, sentence)| sentence.clone())
    };
    let text = |name: &str, label: &str, value: String, hint: &str, width: Width| {
        let mut control = Text::new(name, label);
        control.value = value;
        control.width = width;
        control.part.required = true;
        control.part.hint = Some(hint.to_owned());
        control.part.error = error(name);
        Control::Text(control)
    };
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: None,
        chosen: typed.kind == value,
    };
    let kinds = vec![
        choice("utm", "UTM(ネットワークの出入口の機器)"),
        choice("edr", "EDR(パソコンやサーバーの見守り)"),
    ];
    let mut kind = Choices::one("kind", "種類", kinds);
    kind.part.required = true;
    kind.part.error = error("kind");
    let day = "例：2026-06-01、令和8年6月1日";
    #[rustfmt::skip]
    let controls = vec![
        Control::Choices(kind),
        text("product", "製品の名前", typed.product, "例：FortiGate 60F", Width::Full),
        text("serial", "製造番号", typed.serial, "行に機器の名前がないとき、この番号の機器として数えます。", Width::Full),
        text("from", "ログを受け取る最初の日", typed.from, day, Width::Medium),
        text("to", "ログを受け取る最後の日", typed.to, day, Width::Medium),
    ];
    let status = match wrong.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mistakes = mistakes(&controls);
    let frame = frame(app, opened, "機器を登録する").crumb("機器", &here(opened));
    let frame = OfficeFrame {
        error: !mistakes.is_empty(),
        ..frame
    };
    let shown = RegisterPage {
        frame,
        here: here(opened),
        mistakes,
        controls,
    };
    show(status, &shown)
}
