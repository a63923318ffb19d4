//! One case among others of a list, as the sponsor compares them: who applies, what the rules found, what people judged and why.

use jiff::Timestamp;
use sonae_core::application::labels::pledge_letter;
use sonae_core::application::show::show;
use sonae_core::calendar::japanese::moment;
use sonae_core::capacity::PlaceState;
use sonae_core::eligibility::{Finding, Outcome};
use sonae_core::flow::Judgement;
use sonae_core::program::Program;
use sonae_core::program::eligibility::Test;
use sonae_db::Tx;
use sonae_store::approval::{self, Approval, Decision};
use sonae_store::case::{self, Stored};
use sonae_store::case_read::{self, Reading};
use sonae_store::{StoreError, audit};

use crate::app::App;
use crate::office::people::People;
use crate::office::revisions;
use crate::pages::office::case::open::{PRESENT, reading};
use crate::pages::office::door::Staff;

/// A row of the comparison.
pub(super) struct Compared {
    pub receipt_number: String,
    /// What a form marks it by.
    pub mark: String,
    pub name: String,
    /// Label and value of what tells companies apart.
    pub company: Vec<(String, String)>,
    pub findings: Vec<Found>,
    pub judged: usize,
    /// The company's own statement.
    pub earlier: String,
    /// What the rules about earlier support found, with their facts.
    pub earlier_findings: Vec<Found>,
    pub courses: Vec<Course>,
    /// The expert's proposal, where the programme has one.
    pub proposal: Option<String>,
    /// Every proposal of the case up to now, the oldest first.
    pub history: Vec<Told>,
    pub state: &'static str,
    pub state_kind: &'static str,
    /// Whether the sponsor has it before him.
    pub waits: bool,
    /// Whether the person who looks proposed it.
    pub own: bool,
    /// The question to be answered.
    pub question: Option<String>,
    /// To be written down as read; none when the person's last reading is fresh.
    pub reading: Option<Reading>,
}

/// Who looks, and when.
pub(super) struct Looks<'a> {
    pub staff: &'a Staff,
    pub at: Timestamp,
}

pub(super) struct Found {
    pub title: String,
    pub clause: String,
    pub word: &'static str,
    pub kind: &'static str,
    pub facts: Vec<String>,
    /// Outcome, reason, by whom and when.
    pub judgement: Option<String>,
    /// Whether it deserves a look: not plainly met.
    pub open: bool,
}

pub(super) struct Course {
    pub title: String,
    pub position: i64,
    pub state: &'static str,
}

/// One proposal in the case's history.
pub(super) struct Told {
    pub number: i64,
    pub proposed: String,
    pub note: String,
    pub decided: Option<String>,
    pub question: Option<String>,
    pub invalidated: Option<String>,
    /// Index and hash of the log entries, for the printed record.
    pub receipts: Vec<String>,
}

/// The rows of a list's proposals; a case that was proposed again stands there once, as it is now.
pub(super) fn rows(
    app: &App,
    tx: &mut Tx,
    proposals: &[Approval],
    people: &People,
    looks: &Looks<'_>,
) -> Result<Vec<Compared>, StoreError> {
    let mut rows = Vec::new();
    for (index, proposal) in proposals.iter().enumerate() {
        let is_last = |later: &Approval| later.application_id != proposal.application_id;
        if proposals[index + 1..].iter().all(is_last)
            && let Some(stored) = case::by_receipt(tx, &proposal.receipt_number)?
        {
            rows.push(row(app, tx, proposal, stored, people, looks)?);
        }
    }
    Ok(rows)
}

fn row(
    app: &App,
    tx: &mut Tx,
    proposal: &Approval,
    stored: Stored,
    people: &People,
    looks: &Looks<'_>,
) -> Result<Compared, StoreError> {
    let running = revisions::of(app, tx, &stored.revision)?;
    let program = &running.program;
    let history = approval::of_application(tx, &stored.application_id)?;
    let places = case::place_data(tx, &stored.application_id)?;
    let (earlier, others): (Vec<&Finding>, Vec<&Finding>) = (stored.verdict.findings.iter())
        .partition(|finding| is_about_earlier_support(program, &finding.rule));
    let found = |finding: &&Finding| found(program, finding, &stored, people);
    let (state, state_kind) = state(proposal);
    let is_newest = history
        .last()
        .is_some_and(|last| last.version == proposal.version);
    let question = (proposal.decided.as_ref())
        .filter(|decided| decided.decision == Decision::SentBack && proposal.invalidated.is_none())
        .filter(|_| is_newest && !stored.case.status.is_closed())
        .and_then(|decided| decided.question.clone());
    let mut told = Vec::new();
    for approval in &history {
        told.push(tell(tx, approval, people)?);
    }
    Ok(Compared {
        mark: format!("{}@{}", stored.receipt_number, stored.case.version),
        name: stored.answers.name.clone().unwrap_or_default(),
        company: company(program, &stored),
        judged: stored.case.judgements.len(),
        findings: others.iter().map(found).collect(),
        earlier: show(program, &stored.answers, "past_support").value,
        earlier_findings: earlier.iter().map(found).collect(),
        courses: (places.iter())
            .map(|place| Course {
                title: course_title(program, &place.course),
                position: place.position,
                state: PlaceState::parse(&place.state).map_or("", place_word),
            })
            .collect(),
        proposal: (stored.case.course_proposal.as_ref()).map(|(courses, reason)| {
            let titles: Vec<String> = courses.iter().map(|id| course_title(program, id)).collect();
            format!("{}：{reason}", titles.join("、"))
        }),
        history: told,
        state,
        state_kind,
        waits: proposal.waits(),
        own: proposal.proposed_by == format!("staff:{}", looks.staff.id),
        reading: due(tx, &stored, looks)?,
        question,
        receipt_number: stored.receipt_number,
    })
}

/// Names, numbers and judgements are read here as on the case's own page.
fn due(tx: &mut Tx, stored: &Stored, looks: &Looks<'_>) -> Result<Option<Reading>, StoreError> {
    let reads = case_read::since(tx, &stored.application_id, looks.at - PRESENT)?;
    let is_due = case_read::is_due(&reads, &looks.staff.id, looks.at);
    Ok(is_due.then(|| reading(looks.staff, stored, looks.at)))
}

fn company(program: &Program, stored: &Stored) -> Vec<(String, String)> {
    let names = [
        "entity_kind",
        "industry",
        "employees",
        "capital_yen",
        "prefecture",
        "corporate_number",
    ];
    let shown = names
        .iter()
        .map(|name| show(program, &stored.answers, name));
    shown
        .filter(|shown| !shown.value.is_empty())
        .map(|shown| (shown.label, shown.value))
        .collect()
}

fn found(program: &Program, finding: &Finding, stored: &Stored, people: &People) -> Found {
    let judgement = stored.case.judgements.get(&finding.rule);
    let judgement = judgement.filter(|_| finding.outcome == Outcome::NeedsJudgement);
    let outcome = judgement.map_or(finding.outcome, |judgement| judgement.outcome);
    let (word, kind) = match outcome {
        Outcome::Met => ("満たす", "success"),
        Outcome::NotMet => ("満たさない", "error"),
        Outcome::NeedsJudgement => ("判断が必要", "warning"),
    };
    let facts = finding.facts.iter().filter(|fact| !fact.value.is_empty());
    Found {
        title: rule_title(program, &finding.rule),
        clause: finding.clause.clone(),
        word,
        kind,
        facts: facts
            .map(|fact| format!("{}：{}", fact.label, fact.value))
            .collect(),
        open: judgement.is_some() || outcome != Outcome::Met,
        judgement: judgement.map(|judgement| told_judgement(judgement, people)),
    }
}

fn told_judgement(judgement: &Judgement, people: &People) -> String {
    format!(
        "{}({} {})",
        judgement.reason,
        people.name(&judgement.by),
        moment(judgement.at)
    )
}

fn rule_title(program: &Program, rule: &str) -> String {
    let rules = &program.definition.eligibility.rule;
    match (
        rules.iter().find(|known| known.id == rule),
        rule.strip_prefix("pledge_"),
    ) {
        (Some(known), _) => known.title.clone(),
        (None, Some(pledge)) => format!("誓約事項{}", pledge_letter(program, pledge)),
        (None, None) => rule.to_owned(),
    }
}

fn is_about_earlier_support(program: &Program, rule: &str) -> bool {
    let rules = &program.definition.eligibility.rule;
    rules
        .iter()
        .any(|known| known.id == rule && speaks_of_earlier_support(&known.test))
}

fn speaks_of_earlier_support(test: &Test) -> bool {
    // The written form of a test names its kinds; this looks for one of them at any depth.
    let written = serde_json::to_string(test).unwrap_or_default();
    written.contains("earlier_support") || written.contains("past_support")
}

fn course_title(program: &Program, id: &str) -> String {
    let course = program.course(id);
    course.map_or_else(|| id.to_owned(), |course| course.short_title.clone())
}

/// A place's state in the office's words.
pub(super) fn place_word(state: PlaceState) -> &'static str {
    match state {
        PlaceState::Held => "枠あり",
        PlaceState::Offered => "案内中",
        PlaceState::Waiting => "順番待ち",
        PlaceState::Returned => "返却",
    }
}

fn state(proposal: &Approval) -> (&'static str, &'static str) {
    let decision = proposal.decided.as_ref().map(|decided| decided.decision);
    match (proposal.invalidated.is_some(), decision) {
        (true, Some(Decision::Approved)) => ("承認(その後に無効)", "error"),
        (true, _) => ("無効", "error"),
        (false, Some(Decision::Approved)) => ("承認", "success"),
        (false, Some(Decision::SentBack)) => ("質問あり", "warning"),
        (false, None) => ("判断待ち", "info"),
    }
}

fn tell(tx: &mut Tx, approval: &Approval, people: &People) -> Result<Told, StoreError> {
    let decided = approval.decided.as_ref();
    let invalidated = approval.invalidated.as_ref();
    let indexes = [
        Some(("依頼", approval.proposed_log_index)),
        decided.map(|decided| ("判断", decided.log_index)),
        invalidated.map(|invalid| ("無効", invalid.log_index)),
    ];
    let mut receipts = Vec::new();
    for (what, index) in indexes.into_iter().flatten() {
        if let Some(entry) = audit::entry(tx, index)? {
            let hash = sonae_core::audit::hex(&entry.hash);
            receipts.push(format!("{what}の記録 {index} {hash}"));
        }
    }
    Ok(Told {
        number: approval.number,
        proposed: format!(
            "{} {}",
            people.name(&approval.proposed_by),
            moment(approval.proposed_at)
        ),
        note: approval.note.clone(),
        decided: decided.map(|decided| {
            let word = match decided.decision {
                Decision::Approved => "承認",
                Decision::SentBack => "質問を付けて差戻し",
            };
            format!("{word} {} {}", people.name(&decided.by), moment(decided.at))
        }),
        question: decided.and_then(|decided| decided.question.clone()),
        invalidated: invalidated
            .map(|invalid| format!("{} {}", cause(&invalid.by), moment(invalid.at))),
        receipts,
    })
}

/// Why a proposal is no longer valid, by the event's word.
fn cause(event: &str) -> &'static str {
    match event {
        "corrected" => "申込内容が訂正されたため無効",
        "judged" => "要件の判断が変わったため無効",
        "withdrawn" => "取下げのため無効",
        "declined" => "お断りしたため無効",
        "excluded" => "除外したため無効",
        "reopened" => "再開したため無効",
        "course_withdrawn" | "offer_lapsed" | "offer_declined" => "枠がなくなったため無効",
        "undone" => "依頼を取り消したため無効",
        _ => "その後に変わったため無効",
    }
}
