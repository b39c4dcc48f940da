//! What can go wrong between a source and its posts.

use std::net::IpAddr;
use std::time::Duration;

/// The HTTP client's own error, beneath ours.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the gate did not bring an answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The HTTP client cannot be built.
    #[error("building the HTTP client")]
    Client {
        /// The cause.
        #[source]
        source: Cause,
    },
    /// A setting that cannot be.
    #[error("`[fetch] {key}` {problem}")]
    Setting {
        /// The key.
        key: &'static str,
        /// What is wrong with its value, and what would be right.
        problem: String,
    },
    /// The address is none that Netra asks.
    #[error("`{address}` is not asked: {problem}")]
    Address {
        /// The address.
        address: String,
        /// Why.
        problem: &'static str,
    },
    /// The host stands at an address that is not of the public internet.
    #[error(
        "`{host}` is not asked: {} is not of the public internet; if it is yours, open its network by `[fetch] allow_networks`",
        address.map_or_else(|| "such a name".to_owned(), |address| format!("`{address}`"))
    )]
    PrivateAddress {
        /// The host as asked.
        host: String,
        /// The address that is not public; none if the name itself is private.
        address: Option<IpAddr>,
    },
    /// robots.txt forbids the path.
    #[error(
        "robots.txt of `{host}` forbids `{path}` to `{agent}`: leave the source out, or ask the operator of `{host}` to allow it"
    )]
    Robots {
        /// The host.
        host: String,
        /// The path that is forbidden.
        path: String,
        /// The product token that robots.txt was read for.
        agent: String,
    },
    /// robots.txt cannot be had, so nothing may be asked for now (RFC 9309 section 2.3.1.4).
    #[error("robots.txt of `{host}` cannot be had ({reason}), so nothing is asked there for now")]
    RobotsUnreachable {
        /// The host.
        host: String,
        /// What happened instead.
        reason: String,
        /// When the server wants to be asked again, if it said so.
        retry_after: Option<Duration>,
    },
    /// The name has no address.
    #[error("`{host}` has no address: check the spelling, or the resolver of this machine")]
    Dns {
        /// The host.
        host: String,
        /// The cause.
        #[source]
        source: Cause,
    },
    /// No connection, or none that is trusted.
    #[error("no connection to `{host}`: {reason}")]
    Connect {
        /// The host.
        host: String,
        /// What the system or TLS says, in one line.
        reason: String,
        /// The cause.
        #[source]
        source: Cause,
    },
    /// The connection broke in the middle of the answer.
    #[error("the answer of `{host}` broke off: {reason}")]
    Broken {
        /// The host.
        host: String,
        /// What the connection says, in one line.
        reason: String,
        /// The cause.
        #[source]
        source: Cause,
    },
    /// It took too long.
    #[error("`{host}` took more than {seconds} s {phase}: raise `[fetch] {key}` or ask less often")]
    Timeout {
        /// The host.
        host: String,
        /// What took so long: `to connect`, `to go on`, `in all`.
        phase: &'static str,
        /// The setting that bounds it.
        key: &'static str,
        /// Its value, in seconds.
        seconds: u64,
    },
    /// The body is larger than allowed.
    #[error(
        "the answer of `{host}` exceeds {limit} bytes: raise `[fetch] max_body_bytes` or drop the source"
    )]
    TooLarge {
        /// The host.
        host: String,
        /// The bound, in bytes without content encoding.
        limit: u64,
    },
    /// More header lines than anybody needs.
    #[error("the answer of `{host}` has more than {limit} header lines")]
    Headers {
        /// The host.
        host: String,
        /// The bound.
        limit: usize,
    },
    /// Too many redirects, or one without a usable target.
    #[error(
        "`{host}` redirects without end or to nowhere (after {hops}): use the final address in the source's `url`"
    )]
    Redirects {
        /// The host.
        host: String,
        /// How many were followed.
        hops: u32,
    },
    /// The server refuses or fails.
    #[error("`{host}` answers {status}{}", meaning(*status))]
    Status {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// When the server wants to be asked again, if it said so.
        retry_after: Option<Duration>,
    },
    /// The host answered 429 a while ago and is left alone.
    #[error("`{host}` is left alone for {} s more, as it asked", wait.as_secs())]
    Resting {
        /// The host.
        host: String,
        /// How long.
        wait: Duration,
    },
}

impl FetchError {
    /// Whether asking again later, unchanged, may well succeed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::RobotsUnreachable { .. }
            | Self::Dns { .. }
            | Self::Connect { .. }
            | Self::Broken { .. }
            | Self::Timeout { .. }
            | Self::Resting { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            Self::Client { .. }
            | Self::Setting { .. }
            | Self::Address { .. }
            | Self::PrivateAddress { .. }
            | Self::Robots { .. }
            | Self::TooLarge { .. }
            | Self::Headers { .. }
            | Self::Redirects { .. } => false,
        }
    }

    /// The failure as one word, for counts and log fields.
    pub fn ailment(&self) -> String {
        match self {
            Self::Client { .. } => "client",
            Self::Setting { .. } => "setting",
            Self::Address { .. } => "address",
            Self::PrivateAddress { .. } => "private_address",
            Self::Robots { .. } => "robots",
            Self::RobotsUnreachable { .. } => "robots_unreachable",
            Self::Dns { .. } => "dns",
            Self::Connect { .. } => "connect",
            Self::Broken { .. } => "broken",
            Self::Timeout { .. } => "timeout",
            Self::TooLarge { .. } => "too_large",
            Self::Headers { .. } => "headers",
            Self::Redirects { .. } => "redirects",
            Self::Status { status, .. } => return format!("http_{status}"),
            Self::Resting { .. } => "resting",
        }
        .to_owned()
    }

    /// How long the server wants to be left alone, if it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } | Self::RobotsUnreachable { retry_after, .. } => {
                *retry_after
            }
            Self::Resting { wait, .. } => Some(*wait),
            _ => None,
        }
    }
}

fn meaning(status: u16) -> &'static str {
    match status {
        401 | 407 => ": it wants a log-in; Netra reads public pages only",
        403 | 451 => ": it refuses; look whether the page is public",
        404 | 410 => ": the page is gone; look for the source's new address",
        429 => ": it is asked too often; raise `every_minutes`",
        500..=599 => ": the server fails; it will be asked again",
        _ => "",
    }
}

/// Why an answer could not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// It is no feed.
    #[error("`{address}` answers no feed: {reason}")]
    NotAFeed {
        /// The address that answered.
        address: String,
        /// What was found instead.
        reason: String,
    },
    /// It is larger, or nested deeper, than any page that people read.
    #[error(
        "`{address}` is no page that people read: it is nested too deep or has more than 4 MiB"
    )]
    Overgrown {
        /// The address that answered.
        address: String,
    },
    /// A selector of the settings finds nothing.
    #[error(
        "`{selector}` finds nothing on `{address}`: compare the source's `{key}` with the page"
    )]
    NothingFound {
        /// The address that answered.
        address: String,
        /// The setting.
        key: &'static str,
        /// Its value.
        selector: String,
    },
}

/// A source's settings that cannot be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SettingsError {
    /// The name is no slug.
    #[error(
        "source `{name}`: a name is 1 to 64 of a-z, 0-9 and `-`, and starts with a letter or digit"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// Two sources share a name.
    #[error("source `{name}` is there twice: give each source a name of its own")]
    Twice {
        /// The name.
        name: String,
    },
    /// A value that cannot be.
    #[error("source `{name}`: `{key} = {value}` {problem}")]
    Value {
        /// The source.
        name: String,
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What is wrong with it, and what would be right.
        problem: String,
    },
}
