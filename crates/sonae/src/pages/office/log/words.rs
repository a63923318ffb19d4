//! The words of the log as people read them.

/// Kinds of entries, as the filter offers them.
pub(super) struct Kind {
    pub(super) word: &'static str,
    pub(super) label: &'static str,
    /// How the names of its actions begin.
    starts: &'static [&'static str],
}

const fn kind(word: &'static str, label: &'static str, starts: &'static [&'static str]) -> Kind {
    Kind {
        word,
        label,
        starts,
    }
}

/// The first that fits names an action, so what is narrower stands first.
pub(super) const KINDS: [Kind; 14] = [
    kind("received", "申込みの受付", &["application."]),
    kind("read", "案件の閲覧", &["case.read"]),
    kind("exported", "案件の書出し", &["cases.exported"]),
    kind("case", "案件の操作", &["case.", "cases."]),
    kind("approval", "承認の一覧", &["approval"]),
    kind("mail", "メール", &["mail.", "inbox."]),
    kind("check", "検知の確認と所見", &["check.", "finding."]),
    kind("earlier_support", "過去の支援", &["earlier_support."]),
    kind("program", "事業の版", &["program."]),
    kind("staff", "利用者とサインイン", &["staff."]),
    kind("token", "APIのトークン", &["token."]),
    kind("device", "機器", &["telemetry"]),
    kind("webhook", "連携", &["webhook."]),
    kind("other", "そのほか", &[""]),
];

/// Actions with a name of their own; of the others the kind is told.
const ACTIONS: [(&str, &str); 48] = [
    ("case.undone", "操作の取消し"),
    ("approval_list.handed_over", "承認の一覧の提出"),
    ("mail.cancelled", "メールの取消し"),
    ("mail.resent", "メールの再送"),
    ("inbox.received", "メールの受信"),
    ("inbox.assigned", "届いたメールの案件を決定"),
    ("inbox.set_aside", "届いたメールを対象外に"),
    ("check.said", "会社の1日の確認"),
    ("check.corrected", "署名した日の訂正"),
    ("check.judged", "検知の判断"),
    ("check.suppressed", "検知の抑止"),
    ("check.suppression_ended", "検知の抑止の終了"),
    ("check.signed", "検知の確認の署名"),
    ("check.escalated", "サポートセンターへの所見"),
    ("finding.taken", "所見の引受け"),
    ("finding.closed", "所見の終了"),
    ("earlier_support.imported", "過去の支援の取込み"),
    ("earlier_support.taken_back", "過去の支援の取込みの取消し"),
    ("program.published", "事業の公開"),
    ("program.uploaded", "事業の版の登録"),
    ("program.served", "事業の版の切替え"),
    ("staff.invited", "利用者の登録"),
    ("staff.link_made", "サインインのリンクの発行"),
    ("staff.role_changed", "役割の変更"),
    ("staff.suspended", "利用の停止"),
    ("staff.resumed", "利用の再開"),
    ("staff.locked", "サインインのロック"),
    ("staff.unlocked", "ロックの解除"),
    ("staff.signed_in", "サインイン"),
    ("staff.signed_out", "サインアウト"),
    (
        "staff.signed_out_everywhere",
        "すべての端末からサインアウト",
    ),
    ("staff.second_factor_enrolled", "認証アプリの登録"),
    ("staff.second_factor_reset", "認証アプリの登録の取消し"),
    ("staff.recovery_codes_renewed", "回復コードの再発行"),
    ("staff.recovery_code_used", "回復コードの使用"),
    ("token.created", "トークンの作成"),
    ("token.revoked", "トークンの取消し"),
    ("telemetry_source.added", "機器の登録"),
    ("telemetry_source.ended", "機器の終了"),
    ("telemetry_source.renewed", "機器のトークンの更新"),
    ("telemetry_source.listening", "機器の受け取りの設定"),
    ("telemetry_source.silent", "機器からログが届かない"),
    ("telemetry_source.silence_ended", "機器の途絶えの終わり"),
    ("telemetry.forgotten", "会社の検知の消去"),
    ("telemetry.removed", "古い検知の削除"),
    ("webhook.added", "送り先の登録"),
    ("webhook.on", "送り先の再開"),
    ("webhook.deleted", "送り先の削除"),
];

/// Those who act and are no person of the office.
pub(super) const ACTORS: [(&str, &str); 5] = [
    ("visitor", "申込企業(申込み)"),
    ("company", "申込企業(専用ページ)"),
    ("system", "システム(自動)"),
    ("command", "サーバーの端末"),
    ("token", "APIのトークン"),
];

/// What was done, as far as the log's word says.
pub(super) fn action(word: &str) -> &'static str {
    let named = ACTIONS.into_iter().find(|(action, _)| *action == word);
    named.map_or_else(|| kind_of(word).label, |(_, label)| label)
}

/// Who did it, where it is nobody of the list of users.
pub(super) fn actor(kind: &str) -> &'static str {
    let known = ACTORS.into_iter().find(|(word, _)| *word == kind);
    known.map_or("登録のない利用者", |(_, label)| label)
}

/// Whether an action is of a kind.
pub(super) fn is_of(action: &str, kind: &str) -> bool {
    kind_of(action).word == kind
}

fn kind_of(action: &str) -> &'static Kind {
    let fits = |kind: &&Kind| kind.starts.iter().any(|start| action.starts_with(start));
    KINDS.iter().find(fits).expect("the last kind takes all")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_its_word_and_kind() {
        for (word, kind, label) in [
            ("application.received", "received", "申込みの受付"),
            ("case.read", "read", "案件の閲覧"),
            ("case.withdrawn", "case", "案件の操作"),
            ("cases.exported", "exported", "案件の書出し"),
            ("staff.signed_in", "staff", "サインイン"),
            ("inbox.received", "mail", "メールの受信"),
            ("unheard.of", "other", "そのほか"),
        ] {
            assert!(is_of(word, kind), "{word}");
            assert_eq!(action(word), label, "{word}");
        }
        for (word, _) in ACTIONS {
            assert!(!is_of(word, "other"), "{word}");
        }
    }
}
