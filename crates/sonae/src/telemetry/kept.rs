//! What `sonae serve` is told about how long detections are kept. Without flags nothing is ever removed.

use clap::Args;
use sonae_telemetry::retention::Keep;

/// Days that stand for ever.
const FOR_EVER: u32 = 36_500;
const GIGABYTE: i64 = 1_000_000_000;

/// How long, and how much.
#[derive(Args, Clone, Debug, Default)]
pub struct KeptArgs {
    /// 検知と集計を残す日数(31から)。最後の日がこれより古い月を、月ごと消します。省略すると日数では消しません
    #[arg(long, env = "SONAE_DETECTIONS_DAYS", value_name = "DAYS", value_parser = clap::value_parser!(u32).range(31..=36_500))]
    pub detections_days: Option<u32>,
    /// 元の行を残す日数。検知と集計は残ります。省略すると検知と同じです
    #[arg(long, env = "SONAE_DETECTIONS_LINE_DAYS", value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub detections_line_days: Option<u32>,
    /// 検知の大きさの上限(GB)。超えると、古い月の元の行から、足りなければ古い月の検知と集計を消します。省略すると大きさでは消しません
    #[arg(long, env = "SONAE_DETECTIONS_GIGABYTES", value_name = "GB", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub detections_gigabytes: Option<u32>,
}

impl KeptArgs {
    /// None when nothing goes by its age.
    pub fn keep(&self) -> Option<Keep> {
        if self.detections_days.is_none() && self.detections_line_days.is_none() {
            return None;
        }
        let days = self.detections_days.unwrap_or(FOR_EVER);
        let line_days = self.detections_line_days.unwrap_or(days).min(days);
        Some(Keep {
            line_days: line_days.into(),
            days: days.into(),
        })
    }

    /// Bytes; none when nothing goes by size.
    pub fn most_bytes(&self) -> Option<i64> {
        let gigabytes = self.detections_gigabytes?;
        Some(i64::from(gigabytes) * GIGABYTE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_no_later_than_their_detections() {
        for (days, line_days, expected) in [
            (None, None, None),
            (Some(60), None, Some((60, 60))),
            (Some(60), Some(10), Some((10, 60))),
            (Some(60), Some(90), Some((60, 60))),
            (None, Some(10), Some((10, 36_500))),
        ] {
            let kept = KeptArgs {
                detections_days: days,
                detections_line_days: line_days,
                detections_gigabytes: None,
            };
            let keep = kept.keep().map(|keep| (keep.line_days, keep.days));
            assert_eq!(keep, expected, "{days:?} {line_days:?}");
        }
    }
}
