//! The JSON interface, resource by resource.

mod applications;
mod reading;
