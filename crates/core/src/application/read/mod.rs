//! Reading answers from JSON.
