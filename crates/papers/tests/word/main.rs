//! Word files, opened by another reader than the one who wrote them.

mod agree;
mod sample;
