//! The JSON interface, resource by resource.

mod applications;
mod office;
mod reading;
