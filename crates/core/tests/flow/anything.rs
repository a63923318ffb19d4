//! Random events: whatever people, companies and jobs try, the invariants hold, nothing is a dead end, and everything is reached.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sonae_core::capacity::PlaceState;
use sonae_core::flow::{Actor, ApprovalState, Case, Event, Status};
use sonae_core::program::Program;
use sonae_core::program::flow::StepKind;

use crate::office::Office;
use crate::tries::{KINDS, event};

/// Cases that compete in one run, and events of one run.
const CASES: usize = 6;
const EVENTS: usize = 120;
const RUNS: u32 = 60;

/// One try: which case, which event, how long after the last one, and a number that decides the details.
type Try = (usize, usize, i64, usize);

/// Where a case stands, in words.
fn place(case: &Case, program: &Program) -> String {
    let step = case.current(program).map_or("", |step| step.id.as_str());
    let correcting = if case.correction.is_some() {
        " correcting"
    } else {
        ""
    };
    let approval = case.approval.as_ref().map(|approval| approval.state);
    let approval = approval.filter(|_| step == "approval");
    format!("{}:{step}{correcting} {approval:?}", case.status.as_str())
}

/// The try that fits the case's step, so that runs come far.
fn sensible(office: &Office, n: usize, detail: usize) -> usize {
    let case = &office.cases[n];
    let some = |state| case.places.values().any(|place| *place == state);
    let step = case.current(&office.program);
    let proposed =
        case.approval.as_ref().map(|approval| approval.state) == Some(ApprovalState::Proposed);
    match step.map(|step| step.kind) {
        _ if case.status.is_closed() => 33,
        _ if some(PlaceState::Offered) && detail.is_multiple_of(2) => 30,
        _ if some(PlaceState::Waiting) && detail.is_multiple_of(2) => 28,
        _ if case.correction.is_some() => 9,
        Some(StepKind::Contact) => 0,
        Some(StepKind::Agreement) => 10,
        Some(StepKind::ExpertContact) => 2,
        Some(StepKind::Diagnosis) => 15,
        Some(StepKind::Screening) => 13,
        Some(StepKind::Approval) if proposed => 22,
        Some(StepKind::Approval) => 20,
        Some(StepKind::CourseDecision) => 18,
        Some(StepKind::Questionnaire) => 25,
        _ => 27,
    }
}

fn try_all(name: &str, tries: &[Try], seen: &RefCell<BTreeSet<(String, String, String)>>) {
    let mut office = Office::open(name, CASES);
    for (n, kind, minutes, detail) in tries {
        office.wait(*minutes);
        let kind = &match kind {
            kind if *kind < KINDS => *kind,
            _ => sensible(&office, *n, *detail),
        };
        let before = office.cases[*n].clone();
        let from = place(&before, &office.program);
        let verdict = office.verdicts[*n].clone();
        let (actor, event) = event(&mut office, *n, *kind, *detail);
        match office.act(*n, &actor, &event) {
            Ok(()) => {
                let to = place(&office.cases[*n], &office.program);
                seen.borrow_mut().insert((from, event.word(), to));
            }
            Err(refusal) => {
                office.verdicts[*n] = verdict;
                assert!(refusal.sentence.ends_with('。'), "{refusal:?}");
            }
        }
        assert_moves_on(&mut office, *n);
    }
}

/// An open case can always be moved on by whoever owns it, or waits for a place or a judgement that somebody else can give.
fn assert_moves_on(office: &mut Office, n: usize) {
    if office.cases[n].status != Status::Open {
        return;
    }
    let case = office.cases[n].clone();
    let verdict = office.verdicts[n].clone();
    let step = case.current(&office.program).expect("open").id.clone();
    let leaves = |office: &mut Office, actor: &Actor, event: &Event| {
        let done = office.try_only(n, actor, event);
        done.is_some_and(|after| place(&after, &office.program) != place(&case, &office.program))
    };
    let found = (0..KINDS * 6).any(|k| {
        let (actor, event) = event(office, n, k % KINDS, k / KINDS);
        let leaves = leaves(office, &actor, &event);
        office.verdicts[n].clone_from(&verdict);
        leaves
    });
    assert!(found, "nothing leads out of {step}: {case:#?}");
}

fn check(name: &str, never: &[&str]) {
    let seen = RefCell::new(BTreeSet::new());
    let config = Config {
        cases: RUNS,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let tries =
        proptest::collection::vec((0..CASES, 0..2 * KINDS, 0..3000_i64, 0..64_usize), EVENTS);
    let outcome = runner.run(&tries, |tries| {
        try_all(name, &tries, &seen);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let seen = seen.into_inner();
    let to: BTreeSet<&str> = seen.iter().map(|(_, _, to)| to.as_str()).collect();
    let from: BTreeSet<&str> = seen
        .iter()
        .filter(|(from, _, to)| from != to)
        .map(|(from, _, _)| from.as_str())
        .collect();
    let program = crate::sample::program(name);
    let steps = program.definition.flow.step.iter();
    for step in steps.filter(|step| !never.contains(&step.id.as_str())) {
        let here = format!("open:{} ", step.id);
        let reached = to.iter().any(|to| to.starts_with(&here))
            || from.iter().any(|from| from.starts_with(&here));
        assert!(reached, "{name}: {here} is never reached");
        assert!(
            from.iter().any(|from| from.starts_with(&here)),
            "{name}: {here} is never left"
        );
    }
    for status in Status::ALL {
        let here = format!("{}:", status.as_str());
        assert!(
            to.iter().any(|to| to.starts_with(&here)),
            "{name}: {here} is never reached"
        );
        assert!(
            from.iter().any(|from| from.starts_with(&here)),
            "{name}: {here} is never left"
        );
    }
    let words: BTreeSet<&str> = seen.iter().map(|(_, word, _)| word.as_str()).collect();
    println!("{name}: {} moves, {} words", seen.len(), words.len());
}

/// Steps of the delivery come after 参加確定, and the application's own step is done at the receipt.
#[test]
fn r6_keeps_its_invariants_whatever_happens() {
    let never = [
        "application",
        "installation",
        "loan",
        "visits",
        "loan_end",
        "survey",
        "hearing",
        "follow_up_survey",
    ];
    check("r6", &never);
}

#[test]
fn r7_keeps_its_invariants_whatever_happens() {
    check("r7", &["application", "visits", "survey", "hearing"]);
}
