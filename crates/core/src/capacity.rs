//! Arrival order and places: decided here and nowhere else.
//!
//! A course hands out positions 1, 2, 3 … in the order of arrival. While places are left and nobody waits, an arrival holds one;
//! otherwise it waits behind the others or, where the programme keeps no waiting list, is turned away and takes no position.

use serde::{Deserialize, Serialize};

use crate::program::Milestone;
use crate::program::program::{Capacity, WaitingList};

/// What one course has handed out so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The highest position handed out; positions are never reused.
    pub last_position: i64,
    /// Places held or offered now.
    pub held: i64,
    /// Applications waiting now.
    pub waiting: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// A place of the capacity is taken.
    Held,
    /// A place is kept for the company until it answers the offer; it counts as held.
    Offered,
    /// No place yet: behind the capacity, or the place is taken at a later step.
    Waiting,
    /// Given back by withdrawal, refusal or expiry.
    Returned,
}

impl PlaceState {
    /// The word used in the interface and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            PlaceState::Held => "held",
            PlaceState::Offered => "offered",
            PlaceState::Waiting => "waiting",
            PlaceState::Returned => "returned",
        }
    }

    pub fn parse(word: &str) -> Option<PlaceState> {
        [
            PlaceState::Held,
            PlaceState::Offered,
            PlaceState::Waiting,
            PlaceState::Returned,
        ]
        .into_iter()
        .find(|state| state.as_str() == word)
    }
}

/// A position in one course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// 1 for the first arrival.
    pub position: i64,
    pub state: PlaceState,
}

/// The course takes no more arrivals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Takes one arrival: the place it gets and the tally afterwards.
///
/// # Errors
/// `Full` when no place is left and the programme keeps no (longer) waiting list; nothing is taken then.
pub fn arrive(capacity: &Capacity, before: Tally) -> Result<(Place, Tally), Full> {
    let position = before.last_position + 1;
    let holds = capacity.taken_at == Milestone::Received
        && places_left(capacity, before) > 0
        && before.waiting == 0;
    if !holds && !may_wait(capacity, before) {
        return Err(Full);
    }
    let state = if holds {
        PlaceState::Held
    } else {
        PlaceState::Waiting
    };
    let after = Tally {
        last_position: position,
        held: before.held + i64::from(holds),
        waiting: before.waiting + i64::from(!holds),
    };
    assert!(
        after.held <= i64::from(capacity.places).max(before.held),
        "an arrival never goes beyond the capacity"
    );
    Ok((Place { position, state }, after))
}

/// Gives a place or a waiting position back. Its position stays in the record and is not handed out again.
pub fn give_back(before: Tally, state: PlaceState) -> Tally {
    change(before, state, PlaceState::Returned)
}

/// The tally after one place went from one state to another.
pub fn change(before: Tally, from: PlaceState, to: PlaceState) -> Tally {
    let takes = |state| i64::from(matches!(state, PlaceState::Held | PlaceState::Offered));
    let waits = |state| i64::from(state == PlaceState::Waiting);
    Tally {
        held: before.held - takes(from) + takes(to),
        waiting: before.waiting - waits(from) + waits(to),
        ..before
    }
}

/// Places not held; a target that was exceeded on purpose counts as none left.
pub fn places_left(capacity: &Capacity, tally: Tally) -> i64 {
    (i64::from(capacity.places) - tally.held).max(0)
}

/// What a visitor is told about a course that is inside its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Vacancy {
    Open,
    /// 残りわずか
    NearlyFull,
    /// 満員、キャンセル待ち受付中
    WaitingList,
    /// 満員、締切
    Full,
}

/// How full a course is.
pub fn vacancy(capacity: &Capacity, tally: Tally) -> Vacancy {
    let left = places_left(capacity, tally);
    let free = capacity.taken_at != Milestone::Received || (left > 0 && tally.waiting == 0);
    match free {
        true if left > i64::from(capacity.nearly_full) => Vacancy::Open,
        true => Vacancy::NearlyFull,
        false if may_wait(capacity, tally) => Vacancy::WaitingList,
        false => Vacancy::Full,
    }
}

fn may_wait(capacity: &Capacity, tally: Tally) -> bool {
    if capacity.taken_at != Milestone::Received {
        // Everybody waits for the step that takes the place; the limit of the waiting list does not concern arrivals.
        return true;
    }
    match capacity.waiting_list {
        WaitingList::Closed => false,
        WaitingList::Open { limit: None, .. } => true,
        WaitingList::Open {
            limit: Some(limit), ..
        } => tally.waiting < i64::from(limit),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::program::program::CapacityKind;

    fn capacity(places: u32, waiting_list: WaitingList) -> Capacity {
        Capacity {
            clause: "4".into(),
            places,
            kind: CapacityKind::Hard,
            taken_at: Milestone::Received,
            waiting_list,
            nearly_full: 5,
            note: None,
        }
    }

    fn open(limit: Option<u32>) -> WaitingList {
        WaitingList::Open {
            limit,
            offer_business_days: 3,
        }
    }

    #[test]
    fn five_hundred_arrivals_for_thirty_places() {
        let capacity = capacity(30, open(None));
        let mut tally = Tally::default();
        for n in 1..=500 {
            let (place, after) = arrive(&capacity, tally).unwrap();
            let state = if n <= 30 {
                PlaceState::Held
            } else {
                PlaceState::Waiting
            };
            assert_eq!(place, Place { position: n, state });
            tally = after;
        }
        assert_eq!(
            tally,
            Tally {
                last_position: 500,
                held: 30,
                waiting: 470
            }
        );
    }

    #[test]
    fn a_place_given_back_goes_to_nobody_while_others_wait() {
        let capacity = capacity(1, open(None));
        let (_, tally) = arrive(&capacity, Tally::default()).unwrap();
        let (_, tally) = arrive(&capacity, tally).unwrap();
        let tally = give_back(tally, PlaceState::Held);
        assert_eq!(places_left(&capacity, tally), 1);
        let (place, _) = arrive(&capacity, tally).unwrap();
        assert_eq!(
            place,
            Place {
                position: 3,
                state: PlaceState::Waiting
            }
        );
    }

    #[test]
    fn without_a_waiting_list_the_course_closes_and_opens_again() {
        let capacity = capacity(1, WaitingList::Closed);
        let (_, tally) = arrive(&capacity, Tally::default()).unwrap();
        assert_eq!(arrive(&capacity, tally), Err(Full));
        assert_eq!(vacancy(&capacity, tally), Vacancy::Full);
        let (place, _) = arrive(&capacity, give_back(tally, PlaceState::Held)).unwrap();
        assert_eq!(
            place,
            Place {
                position: 2,
                state: PlaceState::Held
            }
        );
    }

    proptest! {
        #[test]
        fn the_invariants_hold_for_any_arrivals_and_returns(
            places in 0u32..20,
            limit in proptest::option::of(0u32..20),
            moves in proptest::collection::vec(0u8..4, 0..200),
        ) {
            let capacity = capacity(places, open(limit));
            let mut tally = Tally::default();
            let mut taken: Vec<Place> = Vec::new();
            for (step, kind) in moves.iter().enumerate() {
                if *kind == 0 && !taken.is_empty() {
                    let place = taken.remove(step % taken.len());
                    tally = give_back(tally, place.state);
                } else if let Ok((place, after)) = arrive(&capacity, tally) {
                    prop_assert_eq!(place.position, tally.last_position + 1);
                    if place.state == PlaceState::Held {
                        prop_assert_eq!(tally.waiting, 0);
                    }
                    taken.push(place);
                    tally = after;
                }
                let held = taken.iter().filter(|place| place.state == PlaceState::Held).count() as i64;
                prop_assert_eq!(tally.held, held);
                prop_assert_eq!(tally.waiting, taken.len() as i64 - held);
                prop_assert!(tally.held <= i64::from(places));
            }
        }
    }
}
