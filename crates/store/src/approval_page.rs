//! Proposals page by page, the newest first, as another system reads them.

use jiff::Timestamp;
use sonae_db::{Tx, Value};

use crate::approval::{Approval, COLUMNS, read};
use crate::{StoreError, instant, ms};

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The sponsor has it before him.
    Waiting,
    Approved,
    /// With a question.
    SentBack,
    /// The case changed or closed afterwards.
    Invalid,
}

impl State {
    pub const ALL: [State; 4] = [
        State::Waiting,
        State::Approved,
        State::SentBack,
        State::Invalid,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Approved => "approved",
            State::SentBack => "sent_back",
            State::Invalid => "invalid",
        }
    }

    pub fn parse(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// As a condition on a row.
    fn condition(self) -> &'static str {
        match self {
            State::Waiting => "a.decision IS NULL AND a.invalidated_by IS NULL",
            State::Approved => "a.decision = 'approved' AND a.invalidated_by IS NULL",
            State::SentBack => "a.decision = 'sent_back' AND a.invalidated_by IS NULL",
            State::Invalid => "a.invalidated_by IS NOT NULL",
        }
    }
}

/// Where a page begins: after this proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    pub proposed_at: Timestamp,
    pub application_id: String,
    pub version: i64,
}

impl After {
    pub fn of(approval: &Approval) -> After {
        After {
            proposed_at: approval.proposed_at,
            application_id: approval.application_id.clone(),
            version: approval.version,
        }
    }

    /// As it is sent: `<milliseconds>:<version>:<application>`.
    pub fn write(&self) -> String {
        let ms = ms(self.proposed_at);
        format!("{ms}:{}:{}", self.version, self.application_id)
    }

    pub fn parse(text: &str) -> Option<After> {
        let mut parts = text.splitn(3, ':');
        let proposed_at = instant(parts.next()?.parse().ok()?).ok()?;
        Some(After {
            proposed_at,
            version: parts.next()?.parse().ok()?,
            application_id: parts.next()?.to_owned(),
        })
    }
}

/// Which proposals are wanted; all conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub program_id: Option<String>,
    pub state: Option<State>,
    pub after: Option<After>,
}

/// At most `most` proposals.
pub fn page(tx: &mut Tx, wanted: &Wanted, most: u32) -> Result<Vec<Approval>, StoreError> {
    let mut values: Vec<Value> = vec![most.into()];
    let mut conditions = vec!["1 = 1".to_owned()];
    conditions.extend(wanted.state.map(|state| state.condition().to_owned()));
    if let Some(program_id) = &wanted.program_id {
        values.push(program_id.into());
        conditions.push(format!("a.program_id = ${}", values.len()));
    }
    if let Some(after) = &wanted.after {
        values.push(ms(after.proposed_at).into());
        values.push((&after.application_id).into());
        values.push(after.version.into());
        let last = values.len();
        conditions.push(format!(
            "(a.proposed_at_ms, a.application_id, a.version) < (${}, ${}, ${last})",
            last - 2,
            last - 1
        ));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM approval a JOIN case_file f ON f.application_id = a.application_id
         WHERE {} ORDER BY a.proposed_at_ms DESC, a.application_id DESC, a.version DESC LIMIT $1",
        conditions.join(" AND ")
    );
    tx.query(&sql, &values)?.iter().map(read).collect()
}
