//! Generated lines as batches, with the truth about them.

use std::collections::BTreeMap;

use sonae_telemetry::detections::Detections;
use sonae_telemetry::generate::{self, Plan, Truth};
use sonae_telemetry::{Day, Month};

pub(crate) const PLAN: Plan = Plan {
    seed: 23,
    companies: 9,
    first_day: 20_510,
    days: 4,
    lines: 40,
};

pub(crate) struct Load {
    pub(crate) batches: Vec<generate::Batch>,
    truth: Truth,
}

impl Load {
    pub(crate) fn of(plan: &Plan) -> Load {
        let mut load = Load {
            batches: Vec::new(),
            truth: Truth::default(),
        };
        for (batch, truth) in plan.batches() {
            load.batches.push(batch);
            load.truth.add(truth);
        }
        load
    }

    /// Every figure is the generated one, and everything fits together.
    pub(crate) fn check(&self, plan: &Plan, detections: &Detections) {
        detections.verify().unwrap().unwrap();
        let mut expected: BTreeMap<_, u64> = BTreeMap::new();
        for (cell, sum) in &self.truth.detections {
            *expected
                .entry((cell.company, Day(cell.day).month()))
                .or_default() += sum.events;
        }
        let months: std::collections::BTreeSet<Month> = expected.keys().map(|key| key.1).collect();
        let mut found = BTreeMap::new();
        for company in 0..plan.companies {
            for month in &months {
                let watched = (month.first_day(), month.last_day());
                let figures = detections
                    .month(&company.to_string(), *month, watched)
                    .unwrap();
                if figures.total.events > 0 {
                    found.insert((company, *month), figures.total.events as u64);
                }
            }
        }
        assert_eq!(found, expected);
    }
}
