//! The list of cases: views, orders, pages by key, scope and search.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::access::StaffRole;
use sonae_core::application::answers::Answers;
use sonae_core::application::find;
use sonae_core::flow::{Actor, Event};
use sonae_core::program::Program;
use sonae_db::Db;

use super::{Fresh, act, now, office, receive, submission};
use crate::bulk::{self, Item, Run};
use crate::queue::{self, After, Asker, Due, Person, Scope, Sort, View, Wanted};
use crate::saved_view::{self, SavedView};
use crate::staff::NewStaff;
use crate::word;

fn asker() -> Asker {
    Asker {
        staff_id: "hana".into(),
        role: "secretariat".into(),
        now: now(),
        contact_steps: vec!["contact".into(), "screening".into()],
        screening_steps: vec!["screening".into()],
    }
}

fn secretary() -> Actor {
    Actor::Staff {
        id: "hana".into(),
        role: StaffRole::Secretariat,
    }
}

/// The receipt numbers of a list, read page by page.
fn numbers(db: &Db, wanted: &Wanted, sort: Sort, limit: u32) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut after: Option<After> = None;
    // More pages than any of the lists here has.
    for _ in 0..20 {
        let page = db.read(|tx| queue::page(tx, wanted, &asker(), sort, after.as_ref(), limit));
        let page = page.expect("a page");
        let Some(last) = page.last() else { break };
        after = Some(After {
            key: last.key,
            receipt_number: last.receipt_number.clone(),
        });
        numbers.extend(page.into_iter().map(|case| case.receipt_number));
    }
    numbers
}

fn all(scope: Scope) -> Wanted {
    Wanted::of(scope, View::All)
}

fn searched(scope: Scope, typed: &str) -> Wanted {
    Wanted {
        search: find::typed(typed),
        ..all(scope)
    }
}

pub(super) fn lists(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let batch: Vec<_> = (1..=5)
        .map(|n| {
            let mut submission = submission(&program, n);
            submission.arrived_at = now() + SignedDuration::from_mins(n as i64);
            submission
        })
        .collect();
    receive(&db, &batch).expect("received");
    let received = numbers(&db, &all(Scope::All), Sort::Oldest, 2);
    assert_eq!(received.len(), 5, "each case once, page by page");
    for sort in Sort::ALL {
        let mut paged = numbers(&db, &all(Scope::All), sort, 2);
        assert_eq!(paged, numbers(&db, &all(Scope::All), sort, 100), "{sort:?}");
        paged.sort();
        let mut expected = received.clone();
        expected.sort();
        assert_eq!(paged, expected, "{sort:?}");
    }
    let newest = numbers(&db, &all(Scope::All), Sort::Newest, 100);
    assert!(newest.iter().rev().eq(&received), "the other way round");

    let to = |id: &str| Event::Assigned {
        to: Some(id.to_owned()),
    };
    act(&db, &program, &received[0], &to("hana"), &secretary()).expect("assigned");
    act(&db, &program, &received[1], &to("jiro"), &secretary()).expect("assigned");
    let reason = Event::Withdrawn { reason: "x".into() };
    act(&db, &program, &received[2], &reason, &secretary()).expect("withdrawn");
    views(&db, &program, &received);
    search(&db, &received);
    // The words of some are written, the others' wait; then all are.
    for most in [2, 100] {
        db.write(|tx| word::index(tx, most)).expect("written");
        search(&db, &received);
    }
    assert!(!db.read(word::is_waiting).expect("read"));
    changed(&db, &program, &received);
    let course = &program.courses()[0].id;
    super::plans::no_list_walks_all_cases(&db, &asker(), course);
}

/// A small programme is counted for all views in one pass, which gives the same as counting them one by one and as reading them.
fn in_one_pass(db: &Db, program: &Program) {
    let course = program.courses()[0].id.clone();
    let lists: Vec<Wanted> = [None, Some(course)]
        .into_iter()
        .flat_map(|course| {
            View::ALL.map(|view| Wanted {
                program: Some(program.id().to_owned()),
                course: course.clone(),
                ..Wanted::of(Scope::All, view)
            })
        })
        .collect();
    let count = |lists: &[Wanted]| {
        let counts = db.read(|tx| queue::counts(tx, lists, &asker()));
        counts.expect("counted")
    };
    let at_once = count(&lists);
    for (wanted, counted) in lists.iter().zip(at_once) {
        assert_eq!(count(std::slice::from_ref(wanted)), [counted], "{wanted:?}");
        let read = numbers(db, wanted, wanted.view.order(), 2);
        assert_eq!(read.len() as i64, counted, "{wanted:?} gives {read:?}");
    }
}

fn views(db: &Db, program: &Program, received: &[String]) {
    let check = |wanted: Wanted, expected: &[usize]| {
        let expected: Vec<&String> = expected.iter().map(|n| &received[*n]).collect();
        let found = numbers(db, &wanted, Sort::Oldest, 100);
        assert!(found.iter().eq(expected), "{wanted:?} gives {found:?}");
        let counted = db.read(|tx| queue::counts(tx, std::slice::from_ref(&wanted), &asker()));
        assert_eq!(
            counted.expect("counted"),
            [found.len() as i64],
            "{wanted:?}"
        );
    };
    let of = |view| Wanted::of(Scope::All, view);
    check(of(View::Mine), &[0]);
    check(of(View::Unassigned), &[3, 4]);
    check(of(View::Closed), &[2]);
    check(of(View::Overdue), &[]);
    check(of(View::Contact), &[0, 1, 3, 4]);
    // Three places, of which one was given back; the fourth and fifth wait.
    check(of(View::Waiting), &[3, 4]);
    let assigned = |confirmed| Scope::Assigned {
        staff_id: "jiro".into(),
        confirmed,
    };
    check(all(assigned(false)), &[1]);
    check(all(assigned(true)), &[]);
    check(searched(assigned(false), "サンプル"), &[1]);
    let narrowed = |change: &dyn Fn(&mut Wanted)| {
        let mut wanted = all(Scope::All);
        change(&mut wanted);
        wanted
    };
    let course = program.courses()[0].id.clone();
    check(
        narrowed(&|wanted| wanted.course = Some(course.clone())),
        &[0, 1, 2, 3, 4],
    );
    check(narrowed(&|wanted| wanted.course = Some("x".into())), &[]);
    check(narrowed(&|wanted| wanted.program = Some("x".into())), &[]);
    check(
        narrowed(&|wanted| wanted.status = Some("open".into())),
        &[0, 1, 3, 4],
    );
    check(
        narrowed(&|wanted| wanted.person = Some(Person::Nobody)),
        &[2, 3, 4],
    );
    check(narrowed(&|wanted| wanted.due = Some(Due::Overdue)), &[]);
    check(narrowed(&|wanted| wanted.left_by = Some("x".into())), &[]);
    let everything: Vec<Wanted> = View::ALL.into_iter().map(of).collect();
    let counts = db.read(|tx| queue::counts(tx, &everything, &asker()));
    assert_eq!(
        counts.expect("counted").last(),
        Some(&5),
        "every view can be counted"
    );
    in_one_pass(db, program);
    let own = db.read(|tx| queue::by_receipts(tx, &all(assigned(false)), &asker(), received));
    assert_eq!(
        own.expect("read").len(),
        1,
        "only cases of the scope are given"
    );
    let first = db.read(|tx| queue::page(tx, &all(Scope::All), &asker(), Sort::Oldest, None, 1));
    let clocks = &first.expect("a page")[0].clocks;
    assert!(!clocks.is_empty(), "an open case has a clock");
}

fn found(db: &Db, typed: &str) -> Vec<String> {
    numbers(db, &searched(Scope::All, typed), Sort::Oldest, 100)
}

fn search(db: &Db, received: &[String]) {
    let found = |typed: &str| found(db, typed);
    assert_eq!(found("さんぷる"), received);
    assert_eq!(found("(株)サンプル3"), [received[2].clone()]);
    assert_eq!(found(&received[4].to_lowercase()), [received[4].clone()]);
    assert!(found("いない").is_empty() && found("%").is_empty() && found("\\").is_empty());
}

fn changed(db: &Db, program: &Program, received: &[String]) {
    let found = |typed: &str| found(db, typed);
    let event = Event::Corrected {
        answers: Box::new(Answers {
            name: Some("青嵐精密".into()),
            ..Answers::default()
        }),
        reason: "x".into(),
    };
    act(db, program, &received[3], &event, &secretary()).expect("corrected");
    assert_eq!(found("精密"), [received[3].clone()]);
    assert_eq!(found("サンプル").len(), 4, "the old name finds nothing");
}

pub(super) fn kept(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    for id in ["hana", "jiro"] {
        let new = NewStaff {
            id,
            email: &format!("{id}@office.example.jp"),
            name: id,
            role: StaffRole::Secretariat,
        };
        let added = db.write(|tx| crate::staff::add(tx, &new, now()));
        assert!(added.expect("added"));
    }
    let view = |id: &str, name: &str, query: &str| SavedView {
        id: id.into(),
        name: name.into(),
        query: query.into(),
    };
    let keep = |view: &SavedView| db.write(|tx| saved_view::keep(tx, "hana", view, now()));
    let of = |id: &str| db.read(|tx| saved_view::of_staff(tx, id)).expect("read");
    assert!(keep(&view("1", "A", "view=all")).expect("kept"));
    assert!(keep(&view("2", "A", "view=soon")).expect("kept"));
    assert_eq!(
        of("hana"),
        [view("1", "A", "view=soon")],
        "one of each name"
    );
    for n in 1..saved_view::MOST {
        assert!(keep(&view(&format!("n{n}"), &format!("N{n}"), "")).expect("kept"));
    }
    assert!(!keep(&view("x", "X", "")).expect("answered"), "bounded");
    assert_eq!(of("jiro"), []);
    let forget = |id: &str| {
        db.write(|tx| saved_view::forget(tx, id, "1"))
            .expect("answered")
    };
    assert!(!forget("jiro") && forget("hana") && !forget("hana"));

    let run = |staff: &str, event: &str| Run {
        id: "r".into(),
        staff_id: staff.into(),
        event: event.into(),
    };
    let begin = |run: Run| {
        db.write(|tx| bulk::begin(tx, &run, now()))
            .expect("answered")
    };
    assert!(begin(run("hana", "noted")) && begin(run("hana", "noted")));
    assert!(!begin(run("jiro", "noted")) && !begin(run("hana", "assigned")));
    let item = Item {
        receipt_number: "KT-333-34A".into(),
        position: 0,
        outcome: "refused".into(),
        sentence: "x".into(),
    };
    let is_done = || {
        db.read(|tx| bulk::is_done(tx, "r", "KT-333-34A"))
            .expect("read")
    };
    assert!(!is_done());
    db.write(|tx| bulk::note(tx, "r", &item)).expect("noted");
    assert!(is_done());
    assert!(db.write(|tx| bulk::note(tx, "r", &item)).is_err(), "once");
    assert_eq!(db.read(|tx| bulk::items(tx, "r")).expect("read"), [item]);
}
