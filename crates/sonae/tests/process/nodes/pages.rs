//! What staff do on the pages of the office.

use super::acts::{Act, marker};
use super::clients::{TOGETHER, Task, Work};
use super::staff::Browser;
use crate::http::Answer;
use crate::office::R7;

impl Work {
    fn secretary(&self, case: usize) -> &Browser {
        &self.people.secretaries[case % self.people.secretaries.len()]
    }

    /// Opens a form of a case and sends it by the version that it showed; opens it again when somebody was quicker.
    pub(super) fn by_form(&self, case: usize, act: Act) -> Option<Answer> {
        let (browser, text) = (self.secretary(case), marker(case, act));
        let text = text.as_str();
        // Forms on which people decide show their version beside much else; any form of the case shows the same one.
        let (seen_at, page, fields) = match act {
            Act::Contact => (
                "contact",
                "contact",
                vec![("channel", "phone"), ("outcome", "reached"), ("note", text)],
            ),
            Act::Take => ("take", "take", Vec::new()),
            Act::Judge => (
                "note",
                "judge",
                vec![("rule", "measures"), ("outcome", "met"), ("reason", text)],
            ),
            Act::Correct => (
                "correction",
                "correction",
                vec![("message", text), ("fields", "employees")],
            ),
            Act::CancelCorrection => ("note", "correction/cancel", vec![("reason", text)]),
            _ => ("note", "screened", vec![("note", text)]),
        };
        let here = format!("/office/cases/{}", self.number(case));
        loop {
            let shown = self.insist(|| browser.get(&format!("{here}/{seen_at}")))?;
            assert_eq!(shown.status, 200, "{act:?}: {shown:?}");
            let version = between(&shown.body, "name=\"version\" value=\"", "\"");
            let version = version.expect("a version").to_owned();
            let seen = [("version", version.as_str()), ("step", "act")];
            let fields = [&fields[..], &seen].concat();
            let answer = self.insist(|| browser.post(&format!("{here}/{page}"), &fields))?;
            match answer.status {
                303 if answer.header("location").starts_with(&here) => return Some(answer),
                // Somebody was quicker.
                409 => {}
                _ => panic!("{act:?}: {answer:?}"),
            }
        }
    }

    /// Leaves the same note on several cases at once; whoever changed one of them meanwhile is told so for this one.
    pub(super) fn note_many(&self, first: usize) -> Option<Answer> {
        let run = run_id(first);
        let mut marks = Vec::new();
        for case in first..first + TOGETHER {
            marks.push(format!("{}:{}", self.number(case), self.version(case)?));
        }
        let text = many(first);
        let mut fields = vec![("action", "note"), ("run", run.as_str()), ("text", &text)];
        fields.extend(marks.iter().map(|mark| ("case", mark.as_str())));
        let browser = self.secretary(first);
        let answer = self.insist(|| browser.post("/office/cases/bulk/run", &fields))?;
        assert_eq!(answer.status, 303, "{answer:?}");
        Some(answer)
    }

    /// Hands cases over to the sponsor as a list, until none of them is offered to be handed over.
    pub(super) fn propose(&self, cases: &[usize]) -> Option<Answer> {
        let browser = self.secretary(cases[0]);
        let mut sent = false;
        loop {
            let page = self.insist(|| browser.get("/office/approvals"))?;
            let marks = cases
                .iter()
                .map(|case| mark(&page.body, &self.number(*case)));
            let marks: Vec<String> = marks.flatten().collect();
            if marks.is_empty() {
                assert!(sent, "screened cases are offered: {page:?}");
                self.give_to_sponsor(cases);
                return Some(page);
            }
            let note = format!("List {}.", cases[0]);
            let mut fields = vec![("program", R7), ("note", &note), ("confirmed", "1")];
            fields.extend(marks.iter().map(|mark| ("case", mark.as_str())));
            let answer = self.insist(|| browser.post("/office/approvals/propose", &fields))?;
            assert_eq!(answer.status, 200, "{answer:?}");
            sent = true;
        }
    }

    fn give_to_sponsor(&self, cases: &[usize]) {
        let approvals = cases.iter().map(|case| Task::Act(*case, Act::Approve));
        self.add(approvals);
    }

    /// Finds the list with this case and approves it there, until it is not offered any more.
    pub(super) fn approve(&self, case: usize) -> Option<Answer> {
        let (browser, number) = (&self.people.sponsor, self.number(case));
        let mut sent = false;
        loop {
            let overview = self.insist(|| browser.get("/office/approvals"))?;
            let mut offered = None;
            for list in lists(&overview.body) {
                let page = self.insist(|| browser.get(&list))?;
                offered = mark(&page.body, &number).map(|mark| (list, mark));
                if offered.is_some() {
                    break;
                }
            }
            let Some((list, mark)) = offered else {
                assert!(sent, "{number} waits for the sponsor: {overview:?}");
                return Some(overview);
            };
            let fields = [("do", "approve"), ("case", &mark), ("confirmed", "1")];
            let answer = self.insist(|| browser.post(&format!("{list}/decide"), &fields))?;
            assert_eq!(answer.status, 200, "{answer:?}");
            sent = true;
        }
    }
}

/// The text of the note on the cases from this one on.
pub(super) fn many(first: usize) -> String {
    format!("Many {first}.")
}

/// The id of an action on many cases.
pub(super) fn run_id(first: usize) -> String {
    format!("01970000-0000-7000-8000-{first:012}")
}

/// The mark of a case in a page of approvals: its number and the version shown. None when the page does not offer it.
fn mark(page: &str, number: &str) -> Option<String> {
    let version = between(page, &format!("value=\"{number}@"), "\"")?;
    Some(format!("{number}@{version}"))
}

/// The addresses of the lists of a page, each once. A node that dies between a case and the list to which it belongs leaves the case
/// proposed alone.
fn lists(page: &str) -> Vec<String> {
    let mut lists: Vec<String> = Vec::new();
    for rest in page.split("\"/office/approvals/").skip(1) {
        let id: String = rest
            .chars()
            .take_while(|c| c.is_ascii_hexdigit() || *c == '-')
            .collect();
        let path = format!("/office/approvals/{id}");
        if id.len() == 36 && !lists.contains(&path) {
            lists.push(path);
        }
    }
    if page.contains("\"/office/approvals/alone\"") {
        lists.push("/office/approvals/alone".to_owned());
    }
    lists
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}
