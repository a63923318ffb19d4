//! What a device wrote on a day, as a batch that can be stored.

use super::Batch;
use crate::batch::{self, Origin, Prepared, Source};
use crate::block::Packer;
use crate::device_clock::Arrival;
use crate::time::Receipt;
use crate::{Day, formats};

impl Batch {
    /// The lines, read and ready to be stored: sent live by the device's own source, once, and received at the end of the day, when unreadable lines
    /// count.
    pub fn prepared(&self) -> Prepared {
        let company = self.company.to_string();
        let source = Source {
            id: format!("{company} {}", self.device),
            company,
            device: self.device.clone(),
        };
        let origin = Origin::Sent {
            batch_id: self.day.to_string(),
            hash: [1; 32],
        };
        let received_us = Day(self.day).end_us();
        let arrival = Arrival {
            received_us,
            live: true,
        };
        let mut packer = Packer::new();
        let mut growing = batch::Batch::begin(source, origin, arrival, &mut packer);
        for line in &self.lines {
            let reading = formats::read(line, Some(self.format), Receipt::in_japan(received_us));
            growing.add(&reading.record, line.as_bytes());
        }
        growing.prepare()
    }
}
