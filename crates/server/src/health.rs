//! What machines ask: does it live, can it serve, how is it doing.

use std::net::SocketAddr;

use app::App;
use app::config::Config;
use axum::extract::{ConnectInfo, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::metrics;

#[derive(Clone)]
struct Probe {
    app: App,
    metrics_public: bool,
}

/// `/healthz`, `/readyz`, `/metrics`.
pub(crate) fn routes(app: &App, config: &Config) -> Router {
    let probe = Probe { app: app.clone(), metrics_public: config.metrics.public };
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
        .with_state(probe)
}

async fn alive() -> Json<serde_json::Value> {
    Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}

async fn ready(State(probe): State<Probe>) -> Response {
    match probe.app.db().ping().await {
        Ok(()) => Json(json!({"status": "ok"})).into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            let body = Json(json!({"status": "unavailable", "because": "database"}));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

async fn figures(
    State(probe): State<Probe>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
) -> Response {
    if !probe.metrics_public && !caller.ip().is_loopback() {
        return StatusCode::NOT_FOUND.into_response();
    }
    if let Err(error) = metrics::gauge_jobs(&probe.app).await {
        tracing::warn!(%error, "jobs could not be counted");
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, metrics::text()).into_response()
}
