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
