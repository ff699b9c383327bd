//! `connections serve`

use std::{net::SocketAddr, sync::Arc, time::Duration};

use engine::{
    CallLimits, Engine, Settings,
    egress::{EgressClient, Patience},
    store::Store,
    vault::Vault,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Failure;
use crate::{
    assets,
    cli::Serve,
    config::{self, PublicUrl},
    listen, router, session,
    state::{App, AppState},
};

/// Longer than a refresh's deadline and its commit.
const PATIENCE: Duration = Duration::from_secs(30);
const POOL: u32 = 20;

pub(super) async fn run(options: Serve) -> Result<(), Failure> {
    let public: PublicUrl = options.public_url.parse()?;
    let stop = CancellationToken::new();
    let sandbox = match options.sandbox {
        Some(address) => Some(start_sandbox(&options, &public, address, &stop).await?),
        None => None,
    };
    let app = app(&options, public, sandbox).await?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| format!("CONNECTIONS_LISTEN: {} cannot be used: {error}", options.listen))?;
    tokio::spawn(housekeeping(Arc::clone(&app.engine), stop.clone()));
    let news = options
        .listen_database_url
        .as_ref()
        .unwrap_or(&options.database.database_url);
    tokio::spawn(Arc::clone(&app.engine).listen(news.clone(), stop.clone()));
    tracing::info!(address = %listener.local_addr()?, "ready at {}", app.public.origin());
    tokio::spawn(until_told(stop.clone()));
    listen::serve(listener, router::router(Arc::clone(&app)), stop).await;
    app.engine.tasks.close();
    if tokio::time::timeout(PATIENCE, app.engine.tasks.wait())
        .await
        .is_err()
    {
        tracing::warn!("some work was still under way after {PATIENCE:?}");
    }
    Ok(())
}

async fn app(options: &Serve, public: PublicUrl, sandbox: Option<Url>) -> Result<AppState, Failure> {
    let vault = Vault::new(config::root_keys(&options.keys)?);
    let egress = EgressClient::new(config::egress_policy(&options.allow_hosts, sandbox.as_ref())?)?;
    let proxies = config::proxies(&options.trusted_proxies)?;
    let assets = assets::load()?;
    let store = Store::connect(&options.database.database_url, POOL).await?;
    let settings = Settings {
        public_url: public.url().clone(),
        sandbox,
        sign_up: config::sign_up(options.signup),
        calls: CallLimits {
            a_minute: options.calls_per_minute,
            patience: Patience {
                first_byte: Duration::from_secs(options.call_first_byte_seconds),
                idle: Duration::from_secs(options.call_idle_seconds),
                ..Patience::default()
            },
            ..CallLimits::default()
        },
    };
    let engine = Engine::new(store, vault, egress, settings);
    engine.check_vault().await.map_err(|error| {
        format!("the root keys are not those that sealed this database: {error}. Put the right key back into CONNECTIONS_ROOT_KEYS or its file")
    })?;
    Ok(Arc::new(App {
        engine,
        public,
        assets,
        proxies,
    }))
}

async fn start_sandbox(
    options: &Serve,
    public: &PublicUrl,
    address: SocketAddr,
    stop: &CancellationToken,
) -> Result<Url, Failure> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("CONNECTIONS_SANDBOX: {address} cannot be used: {error}"))?;
    let issuer = config::sandbox_issuer(public, listener.local_addr()?.port())
        .ok_or("CONNECTIONS_SANDBOX: no address")?;
    let mut settings = sandbox::Settings::new(issuer.clone());
    settings.redirect_prefixes = vec![public.origin()];
    settings.control = options.sandbox_control;
    settings.access_token_lifetime = Duration::from_secs(options.sandbox_token_seconds);
    let until = stop.clone();
    tokio::spawn(sandbox::serve(
        listener,
        sandbox::Sandbox::new(settings),
        async move { until.cancelled().await },
    ));
    tracing::info!("sandbox at {issuer}");
    Ok(issuer)
}

/// The outbox every few seconds, ended sessions every hour.
async fn housekeeping(engine: Arc<Engine>, stop: CancellationToken) {
    let mut round: u32 = 0;
    while tokio::time::timeout(Duration::from_secs(5), stop.cancelled())
        .await
        .is_err()
    {
        engine.run_revocations().await;
        engine.sweep();
        if round.is_multiple_of(720)
            && let Err(error) = engine.store.sessions_expired_delete(session::IDLE).await
        {
            tracing::warn!(%error, "ended sessions could not be removed");
        }
        round = round.wrapping_add(1);
    }
}

/// Ctrl-C or SIGTERM.
async fn until_told(stop: CancellationToken) {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
    tracing::info!("stopping");
    stop.cancel();
}
