//! What is done to a case, and in which order.

/// Something that is done to a case once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// By another system.
    Note,
    Message,
    /// By the company, on its own pages.
    Ask,
    Withdraw,
    /// By the secretariat, on the pages of the office.
    Contact,
    Take,
    Judge,
    Correct,
    CancelCorrection,
    Screened,
    /// By the sponsor, on the pages of the office.
    Approve,
}

/// What is done to every case once it arrived, by several clients at once.
const FIRST: [Act; 6] = [
    Act::Note,
    Act::Contact,
    Act::Message,
    Act::Take,
    Act::Ask,
    Act::Judge,
];

pub(super) fn after_arrival() -> [Act; 6] {
    FIRST
}

/// What becomes of a case after that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Route {
    /// Screened and approved.
    Confirmed,
    /// Asked to correct, and the question is taken back.
    Asked,
    #[default]
    Withdrawn,
}

impl Route {
    /// Of the `nth` case (from 1) that holds a place, or that waits for one.
    pub(super) fn of(holds_place: bool, nth: usize) -> Route {
        match (holds_place, nth % 3, nth % 2) {
            (true, 0, _) | (false, _, 0) => Route::Withdrawn,
            (true, ..) => Route::Confirmed,
            (false, ..) => Route::Asked,
        }
    }

    fn rest(self) -> &'static [Act] {
        match self {
            Route::Confirmed => &[Act::Screened],
            Route::Asked => &[Act::Correct, Act::CancelCorrection],
            Route::Withdrawn => &[Act::Withdraw],
        }
    }

    /// What follows when the act of this number (from 0) was the last; none while others of the first are open.
    pub(super) fn next(self, last: usize) -> Option<Act> {
        let done = (last + 1).checked_sub(FIRST.len())?;
        self.rest().get(done).copied()
    }
}

/// How many actions there are to do for so many cases, of which so many hold a place.
pub(super) fn total(cases: usize, places: usize, together: usize, groups: usize) -> usize {
    let count = |holds_place: bool, number: usize| -> usize {
        let routes = (1..=number).map(|nth| Route::of(holds_place, nth));
        routes
            .map(|route| match route {
                // Each is screened and approved; how many go to the sponsor together is counted below.
                Route::Confirmed => 2,
                route => route.rest().len(),
            })
            .sum()
    };
    let confirmed = (1..=places).filter(|nth| Route::of(true, *nth) == Route::Confirmed);
    let lists = confirmed.count() / together;
    let each = 1 + FIRST.len();
    cases * each + count(true, places) + count(false, cases - places) + lists + groups
}

/// What the record of an act holds and no other.
pub(super) fn marker(case: usize, act: Act) -> String {
    format!("{act:?} {case}.")
}
