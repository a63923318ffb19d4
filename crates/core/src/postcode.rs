//! Postcode to address.
