//! Tests of the calendar, one file per subject.

mod business_days;
mod holidays;
mod japanese;
mod office_hours;
mod published;
