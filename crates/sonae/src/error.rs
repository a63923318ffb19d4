//! Errors of the program by meaning. Logged once at the edge, without personal data; the person sees a plain sentence.

use sonae_db::{DbError, Kind, Server};
use sonae_store::StoreError;
use sonae_telemetry::TelemetryError;

use crate::intake::IntakeError;

/// A command that could not do its work: what happened and what to do, one line each in Japanese.
#[derive(Debug)]
pub struct CommandError {
    pub what: String,
    pub hint: String,
}

impl CommandError {
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> CommandError {
        CommandError {
            what: what.into(),
            hint: hint.into(),
        }
    }
}

impl std::fmt::Display for CommandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "エラー: {} {}", self.what, self.hint)
    }
}

impl From<DbError> for CommandError {
    fn from(error: DbError) -> CommandError {
        if let Some(server) = &error.server {
            return of_cluster(&error, server);
        }
        let (what, hint) = match error.kind {
            Kind::Url => (
                "データベースのURLがわかりません。",
                "postgres://利用者@サーバー/名前 の形で書いてください。検知のクラスターは clickhouse://利用者:パスワード@サーバー1:8123,サーバー2:8123/名前 の形です。",
            ),
            Kind::Unreachable => (
                "データベースを開けません。",
                "データのフォルダー、またはサーバーのアドレス・利用者・パスワードを確かめてください。",
            ),
            Kind::NotADatabase => (
                "データベースのファイルではありません。",
                "--data のフォルダーを確かめてください。",
            ),
            Kind::Busy => (
                "データベースがほかのプログラムに使われています。",
                "ほかに動いているSonaeや操作を終えてから、もう一度実行してください。",
            ),
            Kind::Unanswered => (
                "データベースの答えが時間内に返りませんでした。",
                "少し待って、もう一度実行してください。",
            ),
            Kind::Full => (
                "ディスクに空きがありません。",
                "空きを作ってから、もう一度実行してください。何も変更されていません。",
            ),
            Kind::ReadOnly => (
                "データベースに書き込めません。",
                "フォルダーの書き込みの権限を確かめてください。",
            ),
            Kind::Newer => (
                "データベースは、より新しいSonaeで作られています。",
                "新しい版のSonaeで開いてください。何も変更されていません。",
            ),
            Kind::Changed => (
                "データベースの版の記録が、このSonaeと合いません。",
                "作ったときと同じ系列のSonaeで開いてください。何も変更されていません。",
            ),
            Kind::Corrupt => (
                "データベースが壊れています。",
                "控え(backup)から restore で戻してください。",
            ),
            Kind::Unique | Kind::Serialization | Kind::Other => (
                "データベースの処理に失敗しました。",
                "もう一度実行し、続くときは次の記録を添えてお知らせください。",
            ),
        };
        CommandError::new(what, format!("{hint} [{error}]"))
    }
}

/// What one server of the detections' cluster did, and what to do about it. No figure is told without it.
fn of_cluster(error: &DbError, server: &Server) -> CommandError {
    let (what, hint) = match error.kind {
        Kind::Unreachable => (
            "につながりません。",
            "サーバーが動いているか、アドレス・利用者・パスワード・証明書を確かめてから、もう一度実行してください。このサーバーなしでは数字を出しません。",
        ),
        Kind::Unanswered => (
            "が答えませんでした。",
            "サーバーが動いているかを確かめてから、もう一度実行してください。取り込みは、もう一度実行しても二重に数えません。",
        ),
        Kind::Full => (
            "の空き容量がありません。",
            "空きを作ってから、もう一度実行してください。取り込みは、もう一度実行しても二重に数えません。",
        ),
        Kind::Busy => (
            "が混み合っています。",
            "少し待って、もう一度実行してください。取り込みは、もう一度実行しても二重に数えません。",
        ),
        Kind::Corrupt => (
            "に、あるはずの検知がそろっていません。",
            "複製の遅れなら、少し待つとそろいます。続くときは控えから戻してください。足りないままの数字は出しません。",
        ),
        Kind::Changed => (
            "は、別の事務局のもの、またはURLの順番が違うサーバーです。",
            "--detections のURLのサーバーの順番と、台帳(detections-ledger)を確かめてください。何も変更していません。",
        ),
        Kind::Newer => (
            "は、より新しいSonaeで作られています。",
            "新しい版のSonaeで開いてください。何も変更していません。",
        ),
        _ => (
            "で処理に失敗しました。",
            "もう一度実行し、続くときは次の記録を添えてお知らせください。",
        ),
    };
    CommandError::new(
        format!(
            "検知のクラスターの{}番目のサーバー({}){what}",
            server.shard, server.name
        ),
        format!("{hint} [{error}]"),
    )
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> CommandError {
        match error {
            StoreError::Db(error) => error.into(),
            StoreError::Damaged(detail) => CommandError::new(
                "保存されている記録が読めません。",
                format!("sonae verify で調べ、控えから戻してください。 [{detail}]"),
            ),
        }
    }
}

impl From<TelemetryError> for CommandError {
    fn from(error: TelemetryError) -> CommandError {
        match error {
            TelemetryError::Db(error) => error.into(),
            TelemetryError::Damaged(detail) => CommandError::new(
                "保存されている検知が読めません。",
                format!("sonae telemetry verify で調べ、控えから戻してください。 [{detail}]"),
            ),
        }
    }
}

/// Whether a visitor should simply try again a little later.
pub fn is_passing(error: &IntakeError) -> bool {
    match error {
        IntakeError::Crowded | IntakeError::Closing => true,
        IntakeError::Store(StoreError::Db(error)) => {
            matches!(
                error.kind,
                Kind::Busy | Kind::Full | Kind::Serialization | Kind::Unreachable
            )
        }
        IntakeError::Store(_) | IntakeError::Panicked => false,
    }
}
