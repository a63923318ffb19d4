//! Names of those whom records know by id.

use std::collections::BTreeMap;

use sonae_db::Tx;
use sonae_store::{StoreError, staff};

/// The names of the office's people by their ids.
#[derive(Clone, Debug, Default)]
pub struct People(BTreeMap<String, String>);

impl People {
    /// # Errors
    /// The database could not be read.
    pub fn read(tx: &mut Tx) -> Result<People, StoreError> {
        let staff = staff::all(tx)?.into_iter();
        Ok(People(
            staff.map(|person| (person.id, person.name)).collect(),
        ))
    }

    /// The name of an actor as records write it: `staff:<id>`, `company`, `system`.
    pub fn name(&self, actor: &str) -> String {
        match actor.strip_prefix("staff:") {
            Some(id) => match self.0.get(id) {
                Some(name) => name.clone(),
                None => "登録のない職員".to_owned(),
            },
            None if actor == "company" => "申込企業".to_owned(),
            None => "自動処理".to_owned(),
        }
    }
}
