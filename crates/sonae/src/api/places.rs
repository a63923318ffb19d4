//! `GET /api/v1/programs/{id}/places` and `…/places/{course}`: the places of a programme's courses, who waits in which order, and who was
//! offered one until when. Offers are made with the action `offered` of a case.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::audit::at_text;
use sonae_core::capacity::{PlaceState, places_left};
use sonae_core::program::Program;
use sonae_core::program::program::{CapacityKind, Course, WaitingList};
use sonae_db::Tx;
use sonae_store::waiting_list::{self, Standing};
use sonae_store::{StoreError, tally};

use super::address::Id;
use super::case::milestone_word;
use super::problem::{Kind, Problem};
use super::programs::running;
use crate::app::App;

/// The most of those who wait, and of the offers, that are told; a course has some hundred places.
const MOST: u32 = 500;

/// The places of a programme, in the order of its courses.
#[derive(Serialize, JsonSchema)]
pub struct PlaceList {
    pub courses: Vec<CoursePlaces>,
}

/// The places of a course.
#[derive(Serialize, JsonSchema)]
pub struct CoursePlaces {
    /// The course's id.
    pub course: String,
    pub title: String,
    /// 定員または目安
    pub capacity: u32,
    /// A hard capacity is never exceeded, a target with a reason.
    #[schemars(extend("enum" = ["hard", "target"]))]
    pub kind: &'static str,
    /// What takes a place.
    #[schemars(extend("enum" = ["received", "complete", "approved", "confirmed"]))]
    pub taken_at: &'static str,
    pub held: i64,
    /// Offered and not answered yet.
    pub offered: i64,
    pub waiting: i64,
    /// Neither held nor offered.
    pub left: i64,
    pub returned: i64,
    /// Business days for which an offer stands; null when there is no waiting list.
    pub offer_business_days: Option<u32>,
}

/// The places of a course with those who wait and those who were offered one.
#[derive(Serialize, JsonSchema)]
pub struct CourseQueue {
    #[serde(flatten)]
    pub places: CoursePlaces,
    /// In the order in which places are offered; at most 500.
    pub in_line: Vec<InLine>,
    /// By the day on which they end; at most 500.
    pub offers: Vec<OfferView>,
}

/// An application that waits for a place.
#[derive(Serialize, JsonSchema)]
pub struct InLine {
    pub receipt_number: String,
    /// The company's name.
    pub name: String,
    /// The case's version, to be sent with the offer.
    pub version: i64,
    #[schemars(extend("enum" = ["open", "confirmed", "withdrawn", "declined", "excluded", "lapsed"]))]
    pub status: String,
    /// The order of receipt in this course.
    pub position: i64,
    #[schemars(extend("format" = "date-time"))]
    pub since: String,
}

/// An offer that was not answered yet.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Offer")]
pub struct OfferView {
    pub receipt_number: String,
    /// The company's name.
    pub name: String,
    pub version: i64,
    /// The order of receipt in this course.
    pub position: i64,
    #[schemars(extend("format" = "date-time"))]
    pub offered_at: String,
    /// End of the last day, exclusive; null when it has no end.
    #[schemars(extend("format" = "date-time"))]
    pub until: Option<String>,
}

pub async fn list(State(app): State<App>, Id(id): Id) -> Result<Json<PlaceList>, Problem> {
    let program = running(&app, &id)?.program.clone();
    let courses = app
        .read(move |tx| courses(tx, &program))
        .await
        .map_err(Problem::of_store)?;
    Ok(Json(PlaceList { courses }))
}

pub async fn one(
    State(app): State<App>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Json<CourseQueue>, Problem> {
    let Ok(Path((id, course))) = path else {
        return Err(unknown());
    };
    let program = running(&app, &id)?.program.clone();
    program.course(&course).ok_or_else(unknown)?;
    let found = app
        .read(move |tx| {
            let mut courses = courses(tx, &program)?;
            courses.retain(|places| places.course == course);
            let waiting = waiting_list::waiting(tx, program.id(), &course, MOST)?;
            let offered = waiting_list::offered(tx, program.id(), &course, MOST)?;
            Ok(courses.pop().map(|places| (places, waiting, offered)))
        })
        .await
        .map_err(Problem::of_store)?;
    let (places, waiting, offered) = found.ok_or_else(unknown)?;
    Ok(Json(CourseQueue {
        places,
        in_line: waiting.into_iter().map(in_line).collect(),
        offers: offered.into_iter().map(offer).collect(),
    }))
}

fn unknown() -> Problem {
    Problem::new(
        Kind::NotFound,
        "そのコースはありません。コースは GET /api/v1/programs/{id} で確かめられます。",
    )
}

fn courses(tx: &mut Tx, program: &Program) -> Result<Vec<CoursePlaces>, StoreError> {
    let tallies = tally::of_program(tx, program.id())?;
    let counts = waiting_list::counts(tx, program.id())?;
    let places = program.courses().iter().map(|course| {
        let tally = tallies.get(&course.id).copied().unwrap_or_default();
        let count = |state| {
            let count = counts.get(&(course.id.clone(), state));
            count.copied().unwrap_or_default()
        };
        CoursePlaces {
            left: places_left(&course.capacity, tally),
            waiting: tally.waiting,
            held: count(PlaceState::Held),
            offered: count(PlaceState::Offered),
            returned: count(PlaceState::Returned),
            ..of_course(course)
        }
    });
    Ok(places.collect())
}

/// What the programme says, without anybody in it.
fn of_course(course: &Course) -> CoursePlaces {
    let capacity = &course.capacity;
    CoursePlaces {
        course: course.id.clone(),
        title: course.title.clone(),
        capacity: capacity.places,
        kind: match capacity.kind {
            CapacityKind::Hard => "hard",
            CapacityKind::Target => "target",
        },
        taken_at: milestone_word(capacity.taken_at),
        offer_business_days: match capacity.waiting_list {
            WaitingList::Open {
                offer_business_days,
                ..
            } => Some(offer_business_days),
            WaitingList::Closed => None,
        },
        held: 0,
        offered: 0,
        waiting: 0,
        left: 0,
        returned: 0,
    }
}

fn in_line(standing: Standing) -> InLine {
    InLine {
        receipt_number: standing.receipt_number,
        name: standing.name,
        version: standing.version,
        status: standing.status,
        position: standing.position,
        since: at_text(standing.changed_at),
    }
}

fn offer(standing: Standing) -> OfferView {
    OfferView {
        receipt_number: standing.receipt_number,
        name: standing.name,
        version: standing.version,
        position: standing.position,
        offered_at: at_text(standing.changed_at),
        until: standing.offer_due_at.map(at_text),
    }
}
