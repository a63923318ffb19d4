//! Who works in the office, and what each may do.
//!
//! Architecture invariant: whether somebody may do something is decided here and nowhere else.

use serde::{Deserialize, Serialize};

/// The roles of staff. A company is no role here: it holds a private link to its own application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// 運営事務局
    Secretariat,
    /// 東京都(委託元)
    Sponsor,
    /// 専門家
    Expert,
    /// 技術担当
    Technician,
    /// サポートセンター
    Desk,
    /// 管理者
    Admin,
}

impl StaffRole {
    /// Every role, in the order in which the office lists them.
    pub const ALL: [StaffRole; 6] = [
        StaffRole::Secretariat,
        StaffRole::Sponsor,
        StaffRole::Expert,
        StaffRole::Technician,
        StaffRole::Desk,
        StaffRole::Admin,
    ];

    /// The word used on the command line, in the interface and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            StaffRole::Secretariat => "secretariat",
            StaffRole::Sponsor => "sponsor",
            StaffRole::Expert => "expert",
            StaffRole::Technician => "technician",
            StaffRole::Desk => "desk",
            StaffRole::Admin => "admin",
        }
    }

    pub fn parse(word: &str) -> Option<StaffRole> {
        StaffRole::ALL
            .into_iter()
            .find(|role| role.as_str() == word)
    }

    /// As `parse`, for a command line.
    ///
    /// # Errors
    /// The words there are.
    pub fn parse_argument(word: &str) -> Result<StaffRole, String> {
        let words = || StaffRole::ALL.map(StaffRole::as_str).join(", ");
        StaffRole::parse(word).ok_or_else(words)
    }

    /// The name people read.
    pub fn label(self) -> &'static str {
        match self {
            StaffRole::Secretariat => "運営事務局",
            StaffRole::Sponsor => "東京都",
            StaffRole::Expert => "専門家",
            StaffRole::Technician => "技術担当",
            StaffRole::Desk => "サポートセンター",
            StaffRole::Admin => "管理者",
        }
    }
}

/// Everything that can be done in the office. Closed: what is not here cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The queue, its views and its search.
    ListCases,
    /// One case with its answers, findings and timeline.
    ReadCase,
    /// Contact, notes, corrections, screening, duplicates, refusal, exclusion, withdrawal.
    WorkCase,
    /// The expert's contact, the environment record and the proposal of courses.
    Diagnose,
    DecideCourses,
    /// The papers of a case, with what was answered for them.
    ReadPapers,
    /// Answers, comments, sending for review, revisions of papers.
    WorkPapers,
    ReadApprovals,
    ProposeApproval,
    /// Never by whoever proposed; see also `store`, which compares the persons.
    DecideApproval,
    ReadFigures,
    /// The monthly reports of every company that was lent a device.
    ReadReports,
    /// Figures of a month into a report; checking it, with a word to the company.
    MakeReports,
    /// Never by whoever checked; see also `store`, which compares the persons.
    ApproveReports,
    ManageWaitingList,
    /// Changes the order of receipt, with a reason.
    OverrideOrder,
    ImportEarlierSupport,
    ExportCases,
    ReadMails,
    SendMails,
    ReadPrograms,
    PublishProgram,
    /// Moves open cases to another revision of their programme.
    MoveCases,
    ManageUsers,
    ManageTokens,
    ManageWebhooks,
    /// The devices whose lines are taken, and their tokens.
    ManageSources,
    /// The sheets of the daily check, with what devices detected.
    ReadChecks,
    /// States, judgements, suppressions, findings for the desk, and the signature under a day.
    CheckDetections,
    /// What technicians handed to the desk, with its evidence.
    ReadFindings,
    /// Taking a finding and closing it.
    HandleFindings,
    /// What the devices found, with the lines as they came.
    ReadDetections,
    ReadLog,
    /// The person's own account.
    OwnAccount,
}

impl Action {
    pub const ALL: [Action; 34] = [
        Action::ListCases,
        Action::ReadCase,
        Action::WorkCase,
        Action::Diagnose,
        Action::DecideCourses,
        Action::ReadPapers,
        Action::WorkPapers,
        Action::ReadApprovals,
        Action::ProposeApproval,
        Action::DecideApproval,
        Action::ReadFigures,
        Action::ReadReports,
        Action::MakeReports,
        Action::ApproveReports,
        Action::ManageWaitingList,
        Action::OverrideOrder,
        Action::ImportEarlierSupport,
        Action::ExportCases,
        Action::ReadMails,
        Action::SendMails,
        Action::ReadPrograms,
        Action::PublishProgram,
        Action::MoveCases,
        Action::ManageUsers,
        Action::ManageTokens,
        Action::ManageWebhooks,
        Action::ManageSources,
        Action::ReadChecks,
        Action::CheckDetections,
        Action::ReadFindings,
        Action::HandleFindings,
        Action::ReadDetections,
        Action::ReadLog,
        Action::OwnAccount,
    ];

    /// The word that names it as a scope of a token.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::ListCases => "list_cases",
            Action::ReadCase => "read_case",
            Action::WorkCase => "work_case",
            Action::Diagnose => "diagnose",
            Action::DecideCourses => "decide_courses",
            Action::ReadPapers => "read_papers",
            Action::WorkPapers => "work_papers",
            Action::ReadApprovals => "read_approvals",
            Action::ProposeApproval => "propose_approval",
            Action::DecideApproval => "decide_approval",
            Action::ReadFigures => "read_figures",
            Action::ReadReports => "read_reports",
            Action::MakeReports => "make_reports",
            Action::ApproveReports => "approve_reports",
            Action::ManageWaitingList => "manage_waiting_list",
            Action::OverrideOrder => "override_order",
            Action::ImportEarlierSupport => "import_earlier_support",
            Action::ExportCases => "export_cases",
            Action::ReadMails => "read_mails",
            Action::SendMails => "send_mails",
            Action::ReadPrograms => "read_programs",
            Action::PublishProgram => "publish_program",
            Action::MoveCases => "move_cases",
            Action::ManageUsers => "manage_users",
            Action::ManageTokens => "manage_tokens",
            Action::ManageWebhooks => "manage_webhooks",
            Action::ManageSources => "manage_sources",
            Action::ReadChecks => "read_checks",
            Action::CheckDetections => "check_detections",
            Action::ReadFindings => "read_findings",
            Action::HandleFindings => "handle_findings",
            Action::ReadDetections => "read_detections",
            Action::ReadLog => "read_log",
            Action::OwnAccount => "own_account",
        }
    }

    /// What people read beside a scope of a token.
    pub fn label(self) -> &'static str {
        match self {
            Action::ListCases => "案件の一覧と検索",
            Action::ReadCase => "案件を読む(個人情報を含みます)",
            Action::WorkCase => "案件の処理(連絡、審査、訂正の依頼、取下げなど)",
            Action::Diagnose => "専門家の連絡と診断の記録",
            Action::DecideCourses => "コースの決定",
            Action::ReadPapers => "会社の文書を読む(個人情報を含みます)",
            Action::WorkPapers => "会社の文書を作る(答え、コメント、確認の依頼)",
            Action::ReadApprovals => "承認の一覧を読む",
            Action::ProposeApproval => "承認の依頼",
            Action::DecideApproval => "承認と差戻し",
            Action::ReadFigures => "数字を見る",
            Action::ReadReports => "月次レポートを読む",
            Action::MakeReports => "月次レポートの作成と点検",
            Action::ApproveReports => "月次レポートの承認と差戻し",
            Action::ManageWaitingList => "枠と順番待ちの管理",
            Action::OverrideOrder => "受付順の変更",
            Action::ImportEarlierSupport => "過去の支援の取込み",
            Action::ExportCases => "案件の書出し(個人情報を含みます)",
            Action::ReadMails => "メールを読む(個人情報を含みます)",
            Action::SendMails => "メールを送る",
            Action::ReadPrograms => "事業の定義を読む",
            Action::PublishProgram => "事業の定義の公開",
            Action::MoveCases => "案件を別の版へ移す",
            Action::ManageUsers => "利用者の管理",
            Action::ManageTokens => "トークンの管理",
            Action::ManageWebhooks => "Webhookの管理",
            Action::ManageSources => "ログを送る機器の登録",
            Action::ReadChecks => "毎日の検知の確認を読む",
            Action::CheckDetections => "毎日の検知の確認(状態、判断、抑止、署名)",
            Action::ReadFindings => "サポートセンターへの所見を読む",
            Action::HandleFindings => "所見への対応",
            Action::ReadDetections => "検知を読む(アドレスと利用者の名前を含みます)",
            Action::ReadLog => "記録を読む",
            Action::OwnAccount => "自分の設定",
        }
    }

    pub fn parse(word: &str) -> Option<Action> {
        Action::ALL
            .into_iter()
            .find(|action| action.as_str() == word)
    }

    /// As `parse`, for a command line.
    ///
    /// # Errors
    /// The words there are.
    pub fn parse_argument(word: &str) -> Result<Action, String> {
        let words = || Action::ALL.map(Action::as_str).join(", ");
        Action::parse(word).ok_or_else(words)
    }
}

/// Whether a role may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    No,
    /// Only with cases that are assigned to this person; `opens` decides about one case.
    Assigned,
    Yes,
}

/// THE table of access. Whatever is not granted here is refused.
pub fn allowed(role: StaffRole, action: Action) -> Grant {
    use Action as A;
    use StaffRole as R;
    match (role, action) {
        (_, A::OwnAccount) => Grant::Yes,
        (
            R::Secretariat,
            A::ListCases
            | A::ReadCase
            | A::WorkCase
            | A::Diagnose
            | A::DecideCourses
            | A::ReadPapers
            | A::WorkPapers
            | A::ReadApprovals
            | A::ProposeApproval
            | A::ReadFigures
            | A::ReadReports
            | A::ApproveReports
            | A::ManageWaitingList
            | A::OverrideOrder
            | A::ImportEarlierSupport
            | A::ExportCases
            | A::ReadMails
            | A::SendMails
            | A::ReadPrograms
            | A::MoveCases
            | A::ManageSources
            | A::ReadChecks
            | A::ReadFindings
            | A::ReadDetections,
        ) => Grant::Yes,
        (
            R::Sponsor,
            A::ListCases
            | A::ReadCase
            | A::ReadApprovals
            | A::DecideApproval
            | A::ReadFigures
            | A::ReadPrograms,
        ) => Grant::Yes,
        (R::Expert, A::ListCases | A::ReadCase | A::Diagnose | A::ReadPapers | A::WorkPapers) => {
            Grant::Assigned
        }
        (
            R::Technician,
            A::ManageSources | A::ReadChecks | A::CheckDetections | A::ReadFindings,
        ) => Grant::Assigned,
        // Whoever answers first must see what waits, whoever the company's case is assigned to.
        (R::Desk, A::ReadFindings | A::HandleFindings) => Grant::Yes,
        (R::Technician | R::Desk, A::ReadDetections) => Grant::Assigned,
        // Reports are made for every company that was lent something, whoever works on its case.
        (R::Technician, A::ReadReports | A::MakeReports) | (R::Desk, A::ReadReports) => Grant::Yes,
        (R::Technician | R::Desk, A::ListCases | A::ReadCase | A::ReadPapers) => Grant::Assigned,
        (
            R::Admin,
            A::ReadPrograms
            | A::PublishProgram
            | A::ManageUsers
            | A::ManageTokens
            | A::ManageWebhooks
            | A::ReadLog,
        ) => Grant::Yes,
        _ => Grant::No,
    }
}

/// What about one case decides whether a person may do something with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseAccess {
    /// Whether it is assigned to this person.
    pub assigned: bool,
    /// Whether participation is confirmed.
    pub confirmed: bool,
}

/// Whether technicians and the desk, who serve participants, see only confirmed cases.
pub fn only_confirmed(role: StaffRole) -> bool {
    matches!(role, StaffRole::Technician | StaffRole::Desk)
}

/// Whether a person of this role may do this with this case.
pub fn opens(role: StaffRole, action: Action, case: CaseAccess) -> bool {
    match allowed(role, action) {
        Grant::No => false,
        Grant::Yes => true,
        Grant::Assigned => case.assigned && (case.confirmed || !only_confirmed(role)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every cell, in the order of `StaffRole::ALL`: `Y` yes, `a` assigned cases, `.` no.
    const TABLE: &[(Action, &str)] = &[
        (Action::ListCases, "YYaaa."),
        (Action::ReadCase, "YYaaa."),
        (Action::WorkCase, "Y....."),
        (Action::Diagnose, "Y.a..."),
        (Action::DecideCourses, "Y....."),
        (Action::ReadPapers, "Y.aaa."),
        (Action::WorkPapers, "Y.a..."),
        (Action::ReadApprovals, "YY...."),
        (Action::ProposeApproval, "Y....."),
        (Action::DecideApproval, ".Y...."),
        (Action::ReadFigures, "YY...."),
        (Action::ReadReports, "Y..YY."),
        (Action::MakeReports, "...Y.."),
        (Action::ApproveReports, "Y....."),
        (Action::ManageWaitingList, "Y....."),
        (Action::OverrideOrder, "Y....."),
        (Action::ImportEarlierSupport, "Y....."),
        (Action::ExportCases, "Y....."),
        (Action::ReadMails, "Y....."),
        (Action::SendMails, "Y....."),
        (Action::ReadPrograms, "YY...Y"),
        (Action::PublishProgram, ".....Y"),
        (Action::MoveCases, "Y....."),
        (Action::ManageUsers, ".....Y"),
        (Action::ManageTokens, ".....Y"),
        (Action::ManageWebhooks, ".....Y"),
        (Action::ManageSources, "Y..a.."),
        (Action::ReadChecks, "Y..a.."),
        (Action::CheckDetections, "...a.."),
        (Action::ReadFindings, "Y..aY."),
        (Action::HandleFindings, "....Y."),
        (Action::ReadDetections, "Y..aa."),
        (Action::ReadLog, ".....Y"),
        (Action::OwnAccount, "YYYYYY"),
    ];

    #[test]
    fn every_cell_of_the_access_table() {
        let actions: Vec<Action> = TABLE.iter().map(|(action, _)| *action).collect();
        assert_eq!(actions, Action::ALL, "a row for each action, in its order");
        for (action, row) in TABLE {
            let found: String = StaffRole::ALL
                .iter()
                .map(|role| match allowed(*role, *action) {
                    Grant::Yes => 'Y',
                    Grant::Assigned => 'a',
                    Grant::No => '.',
                })
                .collect();
            assert_eq!(found, *row, "{}", action.as_str());
        }
    }

    #[test]
    fn assigned_cases_open_and_others_do_not() {
        let case = |assigned, confirmed| CaseAccess {
            assigned,
            confirmed,
        };
        for (role, action, case, expected) in [
            (StaffRole::Expert, Action::Diagnose, case(true, false), true),
            (
                StaffRole::Expert,
                Action::Diagnose,
                case(false, true),
                false,
            ),
            (StaffRole::Desk, Action::ReadCase, case(true, true), true),
            (StaffRole::Desk, Action::ReadCase, case(true, false), false),
            (
                StaffRole::Technician,
                Action::ReadCase,
                case(false, true),
                false,
            ),
            (StaffRole::Admin, Action::ReadCase, case(true, true), false),
            (
                StaffRole::Sponsor,
                Action::ReadCase,
                case(false, false),
                true,
            ),
        ] {
            assert_eq!(
                opens(role, action, case),
                expected,
                "{role:?} {action:?} {case:?}"
            );
        }
    }

    #[test]
    fn words_read_back() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.as_str()), Some(action));
        }
        for role in StaffRole::ALL {
            assert_eq!(StaffRole::parse(role.as_str()), Some(role));
        }
        assert_eq!(Action::parse("everything"), None);
    }
}
