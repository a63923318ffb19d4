//! Looks for what cannot be meant: dangling references, rules that can never hold, steps nobody can reach, mails with
//! unknown placeholders, dates that contradict. One file per concern; each finding says where, what and what to do.

mod asked;
mod capacity;
mod dates;
mod events;
mod feeds;
mod fields;
mod flow;
mod form;
mod ids;
mod mails;
mod parties;
mod references;
mod rules;
mod satisfiable;
mod selections;
mod support;
mod texts;
mod walk;

use super::Definition;

/// How many findings are reported at once; whoever has more corrects these first.
const MOST_FINDINGS: usize = 200;

/// Something to correct, by the path of the item it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file's name, for example `flow.toml`.
    pub file: &'static str,
    /// The item's path in that file, for example `step.2.after.0`. A missing key stands for the table around it.
    pub at: String,
    /// A piece of text at or below the item by which the line inside a text of several lines is found; empty for the item's
    /// own line.
    pub near: String,
    /// One Japanese sentence.
    pub what: String,
    /// One Japanese sentence.
    pub hint: String,
}

impl Finding {
    pub(super) fn new(
        file: &'static str,
        at: impl Into<String>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            file,
            at: at.into(),
            near: String::new(),
            what: what.into(),
            hint: hint.into(),
        }
    }
}

/// What the checks have found so far. A second finding that says the same of the same item is dropped.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        file: &'static str,
        at: impl Into<String>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(Finding::new(file, at, what, hint));
    }

    /// Like `add`, unless the same advice was already given for this item; for checks that come by once per choice of
    /// courses.
    fn add_once(
        &mut self,
        file: &'static str,
        at: impl Into<String>,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let new = Finding::new(file, at, what, hint);
        let same = |old: &Finding| (old.file, &old.at, &old.hint) == (new.file, &new.at, &new.hint);
        if !self.0.iter().any(same) {
            self.push(new);
        }
    }

    fn push(&mut self, finding: Finding) {
        if self.0.len() < MOST_FINDINGS && !self.0.contains(&finding) {
            self.0.push(finding);
        }
    }
}

/// Everything that contradicts in a definition of the right shape; empty when nothing does.
pub fn check(definition: &Definition) -> Vec<Finding> {
    let mut found = Findings::default();
    texts::check(definition, &mut found);
    ids::check(definition, &mut found);
    references::check(definition, &mut found);
    parties::check(definition, &mut found);
    dates::check(definition, &mut found);
    capacity::check(definition, &mut found);
    form::check(definition, &mut found);
    rules::check(definition, &mut found);
    flow::check(definition, &mut found);
    mails::check(definition, &mut found);
    asked::check(definition, &mut found);
    support::check(definition, &mut found);
    events::check(definition, &mut found);
    found.0
}
