//! The texts of one programme's mails, read once and rendered many times.

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};
use sonae_core::program::Program;

use super::placeholders::Placeholders;

/// How much work rendering one text may be; a mail needs a few hundred. The check of a programme allows as much.
const FUEL: u64 = 100_000;

/// The compiled subjects and bodies of one programme.
pub(super) struct Texts {
    environment: Environment<'static>,
    mails: Vec<Name>,
}

struct Name {
    id: String,
    auto_reply: bool,
}

/// A mail's text for one recipient.
pub(super) struct Text {
    /// One line.
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) auto_reply: bool,
}

impl Texts {
    /// # Errors
    /// A text is not a template.
    pub(super) fn compile(program: &Program) -> Result<Texts, Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        // Mails are plain text: nothing is turned into HTML entities.
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        let mut mails = Vec::new();
        for mail in &program.definition.mail.mail {
            environment.add_template_owned(subject_of(&mail.id), mail.subject.clone())?;
            environment.add_template_owned(body_of(&mail.id), mail.body.clone())?;
            mails.push(Name {
                id: mail.id.clone(),
                auto_reply: mail.auto_reply,
            });
        }
        Ok(Texts { environment, mails })
    }

    /// Renders a mail; none when the programme has no mail of this name.
    pub(super) fn render(&self, mail: &str, values: Placeholders) -> Option<Result<Text, Error>> {
        let name = self.mails.iter().find(|name| name.id == mail)?;
        let values = values.into_value();
        let render = |template: String| {
            self.environment
                .get_template(&template)?
                .render(values.clone())
        };
        let text = render(subject_of(mail)).and_then(|subject| {
            Ok(Text {
                subject: subject.replace(char::is_control, " ").trim().to_owned(),
                // Templates lose their last line feed.
                body: render(body_of(mail))? + "\n",
                auto_reply: name.auto_reply,
            })
        });
        Some(text)
    }
}

fn subject_of(mail: &str) -> String {
    format!("{mail}.subject")
}

fn body_of(mail: &str) -> String {
    format!("{mail}.body")
}
