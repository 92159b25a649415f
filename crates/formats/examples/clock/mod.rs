//! What measurements go by.

use std::time::Instant;

/// Megabytes a second, once for each run, by two clocks.
#[derive(Default)]
pub struct Speeds {
    wall: Vec<f64>,
    core: Vec<f64>,
}

impl Speeds {
    /// Runs `work` over `bytes` bytes once.
    pub fn of<T>(&mut self, bytes: usize, work: impl FnOnce() -> T) -> T {
        let megabytes = bytes as f64 / 1e6;
        let (on_core, begun) = (on_core(), Instant::now());
        let made = work();
        self.wall.push(megabytes / begun.elapsed().as_secs_f64());
        if let Some((before, after)) = on_core.zip(self::on_core()) {
            self.core.push(megabytes / (after - before));
        }
        made
    }
}

impl std::fmt::Display for Speeds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (name, speeds) in [("by the clock", &self.wall), ("of time on the core", &self.core)] {
            let mut speeds = speeds.clone();
            speeds.sort_by(f64::total_cmp);
            let best = speeds.last().copied().unwrap_or_default();
            let median = speeds.get(speeds.len() / 2).copied().unwrap_or_default();
            writeln!(f, "  best {best:.0} MB/s, median {median:.0} MB/s {name}")?;
        }
        Ok(())
    }
}

/// Seconds this thread ran so far, without the time others had the core; Linux only.
fn on_core() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(told.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}
