//! The one door to the network: pace, robots.txt, the address guard, bounds.
//!
//! The life of a request: the address is judged; the host's turn is awaited
//! (one request at a time, one per interval); robots.txt is asked, once a day;
//! the request goes out, conditional if the page is known; the answer is read
//! within its bounds. A redirect starts all this again at its target.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LOCATION,
};
use url::Url;

use super::{FetchError, Request};
use crate::model::{Capture, Clock};

mod settings;
pub mod guard;
mod pace;
mod robots;
mod exchange;
mod service;

use exchange::{Answer, Asked, Bounds, exchange, host};
pub use guard::{Guard, Lookup, SystemLookup};
use pace::Pace;
use robots::{MAX_ROBOTS_BYTES, Permission, Robots};
pub use settings::GateSettings;
use settings::PRODUCT;

/// As many hosts are remembered; the longest unused ones are forgotten.
const MAX_HOSTS: usize = 4_096;
/// How many redirects robots.txt may take (RFC 9309 section 2.3.1.2: at least five).
const ROBOTS_REDIRECTS: u32 = 5;
/// What is preferred: feeds, then pages.
const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5";

/// What a request brought.
#[derive(Debug)]
pub enum Fetched {
    /// An answer.
    New(Capture),
    /// The page is as it was when its validators were answered.
    Unchanged,
}

/// The one door to the network.
pub struct Gate {
    client: reqwest::Client,
    guard: Guard,
    clock: Clock,
    settings: GateSettings,
    rate: NonZeroU32,
    hosts: Mutex<Hosts>,
}

/// Everything polite about one host, in one place.
struct HostState {
    pace: Pace,
    /// Held while the host is being asked: one request at a time. Inside, what
    /// its robots.txt said, by scheme.
    turn: tokio::sync::Mutex<HashMap<String, Robots>>,
    /// Until when it wants to be left alone.
    rest_until: Mutex<Option<Timestamp>>,
}

#[derive(Default)]
struct Hosts {
    states: HashMap<String, (u64, Arc<HostState>)>,
    uses: u64,
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// A page.
    Page,
    /// What became of one.
    Fate,
}

/// Where one hop led.
enum Hop {
    Arrived(Answer),
    Redirected(Url),
}

impl Gate {
    /// A gate over the system's resolver. Needs a Tokio runtime when asked,
    /// not before.
    pub fn new(settings: GateSettings, clock: Clock) -> Result<Self, FetchError> {
        Self::with_lookup(settings, clock, Arc::new(SystemLookup))
    }

    /// A gate that finds the addresses of names in another way.
    pub fn with_lookup(
        settings: GateSettings,
        clock: Clock,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, FetchError> {
        let rate = settings.check()?;
        let guard = Guard::new(settings.allow_networks.clone(), lookup);
        let client = exchange::client(&settings.user_agent(), &settings.bounds(), &guard)?;
        Ok(Self { client, guard, clock, settings, rate, hosts: Mutex::default() })
    }

    /// The networks that are not public and were opened by name; whoever
    /// starts the gate says them aloud.
    pub fn opened(&self) -> &[IpNet] {
        self.guard.open()
    }

    /// Asks for a page in the name of this source.
    pub async fn get(&self, request: &Request, source: &str) -> Result<Fetched, FetchError> {
        self.told(request, source, Wanted::Page).await
    }

    /// Asks what became of a page, unconditionally: that it is gone (404, 410)
    /// is an answer here.
    pub async fn look(&self, address: Url, source: &str) -> Result<Capture, FetchError> {
        let request = Request::follow(address);
        match self.told(&request, source, Wanted::Fate).await? {
            Fetched::New(capture) => Ok(capture),
            // nobody asked whether it changed
            Fetched::Unchanged => {
                let host = host(&request.address);
                Err(FetchError::Status { host, status: 304, retry_after: None })
            }
        }
    }

    async fn told(
        &self,
        request: &Request,
        source: &str,
        wanted: Wanted,
    ) -> Result<Fetched, FetchError> {
        let start = self.clock.now();
        let result = self.follow(request, source, wanted).await;
        let duration_ms = self.clock.now().duration_since(start).as_millis();
        let host = host(&request.address);
        match &result {
            Ok(Fetched::New(capture)) => {
                let (status, bytes) = (capture.status, capture.body.len());
                tracing::info!(source, host, status, bytes, duration_ms, "a page answered");
            }
            Ok(Fetched::Unchanged) => {
                tracing::info!(source, host, status = 304, duration_ms, "nothing new");
            }
            Err(error) => {
                let ailment = error.ailment();
                tracing::warn!(source, host, ailment, duration_ms, "a page could not be had");
            }
        }
        result
    }

    async fn follow(
        &self,
        request: &Request,
        source: &str,
        wanted: Wanted,
    ) -> Result<Fetched, FetchError> {
        let headers = headers(request);
        let mut address = request.address.clone();
        address.set_fragment(None);
        for _ in 0..=self.settings.max_redirects {
            match self.hop(&address, &headers, wanted).await? {
                Hop::Redirected(target) => address = target,
                Hop::Arrived(answer) if answer.status == 304 => {
                    // What was not known cannot be unchanged.
                    let status =
                        FetchError::Status { host: host(&address), status: 304, retry_after: None };
                    let is_known = request.validators.is_some();
                    return if is_known { Ok(Fetched::Unchanged) } else { Err(status) };
                }
                Hop::Arrived(answer) => {
                    return Ok(Fetched::New(self.capture(request, source, &address, answer)));
                }
            }
        }
        let hops = self.settings.max_redirects;
        Err(FetchError::Redirects { host: host(&request.address), hops })
    }

    /// Asks one address: judged, in its host's turn, if robots.txt permits.
    async fn hop(
        &self,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        wanted: Wanted,
    ) -> Result<Hop, FetchError> {
        self.guard.check(url)?;
        let state = self.state(url);
        let mut turn = state.turn.lock().await;
        // Whoever had the turn before may have been told to leave the host alone.
        self.is_awake(url, &state)?;
        self.check_port(url).await?;
        self.ask_robots(url, &state, &mut turn).await?;
        wait_for(&state.pace).await;
        let answer =
            exchange(&self.client, Asked::page(url, headers), &self.settings.bounds()).await?;
        match answer.status {
            301 | 302 | 303 | 307 | 308 => redirect(url, &answer).map(Hop::Redirected),
            200..=299 | 304 => Ok(Hop::Arrived(answer)),
            404 | 410 if wanted == Wanted::Fate => Ok(Hop::Arrived(answer)),
            status => {
                let retry_after = exchange::retry_after(&answer.headers, self.clock.now());
                if status == 429 {
                    self.let_rest(&state, retry_after);
                }
                Err(FetchError::Status { host: host(url), status, retry_after })
            }
        }
    }

    async fn check_port(&self, url: &Url) -> Result<(), FetchError> {
        let bound = self.settings.bounds().connect;
        let checked = tokio::time::timeout(bound, self.guard.check_port(url)).await;
        checked.unwrap_or_else(|_| Err(exchange::late(url, "to connect", "connect_seconds", bound)))
    }

    /// Fails if robots.txt forbids the address; asks for it first if what is
    /// known of it is too old.
    async fn ask_robots(
        &self,
        url: &Url,
        state: &HostState,
        known: &mut HashMap<String, Robots>,
    ) -> Result<(), FetchError> {
        if !known.get(url.scheme()).is_some_and(|robots| robots.is_fresh(self.clock.now())) {
            wait_for(&state.pace).await;
            let new = self.fetch_robots(url).await;
            let old = known.remove(url.scheme()).filter(Robots::is_known);
            let robots = match (new, old) {
                (Ok(new), _) if new.is_known() => new,
                (_, Some(old)) => old.renewed(self.clock.now()),
                (new, None) => new?,
            };
            if let Some(delay) = robots.crawl_delay() {
                state.pace.at_least(delay);
            }
            known.insert(url.scheme().to_owned(), robots);
        }
        let permission = known.get(url.scheme()).map(|robots| robots.permission(url));
        let host = host(url);
        match permission {
            None | Some(Permission::Granted) => Ok(()),
            Some(Permission::Denied) => {
                let path = url.path().chars().take(200).collect();
                Err(FetchError::Robots { host, path, agent: PRODUCT.to_owned() })
            }
            Some(Permission::Unknown { reason, retry_after }) => {
                Err(FetchError::RobotsUnreachable { host, reason, retry_after })
            }
        }
    }

    /// Asks for the robots.txt of an address's site, over redirects if need be.
    async fn fetch_robots(&self, url: &Url) -> Result<Robots, FetchError> {
        let bounds = Bounds { body: MAX_ROBOTS_BYTES, cut: true, ..self.settings.bounds() };
        let headers = [(ACCEPT, HeaderValue::from_static("text/plain, */*;q=0.5"))];
        let mut address = url.clone();
        address.set_path("/robots.txt");
        address.set_query(None);
        for _ in 0..=ROBOTS_REDIRECTS {
            self.guard.check(&address)?;
            self.check_port(&address).await?;
            let answer = exchange(&self.client, Asked::page(&address, &headers), &bounds).await?;
            let now = self.clock.now();
            match answer.status {
                301 | 302 | 303 | 307 | 308 => match redirect(&address, &answer) {
                    Ok(target) => address = target,
                    Err(_) => return Ok(Robots::none(now)),
                },
                200..=299 => return Ok(Robots::read(now, PRODUCT, whole_lines(&answer.body))),
                // Being asked too often says nothing of what is allowed.
                status @ (429 | 500..) => {
                    let retry_after = exchange::retry_after(&answer.headers, now);
                    let reason = format!("it answers {status}");
                    return Ok(Robots::unreachable(now, reason, retry_after));
                }
                _ => return Ok(Robots::none(now)),
            }
        }
        Ok(Robots::none(self.clock.now()))
    }

    fn capture(&self, request: &Request, source: &str, url: &Url, answer: Answer) -> Capture {
        let mut request_headers = vec![
            ("host".to_owned(), host(url)),
            ("user-agent".to_owned(), self.settings.user_agent()),
        ];
        request_headers.extend(answer.sent);
        Capture {
            source: source.to_owned(),
            asked: request.address.to_string(),
            answered: url.to_string(),
            request_headers,
            at: self.clock.now(),
            status: answer.status,
            headers: exchange::lines(&answer.headers),
            body: answer.body,
        }
    }

    fn state(&self, url: &Url) -> Arc<HostState> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.state(&authority(url), self.rate)
    }

    fn is_awake(&self, url: &Url, state: &HostState) -> Result<(), FetchError> {
        let rest = *state.rest_until.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = rest.map(|until| until.duration_since(self.clock.now()));
        match wait.and_then(|wait| Duration::try_from(wait).ok()) {
            Some(wait) if !wait.is_zero() => Err(FetchError::Resting { host: host(url), wait }),
            _ => Ok(()),
        }
    }

    /// Leaves a host alone for as long as it asks, a minute if it does not
    /// say, a day at most.
    fn let_rest(&self, state: &HostState, retry_after: Option<Duration>) {
        let wait = retry_after.unwrap_or(Duration::from_mins(1));
        let wait = wait.min(Duration::from_hours(24));
        let until = self.clock.now().checked_add(wait).ok();
        *state.rest_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

impl Hosts {
    fn state(&mut self, authority: &str, rate: NonZeroU32) -> Arc<HostState> {
        self.uses += 1;
        if let Some((used, state)) = self.states.get_mut(authority) {
            *used = self.uses;
            return Arc::clone(state);
        }
        if self.states.len() >= MAX_HOSTS {
            self.forget();
        }
        let state = Arc::new(HostState {
            pace: Pace::per_minute(rate),
            turn: tokio::sync::Mutex::default(),
            rest_until: Mutex::default(),
        });
        self.states.insert(authority.to_owned(), (self.uses, Arc::clone(&state)));
        state
    }

    /// Forgets the longer unused half, but none that is being asked.
    fn forget(&mut self) {
        let mut uses: Vec<u64> = self.states.values().map(|(used, _)| *used).collect();
        uses.sort_unstable();
        let middle = uses.get(uses.len() / 2).copied().unwrap_or_default();
        self.states.retain(|_, (used, state)| *used >= middle || Arc::strong_count(state) > 1);
    }
}

/// What keeps one pace: the host, and the port where it is not that of the
/// web, since another port is mostly another server.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    match url.port_or_known_default() {
        None | Some(80 | 443) => host.to_owned(),
        Some(port) => format!("{host}:{port}"),
    }
}

async fn wait_for(pace: &Pace) {
    while let Err(wait) = pace.permit() {
        tokio::time::sleep(pace.jitter() + wait).await;
    }
}

fn headers(request: &Request) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = vec![
        (ACCEPT, HeaderValue::from_static(ACCEPTED)),
        (ACCEPT_ENCODING, HeaderValue::from_static("gzip, br")),
        (ACCEPT_LANGUAGE, HeaderValue::from_static("id, en;q=0.5")),
    ];
    let Some(validators) = &request.validators else { return headers };
    let known = [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)];
    for (name, value) in known {
        // A validator that cannot be sent back is left out: the page is then read again.
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.push((name, value));
        }
    }
    headers
}

/// The target of a redirect.
fn redirect(url: &Url, answer: &Answer) -> Result<Url, FetchError> {
    let target = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let target = target.and_then(|target| url.join(target).ok());
    let mut target = target.ok_or_else(|| FetchError::Redirects { host: host(url), hops: 1 })?;
    target.set_fragment(None);
    Ok(target)
}

/// What is left of a robots.txt that was cut: half a line could say the
/// opposite of the whole.
fn whole_lines(body: &[u8]) -> &[u8] {
    if u64::try_from(body.len()).is_ok_and(|length| length < MAX_ROBOTS_BYTES) {
        return body;
    }
    let end = body.iter().rposition(|&byte| byte == b'\n').unwrap_or_default();
    &body[..end]
}
