//! The life of a monthly report: due → made → checked → approved → sent → read.
//!
//! A report that nobody made yet has no row: it is due. What was sent never changes; until then a returned or outdated report is made anew, as its
//! next revision, and goes through all hands again.

use serde::{Deserialize, Serialize};

use crate::flow::Refusal;

/// Longest reason with which a report is returned, and longest word of the technician to the company, in characters.
pub const LONGEST_WORD: usize = 1_000;
/// Most revisions of one report.
pub const MOST_REVISIONS: u32 = 50;
/// The day of the following month by which a report should have been sent.
pub const LATE_DAY: i8 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not made yet.
    Due,
    Made,
    Checked,
    Approved,
    Sent,
    /// The company opened it.
    Read,
}

/// What can happen to a report. Which role may do it stands in `core::access`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Its figures are frozen, for the first time or anew.
    Made,
    /// A technician looked at it; with a word to the company, which may be empty.
    Checked {
        word: String,
    },
    /// By somebody else than who checked it.
    Approved,
    /// With what is wrong.
    Returned {
        why: String,
    },
    Sent,
    Read,
}

impl State {
    pub const ALL: [State; 6] = [
        State::Due,
        State::Made,
        State::Checked,
        State::Approved,
        State::Sent,
        State::Read,
    ];

    /// The word in the database and the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Due => "due",
            State::Made => "made",
            State::Checked => "checked",
            State::Approved => "approved",
            State::Sent => "sent",
            State::Read => "read",
        }
    }

    pub fn parse(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// What people of the office read.
    pub fn label(self) -> &'static str {
        match self {
            State::Due => "未作成",
            State::Made => "点検待ち",
            State::Checked => "承認待ち",
            State::Approved => "送信待ち",
            State::Sent => "送信済み",
            State::Read => "既読",
        }
    }

    /// Whether the company has it.
    pub fn is_out(self) -> bool {
        matches!(self, State::Sent | State::Read)
    }
}

/// Where a report stands after an event.
///
/// # Errors
/// Why it cannot happen, with what to do instead.
pub fn step(state: State, event: &Event) -> Result<State, Refusal> {
    match event {
        Event::Made if state.is_out() => Err(out()),
        Event::Made => Ok(State::Made),
        Event::Checked { word } => {
            bounded(word, "会社へのひとことは")?;
            match state {
                State::Made => Ok(State::Checked),
                State::Due => Err(not_made()),
                State::Checked | State::Approved => Err(Refusal::new(
                    "already_checked",
                    "このレポートは、もう点検が済んでいます。ページを開き直して、今の状態をご覧ください。",
                )),
                State::Sent | State::Read => Err(out()),
            }
        }
        Event::Approved => match state {
            State::Checked => Ok(State::Approved),
            State::Due => Err(not_made()),
            State::Made => Err(Refusal::new(
                "not_checked",
                "承認は、技術担当の点検が済んでから行います。先に点検を済ませてください。",
            )),
            State::Approved => Err(Refusal::new(
                "already_approved",
                "このレポートは、もう承認されています。まもなく会社へ送られます。",
            )),
            State::Sent | State::Read => Err(out()),
        },
        Event::Returned { why } => {
            if why.trim().is_empty() {
                return Err(Refusal::new("no_reason", "差し戻す理由を書いてください。"));
            }
            bounded(why, "差し戻す理由は")?;
            match state {
                State::Checked | State::Approved => Ok(State::Made),
                State::Due => Err(not_made()),
                State::Made => Err(Refusal::new(
                    "not_checked",
                    "このレポートは、点検を待っています。差し戻す必要はありません。作り直すか、点検してください。",
                )),
                State::Sent | State::Read => Err(out()),
            }
        }
        Event::Sent => match state {
            State::Approved => Ok(State::Sent),
            State::Sent | State::Read => Err(out()),
            _ => Err(Refusal::new(
                "not_approved",
                "送るのは、承認されたレポートだけです。",
            )),
        },
        // Who opens it again reads it still.
        Event::Read => match state {
            State::Sent | State::Read => Ok(State::Read),
            _ => Err(Refusal::new(
                "not_sent",
                "このレポートは、まだ送られていません。",
            )),
        },
    }
}

/// Refuses an approval by who checked.
///
/// # Errors
/// The same person.
pub fn two_people(checked_by: &str, approves: &str) -> Result<(), Refusal> {
    match checked_by == approves {
        false => Ok(()),
        true => Err(Refusal::new(
            "same_person",
            "点検した人は、承認できません。ほかの人に承認を頼んでください。",
        )),
    }
}

fn bounded(text: &str, what: &str) -> Result<(), Refusal> {
    match text.chars().count() > LONGEST_WORD {
        false => Ok(()),
        true => Err(Refusal::new(
            "too_long",
            format!("{what}、{LONGEST_WORD}字までで書いてください。"),
        )),
    }
}

fn not_made() -> Refusal {
    Refusal::new(
        "not_made",
        "このレポートは、まだ作られていません。先に作ってください。",
    )
}

fn out() -> Refusal {
    Refusal::new(
        "already_sent",
        "このレポートは、会社に送ったあとなので、変えられません。違いがあるときは、会社に個別にお知らせください。",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_of_a_reports_life() {
        let word = |word: &str| Event::Checked {
            word: word.to_owned(),
        };
        let back = |why: &str| Event::Returned {
            why: why.to_owned(),
        };
        let long = "長".repeat(LONGEST_WORD + 1);
        // Due, made, checked, approved, sent, read; what is refused has a mark.
        let table: [(Event, &str); 8] = [
            (
                Event::Made,
                "made made made made !already_sent !already_sent",
            ),
            (
                word(""),
                "!not_made checked !already_checked !already_checked !already_sent !already_sent",
            ),
            (
                word(&long),
                "!too_long !too_long !too_long !too_long !too_long !too_long",
            ),
            (
                Event::Approved,
                "!not_made !not_checked approved !already_approved !already_sent !already_sent",
            ),
            (
                back("数が違う"),
                "!not_made !not_checked made made !already_sent !already_sent",
            ),
            (
                back(" "),
                "!no_reason !no_reason !no_reason !no_reason !no_reason !no_reason",
            ),
            (
                Event::Sent,
                "!not_approved !not_approved !not_approved sent !already_sent !already_sent",
            ),
            (
                Event::Read,
                "!not_sent !not_sent !not_sent !not_sent read read",
            ),
        ];
        for (event, row) in table {
            let found = State::ALL.map(|state| match step(state, &event) {
                Ok(next) => next.as_str().to_owned(),
                Err(refusal) => {
                    assert!(refusal.sentence.ends_with('。'));
                    format!("!{}", refusal.code)
                }
            });
            assert_eq!(found.join(" "), row, "{event:?}");
        }
        assert!(two_people("staff:a", "staff:b").is_ok() && two_people("a", "a").is_err());
    }

    #[test]
    fn words_read_back() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        assert_eq!(State::parse("lost"), None);
    }
}
