//! `netra run`: the daemon, pipeline and web in one process, because sled
//! locks its folder.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::net::{TcpListener, UnixListener};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::failure::{Code, Failure};
use super::heal::{self, Running};
use super::{Global, Outcome, Result, door, house, system_clock};
use crate::config::Config;
use crate::fetch::Gate;
use crate::matcher::Matcher;
use crate::model::{Actor, Clock, Draft, Event};
use crate::pipeline::{Pipeline, Poll, Progress, Stop, Stopper, Until};
use crate::queue::Queue;
use crate::store::Store;
use crate::web;

/// How far the ledger's tiles and checkpoint may be behind its journal.
const FLUSH: Duration = Duration::from_secs(1);

/// Arguments of `netra run`.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// Asks every source once, settles what came, and ends
    #[arg(long)]
    once: bool,
    /// Serves the review pages only
    #[arg(long, conflicts_with = "once")]
    no_fetch: bool,
    /// Runs the pipeline only
    #[arg(long)]
    no_web: bool,
}

impl Run {
    pub(super) fn run(&self, global: &Global) -> Result {
        let config = house::config(global)?;
        config.require_ground(&global.config)?;
        let plan = Plan {
            until: if self.once { Until::Rounds(1) } else { Until::Stopped },
            asks: !self.no_fetch,
            serves: !self.no_web,
            demo: None,
            progress: Arc::new(log_progress),
        };
        runtime()?.block_on(async {
            let (stopper, stop) = Stopper::new();
            let daemon = Daemon::start(config, system_clock(), plan).await?;
            tokio::spawn(listen_to_signals(stopper, daemon.reloader()));
            daemon.run(stop).await
        })
    }
}

/// The runtime of every command that waits for more than one thing.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Internal, "cannot start the runtime").because(error))
}

/// What a daemon is to do.
pub(super) struct Plan {
    /// When it ends by itself.
    pub(super) until: Until,
    /// Whether it asks sources.
    pub(super) asks: bool,
    /// Whether it serves pages.
    pub(super) serves: bool,
    /// The demo's people, who sign in with one click.
    pub(super) demo: Option<web::Demo>,
    /// Is told what happens.
    pub(super) progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

/// A daemon that is open: store and queue locked, rules loaded, listening.
pub(super) struct Daemon {
    config: Config,
    clock: Clock,
    plan: Plan,
    store: Arc<Store>,
    queue: Arc<Queue>,
    matcher: Arc<watch::Sender<Arc<Matcher>>>,
    gate: Arc<Gate>,
    app: web::App,
    tcp: Option<TcpListener>,
    socket: UnixListener,
    socket_path: PathBuf,
    running: Running,
}

/// Reads the rules again and puts them in force, if they are without error.
pub(super) struct Reloader {
    config: Config,
    clock: Clock,
    store: Arc<Store>,
    matcher: Arc<watch::Sender<Arc<Matcher>>>,
}

impl Daemon {
    /// Opens everything; nothing is asked yet.
    pub(super) async fn start(config: Config, clock: Clock, plan: Plan) -> Result<Self> {
        let (matcher, _) = watch::channel(house::matcher(&config)?);
        let store = house::store(&config, &clock)?;
        let queue = heal::queue(&config, &store)?;
        let running = Running::begin(&config)?;
        let tcp = if plan.serves { Some(bind(&config).await?) } else { None };
        let listens_at = tcp.as_ref().and_then(|tcp| tcp.local_addr().ok());
        let listens_at =
            listens_at.map_or_else(|| config.web.listen.clone(), |address| address.to_string());
        let gate = house::gate(&config, &clock)?;
        let (demo, same_gate) = (plan.demo.clone(), || Ok(gate.clone()));
        let app = house::app(&config, &clock, store.clone(), &queue, &listens_at, demo, same_gate)?;
        let socket_path = door::socket_path(&config);
        let socket = bind_socket(&socket_path)?;
        let matcher = Arc::new(matcher);
        Ok(Self {
            config,
            clock,
            plan,
            store,
            queue,
            matcher,
            gate,
            app,
            tcp,
            socket,
            socket_path,
            running,
        })
    }

    /// The address of the review pages.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.tcp.as_ref()?.local_addr().ok()
    }

    pub(super) fn store(&self) -> Arc<Store> {
        self.store.clone()
    }

    pub(super) fn queue(&self) -> Arc<Queue> {
        self.queue.clone()
    }

    pub(super) fn reloader(&self) -> Reloader {
        Reloader {
            config: self.config.clone(),
            clock: self.clock.clone(),
            store: self.store.clone(),
            matcher: self.matcher.clone(),
        }
    }

    /// Runs until told to stop, or until the plan is fulfilled.
    pub(super) async fn run(self, stop: Stop) -> Result {
        let sources = if self.plan.asks { house::sources(&self.config)? } else { Vec::new() };
        let ruleset: String = self.matcher.borrow().ruleset().digest().into();
        if let Some(before) = ruleset_before(&self.store)?
            && before != ruleset
        {
            self.note(Event::RulesChanged { before, after: ruleset.clone() }).await?;
        }
        let started = Event::Started {
            version: env!("CARGO_PKG_VERSION").into(),
            ruleset,
            sources: u32::try_from(sources.len()).unwrap_or(u32::MAX),
        };
        self.note(started).await?;
        tracing::info!(
            sources = sources.len(),
            address = self.address().map(|address| format!("http://{address}")),
            socket = %self.socket_path.display(),
            "running"
        );
        let mut servers = JoinSet::new();
        if let Some(listener) = self.tcp {
            let router = web::router(self.app.clone());
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            servers.spawn(async move { axum::serve(listener, service).await });
        }
        let local = door::local_router(self.app.clone());
        servers.spawn(async move { axum::serve(self.socket, local).await });

        servers.spawn(flush(self.store.clone()));

        let pipeline = Pipeline {
            sources,
            gate: self.gate,
            queue: self.queue.clone(),
            store: self.store.clone(),
            matcher: self.matcher.subscribe(),
            clock: self.clock.clone(),
            recheck: house::recheck(&self.config, self.plan.asks)?,
            progress: self.plan.progress.clone(),
        };
        pipeline.run(self.plan.until, stop).await;
        servers.shutdown().await;
        drop(std::fs::remove_file(&self.socket_path));
        note(&self.store, &self.clock, Event::Stopped).await?;
        self.running.end();
        tracing::info!("stopped");
        Ok(Outcome::Fine)
    }

    async fn note(&self, event: Event) -> Result<()> {
        note(&self.store, &self.clock, event).await
    }
}

impl Reloader {
    /// Reads the rules again; a set with errors is refused, the old one stays.
    pub(super) async fn reload(&self) {
        match self.change().await {
            Ok(ruleset) => tracing::info!(ruleset, "rules read again and in force"),
            Err(failure) => tracing::error!(%failure, "the old rules stay in force"),
        }
    }

    async fn change(&self) -> Result<String> {
        let matcher = house::matcher(&self.config)?;
        let after = matcher.ruleset().digest().to_owned();
        let before = self.matcher.borrow().ruleset().digest().to_owned();
        if before != after {
            let changed = Event::RulesChanged { before, after: after.clone() };
            note(&self.store, &self.clock, changed).await?;
        }
        self.matcher.send_replace(matcher);
        Ok(after)
    }
}

/// The digest of the rule set that was in force last, as the ledger tells it.
fn ruleset_before(store: &Store) -> Result<Option<String>> {
    let told = store.last(|entry| match &entry.event {
        Event::Started { ruleset, .. }
        | Event::Flagged { ruleset, .. }
        | Event::RulesChanged { after: ruleset, .. } => Some(ruleset.clone()),
        _ => None,
    });
    told.map_err(house::store_failure)
}

/// Keeps the ledger's plain files up to its journal, for those who read them.
async fn flush(store: Arc<Store>) -> std::io::Result<()> {
    let mut every = tokio::time::interval(FLUSH);
    loop {
        every.tick().await;
        let store = store.clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || store.flush()).await {
            tracing::warn!(%error, "the ledger's tiles are behind its journal; nothing is lost");
        }
    }
}

async fn note(store: &Arc<Store>, clock: &Clock, event: Event) -> Result<()> {
    let (store, at) = (store.clone(), clock.now());
    let append = tokio::task::spawn_blocking(move || {
        store.append(&Actor::pipeline(), at, vec![Draft::from(event)])
    });
    match append.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(house::store_failure(error)),
        Err(error) => {
            Err(Failure::new(Code::Internal, "writing the ledger ended badly").because(error))
        }
    }
}

async fn bind(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(house::listens_at(config)?).await.map_err(|error| {
        let help = match error.kind() {
            ErrorKind::AddrInUse => "another program listens there: change `[web] listen`",
            _ => "this machine cannot listen there: change `[web] listen`",
        };
        Failure::new(Code::Unavailable, format!("cannot listen at `{}`", config.web.listen))
            .help(help)
            .because(error)
    })
}

/// The store's lock is held: a socket that lies there is left over.
fn bind_socket(path: &Path) -> Result<UnixListener> {
    let failed = |error| {
        Failure::new(Code::CannotCreate, format!("cannot listen at `{}`", path.display()))
            .help("the path of a Unix socket has at most 107 bytes: choose a shorter data folder")
            .because(error)
    };
    if path.exists() {
        std::fs::remove_file(path).map_err(failed)?;
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(listener)
}

/// SIGTERM and Ctrl-C end the daemon; SIGHUP reads the rules again.
pub(super) async fn listen_to_signals(stopper: Stopper, reloader: Reloader) {
    let signals = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
        signal(SignalKind::hangup()),
    );
    let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)) = signals else {
        tracing::error!("cannot listen to signals: SIGKILL is the only way to end this");
        std::future::pending::<()>().await;
        return;
    };
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => reloader.reload().await,
        }
    }
    tracing::info!("stopping: what is on loan is finished first");
    stopper.stop();
}

fn log_progress(progress: Progress) {
    match progress {
        Progress::Asked { source, poll: Poll::Read { posts, new, problems } } => {
            tracing::info!(source, posts, new, problems = problems.len(), "source read");
            for problem in problems {
                tracing::warn!(source, "{problem}");
            }
        }
        Progress::Asked { source, poll: Poll::Unchanged } => {
            tracing::info!(source, "source has nothing new");
        }
        // Both were logged where they were handled.
        Progress::Asked { poll: Poll::Failed { .. }, .. } | Progress::Paused { .. } => {}
        Progress::Settled { posts, flagged, compliance } => {
            tracing::info!(posts, flagged, compliance, "posts settled");
        }
    }
}
