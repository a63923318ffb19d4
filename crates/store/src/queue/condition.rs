//! What somebody wants to see, as conditions of a statement.

use std::collections::BTreeSet;

use sonae_db::Value;

use super::course::course_leads;
use super::known::Known;
use super::{Asker, Due, MOST_FOUND, Person, Scope, Sort, View, Wanted};
use crate::{ms, word};

const CLOSED: [&str; 4] = ["withdrawn", "declined", "excluded", "lapsed"];

/// A part of a statement in the making: text with `$n` and the values they stand for.
#[derive(Debug, Default)]
pub(super) struct Condition {
    /// Tables behind `FROM case_file f`, each with its comma.
    pub(super) from: String,
    terms: Vec<String>,
    /// Conditions of which exactly one holds, so that each can be read by its own index and in its order. Empty when there are none.
    pub(super) alternatives: Vec<String>,
    /// Whether the newest or the oldest come first.
    by_receipt: bool,
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
            let (column, place) = (self.column(column), self.value(value));
            self.term(format!("{column} = {place}"));
        }
    }

    /// A column of text: an expression where alternatives lead, so that no engine begins with this column instead.
    fn column(&self, name: &str) -> String {
        match self.alternatives.is_empty() {
            true => format!("f.{name}"),
            false => format!("f.{name} || ''"),
        }
    }

    /// Adds conditions of which at most one holds for a case. The first ones that come are read one by one, because few cases meet them;
    /// later ones narrow these.
    fn one_of(&mut self, alternatives: Vec<String>) {
        match self.alternatives.is_empty() && self.from.is_empty() {
            true => self.alternatives = alternatives,
            false => self.term(format!("({})", alternatives.join(" OR "))),
        }
    }

    /// The condition as texts of which exactly one holds for a case that is wanted.
    pub(super) fn parts(&self) -> Vec<String> {
        match self.alternatives.is_empty() {
            true => vec![self.joined(None)],
            false => (self.alternatives.iter())
                .map(|alternative| self.joined(Some(alternative)))
                .collect(),
        }
    }

    fn joined(&self, alternative: Option<&String>) -> String {
        let terms: Vec<&str> = (alternative.into_iter().chain(&self.terms))
            .map(String::as_str)
            .collect();
        match terms.is_empty() {
            true => "1 = 1".to_owned(),
            false => terms.join(" AND "),
        }
    }

    /// Everything that is wanted, to be read in this order; none for counting.
    pub(super) fn want(
        &mut self,
        wanted: &Wanted,
        asker: &Asker,
        order: Option<Sort>,
        known: &Known,
    ) {
        self.by_receipt = matches!(order, Some(Sort::Newest | Sort::Oldest));
        let search = wanted.search.as_ref();
        if let Some(search) = search.filter(|search| known.finds(search, &wanted.scope)) {
            self.found(search);
        }
        // Whose cases comes before what is the matter with them: a person's cases are few.
        self.scope(wanted);
        match &wanted.person {
            Some(Person::Nobody) => self.unassigned(),
            Some(Person::Staff(id)) => self.assigned(id),
            None => {}
        }
        let course_leads = course_leads(wanted, order);
        if course_leads {
            self.course(wanted, known);
        }
        if wanted.search.is_none() {
            self.view(wanted.view, asker);
        }
        if !course_leads {
            self.course(wanted, &Known::default());
        }
        self.program(wanted, order);
        if let Some(status) = &wanted.status {
            let (column, place) = (self.status_column(), self.value(status));
            self.term(format!("{column} = {place}"));
        }
        self.equal("owner", wanted.owner.as_ref());
        if wanted.owner.is_some() {
            // Nobody has to act where nothing is open; said so that the index by status serves.
            self.status("open");
        }
        self.equal("step", wanted.step.as_ref());
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

    /// A programme has most of the cases, so it only leads where nothing else does and its index has the order. Elsewhere it is looked up
    /// at the end of the other index: an expression keeps the engine from beginning with it.
    fn program(&mut self, wanted: &Wanted, order: Option<Sort>) {
        let Some(program) = &wanted.program else {
            return;
        };
        let alone = Wanted {
            program: Some(program.clone()),
            course: wanted.course.clone(),
            due: wanted.due,
            ..Wanted::of(Scope::All, View::All)
        };
        let ordered = order.is_none() || self.by_receipt;
        let leads = *wanted == alone && ordered && self.alternatives.is_empty();
        let place = self.value(program);
        self.term(match leads {
            true => format!("f.program_id = {place}"),
            false => format!("f.program_id || '' = {place}"),
        });
    }

    fn scope(&mut self, wanted: &Wanted) {
        let Scope::Assigned {
            staff_id,
            confirmed,
        } = &wanted.scope
        else {
            return;
        };
        self.assigned(staff_id);
        if *confirmed {
            self.status("confirmed");
        }
        // Unless its cases were found by their words.
        let search = wanted.search.as_ref();
        if let Some(search) = search.filter(|_| self.from.is_empty()) {
            // A person's cases are fewer than those that some words are found in: each is looked through.
            let pattern = self.value(word::pattern(search));
            self.term(format!("f.search_text LIKE {pattern} ESCAPE '\\'"));
        }
    }

    fn assigned(&mut self, staff_id: &str) {
        let id = self.value(staff_id);
        self.one_of(vec![
            format!("f.assignee = {id}"),
            format!("f.expert = {id} AND (f.assignee IS NULL OR f.assignee <> {id})"),
        ]);
    }

    fn status(&mut self, word: &str) {
        let column = self.status_column();
        self.term(format!("{column} = '{word}'"));
    }

    /// A person's cases by the time of receipt stand in an index that does not begin with their status.
    fn status_column(&self) -> String {
        match self.by_receipt {
            true => self.column("status"),
            false => "f.status".to_owned(),
        }
    }

    fn unassigned(&mut self) {
        self.term(match self.alternatives.is_empty() {
            true => "f.assignee IS NULL",
            // Among a person's cases, not the other way round.
            false => "f.assignee || '' IS NULL",
        });
    }

    fn until(&mut self, ms: i64) {
        let until = self.value(ms);
        self.term(format!("f.due_order <= {until}"));
    }

    fn pressing(&mut self, asker: &Asker) {
        let now = self.value(ms(asker.now));
        self.term(format!("f.warn_at_ms <= {now}"));
    }

    /// A search looks at every case, whatever the view. What is found comes first and the cases after it: an order cannot tempt the engine
    /// into walking all cases. The few that came just now are looked through, see `word`.
    fn found(&mut self, search: &str) {
        let [first, last] = word::range(search);
        let (first, last) = (self.value(first), self.value(last));
        let pattern = self.value(word::pattern(search));
        let limit = self.value(MOST_FOUND);
        self.from = format!(
            "(SELECT DISTINCT number FROM (
                SELECT w.receipt_number AS number FROM case_word w WHERE w.word >= {first} AND w.word < {last}
                UNION ALL SELECT n.receipt_number AS number FROM case_file n
                WHERE n.worded = 0 AND n.search_text LIKE {pattern} ESCAPE '\\') AS either LIMIT {limit}) AS found CROSS JOIN "
        );
        self.term("f.receipt_number = found.number");
    }

    /// The words of the conditions are those of the partial indexes.
    fn view(&mut self, view: View, asker: &Asker) {
        match view {
            View::Today => {
                let id = self.value(&asker.staff_id);
                self.status("open");
                self.equal("owner", Some(&asker.role));
                self.term(format!(
                    "(f.assignee IS NULL OR f.assignee = {id} OR f.expert = {id})"
                ));
                self.pressing(asker);
            }
            View::Mine => {
                self.status("open");
                self.assigned(&asker.staff_id);
            }
            View::Overdue => {
                self.status("open");
                self.until(ms(asker.now));
            }
            View::Soon => {
                let now = self.value(ms(asker.now));
                self.status("open");
                self.term(format!("f.due_order > {now}"));
                self.pressing(asker);
            }
            View::Unassigned => {
                self.status("open");
                self.unassigned();
            }
            View::Contact => {
                self.status("open");
                self.steps(&asker.contact_steps);
            }
            View::Screening => {
                self.status("open");
                self.steps(&asker.screening_steps);
            }
            View::Judgement => {
                self.status("open");
                let outcome = self.column("outcome");
                self.term(format!("{outcome} = 'needs_judgement'"));
            }
            View::AtSponsor => self.approval("proposed"),
            View::SentBack => self.approval("sent_back"),
            View::Waiting if self.alternatives.is_empty() => self.term("f.waiting = 1"),
            // Among a person's cases, not the other way round.
            View::Waiting => self.term("f.waiting + 0 = 1"),
            View::Company => {
                self.status("open");
                self.equal("owner", Some(&"company".to_owned()));
            }
            View::Confirmed => self.status("confirmed"),
            View::Closed => {
                let column = self.status_column();
                let status = |status| format!("{column} = '{status}'");
                self.one_of(CLOSED.map(status).to_vec());
            }
            View::All => {}
        }
    }

    fn approval(&mut self, state: &str) {
        self.status("open");
        let column = self.column("approval");
        self.term(format!("{column} <> '' AND {column} = '{state}'"));
    }

    fn steps(&mut self, steps: &[String]) {
        let steps: BTreeSet<&String> = steps.iter().collect();
        let alternatives: Vec<String> = (steps.into_iter())
            .map(|step| format!("{} = {}", self.column("step"), self.value(step)))
            .collect();
        match alternatives.is_empty() {
            true => self.term("1 = 0"),
            false => self.one_of(alternatives),
        }
    }
}
