//! What stands around every page of the office: the person, the ways that are open to her role, what the last action said.

use jiff::Timestamp;
use sonae_core::access::{self, Action, Grant, StaffRole};
use sonae_core::calendar::{japanese, tokyo_date};
use sonae_db::Tx;
use sonae_store::queue::{self, Asker, MOST_COUNTED, Scope, View, Wanted};
use sonae_store::{StoreError, desk_finding, staff};

use super::door::Staff;
use super::flash::Flash;
use crate::app::App;
use crate::assets;
use crate::office::checks::{Who, missed};
use crate::office::reports::due;
use crate::pages::public::frame::Crumb;

/// A part of the office, as the navigation lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Cases,
    Waiting,
    Approvals,
    Figures,
    /// The daily check of detections.
    Checks,
    /// What technicians handed to the desk.
    Findings,
    Reports,
    EarlierSupport,
    Mails,
    Programs,
    Users,
    Integrations,
    Log,
    /// The person's own page; stands beside her name.
    Account,
}

impl Section {
    /// In the order of the navigation.
    const LISTED: [Section; 13] = [
        Section::Cases,
        Section::Waiting,
        Section::Approvals,
        Section::Figures,
        Section::Checks,
        Section::Findings,
        Section::Reports,
        Section::EarlierSupport,
        Section::Mails,
        Section::Programs,
        Section::Users,
        Section::Integrations,
        Section::Log,
    ];

    pub fn href(self) -> &'static str {
        match self {
            Section::Cases => "/office/cases",
            Section::Waiting => "/office/waiting",
            Section::Approvals => "/office/approvals",
            Section::Figures => "/office/figures",
            Section::Checks => "/office/checks",
            Section::Findings => "/office/findings",
            Section::Reports => "/office/reports",
            Section::EarlierSupport => "/office/earlier-support",
            Section::Mails => "/office/mails",
            Section::Programs => "/office/programs",
            Section::Users => "/office/users",
            Section::Integrations => "/office/integrations",
            Section::Log => "/office/log",
            Section::Account => "/office/account",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Section::Cases => "案件",
            Section::Waiting => "枠と順番待ち",
            Section::Approvals => "承認",
            Section::Figures => "数字",
            Section::Checks => "検知の確認",
            Section::Findings => "所見",
            Section::Reports => "月次レポート",
            Section::EarlierSupport => "過去の支援",
            Section::Mails => "メール",
            Section::Programs => "事業",
            Section::Users => "利用者",
            Section::Integrations => "連携",
            Section::Log => "記録",
            Section::Account => "自分の設定",
        }
    }

    /// What somebody must be allowed for the section to be hers.
    fn action(self) -> Action {
        match self {
            Section::Cases => Action::ListCases,
            Section::Waiting => Action::ManageWaitingList,
            Section::Approvals => Action::ReadApprovals,
            Section::Figures => Action::ReadFigures,
            Section::Checks => Action::ReadChecks,
            Section::Findings => Action::ReadFindings,
            Section::Reports => Action::ReadReports,
            Section::EarlierSupport => Action::ImportEarlierSupport,
            Section::Mails => Action::ReadMails,
            Section::Programs => Action::ReadPrograms,
            Section::Users => Action::ManageUsers,
            Section::Integrations => Action::ManageTokens,
            Section::Log => Action::ReadLog,
            Section::Account => Action::OwnAccount,
        }
    }

    /// The sections that are open to a role.
    pub fn of(role: StaffRole) -> impl Iterator<Item = Section> {
        let open = move |section: &Section| access::allowed(role, section.action()) != Grant::No;
        Section::LISTED.into_iter().filter(open)
    }

    /// Where somebody of this role begins.
    pub fn first_of(role: StaffRole) -> Section {
        Section::of(role).next().unwrap_or(Section::Account)
    }
}

/// Everything `templates/office/layout.html` asks for.
#[derive(Clone, Debug)]
pub struct OfficeFrame {
    /// The page's heading; the window's title adds the office's name.
    pub title: String,
    /// The title starts with 「エラー：」.
    pub error: bool,
    pub person: String,
    pub role: &'static str,
    pub nav: Vec<NavItem>,
    /// Whether this is a page of the person's own settings.
    pub account: bool,
    pub crumbs: Vec<Crumb>,
    pub csrf: String,
    pub single_keys: bool,
    pub rehearsal: Option<String>,
    /// Stands on paper only, with who printed the page.
    pub printed_at: String,
    pub flash: Option<Flash>,
    pub style: &'static str,
    pub script: &'static str,
    pub icon: &'static str,
}

/// One way in the navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub section: Section,
    pub current: bool,
    /// How much waits there; none where nothing does, or nothing is counted.
    pub count: Option<Count>,
}

/// How much waits in a section.
#[derive(Clone, Debug)]
pub struct Count {
    /// What is counted, for who does not see the badge.
    pub what: &'static str,
    pub text: String,
}

/// What waits for a person: cases that are late for the secretariat, proposals for the sponsor. Counted up to [`MOST_COUNTED`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    overdue: i64,
    proposed: i64,
    /// Days of the daily check that are not finished.
    unchecked: i64,
    /// Findings that nobody closed.
    findings: i64,
    /// Monthly reports that should have been sent.
    late_reports: i64,
}

/// Counts what waits, by the indexes of the list's views; for other roles nothing is asked.
pub fn waiting_for(
    tx: &mut Tx,
    staff: &staff::Staff,
    now: Timestamp,
) -> Result<Waiting, StoreError> {
    let view = match staff.role {
        StaffRole::Secretariat => View::Overdue,
        StaffRole::Sponsor => View::AtSponsor,
        StaffRole::Technician => return unchecked_for(tx, staff, now),
        StaffRole::Desk => {
            return Ok(Waiting {
                findings: desk_finding::not_closed(tx)?,
                ..Waiting::default()
            });
        }
        _ => return Ok(Waiting::default()),
    };
    // Of these views only the hour matters.
    let asker = Asker {
        staff_id: staff.id.clone(),
        role: staff.role.as_str().to_owned(),
        now,
        contact_steps: Vec::new(),
        screening_steps: Vec::new(),
    };
    let counts = queue::counts(tx, &[Wanted::of(Scope::All, view)], &asker)?;
    let count = counts.first().copied().unwrap_or_default();
    Ok(match view {
        View::Overdue => Waiting {
            overdue: count,
            late_reports: late(tx, now)?,
            ..Waiting::default()
        },
        _ => Waiting {
            proposed: count,
            ..Waiting::default()
        },
    })
}

/// The days that a technician has not finished.
fn unchecked_for(tx: &mut Tx, staff: &staff::Staff, now: Timestamp) -> Result<Waiting, StoreError> {
    let who = Who {
        id: staff.id.clone(),
        role: staff.role,
    };
    let days = missed::waiting(tx, &who, Action::CheckDetections, tokyo_date(now))?;
    Ok(Waiting {
        unchecked: i64::try_from(days.len()).unwrap_or(i64::MAX),
        late_reports: late(tx, now)?,
        ..Waiting::default()
    })
}

fn late(tx: &mut Tx, now: Timestamp) -> Result<i64, StoreError> {
    Ok(i64::try_from(due::late(tx, now)?).unwrap_or(i64::MAX))
}

impl Waiting {
    fn in_section(self, section: Section) -> Option<Count> {
        let (what, count) = match section {
            Section::Cases => ("期限超過", self.overdue),
            Section::Approvals => ("判断待ち", self.proposed),
            Section::Checks => ("終わっていない日", self.unchecked),
            Section::Findings => ("終わっていない所見", self.findings),
            Section::Reports => ("送信の遅れ", self.late_reports),
            _ => return None,
        };
        let text = count_text(count);
        (count > 0).then_some(Count { what, text })
    }
}

/// 「1,000以上」 where counting stopped.
pub fn count_text(count: i64) -> String {
    match count >= MOST_COUNTED {
        true => "1,000以上".to_owned(),
        false => count.to_string(),
    }
}

impl OfficeFrame {
    pub fn new(app: &App, staff: &Staff, section: Section, title: &str) -> OfficeFrame {
        let item = |listed| NavItem {
            section: listed,
            current: listed == section,
            count: staff.waiting.in_section(listed),
        };
        OfficeFrame {
            title: title.to_owned(),
            error: false,
            person: staff.name.clone(),
            role: staff.role.label(),
            nav: Section::of(staff.role).map(item).collect(),
            account: section == Section::Account,
            crumbs: Vec::new(),
            csrf: staff.csrf.clone(),
            single_keys: staff.single_keys,
            rehearsal: (app.clock.is_rehearsal()).then(|| japanese::moment(app.clock.now())),
            printed_at: japanese::moment(app.clock.now()),
            flash: staff.flash.clone(),
            style: assets::style_href(),
            script: assets::office_script_href(),
            icon: assets::icon_href(),
        }
    }

    /// A page above this one.
    #[must_use]
    pub fn crumb(mut self, label: &str, href: &str) -> OfficeFrame {
        self.crumbs.push(Crumb {
            label: label.to_owned(),
            href: href.to_owned(),
        });
        self
    }

    /// Whether the page shows mistakes.
    #[must_use]
    pub fn with_error(mut self, error: bool) -> OfficeFrame {
        self.error = error;
        self
    }

    /// How much of something waits in a section.
    #[must_use]
    pub fn with_count(mut self, section: Section, what: &'static str, count: i64) -> OfficeFrame {
        for item in &mut self.nav {
            if item.section == section && count > 0 {
                let text = count_text(count);
                item.count = Some(Count { what, text });
            }
        }
        self
    }
}
