//! The house, opened: configuration, rules, store and queue, each with the
//! error and the exit code that a person at the terminal should get.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::failure::{Code, Failure};
use super::rules::no_rule;
use super::{Global, Result};
use crate::config::{Config, ConfigError};
use crate::fetch::{self, Gate, Source};
use crate::matcher::Matcher;
use crate::model::Clock;
use crate::pipeline::recheck;
use crate::queue::{Queue, QueueError};
use crate::rule::RuleSet;
use crate::store::{self, Store, StoreError};
use crate::web::{App, Authority, Demo, Ground, Parts, SourceHealth, Sources, Users};

/// Reads the configuration of these arguments.
pub(super) fn config(global: &Global) -> Result<Config> {
    load(&global.config)
}

/// Reads this configuration.
pub(super) fn load(path: &Path) -> Result<Config> {
    Config::load(path).map_err(Failure::from)
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let code = match &error {
            ConfigError::Read { .. } => Code::NoInput,
            _ => Code::Config,
        };
        Self::drawn(code, error)
    }
}

/// The office's time zone.
pub(super) fn zone(config: &Config) -> Result<TimeZone> {
    config.zone().map_err(Failure::from)
}

/// Loads the rules; their problems are printed, and errors among them refuse the set.
pub(super) fn rules(config: &Config) -> Result<RuleSet> {
    let loaded = RuleSet::load(&config.rules.folders);
    for problem in &loaded.problems {
        tracing::warn!("{problem}");
    }
    let ruleset = loaded.ruleset.ok_or_else(|| {
        Failure::new(Code::Config, "the rules have errors")
            .help("`netra rules check` shows each at its place")
    })?;
    if ruleset.is_empty() {
        return Err(no_rule(&config.rules.folders));
    }
    Ok(ruleset)
}

/// Compiles the matcher.
pub(super) fn matcher(config: &Config) -> Result<Arc<Matcher>> {
    Ok(Arc::new(Matcher::new(&rules(config)?)))
}

/// Opens the store for writing; makes it when there is none.
pub(super) fn store(config: &Config, clock: &Clock) -> Result<Arc<Store>> {
    super::init::make_store(&config.data, clock)?;
    let settings = store::Settings { origin: config.data.origin.clone() };
    let store = Store::open(&config.data.folder, &settings).map_err(store_failure)?;
    for notice in store.notices() {
        tracing::warn!("{notice}");
    }
    Ok(Arc::new(store))
}

/// What to say when the store does not open or work.
pub(super) fn store_failure(error: StoreError) -> Failure {
    match error {
        StoreError::Locked { .. } => Failure::new(Code::Busy, "the store is in use")
            .help("a daemon runs on this folder: stop it first, or use the commands that go through it")
            .because(error),
        StoreError::Exposed { .. } => {
            Failure::new(Code::NotPermitted, "a key of the store lies open").because(error)
        }
        error => Failure::new(Code::Io, "the store cannot be used")
            .help("`netra evidence verify` says what is damaged; `netra store rebuild` makes queue and index anew")
            .because(error),
    }
}

/// What to say when the queue does not open or work.
pub(super) fn queue_failure(error: QueueError) -> Failure {
    Failure::new(Code::Io, "the queue cannot be used")
        .help("`netra store rebuild` makes it anew from captures and ledger; nothing is lost")
        .because(error)
}

/// The sources of the configuration.
pub(super) fn sources(config: &Config) -> Result<Vec<Arc<dyn Source>>> {
    let sources = fetch::sources(&config.source).map_err(|error| {
        Failure::new(Code::Config, "a source cannot be used as it is set").because(error)
    })?;
    Ok(sources.into_iter().map(Arc::from).collect())
}

/// When pages are looked at again; never, where nothing is asked.
pub(super) fn recheck(config: &Config, asks: bool) -> Result<recheck::Settings> {
    config.recheck.check().map_err(|error| Failure::new(Code::Config, error.to_string()))?;
    let mut settings = config.recheck.clone();
    if !asks {
        settings.after_days.clear();
    }
    Ok(settings)
}

/// The door to the network.
pub(super) fn gate(config: &Config, clock: &Clock) -> Result<Arc<Gate>> {
    let gate = Gate::new(config.fetch.clone(), clock.clone()).map_err(|error| {
        Failure::new(Code::Config, "the door to the network cannot be opened").because(error)
    })?;
    for network in gate.opened() {
        tracing::warn!(%network, "[fetch] allow_networks opens a network that is closed by default: sources may reach it");
    }
    Ok(Arc::new(gate))
}

/// The pages' state, standing on this store and queue.
pub(super) fn app(
    config: &Config,
    clock: &Clock,
    store: Arc<Store>,
    queue: &Arc<Queue>,
    listens_at: &str,
    demo: Option<Demo>,
    gate: impl FnOnce() -> Result<Arc<Gate>>,
) -> Result<App> {
    let users = users(config)?;
    let address = match config.web.address.as_str() {
        "" => format!("http://{listens_at}"),
        address => address.trim_end_matches('/').to_owned(),
    };
    let parts = Parts {
        sources: health(config, queue)?,
        store,
        queue: queue.clone(),
        users,
        clock: clock.clone(),
        zone: zone(config)?,
        unit: config.unit.nama.clone(),
        report: config.laporan.clone(),
        address,
        ground: Ground {
            decree: config.dasar.surat_keputusan.clone(),
            purpose: config.dasar.tujuan.clone(),
            answerable: config.dasar.penanggung_jawab.clone(),
        },
        authority: authority(config, gate)?,
        owner: owner(config),
        demo,
    };
    Ok(App::new(parts))
}

/// The time-stamping authority of the configuration, if it names one; `gate`
/// gives the door through which it is asked.
fn authority(
    config: &Config,
    gate: impl FnOnce() -> Result<Arc<Gate>>,
) -> Result<Option<Authority>> {
    let Some(address) = config.authority()? else { return Ok(None) };
    Ok(Some(Authority { address, gate: gate()? }))
}

/// Who may sign in.
pub(super) fn users(config: &Config) -> Result<Users> {
    Users::open(&config.data.folder.join("users.json"))
        .map_err(|error| Failure::new(Code::Io, "the users cannot be read").because(error))
}

/// The Unix user that owns the data folder.
fn owner(config: &Config) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let id = std::fs::metadata(&config.data.folder).ok()?.uid();
    super::door::unix_name(id)
}

fn health(config: &Config, queue: &Arc<Queue>) -> Result<Sources> {
    let (sources, queue) = (sources(config)?, queue.clone());
    Ok(Sources::new(move || {
        let health = |source: &Arc<dyn Source>| SourceHealth {
            name: source.name().to_owned(),
            kind: source.kind().to_owned(),
            every: source.every(),
            health: queue.health(source.name()).unwrap_or_default(),
        };
        sources.iter().map(health).collect()
    }))
}

/// Where the pages are to be served.
pub(super) fn listens_at(config: &Config) -> Result<SocketAddr> {
    let listen = &config.web.listen;
    let wrong = || {
        Failure::new(
            Code::Config,
            format!("`[web] listen` is `{listen}`, which is no address to listen at"),
        )
        .help("write an address and a port, such as 127.0.0.1:8080")
    };
    let mut addresses = listen.to_socket_addrs().map_err(|error| wrong().because(error))?;
    addresses.next().ok_or_else(wrong)
}
