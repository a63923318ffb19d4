//! The certificate of the listener (RFC 5425), read again when its file changes: certificates live for weeks, the program for longer.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::error::CommandError;

/// How connections are encrypted now; none without a certificate.
pub(super) type Certificate = Option<TlsAcceptor>;

/// Where certificate and key lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Files {
    /// Reads both.
    ///
    /// # Errors
    /// A file cannot be read, is no PEM, or the key does not belong to the certificate; with a sentence for the administrator.
    pub fn read(&self) -> Result<TlsAcceptor, CommandError> {
        let wrong = |path: &Path, what: &str, error: &dyn std::fmt::Display| {
            CommandError::new(
                format!("{} {what} [{error}]", path.display()),
                "PEM形式の証明書と秘密鍵を、--syslog-cert と --syslog-key で指定してください。",
            )
        };
        let chain: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_file_iter(&self.certificate).and_then(Iterator::collect);
        let chain = chain
            .map_err(|error| wrong(&self.certificate, "を証明書として読めません。", &error))?;
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| wrong(&self.key, "を秘密鍵として読めません。", &error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map(|builder| builder.with_no_client_auth())
            .and_then(|builder| builder.with_single_cert(chain, key))
            .map_err(|error| wrong(&self.certificate, "と秘密鍵の組を使えません。", &error))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// When they were last changed.
    pub(super) fn changed(&self) -> [Option<SystemTime>; 2] {
        let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        [changed(&self.certificate), changed(&self.key)]
    }
}
