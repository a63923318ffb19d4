//! The forms of an application's answers under which it is compared.

use super::answers::Answers;
use crate::text::{address, company_name};

/// Comparison keys; never shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// The name without legal form, width, case and variants of characters.
    pub name: String,
    /// Digits.
    pub phone: String,
    /// Postcode's place and house number in one form.
    pub address: String,
}

/// The keys of an application; what it is found under while somebody types is in [`super::find`].
pub fn keys(answers: &Answers) -> Keys {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let lines = format!(
        "{}{}",
        text(&answers.address_line1),
        text(&answers.address_line2)
    );
    Keys {
        name: company_name::key(&text(&answers.name)),
        phone: text(&answers.contact_phone),
        address: address::key(&lines),
    }
}
