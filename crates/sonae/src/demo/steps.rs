//! What happens at each step of a company's way.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday, date};
use sonae_core::access::StaffRole;
use sonae_core::application::answers::ExtraAnswer;
use sonae_core::capacity::PlaceState;
use sonae_core::flow::transition::judged;
use sonae_core::flow::{Actor, ApprovalState, Channel, ContactOutcome, Event};
use sonae_core::program::form::QuestionKind;
use sonae_core::program::support::Asked;
use sonae_core::program::{Id, Role};

use super::editions::R7;
use super::fate::{Company, Day, Fate, LEFT_ON, text};

/// The last day on which Tokyo decided; what is proposed after it waits.
pub(super) const LAST_DECISION: Date = date(2026, 3, 6);
/// Of R7, half the companies wait a week longer, and the others were decided on later, so that their questionnaires are not answered yet.
const LAST_DECISIONS_OF_R7: [Date; 2] = [date(2026, 3, 13), date(2026, 2, 27)];

impl Company {
    pub(super) fn contact(&self, day: &Day<'_>, waited: i64) -> Option<(Actor, Event)> {
        let days = match self.fate {
            Fate::Late => 5,
            _ => i64::try_from(self.number % 3).expect("small"),
        };
        let tried = self.stored.case.version > 1;
        let (outcome, note, days) = match self.number % 5 == 1 && !tried {
            true => (
                ContactOutcome::NoAnswer,
                "担当の方が外出中。折り返しはお願いせず、明日またかける。",
                days,
            ),
            false => (
                ContactOutcome::Reached,
                "お申込みの内容と、これからの流れをご説明した。",
                days + i64::from(tried),
            ),
        };
        let event = Event::Contacted {
            channel: Channel::Phone,
            outcome,
            note: text(note),
        };
        (waited >= days).then(|| (self.office(day), event))
    }

    pub(super) fn agreement(
        &mut self,
        day: &Day<'_>,
        waited: i64,
        pace: i64,
    ) -> Option<(Actor, Event)> {
        if self.number % 12 == 5 && self.letters < 2 {
            self.letters += 1;
            let subject = text("機器の設置について");
            return Some(match self.letters {
                1 => (
                    Actor::Company,
                    Event::Messaged {
                        subject,
                        text: text("設置の日は、土曜日でもお願いできますか。"),
                    },
                ),
                _ => (
                    self.office(day),
                    Event::Messaged {
                        subject,
                        text: text(
                            "土曜日の設置も、ご相談のうえで承れる場合があります。日程は、コースが決まってからご連絡します。",
                        ),
                    },
                ),
            });
        }
        match self.fate {
            Fate::Silent if waited >= 30 => {
                let reason =
                    text("お電話とメールを3回差し上げましたが、ご連絡がつきませんでした。");
                Some((
                    self.office(day),
                    Event::Declined {
                        reason,
                        clause: text("6 STEP2"),
                    },
                ))
            }
            Fate::Silent => None,
            Fate::WithdrawsEarly if waited >= 2 => Some((
                Actor::Company,
                Event::Withdrawn {
                    reason: text("社内の都合により"),
                },
            )),
            _ if waited >= pace => Some((
                Actor::Company,
                Event::Agreed {
                    note: String::new(),
                },
            )),
            _ => None,
        }
    }

    pub(super) fn expert_contact(&self, day: &Day<'_>, waited: i64) -> Option<(Actor, Event)> {
        if self.stored.case.expert.is_none() {
            let to = Some(day.people.id(StaffRole::Expert, self.number));
            return Some((self.office(day), Event::ExpertAssigned { to }));
        }
        // Some of the last are not called in time either, so that an expert has something to do at once.
        let late = self.number % 31 == 8 || (238..248).contains(&self.number);
        let days = if late { 5 } else { 1 };
        let event = Event::Contacted {
            channel: Channel::Phone,
            outcome: ContactOutcome::Reached,
            note: text("事前診断の日取りを決めた。"),
        };
        (waited >= days).then(|| (self.expert(day), event))
    }

    pub(super) fn diagnosis(
        &self,
        day: &Day<'_>,
        waited: i64,
        pace: i64,
    ) -> Option<(Actor, Event)> {
        let asked = &day.program.definition.support.diagnosis;
        let event = Event::Diagnosed {
            record: self.record(asked),
            done: true,
        };
        (waited >= pace + 2).then(|| (self.expert(day), event))
    }

    pub(super) fn screening(
        &mut self,
        day: &Day<'_>,
        waited: i64,
        pace: i64,
    ) -> Option<(Actor, Event)> {
        let late = if self.fate == Fate::Late { 7 } else { 0 };
        if waited < pace + late {
            return None;
        }
        self.judge(day).or_else(|| {
            Some((
                self.office(day),
                Event::Screened {
                    note: String::new(),
                },
            ))
        })
    }

    /// Rules that need a person, one after the other.
    fn judge(&self, day: &Day<'_>) -> Option<(Actor, Event)> {
        let (_, open) = judged(&self.stored.verdict, &self.stored.case);
        let rule = open.into_iter().next()?;
        let reason = text("添付の資料と電話での確認により、要件を満たすと判断した。");
        Some((
            self.office(day),
            Event::Judged {
                rule,
                met: true,
                reason,
            },
        ))
    }

    pub(super) fn approval(&self, day: &Day<'_>, waited: i64) -> Option<(Actor, Event)> {
        if let Some(event) = self.ends(day, waited) {
            return Some(event);
        }
        let case = &self.stored.case;
        if let Some(event) = self.judge(day) {
            return Some(event);
        }
        if !case.holds_a_place() {
            return self.waiting(day);
        }
        match case
            .approval
            .as_ref()
            .map(|approval| (approval.state, approval.number))
        {
            Some((ApprovalState::Proposed, number)) => {
                let tokyo = day.people.of(StaffRole::Sponsor, 0);
                let question = text("従業員数の確認は、どのようになさいましたか。");
                let asks = self.fate == Fate::SentBack && number == 1;
                let asks_at_last = day.date == LEFT_ON && self.number % 4 == 3;
                let decides = asks_at_last || self.tokyo_decides(day);
                let event = match asks || asks_at_last {
                    true => Event::SentBack { question },
                    false => Event::Approved {},
                };
                decides.then_some((tokyo, event))
            }
            Some((ApprovalState::SentBack, _)) if day.date != LEFT_ON => {
                let note = text("労働者名簿の写しを見せていただき、確認しました。");
                Some((self.office(day), Event::Proposed { note }))
            }
            Some((ApprovalState::SentBack, _)) => None,
            _ if waited >= 1 => Some((
                self.office(day),
                Event::Proposed {
                    note: String::new(),
                },
            )),
            _ => None,
        }
    }

    /// Who is refused, excluded, or thinks better of it before Tokyo decides.
    fn ends(&self, day: &Day<'_>, waited: i64) -> Option<(Actor, Event)> {
        match self.fate {
            Fate::Declined => {
                let reason = text(
                    "昨年度に同じ内容の助成を受けておられることが、資料の確認でわかりました。",
                );
                Some((
                    self.office(day),
                    Event::Declined {
                        reason,
                        clause: text("5"),
                    },
                ))
            }
            Fate::Excluded => {
                let reason = text("お申込みの内容に、事実と異なる記載がありました。");
                Some((
                    self.office(day),
                    Event::Excluded {
                        reason,
                        clause: text("5(2)"),
                    },
                ))
            }
            Fate::WithdrawsLate if waited >= 2 => Some((
                Actor::Company,
                Event::Withdrawn {
                    reason: text("担当者が退職したため"),
                },
            )),
            _ => None,
        }
    }

    /// Tokyo decides on Fridays, up to the last one before the demonstration.
    fn tokyo_decides(&self, day: &Day<'_>) -> bool {
        let last = match day.program.id() {
            R7 => LAST_DECISIONS_OF_R7[self.number % 2],
            _ => LAST_DECISION,
        };
        day.date.weekday() == Weekday::Friday && day.date <= last
    }

    /// Who waits for a place hears from the office when it is time.
    fn waiting(&self, day: &Day<'_>) -> Option<(Actor, Event)> {
        let (id, clock) = self.stored.case.due()?;
        let due = id.starts_with("target.") && day.date >= clock.due_date();
        if due && self.number % 6 == 4 {
            return Some((
                Actor::Company,
                Event::Withdrawn {
                    reason: text("今年度は見送ります"),
                },
            ));
        }
        let note = text("まだ枠が空いていないことをお伝えした。引き続きお待ちになるとのこと。");
        let event = Event::Contacted {
            channel: Channel::Phone,
            outcome: ContactOutcome::Reached,
            note,
        };
        due.then(|| (self.office(day), event))
    }

    pub(super) fn decision(&self, day: &Day<'_>, waited: i64, pace: i64) -> Option<(Actor, Event)> {
        let places = self.stored.case.places.iter();
        let held = places.filter(|(_, state)| **state == PlaceState::Held);
        let courses: Vec<Id> = held.map(|(id, _)| id.clone()).collect();
        let reason = text("事前診断の結果、お申込みのコースで支援できる。");
        if self.stored.case.course_proposal.is_none() {
            return Some((self.expert(day), Event::CoursesProposed { courses, reason }));
        }
        let late = if self.number % 4 == 1 { 9 } else { 1 };
        (waited >= pace + late)
            .then(|| (self.office(day), Event::CoursesDecided { courses, reason }))
    }

    pub(super) fn questionnaire(
        &self,
        day: &Day<'_>,
        waited: i64,
        pace: i64,
    ) -> Option<(Actor, Event)> {
        let answers = self.record(&day.program.definition.support.questionnaire);
        let days = match self.fate {
            Fate::Silent => return None,
            Fate::NeedsACall => 12,
            _ => pace + 4,
        };
        let called = self.stored.case.owner(day.program) == Some(Role::Company);
        (waited >= days && called)
            .then_some((Actor::Company, Event::QuestionnaireAnswered { answers }))
    }

    /// Believable answers to what is asked.
    fn record(&self, asked: &[Asked]) -> BTreeMap<Id, ExtraAnswer> {
        let answer = |(n, asked): (usize, &Asked)| {
            let pick = self.number + n;
            let answer = match asked.kind {
                QuestionKind::YesNo => ExtraAnswer::YesNo(pick.is_multiple_of(2)),
                QuestionKind::Number => {
                    let most = i64::from(asked.max.unwrap_or(40).max(1));
                    ExtraAnswer::Number(i64::try_from(pick % 12).expect("small").min(most))
                }
                QuestionKind::Choice => {
                    ExtraAnswer::Text(asked.option[pick % asked.option.len()].value.clone())
                }
                QuestionKind::Text => ExtraAnswer::Text(text(
                    ["特にありません。", "確認しました。", "表のとおりです。"][pick % 3],
                )),
            };
            (asked.id.clone(), answer)
        };
        asked.iter().enumerate().map(answer).collect()
    }
}
