//! Figures for Prometheus.

use std::sync::OnceLock;
use std::time::Duration;

use app::App;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

const SECONDS: &str = "jetbridge_http_request_seconds";
const BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// One recorder a process, however many servers run in it.
pub(crate) fn install() {
    recorder();
}

fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), BUCKETS)
                .and_then(PrometheusBuilder::install_recorder)
                .inspect_err(|error| tracing::warn!(%error, "no metrics: another recorder is set"))
                .ok()
        })
        .as_ref()
}

/// Everything counted so far.
pub(crate) fn text() -> String {
    if let Some(bytes) = resident_bytes() {
        gauge!("jetbridge_memory_bytes").set(bytes);
    }
    recorder()
        .map(|handle| {
            handle.run_upkeep();
            handle.render()
        })
        .unwrap_or_default()
}

/// Counts a request by route, never by address: addresses hold identifiers.
pub(crate) fn request(verb: &str, route: &str, status: u16, took: Duration) {
    let labels =
        [("method", verb.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
    counter!("jetbridge_http_requests_total", &labels).increment(1);
    histogram!(SECONDS, &labels[..2]).record(took.as_secs_f64());
}

/// How many jobs wait and run.
pub(crate) async fn gauge_jobs(app: &App) -> store::Result<()> {
    let mut tx = app.db().read().await?;
    let counts: Vec<(String, i64)> = tx
        .all(store::sql(
            "SELECT status, COUNT(*) FROM job WHERE status IN ('queued', 'running') GROUP BY status",
        ))
        .await?;
    for status in ["queued", "running"] {
        let count = counts.iter().find(|(name, _)| name == status).map_or(0, |(_, count)| *count);
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float; jobs are few")]
        gauge!("jetbridge_jobs", "status" => status).set(count as f64);
    }
    Ok(())
}

/// Resident memory, where the system tells (Linux).
fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0)
}
