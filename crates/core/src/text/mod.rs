//! Forgiving Japanese input.
