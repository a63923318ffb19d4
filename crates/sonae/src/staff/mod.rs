//! Staff: signing in, and what a sign-in is kept by.

pub mod session;
