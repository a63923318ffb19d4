//! What can be done with a case: each way has an address, words, a right, and the events by which the engine is asked whether it is open.

use sonae_core::access::Action;
use sonae_core::flow::Event;

use super::open::Opened;

/// One way on from a case. A page that acts on cases registers its way in [`super::WAYS`]; the case's page then offers it to whoever may
/// go it, while the engine would take one of its trials.
pub struct Way {
    /// With `{receipt_number}` in it, as the door knows it.
    pub path: &'static str,
    pub label: &'static str,
    /// A single key that opens it from the case's page; empty for none.
    pub key: &'static str,
    pub group: Group,
    pub action: Action,
    /// Events that this way would cause, with anything in their texts.
    pub trials: fn(&Opened) -> Vec<Event>,
}

/// Under which heading a way stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Talk,
    Progress,
    People,
    End,
}

impl Group {
    pub const ALL: [Group; 4] = [Group::Talk, Group::Progress, Group::People, Group::End];

    pub fn label(self) -> &'static str {
        match self {
            Group::Talk => "連絡とメモ",
            Group::Progress => "段階を進める",
            Group::People => "担当",
            Group::End => "終える・再開する",
        }
    }
}

impl Way {
    pub fn href(&self, receipt_number: &str) -> String {
        self.path.replace("{receipt_number}", receipt_number)
    }
}
