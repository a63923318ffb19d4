//! The address of a list: it says everything about what is shown, so that it can be kept, sent on and come back to.

use jiff::{SignedDuration, Timestamp};
use sonae_core::access::{self, Action, Grant, StaffRole};
use sonae_core::application::find;
use sonae_core::calendar::{tokyo_date, tokyo_midnight};
use sonae_core::flow::Status;
use sonae_core::program::flow::StepKind;
use sonae_store::queue::{After, Asker, Due, Person, Scope, Sort, View, Wanted};

use super::labels;
use crate::app::App;
use crate::pages::office::door::Staff;

/// The path of the list.
pub const PATH: &str = "/office/cases";
/// The longest value of a filter or search that is looked at, in characters.
const LONGEST: usize = 100;
/// The most parts of an address that are looked at.
const MOST_PARTS: usize = 40;
/// 「7日以内」
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What an address asks for; what it does not say, or says in words that do not exist, is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub view: String,
    pub program: String,
    pub step: String,
    pub status: String,
    pub owner: String,
    /// `me`, `nobody` or a staff id.
    pub person: String,
    pub course: String,
    /// `overdue`, `pressing`, `today` or `week`.
    pub due: String,
    pub sort: String,
    /// What was typed.
    pub q: String,
    /// The id of an action on many cases: what it left undone.
    pub left_by: String,
    pub after: String,
}

impl Asked {
    pub fn read<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Asked {
        let mut asked = Asked::default();
        for (name, value) in pairs.take(MOST_PARTS) {
            if let Some(field) = asked.field(name) {
                *field = value.trim().chars().take(LONGEST).collect();
            }
        }
        asked
    }

    pub fn of_query(query: &str) -> Asked {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
            .take(MOST_PARTS)
            .collect();
        Asked::read(pairs.iter().map(|(name, value)| (&**name, &**value)))
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "view" => &mut self.view,
            "program" => &mut self.program,
            "step" => &mut self.step,
            "status" => &mut self.status,
            "owner" => &mut self.owner,
            "person" => &mut self.person,
            "course" => &mut self.course,
            "due" => &mut self.due,
            "sort" => &mut self.sort,
            "q" => &mut self.q,
            "left_by" => &mut self.left_by,
            "after" => &mut self.after,
            _ => return None,
        })
    }

    /// Names and values that are not empty, in a fixed order.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("view", &self.view),
            ("program", &self.program),
            ("step", &self.step),
            ("status", &self.status),
            ("owner", &self.owner),
            ("person", &self.person),
            ("course", &self.course),
            ("due", &self.due),
            ("sort", &self.sort),
            ("q", &self.q),
            ("left_by", &self.left_by),
            ("after", &self.after),
        ];
        let named = all.into_iter().map(|(name, value)| (name, value.as_str()));
        named.filter(|(_, value)| !value.is_empty())
    }

    /// The part of an address behind the question mark.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.pairs())
            .finish()
    }

    pub fn href(&self) -> String {
        match self.query() {
            query if query.is_empty() => PATH.to_owned(),
            query => format!("{PATH}?{query}"),
        }
    }

    /// The same list with one thing said otherwise, from its first page.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Asked {
        let mut asked = Asked {
            after: String::new(),
            ..self.clone()
        };
        if let Some(field) = asked.field(name) {
            value.clone_into(field);
        }
        asked
    }

    /// Whether something narrows the view.
    pub fn is_filtered(&self) -> bool {
        let parts = [
            &self.program,
            &self.step,
            &self.status,
            &self.owner,
            &self.person,
            &self.course,
            &self.due,
            &self.left_by,
        ];
        parts.into_iter().any(|part| !part.is_empty())
    }

    /// The view of the address, or the one where a person of this role begins.
    pub fn view(&self, role: StaffRole) -> View {
        let open = |view: &View| labels::views(role).contains(view);
        let asked = View::parse(&self.view).filter(open);
        asked.unwrap_or_else(|| match self.is_filtered() {
            true => View::All,
            false => labels::first_view(role),
        })
    }

    pub fn sort(&self, view: View) -> Sort {
        Sort::parse(&self.sort).unwrap_or(match self.q.is_empty() {
            true => view.order(),
            false => Sort::Newest,
        })
    }

    /// Where the page begins.
    pub fn after(&self) -> Option<After> {
        let (key, receipt_number) = self.after.split_once(':')?;
        Some(After {
            key: key.parse().ok()?,
            receipt_number: receipt_number.to_owned(),
        })
    }

    /// What is wanted of the store, for this person at this moment.
    pub fn wanted(&self, staff: &Staff, now: Timestamp) -> Wanted {
        let said = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        Wanted {
            program: said(&self.program),
            step: said(&self.step),
            status: Status::parse(&self.status).map(|status| status.as_str().to_owned()),
            owner: said(&self.owner),
            person: match self.person.as_str() {
                "" => None,
                "nobody" => Some(Person::Nobody),
                "me" => Some(Person::Staff(staff.id.clone())),
                id => Some(Person::Staff(id.to_owned())),
            },
            course: said(&self.course),
            due: due(&self.due, now),
            search: find::typed(&self.q),
            left_by: said(&self.left_by),
            ..Wanted::of(scope(staff), self.view(staff.role))
        }
    }
}

/// Whose cases this person sees.
pub fn scope(staff: &Staff) -> Scope {
    match access::allowed(staff.role, Action::ListCases) {
        Grant::Yes => Scope::All,
        // The door lets nobody in who may see none; if it did, this shows none.
        Grant::Assigned | Grant::No => Scope::Assigned {
            staff_id: staff.id.clone(),
            confirmed: access::only_confirmed(staff.role),
        },
    }
}

/// Who asks, as the views need it.
pub fn asker(app: &App, staff: &Staff) -> Asker {
    let steps = |kinds: &[StepKind]| {
        let programs = app.programs.iter();
        let all = programs.flat_map(|running| &running.program.definition.flow.step);
        let mut ids: Vec<String> = all
            .filter(|step| kinds.contains(&step.kind))
            .map(|step| step.id.clone())
            .collect();
        ids.sort();
        ids.dedup();
        ids
    };
    Asker {
        staff_id: staff.id.clone(),
        role: staff.role.as_str().to_owned(),
        now: app.clock.now(),
        contact_steps: steps(&[StepKind::Contact, StepKind::ExpertContact]),
        screening_steps: steps(&[StepKind::Screening]),
    }
}

fn due(word: &str, now: Timestamp) -> Option<Due> {
    let end_of_day = |at: Timestamp| tokyo_midnight(tokyo_date(at).tomorrow().ok()?).ok();
    match word {
        "overdue" => Some(Due::Overdue),
        "pressing" => Some(Due::Pressing),
        // A clock is due at the midnight that ends its last day, hence one more millisecond.
        "today" => end_of_day(now).map(just_behind),
        "week" => end_of_day(now.checked_add(WEEK).ok()?).map(just_behind),
        _ => None,
    }
}

fn just_behind(at: Timestamp) -> Due {
    Due::Before(at.checked_add(SignedDuration::from_millis(1)).unwrap_or(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_was_made_of() {
        #[track_caller]
        fn check(query: &str, expected: &str) {
            assert_eq!(Asked::of_query(query).href(), expected, "{query}");
        }
        check("", "/office/cases");
        check("view=overdue&x=y&view=soon", "/office/cases?view=soon");
        check(
            "sort=name&program=a&q=%E9%9D%92&after=1:KT-333-34A",
            "/office/cases?program=a&sort=name&q=%E9%9D%92&after=1%3AKT-333-34A",
        );
        check("view=&status=", "/office/cases");
        let asked = Asked::of_query("view=soon&after=5:KT-333-34A");
        assert_eq!(
            asked.with("sort", "name").href(),
            "/office/cases?view=soon&sort=name"
        );
        assert_eq!(asked.with("view", "").query(), "");
    }
}
