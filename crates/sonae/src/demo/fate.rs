//! What becomes of each company: what it and the people of the office do next, decided by its number and nothing else.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use sonae_core::access::StaffRole;
use sonae_core::application::answers::ExtraAnswer;
use sonae_core::calendar::{Calendar, tokyo_date};
use sonae_core::capacity::PlaceState;
use sonae_core::flow::transition::judged;
use sonae_core::flow::{Actor, ApprovalState, Channel, ContactOutcome, Event, Status};
use sonae_core::program::flow::{Step, StepKind};
use sonae_core::program::form::QuestionKind;
use sonae_core::program::support::Asked;
use sonae_core::program::{Id, Program, Role};
use sonae_store::case::Stored;

/// The last day on which Tokyo decided; what is proposed after it waits.
const LAST_DECISION: Date = jiff::civil::date(2025, 11, 7);

/// How a company's way differs from the straight one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Straight,
    WithdrawsEarly,
    WithdrawsLate,
    /// Answers nobody.
    Silent,
    /// Answers after the office called.
    NeedsACall,
    Declined,
    Excluded,
    Corrects,
    /// Is asked for a correction and does not answer.
    OwesACorrection,
    /// The office is late.
    Late,
    SentBack,
    LetsOffersLapse,
}

impl Fate {
    pub(super) fn of(number: usize) -> Fate {
        match number % 40 {
            3 => Fate::WithdrawsEarly,
            7 => Fate::WithdrawsLate,
            11 => Fate::Silent,
            15 | 36 => Fate::Declined,
            19 if number % 80 == 19 => Fate::Excluded,
            21 | 38 => Fate::NeedsACall,
            23 | 33 => Fate::Corrects,
            27 => Fate::OwesACorrection,
            31 => Fate::Late,
            35 => Fate::SentBack,
            37 | 18 => Fate::LetsOffersLapse,
            _ => Fate::Straight,
        }
    }
}

/// A company whose case is under way.
pub(super) struct Company {
    pub(super) program: &'static str,
    pub(super) number: usize,
    pub(super) fate: Fate,
    pub(super) stored: Stored,
    /// It was asked for a correction once.
    pub(super) was_asked: bool,
    /// It wrote to the office once, and the office answered.
    pub(super) letters: usize,
}

/// A day of the office.
pub(super) struct Day<'a> {
    pub(super) date: Date,
    pub(super) calendar: &'a Calendar,
    pub(super) program: &'a Program,
    pub(super) people: &'a People,
}

/// Ids of the people of the demonstration.
pub(super) struct People(pub(super) BTreeMap<&'static str, Vec<String>>);

impl People {
    fn of(&self, role: StaffRole, number: usize) -> Actor {
        Actor::Staff {
            id: self.id(role, number),
            role,
        }
    }

    pub(super) fn id(&self, role: StaffRole, number: usize) -> String {
        let people = &self.0[role.as_str()];
        people[number % people.len()].clone()
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

impl Company {
    fn office(&self, day: &Day<'_>) -> Actor {
        day.people.of(StaffRole::Secretariat, self.number)
    }

    fn expert(&self, day: &Day<'_>) -> Actor {
        day.people.of(StaffRole::Expert, self.number)
    }

    /// Business days since a step was reached.
    fn waited(&self, day: &Day<'_>, step: &Step) -> i64 {
        let opened = self.stored.case.steps[&step.id].opened_at;
        day.calendar
            .business_days_between(tokyo_date(opened), day.date)
    }

    /// A small number of days that differs from company to company and from step to step.
    fn pace(&self, step: &Step) -> i64 {
        let mixed = self.number * 7 + step.id.len() * 5;
        i64::try_from(mixed % 3).expect("small") + 1
    }

    /// What happens to it today, if anything; asked again after each event.
    pub(super) fn next(&mut self, day: &Day<'_>) -> Option<(Actor, Event)> {
        if self.stored.case.status != Status::Open {
            return self.offered(day);
        }
        if let Some(event) = self
            .offered(day)
            .or_else(|| self.asked(day))
            .or_else(|| self.called(day))
        {
            return Some(event);
        }
        let step = self.stored.case.current(day.program)?;
        if self.stored.case.correction.is_some() {
            return None;
        }
        let waited = self.waited(day, step);
        if self.stored.case.assignee.is_none() {
            let to = Some(day.people.id(StaffRole::Secretariat, self.number));
            return Some((self.office(day), Event::Assigned { to }));
        }
        match step.kind {
            StepKind::Contact => self.contact(day, waited),
            StepKind::Agreement => self.agreement(day, waited, self.pace(step)),
            StepKind::ExpertContact => self.expert_contact(day, waited),
            StepKind::Diagnosis => self.diagnosis(day, waited, self.pace(step)),
            StepKind::Screening => self.screening(day, waited, self.pace(step)),
            StepKind::Approval => self.approval(day, waited),
            StepKind::CourseDecision => self.decision(day, waited, self.pace(step)),
            StepKind::Questionnaire => self.questionnaire(day, waited, self.pace(step)),
            _ => None,
        }
    }

    fn offered(&self, day: &Day<'_>) -> Option<(Actor, Event)> {
        let mut places = self.stored.case.places.iter();
        let (course, _) = places.find(|(_, state)| **state == PlaceState::Offered)?;
        let course = course.clone();
        let offered = self
            .stored
            .case
            .clocks
            .get(&format!("offer.{course}"))?
            .started_at;
        if day
            .calendar
            .business_days_between(tokyo_date(offered), day.date)
            < 1
        {
            return None;
        }
        match self.fate {
            Fate::LetsOffersLapse | Fate::Silent => None,
            _ if self.number % 7 == 5 => Some((Actor::Company, Event::OfferDeclined { course })),
            _ => Some((Actor::Company, Event::OfferAccepted { course })),
        }
    }

    /// A correction is asked for and, mostly, answered.
    fn asked(&mut self, day: &Day<'_>) -> Option<(Actor, Event)> {
        if let Some(correction) = &self.stored.case.correction {
            let asked = tokyo_date(correction.asked_at);
            let waited = day.calendar.business_days_between(asked, day.date);
            if self.fate == Fate::OwesACorrection || waited < 2 {
                return None;
            }
            let mut answers = Box::new(self.stored.answers.clone());
            answers.employees = answers.employees.map(|employees| employees + 1);
            return Some((
                Actor::Company,
                Event::Corrected {
                    answers,
                    reason: String::new(),
                },
            ));
        }
        let asks = matches!(self.fate, Fate::Corrects | Fate::OwesACorrection);
        if !asks || self.was_asked || self.stored.case.version < 2 {
            return None;
        }
        self.was_asked = true;
        let message = "従業員数に、役員の方やパートの方が入っているかをお確かめください。常時使用する従業員の数をお書きください。";
        let event = Event::CorrectionRequested {
            message: text(message),
            fields: vec![text("employees")],
        };
        Some((self.office(day), event))
    }

    /// A call that is due is made on the next day.
    fn called(&self, day: &Day<'_>) -> Option<(Actor, Event)> {
        let mut clocks = self.stored.case.clocks.iter();
        let is_due = |id: &str, clock: &sonae_core::clock::Clock| {
            id.starts_with("phone.") && clock.phase == sonae_core::clock::Phase::Running
        };
        let (_, clock) = clocks.find(|(id, clock)| is_due(id, clock))?;
        if day
            .calendar
            .business_days_between(tokyo_date(clock.started_at), day.date)
            < 1
        {
            return None;
        }
        let (outcome, note) = match self.fate {
            Fate::NeedsACall => (ContactOutcome::Reached, "今週中にご回答くださるとのこと。"),
            _ => (
                ContactOutcome::NoAnswer,
                "呼び出しても、どなたも出られない。",
            ),
        };
        let event = Event::Contacted {
            channel: Channel::Phone,
            outcome,
            note: text(note),
        };
        Some((self.office(day), event))
    }

    fn contact(&self, day: &Day<'_>, waited: i64) -> Option<(Actor, Event)> {
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

    fn agreement(&mut self, day: &Day<'_>, waited: i64, pace: i64) -> Option<(Actor, Event)> {
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
                let reason = text("3回お電話し、メールもお送りしたが、ご連絡がつかないため。");
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

    fn expert_contact(&self, day: &Day<'_>, waited: i64) -> Option<(Actor, Event)> {
        if self.stored.case.expert.is_none() {
            let to = Some(day.people.id(StaffRole::Expert, self.number));
            return Some((self.office(day), Event::ExpertAssigned { to }));
        }
        let days = if self.number % 31 == 8 { 5 } else { 1 };
        let event = Event::Contacted {
            channel: Channel::Phone,
            outcome: ContactOutcome::Reached,
            note: text("事前診断の日取りを決めた。"),
        };
        (waited >= days).then(|| (self.expert(day), event))
    }

    fn diagnosis(&self, day: &Day<'_>, waited: i64, pace: i64) -> Option<(Actor, Event)> {
        let asked = &day.program.definition.support.diagnosis;
        let event = Event::Diagnosed {
            record: self.record(asked),
            done: true,
        };
        (waited >= pace + 2).then(|| (self.expert(day), event))
    }

    fn screening(&mut self, day: &Day<'_>, waited: i64, pace: i64) -> Option<(Actor, Event)> {
        if waited < pace {
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

    fn approval(&self, day: &Day<'_>, waited: i64) -> Option<(Actor, Event)> {
        let case = &self.stored.case;
        match self.fate {
            Fate::Declined => {
                let reason = text(
                    "昨年度に同じ内容の助成を受けておられることが、資料の確認でわかったため。",
                );
                return Some((
                    self.office(day),
                    Event::Declined {
                        reason,
                        clause: text("5"),
                    },
                ));
            }
            Fate::Excluded => {
                let reason = text("お申込みの内容に、事実と異なる記載があったため。");
                return Some((
                    self.office(day),
                    Event::Excluded {
                        reason,
                        clause: text("5(2)"),
                    },
                ));
            }
            Fate::WithdrawsLate if waited >= 2 => {
                return Some((
                    Actor::Company,
                    Event::Withdrawn {
                        reason: text("担当者が退職したため"),
                    },
                ));
            }
            _ => {}
        }
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
                let decides = day.date.weekday() == Weekday::Friday && day.date <= LAST_DECISION;
                let tokyo = day.people.of(StaffRole::Sponsor, 0);
                let question = text("従業員数の確認は、どのようになさいましたか。");
                let event = match self.fate {
                    Fate::SentBack if number == 1 => Event::SentBack { question },
                    _ => Event::Approved {},
                };
                decides.then_some((tokyo, event))
            }
            Some((ApprovalState::SentBack, _)) => {
                let note = text("労働者名簿の写しを見せていただき、確認しました。");
                Some((self.office(day), Event::Proposed { note }))
            }
            _ if waited >= 1 => Some((
                self.office(day),
                Event::Proposed {
                    note: String::new(),
                },
            )),
            _ => None,
        }
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

    fn decision(&self, day: &Day<'_>, waited: i64, pace: i64) -> Option<(Actor, Event)> {
        let places = self.stored.case.places.iter();
        let held = places.filter(|(_, state)| **state == PlaceState::Held);
        let courses: Vec<Id> = held.map(|(id, _)| id.clone()).collect();
        let reason = text("事前診断の結果、お申込みのコースで支援できる。");
        if self.stored.case.course_proposal.is_none() {
            return Some((self.expert(day), Event::CoursesProposed { courses, reason }));
        }
        (waited >= pace).then(|| (self.office(day), Event::CoursesDecided { courses, reason }))
    }

    fn questionnaire(&self, day: &Day<'_>, waited: i64, pace: i64) -> Option<(Actor, Event)> {
        let answers = self.record(&day.program.definition.support.questionnaire);
        let days = match self.fate {
            Fate::Silent => return None,
            Fate::NeedsACall => 12,
            _ => pace + 1,
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
