//! What an installation can be told: command-line flags and the `SONAE_*` variables that mirror them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use crate::telemetry::kept::KeptArgs;
use crate::telemetry::ways_in::WaysInArgs;

/// Where the data lies.
#[derive(Args, Clone, Debug)]
pub struct DataArgs {
    /// データを置くフォルダー
    #[arg(
        long,
        env = "SONAE_DATA",
        default_value = "./sonae-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// データベースのURL(postgres://…)。省略するとデータのフォルダーにSQLiteのファイルを作ります
    #[arg(
        long,
        env = "SONAE_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// 検知を置くClickHouseのクラスターのURL(clickhouse://…)。省略すると事務局のデータベースの隣に置きます
    #[arg(
        long,
        env = "SONAE_DETECTIONS",
        value_name = "URL",
        hide_env_values = true
    )]
    pub detections: Option<String>,
}

impl DataArgs {
    /// The database's URL; without `--database` an SQLite file in the data folder.
    pub fn url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("sonae.db").display()))
    }
}

/// How to serve.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// 待ち受けるアドレスとポート
    #[arg(
        long,
        env = "SONAE_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS"
    )]
    pub listen: SocketAddr,
    /// 事業のフォルダーを入れたフォルダー。省略すると内蔵の事業を使います
    #[arg(long, env = "SONAE_PROGRAMS", value_name = "DIR")]
    pub programs: Option<PathBuf>,
    /// リハーサルの開始時刻(RFC 3339、例 2024-05-30T09:00:00+09:00)
    #[arg(long, env = "SONAE_CLOCK", value_name = "INSTANT")]
    pub clock: Option<Timestamp>,
    /// メールサーバーのURL(smtp://、smtps://)。省略するとメールはデータのフォルダーのmailに書き出します
    #[arg(long, env = "SONAE_SMTP", value_name = "URL", hide_env_values = true)]
    pub smtp: Option<String>,
    /// 差出人のメールアドレス
    #[arg(long, env = "SONAE_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// 送るメールの写しを受けるアドレス。届いた写しは --inbox のフォルダーに入るようにします。送信の途中で止まったメールが届いたかを写しで確かめ、二重に送りません
    #[arg(long, env = "SONAE_MAIL_PROOF_ADDRESS", value_name = "ADDRESS")]
    pub mail_proof_address: Option<String>,
    /// 企業からの返信を受けるアドレス(例 office@sonae.example.jp)。申込ごとに「+受付番号…」を付けて返信先にします
    #[arg(long, env = "SONAE_INBOUND_ADDRESS", value_name = "ADDRESS")]
    pub inbound_address: Option<String>,
    /// 届いたメールが入るMaildir形式のフォルダー。省略すると届いたメールは読みません
    #[arg(long, env = "SONAE_INBOX", value_name = "DIR")]
    pub inbox: Option<PathBuf>,
    /// 利用者から見えるURLの先頭(例 https://sonae.example.jp)。省略すると待ち受けるアドレスから作ります
    #[arg(long, env = "SONAE_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,
    /// 手前に信頼できる中継(リバースプロキシ)があるとき、X-Forwarded-Forの最後のアドレスを利用者のものとみなします
    #[arg(long, env = "SONAE_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Webhookの送り先に、http://と内部のネットワークのアドレスを許します(閉じたネットワークと試験用)
    #[arg(long, env = "SONAE_WEBHOOK_LOCAL")]
    pub webhook_local: bool,
    /// 同じアドレスからの要求の数を制限しません(性能試験用。公開するときは使わないでください)
    #[arg(long, env = "SONAE_NO_RATE_LIMIT")]
    pub no_rate_limit: bool,
    #[command(flatten)]
    pub ways_in: WaysInArgs,
    #[command(flatten)]
    pub kept: KeptArgs,
    /// Set by `sonae demo` and by nothing else: visitors sign in as its invented people.
    #[arg(skip)]
    pub is_demo: bool,
}

impl ServeArgs {
    /// The beginning of every link we give out, without a slash at the end.
    pub fn base_url(&self) -> String {
        match &self.base_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }
}
