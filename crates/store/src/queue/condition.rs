//! What somebody wants to see, as conditions of a statement.

use sonae_db::Value;

use super::{Asker, Due, MOST_FOUND, Person, Scope, View, Wanted};
use crate::{ms, word};

/// A part of a statement in the making: text with `$n` and the values they stand for.
#[derive(Debug, Default)]
pub(super) struct Condition {
    /// Tables behind `FROM case_file f`, each with its comma.
    pub(super) from: String,
    terms: Vec<String>,
    pub(super) values: Vec<Value>,
}

impl Condition {
    /// Begins behind the values that the statement has already.
    pub(super) fn after(values: Vec<Value>) -> Condition {
        Condition {
            values,
            ..Condition::default()
        }
    }

    /// Adds a value and gives its place.
    pub(super) fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    pub(super) fn term(&mut self, text: impl Into<String>) {
        self.terms.push(text.into());
    }

    /// `column = value`.
    fn equal(&mut self, column: &str, value: Option<&String>) {
        if let Some(value) = value {
            let place = self.value(value);
            self.term(format!("f.{column} = {place}"));
        }
    }

    pub(super) fn text(&self) -> String {
        match self.terms.is_empty() {
            true => "1 = 1".to_owned(),
            false => self.terms.join(" AND "),
        }
    }

    /// Everything that is wanted.
    pub(super) fn want(&mut self, wanted: &Wanted, asker: &Asker) {
        self.scope(&wanted.scope);
        match &wanted.search {
            Some(search) => self.search(search, wanted),
            None => self.view(wanted.view, asker),
        }
        self.equal("program_id", wanted.program.as_ref());
        self.equal("step", wanted.step.as_ref());
        self.equal("status", wanted.status.as_ref());
        self.equal("owner", wanted.owner.as_ref());
        match &wanted.person {
            Some(Person::Nobody) => self.term("f.assignee IS NULL"),
            Some(Person::Staff(id)) => self.assigned(id),
            None => {}
        }
        if let Some(course) = &wanted.course {
            // Each course id is followed by a space; ids hold no space, so the whole word is met.
            let place = self.value(format!(" {course} "));
            self.term(format!(
                "REPLACE(' ' || f.courses, {place}, '') <> ' ' || f.courses"
            ));
        }
        match wanted.due {
            Some(Due::Overdue) => self.until(ms(asker.now)),
            Some(Due::Pressing) => self.pressing(asker),
            Some(Due::Before(at)) => self.until(ms(at) - 1),
            None => {}
        }
        if let Some(run) = &wanted.left_by {
            let run = self.value(run);
            self.term(format!(
                "f.receipt_number IN (SELECT b.receipt_number FROM bulk_item b WHERE b.run_id = {run} AND b.outcome <> 'done')"
            ));
        }
    }

    fn scope(&mut self, scope: &Scope) {
        let Scope::Assigned {
            staff_id,
            confirmed,
        } = scope
        else {
            return;
        };
        self.assigned(staff_id);
        if *confirmed {
            self.term("f.status = 'confirmed'");
        }
    }

    fn assigned(&mut self, staff_id: &str) {
        let id = self.value(staff_id);
        self.term(format!("(f.assignee = {id} OR f.expert = {id})"));
    }

    fn until(&mut self, ms: i64) {
        let until = self.value(ms);
        self.term(format!("f.due_order <= {until}"));
    }

    fn pressing(&mut self, asker: &Asker) {
        let now = self.value(ms(asker.now));
        self.term(format!("f.warn_at_ms <= {now}"));
    }

    /// A search looks at every case of the scope, whatever the view. The words come first and the cases after them: an order cannot
    /// tempt the engine into walking all cases.
    fn search(&mut self, search: &str, wanted: &Wanted) {
        let [first, last] = word::range(search);
        let (first, last) = (self.value(first), self.value(last));
        let found = format!(
            "SELECT DISTINCT w.receipt_number FROM case_word w WHERE w.word >= {first} AND w.word < {last}"
        );
        match wanted.scope {
            Scope::All => {
                let limit = self.value(MOST_FOUND);
                self.from = format!("({found} LIMIT {limit}) AS found CROSS JOIN ");
                self.term("f.receipt_number = found.receipt_number");
            }
            // Few cases, and none of them may be missed because others come first.
            Scope::Assigned { .. } => self.term(format!("f.receipt_number IN ({found})")),
        }
    }

    /// The words of the conditions are those of the partial indexes.
    fn view(&mut self, view: View, asker: &Asker) {
        let open = "f.status = 'open'";
        match view {
            View::Today => {
                let (role, id) = (self.value(&asker.role), self.value(&asker.staff_id));
                self.term(open);
                self.term(format!("f.owner = {role}"));
                self.term(format!(
                    "(f.assignee IS NULL OR f.assignee = {id} OR f.expert = {id})"
                ));
                self.pressing(asker);
            }
            View::Mine => {
                self.term(open);
                self.assigned(&asker.staff_id);
            }
            View::Overdue => {
                self.term(open);
                self.until(ms(asker.now));
            }
            View::Soon => {
                let now = self.value(ms(asker.now));
                self.term(open);
                self.term(format!("f.due_order > {now}"));
                self.pressing(asker);
            }
            View::Unassigned => {
                self.term(open);
                self.term("f.assignee IS NULL");
            }
            View::Contact => {
                self.term(open);
                self.steps(&asker.contact_steps);
            }
            View::Screening => {
                self.term(open);
                self.steps(&asker.screening_steps);
            }
            View::Judgement => {
                self.term(open);
                self.term("f.outcome = 'needs_judgement'");
            }
            View::AtSponsor => self.approval("proposed"),
            View::SentBack => self.approval("sent_back"),
            View::Waiting => self.term("f.waiting = 1"),
            View::Company => {
                self.term(open);
                self.term("f.owner = 'company'");
            }
            View::Confirmed => self.term("f.status = 'confirmed'"),
            View::Closed => {
                self.term("f.status IN ('withdrawn', 'declined', 'excluded', 'lapsed')")
            }
            View::All => {}
        }
    }

    fn approval(&mut self, state: &str) {
        self.term(format!(
            "f.status = 'open' AND f.approval <> '' AND f.approval = '{state}'"
        ));
    }

    fn steps(&mut self, steps: &[String]) {
        let places: Vec<String> = steps.iter().map(|step| self.value(step)).collect();
        match places.is_empty() {
            true => self.term("1 = 0"),
            false => self.term(format!("f.step IN ({})", places.join(", "))),
        }
    }
}
