//! What `sonae serve` is told about how devices' lines come in.

use std::path::PathBuf;

use clap::Args;

use super::syslog::range::Range;
use super::syslog::tls;

/// The ways in that an installation opens; none without flags, except the interface.
#[derive(Args, Clone, Debug, Default)]
pub struct WaysInArgs {
    /// 機器のsyslogを待ち受けるアドレスとポートの範囲(例 0.0.0.0:20000-20999)。機器ごとに1つのポートを割り当て、UDP・TCP・TLSで受けます
    #[arg(long, env = "SONAE_SYSLOG", value_name = "ADDRESS:FIRST-LAST", value_parser = Range::parse)]
    pub syslog: Option<Range>,
    /// syslogをTLSで受けるときの証明書のファイル(PEM。中間証明書も続けて入れます)
    #[arg(
        long,
        env = "SONAE_SYSLOG_CERT",
        value_name = "FILE",
        requires = "syslog_key"
    )]
    pub syslog_cert: Option<PathBuf>,
    /// その秘密鍵のファイル(PEM)
    #[arg(
        long,
        env = "SONAE_SYSLOG_KEY",
        value_name = "FILE",
        requires = "syslog_cert"
    )]
    pub syslog_key: Option<PathBuf>,
    /// syslogは、TLSだけで受けます
    #[arg(long, env = "SONAE_SYSLOG_TLS_ONLY", requires = "syslog_cert")]
    pub syslog_tls_only: bool,
    /// 置かれたログのファイルを取り込むフォルダー。機器の登録の番号を名前にしたフォルダーを、この中に作ります
    #[arg(long, env = "SONAE_TELEMETRY_SPOOL", value_name = "DIR")]
    pub telemetry_spool: Option<PathBuf>,
    /// 増えていくログのファイルを追いかけます(例 登録の番号=/var/log/suricata/eve.json)。いくつでも書けます
    #[arg(
        long,
        env = "SONAE_TELEMETRY_TAIL",
        value_name = "ID=FILE",
        value_delimiter = ',',
        value_parser = Followed::parse
    )]
    pub telemetry_tail: Vec<Followed>,
}

/// A file that a device writes on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The device's id.
    pub source: String,
    pub file: PathBuf,
}

impl Followed {
    fn parse(text: &str) -> Result<Followed, String> {
        let (source, file) = text
            .split_once('=')
            .filter(|(source, file)| !source.is_empty() && !file.is_empty())
            .ok_or_else(|| "例 登録の番号=/var/log/suricata/eve.json".to_owned())?;
        Ok(Followed {
            source: source.to_owned(),
            file: file.into(),
        })
    }
}

impl WaysInArgs {
    /// Certificate and key of the syslog listener, when it has them.
    pub fn syslog_files(&self) -> Option<tls::Files> {
        Some(tls::Files {
            certificate: self.syslog_cert.clone()?,
            key: self.syslog_key.clone()?,
        })
    }
}
