//! The definition of a programme.
