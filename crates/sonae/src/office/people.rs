//! Names of those whom records know by id: the people of the office, and other systems by their tokens.

use std::collections::BTreeMap;

use sonae_db::Tx;
use sonae_store::staff::Staff;
use sonae_store::{StoreError, api_token, staff};

/// The names of the office's people and of other systems by their ids.
#[derive(Clone, Debug, Default)]
pub struct People(BTreeMap<String, String>);

impl People {
    /// # Errors
    /// The database could not be read.
    pub fn read(tx: &mut Tx) -> Result<People, StoreError> {
        let staff = staff::all(tx)?;
        Ok(People::of(&staff, api_token::names(tx)?))
    }

    /// From the staff and the tokens' ids and names. A system is told from a person of the same name.
    pub fn of(staff: &[Staff], systems: Vec<(String, String)>) -> People {
        let staff = staff
            .iter()
            .map(|person| (person.id.clone(), person.name.clone()));
        let systems = systems
            .into_iter()
            .map(|(id, name)| (id, format!("{name}(API)")));
        People(staff.chain(systems).collect())
    }

    /// The name by the id alone.
    pub fn find(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }

    /// The name of an actor as records write it: `staff:<id>`, `company`, `system`.
    pub fn name(&self, actor: &str) -> String {
        match actor.strip_prefix("staff:") {
            Some(id) => self.find(id).unwrap_or("登録のない職員").to_owned(),
            None if actor == "company" => "申込企業".to_owned(),
            None => "自動処理".to_owned(),
        }
    }
}
