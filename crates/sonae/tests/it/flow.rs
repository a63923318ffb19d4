//! Whole ways of applications through their programme's flow, by the one door that every page, command and job goes through.

mod beginnings;
mod player;
mod r6;
mod r7;
mod waiting;
