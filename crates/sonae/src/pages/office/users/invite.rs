//! `/office/users/new`: adds a person, who is told by mail where to sign in.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use sonae_core::access::{Action, StaffRole};
use sonae_core::text::line;

use super::{PATH, roles};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::field::{Control, Mistake, Text, mistakes};
use crate::pages::public::show;
use crate::staff::people::{self, Invitation, LONGEST_NAME};

pub(super) fn routes(door: Door) -> Door {
    door.get("/office/users/new", Action::ManageUsers, page)
        .post("/office/users/new", Action::ManageUsers, invite)
}

#[derive(Template)]
#[template(path = "office/users/invite.html")]
struct InvitePage {
    frame: OfficeFrame,
    mistakes: Vec<Mistake>,
    controls: Vec<Control>,
}

/// What was typed, and the sentences about it.
#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    role: Option<StaffRole>,
    wrong: [Option<String>; 3],
}

async fn page(State(app): State<App>, staff: Staff) -> Page {
    form(&app, &staff, Typed::default())
}

async fn invite(State(app): State<App>, staff: Staff, sent: Form) -> Page {
    let mut typed = Typed {
        name: sent.first("name").to_owned(),
        email: sent.first("email").to_owned(),
        role: StaffRole::parse(sent.first("role")),
        wrong: [None, None, None],
    };
    let name = line::line(&typed.name, "名前", LONGEST_NAME);
    let email = crate::staff::address(&typed.email);
    match (name, email, typed.role) {
        (Ok(name), Ok(email), Some(role)) => {
            let invitation = Invitation { email, name, role };
            let id = people::invite(&app, staff.actor(), invitation).await?;
            if let Some(id) = id {
                let said = Flash::success("利用者を登録し、お知らせのメールをお送りしました。");
                return Ok(said.go(&app, &staff, &format!("{PATH}/{id}")));
            }
            typed.wrong[1] = Some(
                "このアドレスの利用者は、すでに登録されています。一覧でお確かめください。"
                    .to_owned(),
            );
        }
        (name, email, role) => {
            let no_role = "役割を選んでください。".to_owned();
            typed.wrong = [
                name.err().map(|mistake| mistake.sentence.into_owned()),
                email.err().map(|mistake| mistake.sentence.into_owned()),
                role.is_none().then_some(no_role),
            ];
        }
    }
    form(&app, &staff, typed)
}

fn form(app: &App, staff: &Staff, typed: Typed) -> Page {
    let [wrong_name, wrong_email, wrong_role] = typed.wrong;
    let mut name = Text::new("name", "名前");
    name.value = typed.name;
    name.part.required = true;
    name.part.error = wrong_name;
    let mut email = Text {
        value: typed.email,
        kind: "email",
        inputmode: Some("email"),
        ..Text::new("email", "メールアドレス")
    };
    email.part.required = true;
    email.part.hint = Some(
        "サインインのリンクが届くアドレスです。ほかの人と共有していないものにしてください。"
            .to_owned(),
    );
    email.part.error = wrong_email;
    let mut role = roles(typed.role);
    role.part.error = wrong_role;
    let controls = vec![
        Control::Text(name),
        Control::Text(email),
        Control::Choices(role),
    ];
    let mistakes = mistakes(&controls);
    let status = match mistakes.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let title = "利用者を登録する";
    let shown = InvitePage {
        frame: OfficeFrame::new(app, staff, Section::Users, title)
            .crumb("利用者", PATH)
            .with_error(!mistakes.is_empty()),
        mistakes,
        controls,
    };
    show(status, &shown)
}
