//! The flow: one start, no circles, every step reached and leading to 参加確定, milestones in their order whatever courses
//! are applied for.

use super::Findings;
use super::selections::{selections, titles};
use crate::program::flow::{Step, StepKind};
use crate::program::{Definition, Milestone, Role};

const FILE: &str = "flow.toml";

/// Sets of steps are kept as bits of one word; the two real flows have about a dozen.
const MOST_STEPS: usize = 64;

/// A deadline beyond a year of business days is none.
const LONGEST_CLOCK: u32 = 250;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let steps = &definition.flow.step;
    clocks(definition, found);
    kinds(steps, found);
    if steps.len() > MOST_STEPS {
        let hint = format!("段階は{MOST_STEPS}までです。");
        found.add(
            FILE,
            format!("step.{MOST_STEPS}"),
            "段階が多すぎます。",
            hint,
        );
        return;
    }
    let one_start = starts(steps, found);
    let Some(order) = order(steps) else {
        circle(steps, found);
        return;
    };
    if !one_start || !resolved(definition) {
        // What follows from a missing arrow would only hide it.
        return;
    }
    let choices = selections(&definition.program);
    let paths: Vec<Path> = choices
        .into_iter()
        .map(|chosen| Path::of(definition, &order, chosen))
        .collect();
    if paths.is_empty() {
        return;
    }
    reached(steps, &paths, found);
    for path in &paths {
        milestones(definition, path, found);
    }
}

fn clocks(definition: &Definition, found: &mut Findings) {
    for (index, clock) in definition.flow.clock.iter().enumerate() {
        if !(1..=LONGEST_CLOCK).contains(&clock.business_days) {
            found.add(
                FILE,
                format!("clock.{index}.business_days"),
                format!("期限「{}」が{}営業日です。", clock.id, clock.business_days),
                format!("1から{LONGEST_CLOCK}までの営業日にしてください。"),
            );
        } else if clock.warn_business_days >= clock.business_days {
            found.add(
                FILE,
                format!("clock.{index}.warn_business_days"),
                format!(
                    "期限「{}」は、始まったときから「まもなく期限」になります。",
                    clock.id
                ),
                format!("{}より小さくしてください。", clock.business_days),
            );
        }
    }
}

/// Kinds of step that fix who acts or which dated event follows.
fn kinds(steps: &[Step], found: &mut Findings) {
    for (index, step) in steps.iter().enumerate() {
        let application = step.kind == StepKind::Application;
        if application != (step.reaches == Some(Milestone::Received)) {
            found.add(
                FILE,
                format!("step.{index}.reaches"),
                "受付(received)に至るのは、申込み(kind = \"application\")の段階だけです。",
                "kind か reaches を直してください。",
            );
        }
        let approval = step.kind == StepKind::Approval;
        if approval != (step.reaches == Some(Milestone::Approved)) {
            found.add(
                FILE,
                format!("step.{index}.reaches"),
                "承認(approved)に至るのは、承認(kind = \"approval\")の段階だけです。",
                "kind か reaches を直してください。",
            );
        }
        if approval && step.owner != Role::Sponsor {
            found.add(
                FILE,
                format!("step.{index}.owner"),
                "承認する人が委託元になっていません。",
                "提案する人と承認する人を分けるため、owner = \"sponsor\" にしてください。",
            );
        }
    }
}

/// Whether there is exactly one step without one before it.
fn starts(steps: &[Step], found: &mut Findings) -> bool {
    let mut starts = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| step.after.is_empty());
    match starts.next() {
        Some((_, first)) if first.kind == StepKind::Application => {}
        Some((index, first)) => found.add(
            FILE,
            format!("step.{index}.after"),
            format!(
                "最初の段階「{}」が申込み(kind = \"application\")ではありません。",
                first.id
            ),
            "前の段階があるなら after に書いてください。",
        ),
        None => {
            found.add(
                FILE,
                "step",
                "始まりの段階がありません。",
                "申込みの段階を after なしで書いてください。",
            );
        }
    }
    let mut one = steps.iter().any(|step| step.after.is_empty());
    for (index, step) in starts {
        one = false;
        found.add(
            FILE,
            format!("step.{index}.id"),
            format!(
                "段階「{}」には前の段階がなく、だれもここに来ません。",
                step.id
            ),
            "前の段階のidを after に書いてください。始まりの段階は1つだけです。",
        );
    }
    one
}

/// Whether every name in the steps is that of a step or a course; those that are not are reported elsewhere.
fn resolved(definition: &Definition) -> bool {
    let steps = &definition.flow.step;
    let courses = &definition.program.course;
    steps.iter().all(|step| {
        step.after
            .iter()
            .all(|id| steps.iter().any(|other| other.id == *id))
            && step
                .only_for
                .iter()
                .chain(&step.skip_when_only)
                .all(|id| courses.iter().any(|course| course.id == *id))
    })
}

/// The indices of the steps with every step behind those it comes after; none when they run in a circle. Names that
/// nobody has are passed over; they are reported elsewhere.
fn order(steps: &[Step]) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = Vec::new();
    while order.len() < steps.len() {
        let next = (0..steps.len()).find(|index| {
            !order.contains(index) && before(steps, *index).all(|earlier| order.contains(&earlier))
        })?;
        order.push(next);
    }
    Some(order)
}

/// The indices of the steps that a step names in `after`.
fn before(steps: &[Step], index: usize) -> impl Iterator<Item = usize> {
    steps[index]
        .after
        .iter()
        .filter_map(|id| steps.iter().position(|step| step.id == *id))
}

fn circle(steps: &[Step], found: &mut Findings) {
    // Going back from a step that cannot be ordered always stays among such steps and so comes round.
    let mut open: Vec<usize> = (0..steps.len()).collect();
    while let Some(place) = open
        .iter()
        .position(|index| before(steps, *index).all(|earlier| !open.contains(&earlier)))
    {
        open.remove(place);
    }
    let mut way: Vec<usize> = Vec::new();
    let mut here = open.first().copied();
    while let Some(index) = here {
        if let Some(start) = way.iter().position(|earlier| *earlier == index) {
            way.drain(..start);
            break;
        }
        way.push(index);
        here = before(steps, index).find(|earlier| open.contains(earlier));
    }
    way.reverse();
    let Some(first) = way.iter().min().copied() else {
        return;
    };
    let names: Vec<&str> = way
        .iter()
        .chain(way.first())
        .map(|index| steps[*index].id.as_str())
        .collect();
    found.add(
        FILE,
        format!("step.{first}.after"),
        format!("段階が輪になっています({})。", names.join(" → ")),
        "どれかの after を直して、輪を切ってください。",
    );
}

/// The steps that one choice of courses goes through.
struct Path {
    chosen: Vec<usize>,
    /// Bit i: step i is part of it.
    present: u64,
    /// Per step: all steps of this path that come before it.
    earlier: Vec<u64>,
}

impl Path {
    fn of(definition: &Definition, order: &[usize], chosen: Vec<usize>) -> Self {
        let steps = &definition.flow.step;
        let courses = &definition.program.course;
        let is_in = |ids: &[String], index: &usize| ids.contains(&courses[*index].id);
        let mut path = Self {
            chosen,
            present: 0,
            earlier: vec![0; steps.len()],
        };
        for &index in order {
            let step = &steps[index];
            let wanted = step.only_for.is_empty()
                || path
                    .chosen
                    .iter()
                    .any(|course| is_in(&step.only_for, course));
            let skipped = path
                .chosen
                .iter()
                .all(|course| is_in(&step.skip_when_only, course));
            // A skipped step hands on what came before it.
            path.earlier[index] = before(steps, index).fold(0, |all, earlier| {
                all | path.earlier[earlier] | (path.present & (1 << earlier))
            });
            if wanted && !skipped {
                path.present |= 1 << index;
            }
        }
        path
    }

    fn has(&self, index: usize) -> bool {
        self.present & (1 << index) != 0
    }

    fn steps(&self) -> impl Iterator<Item = usize> {
        (0..self.earlier.len()).filter(|index| self.has(*index))
    }

    /// Whether `one` comes before `other`.
    fn leads(&self, one: usize, other: usize) -> bool {
        self.earlier[other] & (1 << one) != 0
    }
}

fn reached(steps: &[Step], paths: &[Path], found: &mut Findings) {
    for (index, step) in steps.iter().enumerate() {
        if !paths.iter().any(|path| path.has(index)) {
            found.add(
                FILE,
                format!("step.{index}.id"),
                format!(
                    "段階「{}」は、どのコースの申込みでも飛ばされます。",
                    step.id
                ),
                "only_for と skip_when_only を見比べるか、この段階を消してください。",
            );
            continue;
        }
        for (place, id) in step.after.iter().enumerate() {
            let Some(earlier) = steps.iter().position(|other| other.id == *id) else {
                continue;
            };
            if !paths
                .iter()
                .any(|path| path.has(index) && path.has(earlier))
            {
                found.add(
                    FILE,
                    format!("step.{index}.after.{place}"),
                    format!("段階「{}」があるとき、その前の段階「{id}」は必ず飛ばされます。", step.id),
                    "after を同じコースが通る段階にするか、only_for と skip_when_only を直してください。",
                );
            }
        }
    }
}

fn milestones(definition: &Definition, path: &Path, found: &mut Findings) {
    let steps = &definition.flow.step;
    let who = titles(&definition.program, &path.chosen);
    let mut stones: Vec<(Milestone, usize)> = path
        .steps()
        .filter_map(|index| Some((steps[index].reaches?, index)))
        .collect();
    stones.sort();
    for pair in stones.windows(2) {
        let [(first, one), (second, other)] = pair else {
            continue;
        };
        let at = format!("step.{other}.reaches");
        if first == second {
            let what = format!(
                "節目「{}」に至る段階が2つあります({who}の申込み)。",
                name(*second)
            );
            found.add_once(FILE, at, what, "どちらか一方の reaches を消してください。");
        } else if !path.leads(*one, *other) {
            let what = format!(
                "節目「{}」が「{}」の後になっていません({who}の申込み)。",
                name(*second),
                name(*first)
            );
            found.add_once(
                FILE,
                at,
                what,
                "節目は 受付、申込完了、承認、参加確定 の順です。after を直してください。",
            );
        }
    }
    let Some((_, confirmed)) = stones
        .iter()
        .find(|(stone, _)| *stone == Milestone::Confirmed)
    else {
        let what = format!("{who}の申込みが、参加確定(confirmed)に至りません。");
        found.add_once(
            FILE,
            "step",
            what,
            "どれかの段階に reaches = \"confirmed\" を書いてください。",
        );
        return;
    };
    for index in path.steps() {
        if index != *confirmed && !path.leads(index, *confirmed) && !path.leads(*confirmed, index) {
            found.add_once(
                FILE,
                format!("step.{index}.id"),
                format!(
                    "段階「{}」は参加確定につながらず、行き止まりです。",
                    steps[index].id
                ),
                "次の段階の after にこの段階を書き足してください。",
            );
        }
    }
    clocks_start(definition, path, &stones, found);
    places_are_taken(definition, path, &stones, found);
}

fn clocks_start(
    definition: &Definition,
    path: &Path,
    stones: &[(Milestone, usize)],
    found: &mut Findings,
) {
    for index in path.steps() {
        let step = &definition.flow.step[index];
        let clock = definition
            .flow
            .clock
            .iter()
            .find(|clock| step.clock.as_ref() == Some(&clock.id));
        let Some(clock) = clock else { continue };
        let started = stones
            .iter()
            .any(|(stone, at)| *stone == clock.starts_at && path.leads(*at, index));
        if !started {
            found.add_once(
                FILE,
                format!("step.{index}.clock"),
                format!(
                    "期限「{}」は「{}」から数えますが、段階「{}」の前にその節目がありません。",
                    clock.id,
                    name(clock.starts_at),
                    step.id
                ),
                "期限の starts_at か、段階の順を直してください。",
            );
        }
    }
}

fn places_are_taken(
    definition: &Definition,
    path: &Path,
    stones: &[(Milestone, usize)],
    found: &mut Findings,
) {
    for &index in &path.chosen {
        let course = &definition.program.course[index];
        let taken_at = course.capacity.taken_at;
        if !stones.iter().any(|(stone, _)| *stone == taken_at) {
            found.add_once(
                "program.toml",
                format!("course.{index}.capacity.taken_at"),
                format!("枠を取る節目「{}」に至る段階がありません。", name(taken_at)),
                "flow.tomlの段階の reaches にある節目にしてください。",
            );
        }
    }
}

fn name(stone: Milestone) -> &'static str {
    match stone {
        Milestone::Received => "受付",
        Milestone::Complete => "申込完了",
        Milestone::Approved => "承認",
        Milestone::Confirmed => "参加確定",
    }
}
