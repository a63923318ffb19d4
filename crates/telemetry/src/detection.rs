//! What one line of a device says, in the words of OCSF 1.x (Open Cybersecurity Schema Framework, Apache-2.0).

use std::borrow::Cow;

/// What a line is.
#[derive(Clone, Debug, PartialEq)]
pub enum Record<'a> {
    /// A finding of the product: it is stored with its line.
    Detection(Box<Detection<'a>>),
    /// Something else that the format knows (a flow, a session, a sign-in, a count of packets); it is counted by day and kind.
    Activity(Activity<'a>),
    /// No format knows the line, or the one that should cannot read it: it is kept as it came.
    Unknown(Why),
}

/// Why a line is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// No format recognises it.
    Format,
    /// It looks like a format but breaks off or breaks its rules.
    Broken,
    /// Longer than any line that is read.
    TooLong,
    /// Not UTF-8 text, nor any encoding that is tried.
    Encoding,
}

impl Why {
    pub const ALL: [Why; 4] = [Why::Format, Why::Broken, Why::TooLong, Why::Encoding];

    /// The word in files and answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Why::Format => "no_format",
            Why::Broken => "broken",
            Why::TooLong => "too_long",
            Why::Encoding => "encoding",
        }
    }
}

/// A Detection Finding (class 2004), whatever the vendor calls it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detection<'a> {
    /// The product's clock, in microseconds since 1970 UTC; none when the line tells no time that can be read.
    pub time_us: Option<i64>,
    /// Serial number, host name or sensor, as the line names the device that speaks.
    pub device: Option<Cow<'a, str>>,
    /// What was found, in the vendor's words.
    pub title: Cow<'a, str>,
    /// The vendor's id of the rule or signature: `1:2019401`.
    pub rule: Cow<'a, str>,
    /// The vendor's category, as it stands.
    pub category: Cow<'a, str>,
    pub severity: Severity,
    /// The vendor's word or number for the severity, for whoever doubts `severity`.
    pub graded: Cow<'a, str>,
    pub action: Action,
    /// The vendor's word for what was done, for whoever doubts `action`.
    pub said: Cow<'a, str>,
    pub source: Endpoint<'a>,
    pub destination: Endpoint<'a>,
    /// ISO 3166-1 alpha-2 or the vendor's name of the country of the outer side, where the line tells it.
    pub country: Option<Cow<'a, str>>,
    pub user: Option<Cow<'a, str>>,
    /// Path or name of a file; a URL stands here when the finding is about one.
    pub file: Option<Cow<'a, str>>,
    /// How many events the line stands for; 1 nearly always.
    pub count: u32,
    /// The id that the vendor gave to the alert, where the same alert may come again with another status.
    pub alert_id: Option<Cow<'a, str>>,
}

impl<'a> Detection<'a> {
    /// Words of the vendor that no table knows, each with its field: they are stored as 0 and counted, so that a table can learn them.
    pub fn unknown_words(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let severity =
            (self.severity == Severity::Unknown).then_some(("severity", self.graded.as_ref()));
        let action = (self.action == Action::Unknown).then_some(("action", self.said.as_ref()));
        [severity, action]
            .into_iter()
            .flatten()
            .filter(|(_, word)| !word.is_empty())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint<'a> {
    /// An address as text (IPv4 or IPv6), or a host name where there is no address.
    pub address: Option<Cow<'a, str>>,
    pub port: Option<u16>,
}

/// Something that is no finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity<'a> {
    pub time_us: Option<i64>,
    pub device: Option<Cow<'a, str>>,
    /// The OCSF class it fits best: 4001 network activity, 3002 authentication, 6002 application lifecycle; 0 for none.
    pub class_uid: u16,
    /// The vendor's kind, short and closed: `flow`, `traffic.forward`.
    pub kind: Cow<'a, str>,
    /// Packets the sensor saw and lost since it started, where the line counts them: for the statement of coverage.
    pub packets: Option<(u64, u64)>,
}

/// `severity_id` of OCSF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Severity {
    #[default]
    Unknown = 0,
    Informational = 1,
    Low = 2,
    Medium = 3,
    High = 4,
    Critical = 5,
    Fatal = 6,
}

/// What the product did, by the vendor's own word (`disposition_id` of OCSF, told in four).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Action {
    /// Not told, or a word that is not known.
    #[default]
    Unknown = 0,
    /// Stopped, dropped, reset, quarantined, removed.
    Blocked = 1,
    /// Let through.
    Allowed = 2,
    /// Seen and told; the product was not asked to stop it.
    Detected = 3,
    /// Something else, such as a device that was isolated or a file that was repaired.
    Other = 4,
}

impl Severity {
    pub const ALL: [Severity; 7] = [
        Severity::Unknown,
        Severity::Informational,
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
        Severity::Fatal,
    ];

    /// The word in files, answers and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Severity::Unknown => "unknown",
            Severity::Informational => "informational",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
            Severity::Fatal => "fatal",
        }
    }

    /// The severity of a [`Severity::code`].
    #[must_use]
    pub fn by_code(code: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|one| one.code() == code)
    }
}

impl Action {
    pub const ALL: [Action; 5] = [
        Action::Unknown,
        Action::Blocked,
        Action::Allowed,
        Action::Detected,
        Action::Other,
    ];

    /// The word in files, answers and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Action::Unknown => "unknown",
            Action::Blocked => "blocked",
            Action::Allowed => "allowed",
            Action::Detected => "detected",
            Action::Other => "other",
        }
    }

    /// The action of an [`Action::code`].
    #[must_use]
    pub fn by_code(code: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|one| one.code() == code)
    }
}
