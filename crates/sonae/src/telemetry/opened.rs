//! The detections' database, opened when it is first needed: an office that lends no devices never makes one.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use sonae_db::DbError;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::place;

use crate::config::DataArgs;

/// Where the detections lie, and the detections once they were asked for.
pub struct Opened {
    folder: PathBuf,
    office_url: Option<String>,
    cluster_url: Option<String>,
    detections: OnceLock<Detections>,
    /// Two that come first at once open it once.
    opening: Mutex<()>,
}

impl Opened {
    pub fn beside(data: &DataArgs) -> Opened {
        Opened {
            folder: data.data.clone(),
            office_url: data.database.clone(),
            cluster_url: data.detections.clone(),
            detections: OnceLock::new(),
            opening: Mutex::new(()),
        }
    }

    /// The detections; blocks the first time. A failure is not remembered: the next one tries again.
    ///
    /// # Errors
    /// Those of `place::detections`.
    pub fn get(&self) -> Result<&Detections, DbError> {
        if let Some(open) = self.detections.get() {
            return Ok(open);
        }
        let _turn = (self.opening.lock()).unwrap_or_else(PoisonError::into_inner);
        if self.detections.get().is_none() {
            let (office, cluster) = (self.office_url.as_deref(), self.cluster_url.as_deref());
            drop(
                self.detections
                    .set(place::detections(&self.folder, office, cluster)?),
            );
        }
        Ok(self.detections.get().expect("it was set just now"))
    }
}
