//! Builds every part, wires the feed, runs and stops them in order.

use crate::basemap::{Basemap, BasemapError};
use crate::config::{BasemapSetting, Settings};
use crate::credentials::desk::{self, Desk, DeskError};
use crate::credentials::outside_id::OutsideIdKey;
use crate::credentials::status_source::{HttpSource, StatusSource};
use crate::domain::gazetteer::Gazetteer;
use crate::domain::{Clock, SystemClock};
use crate::feed::{FeedState, Pump, bootstrap, sweeper};
use crate::http::state::{Options as DoorOptions, Parts};
use crate::http::{self, AppState};
use crate::identity::Gate;
use crate::identity::mail::Mailer;
use crate::index::text::Lists;
use crate::index::{self, SpatialIndex};
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};
use crate::tiles::Tiler;
use axum::Router;
use axum::serve::ListenerExt;
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::info;

/// How long requests under way may take once the service is told to stop; a client that sends half a request and
/// nothing more must not keep it.
const DRAIN: Duration = Duration::from_secs(5);
/// How often the credential tables are swept.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// A running service without its door: store, index and the feed between them.
pub struct App {
    /// What the handlers share.
    pub state: AppState,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// Why a service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The credential desk.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// How an [`App`] is put together; `config` fills it in, tests do by hand.
pub struct Options {
    /// The index.
    pub index: index::Options,
    /// Bound of the tiles that are kept, bytes; 0 keeps none.
    pub tile_cache_bytes: u64,
    /// The door.
    pub door: DoorOptions,
    /// `/metrics`.
    pub metrics: Option<PrometheusHandle>,
    /// The map; the embedded one when there is none.
    pub basemap: Option<Basemap>,
    /// The sealing key and how the credential desk works; without them there are no credentials.
    pub credentials: Option<(SealingKey, desk::Options)>,
    /// An agency's system.
    pub agency: Option<Arc<dyn StatusSource>>,
    /// Where letters go.
    pub mailer: Mailer,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            index: index::Options::default(),
            tile_cache_bytes: 16 << 20,
            door: DoorOptions::default(),
            metrics: None,
            basemap: None,
            credentials: None,
            agency: None,
            mailer: Mailer::Off,
        }
    }
}

impl App {
    /// Brings the tables up to date, reads what is on the map, and starts the feed.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(store: Store, clock: Arc<dyn Clock>, options: Options) -> Result<Self, StartError> {
        store.migrate().await?;
        let started = Instant::now();
        let loaded = bootstrap::load(&store, Arc::clone(&clock)).await?;
        let locations = loaded.segment.len();
        let feed = Arc::new(FeedState::at(loaded.seq, &loaded.poisoned, clock.now()));
        let index = Arc::new(SpatialIndex::from_segment(loaded.segment, loaded.seq, Arc::clone(&clock), options.index));
        let duration_ms = started.elapsed().as_millis() as u64;
        let (columns, text) = index.current().size_bytes();
        info!(
            locations,
            seq = loaded.seq.0,
            duration_ms,
            index_mib = columns >> 20,
            text_mib = text >> 20,
            "read {locations} locations from {}",
            store.engine_name()
        );
        let stop = CancellationToken::new();
        let tiles = Arc::new(Tiler::new(options.tile_cache_bytes));
        let pump =
            Pump::new(store.clone(), Arc::clone(&index), Arc::clone(&tiles), Arc::clone(&feed), Arc::clone(&clock));
        let sealing = options.credentials.as_ref().map(|(sealing, _)| sealing.clone());
        let public_url = options.credentials.as_ref().map(|(_, desk)| desk.public_url.clone());
        let public_url = public_url.or_else(|| options.door.public_url.clone()).unwrap_or_default();
        let gate = Gate::new(store.clone(), Arc::clone(&clock), sealing, options.mailer, &public_url);
        let desk = match options.credentials {
            Some((sealing, options)) => {
                let desk = Arc::new(Desk::new(store.clone(), Arc::clone(&clock), sealing, options));
                desk.ensure_key().await?;
                Some(desk)
            }
            None => None,
        };
        let mut tasks = vec![
            tokio::spawn(pump.run(stop.clone())),
            tokio::spawn(sweeper::run(store.clone(), Arc::clone(&feed), Arc::clone(&clock), stop.clone())),
        ];
        tasks.push(tokio::spawn(sweep_accounts(store.clone(), Arc::clone(&clock), stop.clone())));
        if let Some(desk) = &desk {
            tasks.push(tokio::spawn(sweep_credentials(Arc::clone(desk), options.agency, stop.clone())));
        }
        let basemap = match options.basemap {
            Some(basemap) => basemap,
            None => Basemap::embedded().await,
        };
        let gazetteer = Gazetteer::embedded();
        let lists = Lists::of(&gazetteer);
        let state = AppState::new(Parts {
            store,
            index,
            tiles,
            feed,
            basemap: Arc::new(basemap),
            gazetteer,
            lists,
            gate,
            bulk: crate::partners::bulk_desk::Progress::default(),
            photos: http::state::photos(),
            answers: http::state::answers(),
            shelf: crate::downloads::shelf::Shelf::default(),
            desk,
            clock,
            metrics: options.metrics,
            options: options.door,
            closing: CancellationToken::new(),
        });
        Ok(Self { state, stop, tasks })
    }

    /// The door of this service.
    pub fn router(&self) -> Router {
        http::router(self.state.clone())
    }

    /// Stops the feed and closes the store.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            if let Err(error) = task.await
                && error.is_panic()
            {
                tracing::error!(%error, "a part of the service had failed");
            }
        }
        self.state.store.close().await;
    }
}

/// Once a minute: links and sessions that have run out are forgotten, and photos that nothing names.
async fn sweep_accounts(store: Store, clock: Arc<dyn Clock>, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(SWEEP_EVERY)).await.is_some() {
        let now_s = clock.now().timestamp();
        if let Err(error) = store.sweep_accounts(now_s).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the accounts were not swept");
        }
        if let Err(error) = store.sweep_unnamed_photos(now_s).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the photos were not swept");
        }
    }
}

/// Once a minute: what has run out is forgotten, rights whose last day is over end, an agency is asked about families
/// that applied.
async fn sweep_credentials(desk: Arc<Desk>, agency: Option<Arc<dyn StatusSource>>, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(SWEEP_EVERY)).await.is_some() {
        if let Err(error) = desk.sweep().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "the credential tables were not swept");
        }
        if let Some(agency) = &agency
            && let Err(error) = desk.ask_agency(&**agency).await
        {
            tracing::warn!(error = &error as &dyn std::error::Error, "the agency's answers were not written down");
        }
    }
}

/// A listener for the door; port 0 takes any free one.
///
/// # Errors
/// When the address is taken or not ours.
pub async fn bind(listen: SocketAddr) -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until `shutdown`, then finishes the requests under way, for a few seconds at most.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    app: &App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Small answers must not wait for the acknowledgement of the last one.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
    });
    let (told, tell) = tokio::sync::oneshot::channel::<()>();
    let closing = app.state.closing.clone();
    let shutdown = async move {
        shutdown.await;
        closing.cancel();
        // Nobody waits for it any more only when the listener has failed, which is answered below.
        let _failed = told.send(()).is_err();
    };
    // With the address of the client, which limits count by.
    let service = app.router().into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(shutdown);
    tokio::select! {
        served = serving => served,
        () = async {
            match tell.await {
                Ok(()) => tokio::time::sleep(DRAIN).await,
                Err(_) => std::future::pending().await,
            }
        } => {
            info!("some clients did not finish their requests; leaving without them");
            Ok(())
        }
    }
}

/// The parts as the settings want them.
pub fn options(settings: &Settings, demo: bool, metrics: Option<PrometheusHandle>) -> Options {
    Options {
        index: index::Options { view_cache_bytes: settings.view_cache_bytes, ..index::Options::default() },
        tile_cache_bytes: settings.tile_cache_bytes,
        door: DoorOptions {
            demo,
            operator_token: settings.operator_token.as_ref().map(|t| t.expose().to_owned()),
            public_url: settings.public_url.clone(),
            trusted_proxies: settings.trusted_proxies.clone(),
            licence: settings.licence.clone(),
            style_url: match &settings.basemap {
                BasemapSetting::StyleUrl(url) => Some(url.clone()),
                BasemapSetting::Embedded | BasemapSetting::File(_) => None,
            },
        },
        metrics,
        basemap: None,
        credentials: None,
        agency: None,
        mailer: Mailer::Off,
    }
}

/// Where letters go: an SMTP server; on a loopback listener the demo's page; else nowhere.
///
/// # Errors
/// When the settings of the server are none, or letters would be shown to a network.
pub fn mailer(settings: &Settings, demo: bool) -> Result<Mailer, String> {
    if let Some(url) = &settings.smtp_url {
        return Mailer::smtp(url.expose(), &settings.mail_from);
    }
    if !demo && !settings.dev_mail {
        return Ok(Mailer::Off);
    }
    if settings.listen.ip().is_loopback() {
        return Ok(Mailer::kept());
    }
    if settings.dev_mail {
        return Err(
            "--dev-mail shows every letter to whoever asks: it needs a loopback --listen such as 127.0.0.1:8080".into(),
        );
    }
    Ok(Mailer::Off)
}

/// The key that seals what the database must not read alone: of the settings, or for an embedded store one of its own
/// in a file beside it, made when it is first asked for. On PostGIS there is none of its own: replicas must share it.
///
/// # Errors
/// When it is no key, or its file cannot be read or made.
pub fn sealing_key(settings: &Settings, database_url: &str) -> Result<Option<SealingKey>, String> {
    if let Some(text) = &settings.sealing_key {
        let key = SealingKey::parse(text.expose());
        return key
            .map(Some)
            .ok_or_else(|| "sealing_key must be 32 bytes as hex or base64: openssl rand -hex 32".into());
    }
    let Some(path) = database_url.strip_prefix("sqlite:").map(|p| p.trim_start_matches("//")) else { return Ok(None) };
    let path = path.split('?').next().unwrap_or(path);
    let file = std::path::PathBuf::from(format!("{}.sealing-key", path.trim_end_matches(".db")));
    let cannot =
        |what: &str, error: std::io::Error| format!("the sealing key {} cannot be {what}: {error}", file.display());
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            let key = SealingKey::parse(&text);
            key.map(Some).ok_or_else(|| format!("{} holds no sealing key", file.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            use std::io::Write;
            use std::os::unix::fs::OpenOptionsExt;
            let key = SealingKey::generate();
            let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file);
            match made.and_then(|mut file| {
                file.write_all(key.to_text().as_bytes())?;
                file.sync_all()
            }) {
                Ok(()) => {
                    tracing::info!(
                        "made a sealing key of its own: {}; keep it with the backup, not in it",
                        file.display()
                    );
                    Ok(Some(key))
                }
                // Another process was first: its key is the one.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => sealing_key(settings, database_url),
                Err(error) => Err(cannot("made", error)),
            }
        }
        Err(error) => Err(cannot("read", error)),
    }
}

/// The agency's system of the settings.
///
/// # Errors
/// When its client cannot be made.
pub fn agency(settings: &Settings) -> Result<Option<Arc<dyn StatusSource>>, String> {
    let Some(url) = &settings.agency_url else { return Ok(None) };
    let source = HttpSource::new(url, settings.agency_token.as_ref().map(crate::config::Secret::expose));
    Ok(Some(Arc::new(source.map_err(|e| format!("agency_url: {e}"))?)))
}

/// The credential desk as the settings want it, at the address where the service is found.
///
/// # Errors
/// When a key of the settings is none.
pub fn desk_options(settings: &Settings, address: &str) -> Result<desk::Options, String> {
    let mut options = desk::Options::at(settings.public_url.as_deref().unwrap_or(address));
    options.grace_s = settings.code_grace_s;
    if let Some(text) = &settings.outside_id_key {
        let key = OutsideIdKey::parse(text.expose());
        options.outside_id_key = Some(
            key.ok_or("outside_id_key must be VERSION:HEX with 32 bytes at least, such as 1:$(openssl rand -hex 32)")?,
        );
    }
    Ok(options)
}

/// The map of the settings; `None` for the embedded one.
///
/// # Errors
/// [`BasemapError`] when the file cannot be one.
pub async fn basemap(settings: &Settings) -> Result<Option<Basemap>, BasemapError> {
    match &settings.basemap {
        BasemapSetting::File(path) => Basemap::open(path).await.map(Some),
        BasemapSetting::Embedded | BasemapSetting::StyleUrl(_) => Ok(None),
    }
}

/// The machine's clock, shared.
pub fn system_clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}
