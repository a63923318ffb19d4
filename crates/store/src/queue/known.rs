//! What is looked up before a list's statement is made, because the best way to read the list depends on it. Each look-up is bounded.

use std::collections::BTreeSet;

use sonae_db::Tx;

use super::{MOST_FOUND, Scope, Wanted};
use crate::{StoreError, word};

/// The most different sets of courses that are read one by one; with more of them the courses of each case are looked at.
const MOST_SETS: usize = 32;
/// A programme with no more cases is counted for all views in one pass.
const FEW_CASES: i64 = 3_000;

/// What is known about the cases of some lists.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The sets of courses that cases have, each as it is stored. None when no list asks for a course, or when there are too many.
    sets: Option<Vec<String>>,
    /// Beginnings of words with which so few words begin that the cases are found by them rather than among a person's cases.
    rare: BTreeSet<String>,
    /// Programmes with few cases.
    small: BTreeSet<String>,
}

impl Known {
    /// What one page needs.
    pub(super) fn of(tx: &mut Tx, wanted: &Wanted) -> Result<Known, StoreError> {
        Known::of_all(tx, std::slice::from_ref(wanted))
    }

    /// What counting some lists needs.
    pub(super) fn of_all(tx: &mut Tx, lists: &[Wanted]) -> Result<Known, StoreError> {
        let mut known = Known::default();
        if lists.iter().any(|wanted| wanted.course.is_some()) {
            known.sets = sets(tx)?;
        }
        let searches: BTreeSet<&String> = lists.iter().filter_map(own_search).collect();
        for search in searches {
            if is_rare(tx, search)? {
                known.rare.insert(search.clone());
            }
        }
        let programs = lists.iter().filter(|_| lists.len() > 1);
        let programs: BTreeSet<&String> = programs.filter_map(|one| one.program.as_ref()).collect();
        for program in programs {
            if is_small(tx, program)? {
                known.small.insert(program.clone());
            }
        }
        Ok(known)
    }

    /// The sets that hold this course.
    pub(super) fn sets_with(&self, course: &str) -> Option<Vec<&String>> {
        let sets = self.sets.as_ref()?.iter();
        let holds = |set: &&String| set.split_whitespace().any(|one| one == course);
        Some(sets.filter(holds).collect())
    }

    /// Whether the cases of this search are found by its words, whoever may see them.
    pub(super) fn finds(&self, search: &str, scope: &Scope) -> bool {
        *scope == Scope::All || self.rare.contains(search)
    }

    pub(super) fn is_small(&self, program: &str) -> bool {
        self.small.contains(program)
    }
}

/// What somebody types who sees some cases only.
fn own_search(wanted: &Wanted) -> Option<&String> {
    wanted
        .search
        .as_ref()
        .filter(|_| wanted.scope != Scope::All)
}

/// From one set to the next greater one, so that each costs one look into the index, however many cases have it.
fn sets(tx: &mut Tx) -> Result<Option<Vec<String>>, StoreError> {
    let rows = tx.query(
        "WITH RECURSIVE one (courses) AS (
            SELECT MIN(courses) FROM case_file
            UNION ALL SELECT (SELECT MIN(f.courses) FROM case_file f WHERE f.courses > one.courses)
            FROM one WHERE one.courses IS NOT NULL)
         SELECT courses FROM one WHERE courses IS NOT NULL LIMIT $1",
        &[(MOST_SETS as i64 + 1).into()],
    )?;
    let sets: Vec<String> = rows.iter().map(|row| row.text(0).to_owned()).collect();
    Ok((sets.len() <= MOST_SETS).then_some(sets))
}

/// With room for cases whose words are not written yet.
fn is_rare(tx: &mut Tx, search: &str) -> Result<bool, StoreError> {
    let [first, last] = word::range(search);
    let most = MOST_FOUND / 2;
    let row = tx.query_one(
        "SELECT COUNT(*) FROM (SELECT 1 FROM case_word w WHERE w.word >= $1 AND w.word < $2 LIMIT $3) AS begun",
        &[first, last, (most + 1).into()],
    )?;
    Ok(row.int(0) <= most)
}

fn is_small(tx: &mut Tx, program: &str) -> Result<bool, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM (SELECT 1 FROM case_file f WHERE f.program_id = $1 LIMIT $2) AS counted",
        &[program.into(), (FEW_CASES + 1).into()],
    )?;
    Ok(row.int(0) <= FEW_CASES)
}
