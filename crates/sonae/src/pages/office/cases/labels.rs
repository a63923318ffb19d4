//! The words of the list.

use sonae_core::access::StaffRole;
use sonae_core::flow::Status;
use sonae_store::queue::{Sort, View};

/// What a view is called.
pub fn view(view: View) -> &'static str {
    match view {
        View::Today => "今日すること",
        View::Mine => "自分の担当",
        View::Overdue => "期限超過",
        View::Soon => "期限が近い",
        View::Unassigned => "担当者なし",
        View::Contact => "連絡待ち",
        View::Screening => "審査",
        View::Judgement => "判断待ち",
        View::AtSponsor => "東京都の承認待ち",
        View::SentBack => "東京都からの質問",
        View::Waiting => "枠待ち",
        View::Company => "会社の返事待ち",
        View::Confirmed => "参加確定",
        View::Closed => "終了(取下げなど)",
        View::All => "すべて",
    }
}

/// What a view holds, in one sentence.
pub fn explanation(view: View) -> &'static str {
    match view {
        View::Today => {
            "ご自身の役割がすることのうち、期限が近いか過ぎているもので、ほかの人の担当ではない案件です。"
        }
        View::Mine => "ご自身が担当者または専門家になっている、手続き中の案件です。",
        View::Overdue => "期限を過ぎた、手続き中の案件です。",
        View::Soon => "期限が近づいている、手続き中の案件です。",
        View::Unassigned => "事務局の担当者が決まっていない、手続き中の案件です。",
        View::Contact => "会社への最初の連絡を待っている案件です。",
        View::Screening => "参加の条件を確認する段階の案件です。",
        View::Judgement => "条件に当たるかを、人が判断する必要のある案件です。",
        View::AtSponsor => "東京都に提出し、承認を待っている案件です。",
        View::SentBack => "東京都からの質問に、事務局が答える案件です。",
        View::Waiting => "コースの枠を待っているか、枠を案内中の案件です。",
        View::Company => "会社の回答や手続きを待っている案件です。",
        View::Confirmed => "参加が確定した案件です。",
        View::Closed => "取下げ、お断り、除外、案内の期限切れで終わった案件です。",
        View::All => "ご覧になれるすべての案件です。",
    }
}

/// The views of a role, in the order of the page.
pub fn views(role: StaffRole) -> &'static [View] {
    match role {
        StaffRole::Secretariat => &View::ALL,
        StaffRole::Sponsor => &[
            View::AtSponsor,
            View::SentBack,
            View::Overdue,
            View::Judgement,
            View::Waiting,
            View::Confirmed,
            View::Closed,
            View::All,
        ],
        StaffRole::Expert => &[
            View::Today,
            View::Mine,
            View::Overdue,
            View::Soon,
            View::Confirmed,
            View::All,
        ],
        StaffRole::Technician | StaffRole::Desk | StaffRole::Admin => &[View::All],
    }
}

/// Where a role begins.
pub fn first_view(role: StaffRole) -> View {
    views(role)[0]
}

pub fn sort(sort: Sort) -> &'static str {
    match sort {
        Sort::Due => "期限の早い順",
        Sort::Newest => "受付の新しい順",
        Sort::Oldest => "受付の古い順",
        Sort::Name => "会社名の順",
        Sort::Updated => "更新の新しい順",
    }
}

/// Who has to act, in a narrow column.
pub const OWNERS: [(&str, &str); 6] = [
    ("secretariat", "事務局"),
    ("company", "会社"),
    ("sponsor", "東京都"),
    ("expert", "専門家"),
    ("technician", "技術担当"),
    ("desk", "サポートセンター"),
];

pub fn owner(word: &str) -> &'static str {
    let found = OWNERS.iter().find(|(owner, _)| *owner == word);
    found.map_or("", |(_, label)| label)
}

pub const DUES: [(&str, &str); 4] = [
    ("overdue", "期限超過"),
    ("pressing", "期限が近い・超過"),
    ("today", "今日まで"),
    ("week", "7日以内"),
];

pub fn status(word: &str) -> &'static str {
    Status::parse(word).map_or("", Status::label)
}

/// How the conditions stand.
pub fn outcome(word: &str) -> &'static str {
    match word {
        "eligible" => "条件を満たす",
        "needs_judgement" => "判断待ち",
        "ineligible" => "条件を満たさない",
        _ => "",
    }
}

pub fn approval(word: &str) -> &'static str {
    match word {
        "proposed" => "提出中",
        "sent_back" => "質問あり",
        "approved" => "承認",
        "invalid" => "無効",
        _ => "",
    }
}
