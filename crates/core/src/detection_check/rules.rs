//! What may be said of a company's day, and when a day may be signed.

use jiff::civil::Date;

use super::State;
use super::group::Group;
use super::verdict::Verdict;
use crate::flow::Refusal;

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 1_000;

/// One finding of the day, as it stands.
#[derive(Clone, Debug)]
pub struct Standing {
    pub group: Group,
    /// What it was last judged to be.
    pub verdict: Option<Verdict>,
    /// A suppression hides it.
    pub suppressed: bool,
}

impl Standing {
    /// Whether it stands in the way of 異常なし.
    ///
    /// What was judged on the day counts more than a suppression, which was made before anybody looked at it.
    pub fn is_open(&self) -> bool {
        !self.group.was_blocked()
            && match self.verdict {
                Some(verdict) => !verdict.settles(),
                None => !self.suppressed && self.group.must_be_judged(),
            }
    }
}

/// A company's day, as it is when something is said of it.
#[derive(Clone, Debug, Default)]
pub struct Day {
    /// At least one line of some kind came from its devices.
    pub heard: bool,
    pub findings: Vec<Standing>,
    /// There are more grave findings than are shown.
    pub cut: bool,
    /// A finding of this day lies with the desk.
    pub escalated: bool,
    /// It was signed already: what is said now corrects it.
    pub signed: bool,
    /// What was detected is no longer kept.
    pub removed: bool,
}

/// Whether what somebody saw of a day is no longer kept: lines were seen or, as 異常なし without a note tells, its devices were heard, and
/// now nothing at all is there. `said` is the state, its note and the lines that were seen.
pub fn is_removed(heard: bool, said: (State, &str, i64)) -> bool {
    let (state, note, seen) = said;
    let was_heard = seen > 0 || (state == State::Quiet && note.trim().is_empty());
    was_heard && !heard
}

/// Whether a state may be given.
///
/// 異常なし is refused while a finding stands that was not stopped by the device, is not suppressed, and is either grave (high or above, or of a
/// severity that is not told and no calm kind) and not judged, or judged to be anything but settled (false positive, benign, test). A day on which no device was heard is 異常なし only with a
/// note that says why. 対応 needs a finding at the desk, and a day with such a finding stays 対応. A correction of a signed day needs a note.
/// Nothing more is said of a day whose detections are no longer kept.
///
/// # Errors
/// A Japanese sentence that says what to do first.
pub fn may_set(state: State, day: &Day, note: &str) -> Result<(), Refusal> {
    let noted = !note.trim().is_empty();
    if day.removed {
        return Err(Refusal::new(
            "removed",
            "この日の検知は、保存期間を過ぎたため消しました。確認の記録は残っています。検知を見直せないので、状態は直せません。",
        ));
    }
    if note.trim().chars().count() > LONGEST_NOTE {
        return Err(Refusal::new(
            "note_too_long",
            format!("メモは、{LONGEST_NOTE}字までで書いてください。"),
        ));
    }
    if day.signed && !noted {
        return Err(Refusal::new(
            "no_reason",
            "署名した日を直すときは、理由をメモに書いてください。前の記録も残ります。",
        ));
    }
    match state {
        State::Handling if !day.escalated => Err(Refusal::new(
            "no_finding",
            "「対応」にするには、会社のページで検知を選び、サポートセンターへの所見を作ってください。",
        )),
        State::Quiet | State::Review if day.escalated => Err(Refusal::new(
            "escalated",
            "この日の検知は、サポートセンターが対応しています。状態は「対応」のままです。",
        )),
        State::Quiet => quiet(day, noted),
        State::Review | State::Handling => Ok(()),
    }
}

fn quiet(day: &Day, noted: bool) -> Result<(), Refusal> {
    if day.cut {
        return Err(Refusal::new(
            "too_many",
            "重い検知の種類が多く、このページに表示しきれません。「要確認」にして、ログの検索で確かめてください。",
        ));
    }
    if let Some(open) = day.findings.iter().find(|finding| finding.is_open()) {
        let title = &open.group.title;
        let grave = match open.group.is_grave() {
            true => "重い",
            false => "重さの分からない",
        };
        return Err(match open.verdict {
            None => Refusal::new(
                "unjudged",
                format!(
                    "遮断されていない、{grave}検知「{title}」を、まだ判断していません。会社のページで判断してから、異常なしにしてください。"
                ),
            ),
            Some(verdict) => Refusal::new(
                "open_judgement",
                format!(
                    "検知「{title}」は「{}」と判断されています。「要確認」か「対応」にしてください。",
                    verdict.label()
                ),
            ),
        });
    }
    if !day.heard && !noted {
        return Err(Refusal::new(
            "silent",
            "この日は、機器から何も届いていません。異常なしにするときは、会社のページで、確かめたこと(休業日で電源を切っていた、など)をメモに書いてください。",
        ));
    }
    Ok(())
}

/// What is to be said of a day of which a finding was judged, when something is: 異常なし does not outlast a finding that now stands in its way,
/// and on a signed day every judgement is a correction, which keeps the state otherwise. `said` is the state and whether it is signed.
pub fn after_judgement(judged: &Standing, said: Option<(State, bool)>) -> Option<State> {
    match said? {
        (State::Quiet, _) if judged.is_open() => Some(State::Review),
        (state, true) => Some(state),
        (_, false) => None,
    }
}

/// One watched company of a day that is to be signed.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// What was said of it, with the lines that were seen then and are still kept.
    pub checked: Option<(State, i64)>,
    /// Lines of detections now.
    pub now: i64,
    /// It is 異常なし and could not be said to be so now: a suppression was ended, or a finding was judged otherwise.
    pub open: bool,
}

/// Whether a day may be signed: it is over, every watched company has a state, nothing came since the states were given, and what is 異常なし could
/// still be said to be so.
///
/// # Errors
/// A Japanese sentence that says what is missing.
pub fn may_sign(day: Date, today: Date, lines: &[Line]) -> Result<(), Refusal> {
    if day >= today {
        return Err(Refusal::new(
            "not_over",
            "この日はまだ終わっていません。署名は、日付が変わってからにしてください。",
        ));
    }
    if lines.is_empty() {
        return Err(Refusal::new(
            "nothing",
            "この日に、あなたが確認する会社はありません。",
        ));
    }
    let open = lines.iter().filter(|line| line.checked.is_none()).count();
    if open > 0 {
        return Err(Refusal::new(
            "unchecked",
            format!(
                "まだ確認していない会社が{open}社あります。すべて確認してから署名してください。"
            ),
        ));
    }
    let grown = |line: &&Line| line.checked.is_some_and(|(_, seen)| line.now > seen);
    match lines.iter().filter(grown).count() {
        0 => {}
        grown => {
            return Err(Refusal::new(
                "grown",
                format!(
                    "確認したあとで検知が増えた会社が{grown}社あります。もう一度見て、状態を入れ直してください。"
                ),
            ));
        }
    }
    match lines.iter().filter(|line| line.open).count() {
        0 => Ok(()),
        open => Err(Refusal::new(
            "open",
            format!(
                "「異常なし」のうち、判断が必要な検知のある会社が{open}社あります。会社のページで検知を見て、状態を入れ直してください。"
            ),
        )),
    }
}
