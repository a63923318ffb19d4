//! Work that is due: each job is one file, safe to run twice, and says retry or give up.

use crate::app::App;

/// The running jobs of this node.
pub struct Jobs;

pub fn start(_app: App) -> Jobs {
    Jobs
}

impl Jobs {
    /// Lets what is in progress end and starts nothing more.
    pub async fn stop(self) {}
}
