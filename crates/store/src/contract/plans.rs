//! How SQLite goes about the lists: each by the index that was made for it, read in its order. SQLite decides without looking at how full
//! tables are, so what it says about an empty one holds for a hundred thousand cases; PostgreSQL decides by how full they are.

use sonae_core::application::find;
use sonae_db::Db;

use crate::queue::{self, Asker, Scope, Sort, View, Wanted};

pub(super) fn no_list_walks_all_cases(db: &Db, asker: &Asker, course: &str) {
    let Db::Sqlite(_) = db else {
        return;
    };
    let mine = Scope::Assigned {
        staff_id: asker.staff_id.clone(),
        confirmed: false,
    };
    for view in View::ALL {
        for program in [None, Some("p".to_owned())] {
            let wanted = Wanted {
                program,
                ..Wanted::of(Scope::All, view)
            };
            check(db, asker, &wanted, indexes(&wanted));
        }
        by_course(db, asker, view, course);
        let indexes = ["case_file_assignee_", "case_file_expert_"];
        own(db, asker, &Wanted::of(mine.clone(), view), &indexes);
    }
    for scope in [Scope::All, mine] {
        for sort in Sort::ALL {
            let searched = Wanted {
                search: find::typed("サンプル"),
                ..Wanted::of(scope.clone(), View::All)
            };
            for line in plan(db, asker, &searched, sort) {
                let walks = line.starts_with("SCAN f ") || line.starts_with("SCAN n ");
                assert!(!walks, "{searched:?} {sort:?}: {line}");
            }
            for view in View::ALL {
                let wanted = Wanted::of(scope.clone(), view);
                for line in plan(db, asker, &wanted, sort) {
                    let walks = line.starts_with("SCAN f") && !line.contains(" INDEX ");
                    assert!(!walks, "{wanted:?} {sort:?}: {line}");
                }
            }
        }
    }
}

/// A course leads by its own index, except where the view has few cases.
fn by_course(db: &Db, asker: &Asker, view: View, course: &str) {
    let wanted = Wanted {
        course: Some(course.to_owned()),
        ..Wanted::of(Scope::All, view)
    };
    let leading: &[&str] = match view {
        View::Mine | View::Waiting | View::AtSponsor | View::SentBack => indexes(&wanted),
        _ => &["case_file_courses_"],
    };
    let page = plan(db, asker, &wanted, view.order());
    reads(&page, leading, &wanted);
    let sorts = |line: &&String| line.contains("TEMP B-TREE");
    assert_eq!(page.iter().find(sorts), None, "{wanted:?}: {page:#?}");
}

/// The indexes by which a view is read in its usual order.
fn indexes(wanted: &Wanted) -> &'static [&'static str] {
    match wanted.view {
        View::Today | View::Company => &["case_file_owner_due"],
        View::Mine => &["case_file_assignee_due", "case_file_expert_due"],
        View::Overdue | View::Soon => &["case_file_status_due"],
        View::Unassigned => &["case_file_unassigned"],
        View::Contact | View::Screening => &["case_file_step_due"],
        View::Judgement => &["case_file_outcome_due"],
        View::AtSponsor | View::SentBack => &["case_file_approval"],
        View::Waiting => &["case_file_waiting"],
        View::Confirmed | View::Closed => &["case_file_status_newest"],
        View::All if wanted.program.is_some() => &["case_file_program_newest"],
        View::All => &["case_file_newest"],
    }
}

fn plan(db: &Db, asker: &Asker, wanted: &Wanted, sort: Sort) -> Vec<String> {
    let plan = db.read(|tx| queue::page_plan(tx, wanted, asker, sort, None));
    plan.expect("a plan")
}

/// Whether cases are read by these indexes only.
fn reads(plan: &[String], indexes: &[&str], wanted: &Wanted) {
    let mut cases = plan.iter().filter(|line| line.contains(" f ")).peekable();
    let other = |line: &&String| !indexes.iter().any(|index| line.contains(index));
    assert!(
        cases.peek().is_some() && cases.find(other).is_none(),
        "{wanted:?}: {plan:#?}"
    );
}

/// The page and its count read cases by these indexes only, and nothing is sorted.
fn check(db: &Db, asker: &Asker, wanted: &Wanted, indexes: &[&str]) {
    let page = plan(db, asker, wanted, wanted.view.order());
    reads(&page, indexes, wanted);
    let sorts = |line: &&String| line.contains("TEMP B-TREE");
    assert_eq!(page.iter().find(sorts), None, "{wanted:?}: {page:#?}");
    // Counting has no order and takes any index from which it need not go to the cases.
    let counted = db.read(|tx| queue::count_plan(tx, wanted, asker));
    reads(&counted.expect("a plan"), &["COVERING INDEX"], wanted);
}

/// A person's cases are few: they may be sorted, but nobody else's are looked at.
fn own(db: &Db, asker: &Asker, wanted: &Wanted, indexes: &[&str]) {
    let page = plan(db, asker, wanted, wanted.view.order());
    reads(&page, indexes, wanted);
    let counted = db.read(|tx| queue::count_plan(tx, wanted, asker));
    reads(&counted.expect("a plan"), indexes, wanted);
}
