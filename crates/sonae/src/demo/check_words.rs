//! What the technician of the demonstration writes at the daily check.

use sonae_core::detection_check::verdict::Verdict;

/// A judgement in words.
pub(super) struct Words {
    pub(super) verdict: Verdict,
    pub(super) reason: &'static str,
}

/// Why a company was not heard.
pub(super) const OFF: &str =
    "事務所の工事で、機器の電源を切っているとのことです。お電話で確かめました。";
/// Why something is to be looked at again.
pub(super) const REVIEW: &str =
    "同じ相手からの探索が続いています。あすも見て、続くようなら会社にお知らせします。";

/// Rules of which one is suppressed, and why.
pub(super) const SUPPRESSED: (&[&str], &str) = (
    &["51006", "43799", "1:9000003"],
    "対象のソフトウェアを使っていないことを、会社の方と確かめました。4月の保守で設定を変え、遮断するようにします。",
);

/// Rules of which one goes to the desk, what it is judged to be, and the words to the desk.
pub(super) type Handed = (&'static [&'static str], Verdict, &'static str);
pub(super) const SETTLED: Handed = (
    &["1:9000004"],
    Verdict::TruePositive,
    "経理の端末が、不正なプログラムの通信先につながっています。端末をネットワークから外し、ウイルスの検査をしていただいてください。",
);
pub(super) const HANDED: Handed = (
    &["1:9000008", "1:9000004"],
    Verdict::Suspicious,
    "社内の端末から、知られた不正なサイトへの通信です。使っている方が、開いたページに何か入力していないかを確かめてください。",
);
/// How the first of them ended.
pub(super) const CLOSED: &str = "会社の方が端末を外して検査し、見つかった不正なプログラムを取り除きました。パスワードも変えていただき、その後の通信はありません。";

/// What a finding is judged to be.
pub(super) fn of_rule(rule: &str) -> Words {
    let (verdict, reason) = match rule {
        "2172" => (
            Verdict::Test,
            "動作を確かめる試験用のファイルです。会社の方が試したことを、お電話で確かめました。",
        ),
        "8000" => (
            Verdict::FalsePositive,
            "署名のある業務ソフトの更新でした。製品の誤検知として、メーカーに知らせました。",
        ),
        "51006" | "43799" | "12345" | "10001" | "1:9000003" => (
            Verdict::Benign,
            "外からの探索です。対象のソフトウェアや機器を使っていないことを確かめてあります。",
        ),
        "1:9000004" => (
            Verdict::FalsePositive,
            "通信先は、会社が使う会計ソフトの更新サーバーでした。",
        ),
        "1:9000005" => (
            Verdict::Benign,
            "複合機が読み取ったものを送る先です。社内の通信であることを確かめました。",
        ),
        "1:9000008" => (
            Verdict::Benign,
            "開いただけで、何も入力していないことを会社の方に確かめました。",
        ),
        "d-0002" => (
            Verdict::Benign,
            "資産管理ソフトが動かしたものです。会社の方に確かめました。",
        ),
        _ => (
            Verdict::Benign,
            "業務での使い方であることを、会社の方に確かめました。",
        ),
    };
    Words { verdict, reason }
}
