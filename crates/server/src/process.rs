//! Beginning and ending.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::config::Config;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::{guard, health, metrics, worker};

/// A server that runs.
pub struct Serving {
    /// Where it listens; the port it was given when 0 was asked for.
    pub address: SocketAddr,
    stop: Arc<watch::Sender<bool>>,
    work: Option<JoinHandle<()>>,
    http: JoinHandle<std::io::Result<()>>,
    patience: Duration,
    app: App,
}

impl Serving {
    /// Stops taking requests and jobs, and waits for those under way.
    pub async fn stop(self) -> std::io::Result<()> {
        self.stop.send_replace(true);
        let ended = tokio::time::timeout(self.patience, self.http).await;
        if let Some(work) = self.work {
            // A job that does not end in time keeps its checkpoint; another worker goes on with it.
            tokio::time::timeout(self.patience, work).await.ok();
        }
        self.app.db().close().await;
        match ended {
            Ok(Ok(result)) => result,
            Ok(Err(panicked)) => Err(std::io::Error::other(panicked)),
            Err(_) => Ok(()),
        }
    }
}

/// Starts a server and returns as soon as it answers.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn start(app: App, config: &Config) -> std::io::Result<Serving> {
    let listener = TcpListener::bind(config.server.listen).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let router = guard::around(health::routes(&app, config).merge(app.router()), config);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let http = axum::serve(listener, service).with_graceful_shutdown(wait(stopped.clone()));
    metrics::install();
    let work = config.jobs.in_server.then(|| {
        let app = app.clone();
        let at_once = config.jobs.at_once;
        tokio::spawn(async move { worker::run(&app, at_once, stopped).await })
    });
    Ok(Serving {
        address,
        stop: Arc::new(stop),
        work,
        http: tokio::spawn(http.into_future()),
        patience: Duration::from_secs(config.server.stop_secs.max(1)),
        app,
    })
}

/// Serves until the process is told to stop. `ready` hears the address once requests are answered.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(
    app: App,
    config: &Config,
    ready: impl FnOnce(SocketAddr),
) -> std::io::Result<()> {
    let serving = start(app, config).await?;
    tracing::info!(address = %serving.address, "ready");
    ready(serving.address);
    told_to_stop().await;
    tracing::info!("stopping");
    serving.stop().await
}

/// Works on jobs until the process is told to stop.
pub async fn work(app: App, config: &Config) {
    let (stop, stopped) = watch::channel(false);
    let patience = Duration::from_secs(config.server.stop_secs.max(1));
    let at_once = config.jobs.at_once;
    let of_worker = app.clone();
    let work = tokio::spawn(async move { worker::run(&of_worker, at_once, stopped).await });
    tracing::info!("ready for jobs");
    told_to_stop().await;
    tracing::info!("stopping");
    stop.send_replace(true);
    tokio::time::timeout(patience, work).await.ok();
    app.db().close().await;
}

async fn wait(mut stopped: watch::Receiver<bool>) {
    stopped.wait_for(|stopped| *stopped).await.ok();
}

async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
