//! A chart as data: writers draw it, and its numbers always stand in a table beside it.

use serde::{Deserialize, Serialize};

/// Bars or columns over named points; each point has one value for each series, which stand on one another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    pub caption: String,
    /// `図n`, counted through the paper from 1 together with procedures.
    pub number: u32,
    /// What a reader is told who does not see it: the numbers that matter, in sentences.
    pub alt: String,
    pub shape: Shape,
    /// What the values are, one or two; told apart by filled and open areas, never by colour alone.
    pub series: Vec<String>,
    /// What stands behind a number: `件`.
    pub unit: String,
    pub points: Vec<Point>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Upright, for the days of a month.
    Columns,
    /// Lying, with a name before and the number behind each.
    Bars,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Short enough to stand below a column.
    pub label: String,
    /// As many as there are series; never negative.
    pub values: Vec<i64>,
}

impl Point {
    pub fn total(&self) -> i64 {
        self.values.iter().sum()
    }
}
