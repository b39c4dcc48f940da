//! How the network is used.

use std::num::NonZeroU32;
use std::time::Duration;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::exchange::Bounds;
use crate::fetch::FetchError;

/// The product, as `User-Agent` and robots.txt name it.
pub(super) const PRODUCT: &str = "Netra";

/// How the network is used: the `[fetch]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GateSettings {
    /// Who runs this Netra: an address of a page or a mailbox, sent with every
    /// request so that an operator can complain. Write your own.
    pub contact: String,
    /// How many requests per minute one host is asked at most, 1 to 60000.
    /// A `Crawl-delay` of its robots.txt slows this down further.
    pub requests_per_minute_per_host: u32,
    /// The largest body that is read, in bytes without content encoding.
    pub max_body_bytes: u64,
    /// How many redirects are followed, 0 to 20.
    pub max_redirects: u32,
    /// How long a connection may take to come about, in seconds.
    pub connect_seconds: u64,
    /// How long an answer may pause, its beginning included, in seconds.
    pub stall_seconds: u64,
    /// How long an answer may take in all, in seconds.
    pub total_seconds: u64,
    /// Networks that are not of the public internet and may be asked all the
    /// same, such as `["10.20.0.0/16"]`. Empty unless you run a site in one.
    pub allow_networks: Vec<IpNet>,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self {
            contact: String::new(),
            requests_per_minute_per_host: 12,
            max_body_bytes: 16 * 1024 * 1024,
            max_redirects: 5,
            connect_seconds: 10,
            stall_seconds: 20,
            total_seconds: 120,
            allow_networks: Vec::new(),
        }
    }
}

impl GateSettings {
    /// The `User-Agent`: product, version, and who to complain to.
    pub fn user_agent(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        match self.contact.as_str() {
            "" => format!("{PRODUCT}/{version}"),
            contact => format!("{PRODUCT}/{version} (+{contact})"),
        }
    }

    /// The bounds of one exchange.
    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            connect: Duration::from_secs(self.connect_seconds),
            stall: Duration::from_secs(self.stall_seconds),
            total: Duration::from_secs(self.total_seconds),
            body: self.max_body_bytes,
            cut: false,
        }
    }

    /// The requests per minute, if all settings can be.
    pub(super) fn check(&self) -> Result<NonZeroU32, FetchError> {
        let wrong = |key, problem: &str| FetchError::Setting { key, problem: problem.to_owned() };
        let is_line = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
        if self.contact.len() > 200 || !self.contact.bytes().all(is_line) {
            return Err(wrong("contact", "is not one line of at most 200 ASCII characters"));
        }
        for (key, seconds) in [
            ("connect_seconds", self.connect_seconds),
            ("stall_seconds", self.stall_seconds),
            ("total_seconds", self.total_seconds),
        ] {
            if !(1..=3600).contains(&seconds) {
                return Err(wrong(key, "is not between 1 and 3600"));
            }
        }
        if self.max_redirects > 20 {
            return Err(wrong("max_redirects", "is not between 0 and 20"));
        }
        if !(1024..=256 * 1024 * 1024).contains(&self.max_body_bytes) {
            return Err(wrong("max_body_bytes", "is not between 1024 and 268435456"));
        }
        NonZeroU32::new(self.requests_per_minute_per_host)
            .filter(|requests| requests.get() <= 60_000)
            .ok_or_else(|| wrong("requests_per_minute_per_host", "is not between 1 and 60000"))
    }
}
