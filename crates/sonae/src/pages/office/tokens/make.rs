//! `/office/tokens/new`: makes a token and shows it once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::SignedDuration;
use sonae_core::access::{Action, Grant, StaffRole, allowed};
use sonae_core::calendar::japanese;
use sonae_core::text::line;

use super::PATH;
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::office::users::roles;
use crate::pages::public::field::{Choice, Choices, Control, Mistake, Text, mistakes};
use crate::pages::public::show;
use crate::staff::token::{self, LIFETIME_DAYS, LONGEST_NAME, Order};

/// The lifetimes that can be chosen, in days.
const LIFETIMES: [(u32, &str); 3] = [(30, "30日"), (90, "90日"), (LIFETIME_DAYS, "1年")];

pub(super) fn routes(door: Door) -> Door {
    let may = Action::ManageTokens;
    door.get("/office/tokens/new", may, page)
        .post("/office/tokens/new", may, make)
}

#[derive(Template)]
#[template(path = "office/tokens/make.html")]
struct MakePage {
    frame: OfficeFrame,
    mistakes: Vec<Mistake>,
    controls: Vec<Control>,
}

#[derive(Template)]
#[template(path = "office/tokens/made.html")]
struct MadePage {
    frame: OfficeFrame,
    token: String,
    name: String,
    expires: String,
}

/// What was typed, and the sentences about it: name, role, scopes, lifetime.
#[derive(Default)]
struct Typed {
    name: String,
    role: Option<StaffRole>,
    scopes: Vec<Action>,
    days: Option<u32>,
    wrong: [Option<String>; 4],
}

async fn page(State(app): State<App>, staff: Staff) -> Page {
    let typed = Typed {
        days: Some(90),
        ..Typed::default()
    };
    form(&app, &staff, typed)
}

async fn make(State(app): State<App>, staff: Staff, sent: Form) -> Page {
    let days: Option<u32> = sent.first("days").parse().ok();
    let mut typed = Typed {
        name: sent.first("name").to_owned(),
        role: StaffRole::parse(sent.first("role")),
        scopes: sent.all("scope").filter_map(Action::parse).collect(),
        days: days.filter(|days| LIFETIMES.iter().any(|(known, _)| known == days)),
        wrong: [None, None, None, None],
    };
    let name = line::line(&typed.name, "名前", LONGEST_NAME);
    let beyond = typed.role.and_then(|role| beyond(role, &typed.scopes));
    match (name, typed.role, typed.days, beyond) {
        (Ok(name), Some(role), Some(days), None) => {
            let order = Order {
                name,
                role,
                scopes: typed.scopes,
                created_by: staff.id.clone(),
                expires_at: app.clock.now() + SignedDuration::from_hours(24 * i64::from(days)),
            };
            made(&app, &staff, order).await
        }
        (name, role, days, beyond) => {
            typed.wrong = [
                name.err().map(|mistake| mistake.sentence.into_owned()),
                (role.is_none()).then(|| "役割を選んでください。".to_owned()),
                beyond,
                (days.is_none()).then(|| "期限を選んでください。".to_owned()),
            ];
            form(&app, &staff, typed)
        }
    }
}

/// What is said when a scope goes beyond the role.
fn beyond(role: StaffRole, scopes: &[Action]) -> Option<String> {
    let beyond: Vec<&str> = (scopes.iter())
        .filter(|scope| allowed(role, **scope) == Grant::No)
        .map(|scope| scope.label())
        .collect();
    (!beyond.is_empty()).then(|| {
        format!(
            "「{}」は、{}の役割ではできません。選択を外すか、役割を変えてください。",
            beyond.join("」「"),
            role.label()
        )
    })
}

async fn made(app: &App, staff: &Staff, order: Order) -> Page {
    let (name, expires) = (order.name.clone(), japanese::moment(order.expires_at));
    let token = token::make(app, staff.actor(), order).await?;
    // Shown once and standing nowhere else, so this answer is the page itself and no redirect.
    let shown = MadePage {
        frame: OfficeFrame::new(app, staff, Section::Integrations, "トークンを作りました")
            .crumb("連携", "/office/integrations")
            .crumb("APIのトークン", PATH),
        token,
        name,
        expires,
    };
    show(StatusCode::OK, &shown)
}

fn form(app: &App, staff: &Staff, typed: Typed) -> Page {
    let [wrong_name, wrong_role, wrong_scopes, wrong_days] = typed.wrong;
    let mut name = Text::new("name", "使うシステムの名前");
    name.value = typed.name;
    name.part.required = true;
    name.part.hint = Some("あとで見分けられる名前にしてください。例：会計システム".to_owned());
    name.part.error = wrong_name;
    let mut role = roles(typed.role);
    role.part.error = wrong_role;
    let scope = |action: Action| Choice {
        value: action.as_str().to_owned(),
        label: action.label().to_owned(),
        hint: None,
        chosen: typed.scopes.contains(&action),
    };
    let offered = Action::ALL
        .into_iter()
        .filter(|action| *action != Action::OwnAccount);
    let mut scopes = Choices::many("scope", "できること", offered.map(scope).collect());
    scopes.part.hint = Some(
        "要るものだけを選んでください。一つも選ばないと、役割でできることすべてになります。"
            .to_owned(),
    );
    scopes.part.error = wrong_scopes;
    let lifetime = |(days, label): (u32, &str)| Choice {
        value: days.to_string(),
        label: label.to_owned(),
        hint: None,
        chosen: typed.days == Some(days),
    };
    let mut days = Choices::one("days", "期限", LIFETIMES.map(lifetime).to_vec());
    days.side_by_side = true;
    days.part.required = true;
    days.part.error = wrong_days;
    let controls = vec![
        Control::Text(name),
        Control::Choices(role),
        Control::Choices(scopes),
        Control::Choices(days),
    ];
    let mistakes = mistakes(&controls);
    let status = match mistakes.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let shown = MakePage {
        frame: OfficeFrame::new(app, staff, Section::Integrations, "トークンを作る")
            .crumb("連携", "/office/integrations")
            .crumb("APIのトークン", PATH)
            .with_error(!mistakes.is_empty()),
        mistakes,
        controls,
    };
    show(status, &shown)
}
