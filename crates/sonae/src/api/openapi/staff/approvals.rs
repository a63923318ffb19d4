//! What the description says of approvals, and of mails that are missing.

use super::super::super::approval_lists::{ApprovalListQuery, ApprovalLists, ApprovalRecord};
use super::super::super::approvals::{ProposalList, ProposalQuery};
use super::super::super::missing_mails::MissingMails;
use super::super::super::problem::Kind;
use super::super::Paper;
use super::{Said, in_path};

pub(super) fn say(paper: &mut Paper, path: &str) -> Option<Said> {
    let about = |id, summary| Said {
        id,
        tag: "approvals",
        summary,
        description: "",
        parameters: Vec::new(),
        body: None,
        answers: Vec::new(),
        problems: vec![Kind::InvalidRequest],
    };
    Some(match path.trim_start_matches("/api/v1/") {
        "approvals" => Said {
            description: "条件はすべて合わせて効きます。依頼、承認、差戻しは、案件の操作 proposed、approved、sent_back で行います。",
            parameters: paper.parameters::<ProposalQuery>(&[]),
            answers: vec![(
                "200",
                paper.answer::<ProposalList>("新しい順の承認依頼の1ページ"),
            )],
            ..about("listApprovals", "承認依頼と判断")
        },
        "approval-lists" => Said {
            parameters: paper.parameters::<ApprovalListQuery>(&[]),
            answers: vec![("200", paper.answer::<ApprovalLists>("一覧の1ページ"))],
            ..about("listApprovalLists", "承認依頼の一覧")
        },
        "approval-lists/{id}" => Said {
            parameters: vec![in_path("id", "一覧のID")],
            answers: vec![(
                "200",
                paper.answer::<ApprovalRecord>("申込ごとの依頼、判断、記録の位置"),
            )],
            problems: vec![Kind::NotFound],
            ..about("getApprovalList", "承認依頼の一覧1つと、判断の記録")
        },
        _ => return None,
    })
}

pub(super) fn missing_mails(paper: &mut Paper, path: &str) -> Option<Said> {
    (path == "/api/v1/mails/missing").then(|| Said {
        id: "listMissingMails",
        tag: "cases",
        summary: "送られているはずで、送られていないメール",
        description: "案件の状態と送信の記録を、定期的に突き合わせた結果です。",
        parameters: Vec::new(),
        body: None,
        answers: vec![("200", paper.answer::<MissingMails>("足りないメール"))],
        problems: Vec::new(),
    })
}
