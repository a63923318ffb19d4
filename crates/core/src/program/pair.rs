//! Lists of exactly two. The ordinary reader of fixed lists passes over what comes after the last one; a third number must be
//! said.

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer};

/// An optional list of exactly two.
pub(super) fn optional<'de, D, T>(reader: D) -> Result<Option<[T; 2]>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list = Option::<Vec<T>>::deserialize(reader)?;
    list.map(exact).transpose()
}

/// A list of lists of exactly two.
pub(super) fn each<'de, D, T>(reader: D) -> Result<Vec<[T; 2]>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let lists = Vec::<Vec<T>>::deserialize(reader)?;
    lists.into_iter().map(exact).collect()
}

fn exact<T, E: Error>(list: Vec<T>) -> Result<[T; 2], E> {
    list.try_into()
        .map_err(|_| E::invalid_value(Unexpected::Seq, &"2 elements"))
}
