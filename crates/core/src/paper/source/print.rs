//! An answer's place as it is written between braces: two that print alike are the same.

use std::fmt;

use super::{Filter, Printed, What};

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Path(path) => f.write_str(&path.join("."))?,
            What::Walk(walk) => write!(f, "{walk}")?,
        }
        self.filters
            .iter()
            .try_for_each(|filter| write!(f, "|{filter}"))
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Filter::Wareki => f.write_str("wareki"),
            Filter::Western => f.write_str("western"),
            Filter::Hours => f.write_str("hours"),
            Filter::Unit => f.write_str("unit"),
            Filter::Or(words) => write!(f, "or:{words}"),
            Filter::Blank(width) => write!(f, "blank:{width}"),
            Filter::Mark => f.write_str("mark"),
            Filter::Names => f.write_str("names"),
            Filter::Count => f.write_str("count"),
        }
    }
}
