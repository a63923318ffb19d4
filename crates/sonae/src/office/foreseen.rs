//! What an event would change, in sentences for whoever is about to cause it.

use jiff::Timestamp;
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::capacity::PlaceState;
use sonae_core::clock::{Clock, Phase};
use sonae_core::flow::Case;
use sonae_core::program::{Program, Role};

use super::clock_title::clock_title;

/// Changes of state, step, clocks and places, one sentence each; none when nothing moves.
pub fn sentences(program: &Program, before: &Case, after: &Case, now: Timestamp) -> Vec<String> {
    let mut said = Vec::new();
    if before.status != after.status {
        said.push(format!(
            "状態が「{}」から「{}」に変わります。",
            before.status.label(),
            after.status.label()
        ));
    }
    let title = |case: &Case| case.current(program).map(|step| step.title.clone());
    match (title(before), title(after)) {
        (from, to) if from == to => {}
        (_, Some(to)) => said.push(format!("段階が「{to}」に進みます。")),
        (_, None) => {}
    }
    if before.owner(program) != after.owner(program)
        && let Some(owner) = after.owner(program)
    {
        said.push(format!("次に動くのは、{}です。", role_label(owner)));
    }
    for (id, clock) in &after.clocks {
        said.extend(clock_sentence(program, id, before.clocks.get(id), clock));
    }
    for id in before.clocks.keys() {
        if !after.clocks.contains_key(id) && runs(&before.clocks[id]) {
            said.push(format!(
                "期限「{}」がなくなります。",
                clock_title(program, id)
            ));
        }
    }
    for (course, state) in &after.places {
        let Some(from) = before.places.get(course).filter(|from| *from != state) else {
            continue;
        };
        let title = program
            .course(course)
            .map_or(course.as_str(), |course| course.short_title.as_str());
        said.push(format!(
            "「{title}」の枠が「{}」から「{}」に変わります。",
            place_label(*from),
            place_label(*state)
        ));
    }
    if after.link_version != before.link_version {
        said.push(
            "企業にお渡ししている今のリンクは、使えなくなります。新しいリンクをメールでお知らせします。"
                .to_owned(),
        );
    }
    drop_late(&mut said, before, now);
    said
}

/// A clock that ran out before it was stopped is told as late.
fn drop_late(said: &mut Vec<String>, before: &Case, now: Timestamp) {
    let late = before.due().is_some_and(|(_, clock)| clock.due_at <= now);
    if late && !said.is_empty() {
        said.push(
            "この案件には、期限を過ぎたものがあります。過ぎたことは記録に残ります。".to_owned(),
        );
    }
}

fn clock_sentence(
    program: &Program,
    id: &str,
    before: Option<&Clock>,
    after: &Clock,
) -> Option<String> {
    if before == Some(after) {
        return None;
    }
    let title = clock_title(program, id);
    let due = date_with_weekday(after.due_date());
    Some(match (before.map(|clock| clock.phase), after.phase) {
        (Some(Phase::Paused { .. }), Phase::Running) => {
            format!("止めていた期限「{title}」が、また進みます({due}まで)。")
        }
        (_, Phase::Running) => format!("期限「{title}」が始まります({due}まで)。"),
        (_, Phase::Paused { .. }) => format!("期限「{title}」を止めます。"),
        (Some(Phase::Stopped { .. }), Phase::Stopped { .. }) => return None,
        (_, Phase::Stopped { .. }) => format!("期限「{title}」が終わります。"),
    })
}

fn runs(clock: &Clock) -> bool {
    !matches!(clock.phase, Phase::Stopped { .. })
}

/// Who has to act, in the office's words.
pub fn role_label(role: Role) -> &'static str {
    match role {
        Role::Company => "申込企業",
        Role::Secretariat => "運営事務局",
        Role::Sponsor => "東京都",
        Role::Expert => "専門家",
        Role::Technician => "技術担当",
        Role::Desk => "サポートセンター",
    }
}

/// The state of a place, in the office's words.
pub fn place_label(state: PlaceState) -> &'static str {
    match state {
        PlaceState::Held => "枠あり",
        PlaceState::Offered => "枠をご案内中",
        PlaceState::Waiting => "枠待ち",
        PlaceState::Returned => "枠なし(返却)",
    }
}
