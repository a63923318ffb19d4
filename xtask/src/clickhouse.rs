//! ClickHouse for the tests of a cluster: Debian's server, and ZooKeeper by which replicas agree. The tests start and kill servers themselves.

use std::path::{Path, PathBuf};

/// What Debian's `zookeeperd` brings.
const KEEPER: &str = "/usr/share/java/zookeeper.jar";

/// Where the server's program stands; installed when we are root on Debian and it is missing.
///
/// # Errors
/// What is missing and how to get it. There is no test without: a cluster that nobody tried is none.
pub(crate) fn need() -> Result<PathBuf, String> {
    let server = crate::tools::need(&["clickhouse-server"], &["clickhouse-server"]).map_err(|error| {
        format!("the cluster of detections cannot be tested: {error} (Debian 12 has ClickHouse 18.16 as clickhouse-server)")
    })?;
    if !Path::new(KEEPER).exists() || crate::tools::find(&["java"]).is_none() {
        crate::tools::install(&["zookeeperd"])?;
    }
    match Path::new(KEEPER).exists() {
        true => Ok(server),
        false => Err(format!(
            "{KEEPER} is missing, even with zookeeperd installed"
        )),
    }
}
