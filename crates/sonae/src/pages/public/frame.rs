//! What stands around every public page: title, office, place in the site, contact.

use sonae_core::calendar::japanese;
use sonae_core::program::Program;

use crate::app::App;
use crate::assets;

/// The name in the header where a page belongs to no single programme.
const SITE_NAME: &str = "中小企業サイバーセキュリティ支援事業 受付";

/// Everything `templates/public/layout.html` asks for.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The window's title. Starts with 「エラー：」 when `error` is set.
    pub title: String,
    pub error: bool,
    /// A page about one company: search engines stay out.
    pub private: bool,
    /// A column for reading and typing instead of the full width.
    pub narrow: bool,
    pub office: String,
    /// The rehearsal's time, when this is one.
    pub rehearsal: Option<String>,
    /// The way from the top to the page above this one.
    pub crumbs: Vec<Crumb>,
    /// The last of the crumbs: this page.
    pub here: String,
    /// The steps of a procedure; empty where there are none.
    pub steps: Vec<StepMark>,
    pub contacts: Vec<Contact>,
    /// Where the handling of personal data is explained.
    pub privacy: String,
    pub style: &'static str,
    pub icon: &'static str,
}

#[derive(Clone, Debug)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

/// One step of a procedure in the list above the heading.
#[derive(Clone, Debug)]
pub struct StepMark {
    pub label: String,
    pub state: StepState,
    /// A way back to a step that is done.
    pub href: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    Done,
    Current,
    ToCome,
}

impl StepState {
    pub fn class(self) -> &'static str {
        match self {
            StepState::Done => "done",
            StepState::Current => "current",
            StepState::ToCome => "to-come",
        }
    }

    pub fn is_current(self) -> bool {
        self == StepState::Current
    }

    pub fn is_done(self) -> bool {
        self == StepState::Done
    }
}

/// Who answers questions. Each programme has its own office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub phone: Option<String>,
    pub email: String,
    pub hours: String,
}

impl Contact {
    fn of(program: &Program) -> Contact {
        let contact = &program.definition.program.contact;
        Contact {
            name: contact.name.clone(),
            phone: contact.phone.clone(),
            email: contact.email.clone(),
            hours: contact.hours_text.clone(),
        }
    }
}

impl Frame {
    /// The frame of a page that belongs to no single programme; `title` is the page's heading.
    pub fn of_site(app: &App, title: &str) -> Frame {
        let mut contacts: Vec<Contact> = Vec::new();
        for running in app.programs.iter() {
            let contact = Contact::of(&running.program);
            if !contacts.contains(&contact) {
                contacts.push(contact);
            }
        }
        let window_title = match title {
            SITE_NAME => title.to_owned(),
            _ => format!("{title}｜{SITE_NAME}"),
        };
        Frame {
            title: window_title,
            error: false,
            private: false,
            narrow: false,
            office: SITE_NAME.to_owned(),
            rehearsal: (app.clock.is_rehearsal()).then(|| japanese::moment(app.clock.now())),
            crumbs: Vec::new(),
            here: title.to_owned(),
            steps: Vec::new(),
            contacts,
            privacy: "/privacy".to_owned(),
            style: assets::style_href(),
            icon: assets::icon_href(),
        }
    }

    /// The first page of the site.
    pub fn of_top(app: &App) -> Frame {
        Frame::of_site(app, SITE_NAME)
    }

    /// The frame of a page of one programme, with the way from the top to its programme page.
    pub fn of_program(app: &App, program: &Program, title: &str) -> Frame {
        let file = &program.definition.program;
        Frame {
            title: format!("{title}｜{}", file.title),
            office: file.contact.name.clone(),
            contacts: vec![Contact::of(program)],
            privacy: format!("/programs/{}/privacy", file.id),
            ..Frame::of_site(app, title)
        }
        .crumb("事業の一覧", "/")
        .crumb(&file.short_title, &format!("/programs/{}", file.id))
    }

    /// Adds one page to the way from the top.
    #[must_use]
    pub fn crumb(mut self, label: &str, href: &str) -> Frame {
        self.crumbs.push(Crumb {
            label: label.to_owned(),
            href: href.to_owned(),
        });
        self
    }

    /// A page about one company, in a narrow column.
    #[must_use]
    pub fn private(mut self) -> Frame {
        self.private = true;
        self.narrow = true;
        self
    }

    /// A narrow column for reading.
    #[must_use]
    pub fn narrow(mut self) -> Frame {
        self.narrow = true;
        self
    }

    /// Whether the page shows mistakes.
    #[must_use]
    pub fn with_error(mut self, error: bool) -> Frame {
        self.error = error;
        self
    }

    #[must_use]
    pub fn with_steps(mut self, steps: Vec<StepMark>) -> Frame {
        self.steps = steps;
        self
    }
}
