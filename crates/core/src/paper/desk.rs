//! The life of a paper of a case: drafted, reviewed by the company, accepted; and which papers a case has.
//!
//! A paper has one open version at a time. What was sent for review is a version that never changes again; whatever comes back is drafted as the
//! next one.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::library::Library;
use crate::capacity::PlaceState;
use crate::flow::{Case, Refusal, Status};

/// Most versions of one paper; a paper is seldom sent more than five times.
pub const MOST_VERSIONS: u32 = 100;
/// Longest reason with which a paper is returned, and longest note that goes with it, in characters.
pub const LONGEST_REASON: usize = 2_000;

/// Where a paper stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// `version` is being drafted and was never sent.
    Draft { version: u32 },
    /// The company reads `version`.
    InReview { version: u32 },
    /// The company accepted `version`.
    Accepted { version: u32 },
}

/// Who acts. What each person of the office may do stands in `core::access`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Office,
    Company,
}

/// What can happen to a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// 確認を依頼する
    SentForReview,
    /// 依頼を取り下げる
    TakenBack,
    /// 承認する, by the version that was read.
    Accepted { version: u32 },
    /// 差し戻す, by the version that was read, with what should change.
    Returned { version: u32, what: String },
    /// 改訂を始める
    RevisionStarted,
}

impl State {
    /// A paper that nobody has touched.
    pub const BEGIN: State = State::Draft { version: 1 };

    pub fn version(self) -> u32 {
        match self {
            State::Draft { version }
            | State::InReview { version }
            | State::Accepted { version } => version,
        }
    }

    /// The word in the database and the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Draft { .. } => "draft",
            State::InReview { .. } => "in_review",
            State::Accepted { .. } => "accepted",
        }
    }

    pub fn parse(word: &str, version: u32) -> Option<State> {
        match word {
            "draft" => Some(State::Draft { version }),
            "in_review" => Some(State::InReview { version }),
            "accepted" => Some(State::Accepted { version }),
            _ => None,
        }
    }

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            State::Draft { .. } => "作成中",
            State::InReview { .. } => "会社が確認中",
            State::Accepted { .. } => "承認済み",
        }
    }
}

/// A version as it is printed: `第2版`.
pub fn version_text(version: u32) -> String {
    format!("第{version}版")
}

/// A version that is still drafted, as it is printed: `第2版（案）`.
pub fn draft_text(version: u32) -> String {
    format!("第{version}版（案）")
}

/// Where a paper stands after an event.
///
/// # Errors
/// Why it cannot happen, with what to do instead.
pub fn step(state: State, event: &Event, side: Side) -> Result<State, Refusal> {
    side_of(event, side)?;
    match (event, state) {
        (Event::SentForReview, State::Draft { version }) => Ok(State::InReview { version }),
        (Event::SentForReview, State::InReview { .. }) => Err(Refusal::new(
            "paper_in_review",
            "この文書は、会社に確認をお願いしています。直すときは、先に依頼を取り下げてください。",
        )),
        (Event::SentForReview, State::Accepted { .. }) => Err(Refusal::new(
            "paper_accepted",
            "この文書は、承認されています。直すときは、先に改訂を始めてください。",
        )),
        (Event::TakenBack, State::InReview { version }) => next(version),
        (Event::TakenBack, _) => Err(not_in_review()),
        (Event::Accepted { version: seen }, State::InReview { version }) if *seen == version => {
            Ok(State::Accepted { version })
        }
        (
            Event::Returned {
                version: seen,
                what,
            },
            State::InReview { version },
        ) if *seen == version => {
            if what.trim().is_empty() {
                return Err(Refusal::new(
                    "no_reason",
                    "直してほしいところを書いてください。",
                ));
            }
            if what.chars().count() > LONGEST_REASON {
                return Err(Refusal::new(
                    "reason_too_long",
                    format!("直してほしいところは、{LONGEST_REASON}字までで書いてください。"),
                ));
            }
            next(version)
        }
        (Event::Accepted { version: seen }, State::Accepted { version }) if *seen == version => {
            Err(Refusal::new(
                "paper_accepted",
                "この版は、もう承認されています。することはありません。",
            ))
        }
        (Event::Accepted { .. } | Event::Returned { .. }, State::InReview { .. }) => {
            Err(Refusal::new(
                "other_version",
                "お読みになった版は、新しい版に替わりました。新しい版をご確認ください。",
            ))
        }
        (Event::Accepted { .. } | Event::Returned { .. }, _) => Err(not_in_review()),
        (Event::RevisionStarted, State::Accepted { version }) => next(version),
        (Event::RevisionStarted, _) => Err(Refusal::new(
            "paper_not_accepted",
            "改訂は、承認された文書で始めます。この文書は、まだ承認されていません。",
        )),
    }
}

fn side_of(event: &Event, side: Side) -> Result<(), Refusal> {
    let companys = matches!(event, Event::Accepted { .. } | Event::Returned { .. });
    match (companys, side) {
        (true, Side::Office) => Err(Refusal::new(
            "company_only",
            "承認と差戻しは、会社の専用ページで会社が行います。",
        )),
        (false, Side::Company) => Err(Refusal::new(
            "office_only",
            "確認の依頼と改訂は、専門家と事務局が行います。ご希望は、コメントに書いてください。",
        )),
        _ => Ok(()),
    }
}

fn next(version: u32) -> Result<State, Refusal> {
    if version >= MOST_VERSIONS {
        return Err(Refusal::new(
            "too_many_versions",
            format!(
                "この文書は{MOST_VERSIONS}版に達し、版を増やせません。事務局の管理者に相談してください。"
            ),
        ));
    }
    Ok(State::Draft {
        version: version + 1,
    })
}

fn not_in_review() -> Refusal {
    Refusal::new(
        "paper_not_in_review",
        "この文書は、今は確認をお願いしていません。ページを開き直して、今の状態をご覧ください。",
    )
}

/// Whether papers of a case may be changed.
///
/// # Errors
/// Why not. What was made stays readable.
pub fn open(case: &Case) -> Result<(), Refusal> {
    match case.status {
        Status::Confirmed => Ok(()),
        Status::Open => Err(Refusal::new(
            "not_confirmed",
            "文書を作るのは、参加が確定してからです。先に参加の確定を済ませてください。",
        )),
        _ => Err(Refusal::new(
            "case_closed",
            "この案件は終わっているため、文書は変えられません。これまでの版は、お読みになれます。",
        )),
    }
}

/// The kinds of paper that a case has: those that its courses hand over, once participation is confirmed; in the library's order.
pub fn kinds<'a>(library: &'a Library, case: &Case) -> Vec<&'a Kind> {
    if case.status != Status::Confirmed {
        return Vec::new();
    }
    let takes = |course: &String| {
        case.courses.contains(course) && case.places.get(course) == Some(&PlaceState::Held)
    };
    let kinds = library.kinds().iter();
    kinds
        .filter(|kind| kind.courses.iter().any(takes))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_of_a_papers_life() {
        let draft = State::Draft { version: 2 };
        let review = State::InReview { version: 2 };
        let accepted = State::Accepted { version: 2 };
        let next = State::Draft { version: 3 };
        let accept = |version| Event::Accepted { version };
        let back = |version, what: &str| Event::Returned {
            version,
            what: what.to_owned(),
        };
        let long = "長".repeat(LONGEST_REASON + 1);
        let office = [
            (draft, Event::SentForReview, Ok(review)),
            (review, Event::SentForReview, Err("paper_in_review")),
            (accepted, Event::SentForReview, Err("paper_accepted")),
            (draft, Event::TakenBack, Err("paper_not_in_review")),
            (review, Event::TakenBack, Ok(next)),
            (accepted, Event::TakenBack, Err("paper_not_in_review")),
            (draft, Event::RevisionStarted, Err("paper_not_accepted")),
            (review, Event::RevisionStarted, Err("paper_not_accepted")),
            (accepted, Event::RevisionStarted, Ok(next)),
            (review, accept(2), Err("company_only")),
            (review, back(2, "第5条"), Err("company_only")),
        ];
        let company = [
            (draft, accept(2), Err("paper_not_in_review")),
            (review, accept(2), Ok(accepted)),
            (review, accept(1), Err("other_version")),
            (accepted, accept(2), Err("paper_accepted")),
            (accepted, accept(1), Err("paper_not_in_review")),
            (draft, back(2, "x"), Err("paper_not_in_review")),
            (review, back(2, "第5条"), Ok(next)),
            (review, back(1, "第5条"), Err("other_version")),
            (review, back(2, " \n"), Err("no_reason")),
            (review, back(2, &long), Err("reason_too_long")),
            (accepted, back(2, "x"), Err("paper_not_in_review")),
            (draft, Event::SentForReview, Err("office_only")),
            (review, Event::TakenBack, Err("office_only")),
            (accepted, Event::RevisionStarted, Err("office_only")),
        ];
        let check = |side, state, event: &Event, expected: Result<State, &'static str>| {
            let found = step(state, event, side);
            if let Err(refusal) = &found {
                assert!(refusal.sentence.ends_with('。'), "{}", refusal.sentence);
            }
            let found = found.map_err(|refusal| refusal.code);
            assert_eq!(found, expected, "{state:?} {event:?} {side:?}");
        };
        for (state, event, expected) in office {
            check(Side::Office, state, &event, expected);
        }
        for (state, event, expected) in company {
            check(Side::Company, state, &event, expected);
        }
        let last = State::InReview {
            version: MOST_VERSIONS,
        };
        check(
            Side::Office,
            last,
            &Event::TakenBack,
            Err("too_many_versions"),
        );
    }

    #[test]
    fn words_read_back() {
        for state in [
            State::Draft { version: 1 },
            State::InReview { version: 7 },
            State::Accepted { version: 3 },
        ] {
            assert_eq!(State::parse(state.as_str(), state.version()), Some(state));
        }
        assert_eq!(State::parse("lost", 1), None);
        assert_eq!(draft_text(2), "第2版（案）");
    }
}
