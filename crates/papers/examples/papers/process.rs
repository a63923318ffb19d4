//! What Linux says about this process.

use std::time::Duration;

/// Time that the threads of this process have computed, without those that ended.
pub(crate) fn cpu() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux tells about its threads");
    let spent = tasks.flatten().map(|task| {
        let path = task.path().join("schedstat");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let first = text
            .split(' ')
            .next()
            .and_then(|number| number.parse().ok());
        Duration::from_nanos(first.unwrap_or_default())
    });
    spent.sum()
}

/// The most memory that was ever in use, in bytes.
pub(crate) fn peak_memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("Linux tells about memory");
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.unwrap_or(0_u64) * 1024
}

/// Time that all threads have computed, ended ones too; Linux counts it in hundredths of a second.
pub(crate) fn all_cpu() -> Duration {
    ticks(11)
}

/// Time that finished children have computed, in the same steps.
pub(crate) fn children() -> Duration {
    ticks(13)
}

/// The sum of two fields of proc(5)'s stat, counted from the one after the name.
fn ticks(first: usize) -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").expect("Linux tells about processes");
    let fields = text.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks = fields.skip(first).take(2);
    let ticks = ticks.filter_map(|ticks| ticks.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}
