//! The address guard: no request ever reaches an address that is not of the
//! public internet, whether written in the URL, answered by a resolver, or
//! reached by a redirect.
//!
//! Two checks are needed, for a client asks its resolver only for names: a
//! host that is written as an address, in whatever spelling, is judged by
//! [`Guard::check`] (the `url` crate has made one address of all spellings);
//! a name is judged by what it resolves to, in [`Guard::resolve`], whose
//! answer is what the client then connects to. So a name that resolves to
//! something else a moment later gains nothing.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::fetch::FetchError;

/// The ports on which public pages are served; others belong to services
/// that a request for a page could harm.
const PORTS: &[u16] = &[80, 443, 8000, 8008, 8080, 8443, 8888];

/// What is wrong with any other port.
const NO_PAGE_THERE: &str = "no public page is served on that port";

/// Names that by their ending stand for something near (RFC 6761, 6762, 8375
/// and custom).
const NEAR: &[&str] =
    &["localhost", "localdomain", "local", "internal", "svc", "arpa", "lan", "intranet", "test"];

/// IPv4 that is not of the public internet (IANA special-purpose registry,
/// multicast and the reserved top).
const PRIVATE_V4: &[Ipv4Net] = &[
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 3),
];

/// Within the global unicast space of IPv6, what is not of the public
/// internet. `2001::/23` holds Teredo, benchmarking and ORCHID; `2002::/16` is
/// 6to4, through which any IPv4 address can be written.
const PRIVATE_V6: &[Ipv6Net] =
    &[v6([0x2001, 0], 23), v6([0x2001, 0xdb8], 32), v6([0x2002, 0], 16), v6([0x3fff, 0], 20)];

/// The only part of IPv6 that is given out for the public internet. All else
/// (loopback, mapped, compatible, NAT64, discard, local, multicast, segment routing) is not.
const GLOBAL_UNICAST: Ipv6Net = v6([0x2000, 0], 3);

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6([first, second]: [u16; 2], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), length)
}

/// The addresses of a name, or why there are none.
pub type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a name. The system's resolver, or a test's.
pub trait Lookup: Send + Sync {
    /// The addresses of this name.
    fn lookup(&self, name: &str) -> Looking;
}

/// The resolver of this machine.
#[derive(Clone, Copy, Debug)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: &str) -> Looking {
        let name = name.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// The address guard.
#[derive(Clone)]
pub struct Guard {
    open: Arc<[IpNet]>,
    lookup: Arc<dyn Lookup>,
}

/// A resolver's answer had no address that may be asked. Travels through the
/// client's error to whoever reports it.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` resolves to `{address}`, which is not of the public internet")]
pub(super) struct Private {
    name: String,
    /// The first of the addresses.
    pub(super) address: IpAddr,
}

impl Guard {
    /// A guard that keeps all but the public internet and these networks closed.
    pub fn new(open: Vec<IpNet>, lookup: Arc<dyn Lookup>) -> Self {
        Self { open: open.into(), lookup }
    }

    /// The networks opened by name.
    pub fn open(&self) -> &[IpNet] {
        &self.open
    }

    /// Whether a connection to this address is allowed.
    pub fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.opens(address)
    }

    fn opens(&self, address: IpAddr) -> bool {
        self.open.iter().any(|net| net.contains(&address.to_canonical()))
    }

    /// Judges an address as written: scheme, log-in, host, port.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        let refuse = |problem| Err(FetchError::Address { address: shown(url), problem });
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("only `http` and `https` are asked");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("it holds a log-in, and only public pages are read");
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return refuse("it names no host");
        };
        let (host, address) = match host {
            Host::Ipv4(address) => (address.to_string(), Some(IpAddr::V4(address))),
            Host::Ipv6(address) => (address.to_string(), Some(IpAddr::V6(address))),
            Host::Domain(name) => (name.to_owned(), None),
        };
        if address.is_some_and(|address| self.opens(address)) {
            return Ok(());
        }
        if address.is_some_and(|address| !is_public(address)) {
            return Err(FetchError::PrivateAddress { host, address });
        }
        // A name that is near is worth asking only if a network was opened for it;
        // the resolver's answer is judged in any case, and so are its ports.
        if address.is_none() && self.open.is_empty() && is_near(&host) {
            return Err(FetchError::PrivateAddress { host, address });
        }
        let may_be_opened = address.is_none() && !self.open.is_empty();
        if !PORTS.contains(&port) && !may_be_opened {
            return refuse(NO_PAGE_THERE);
        }
        Ok(())
    }

    /// Judges the port of a name once more, by where the name stands: other
    /// ports than those of pages are asked in opened networks only.
    pub(super) async fn check_port(&self, url: &Url) -> Result<(), FetchError> {
        let Some(Host::Domain(name)) = url.host() else { return Ok(()) };
        if url.port_or_known_default().is_none_or(|port| PORTS.contains(&port)) {
            return Ok(());
        }
        // What has no address is told when it is connected to.
        let found = self.lookup.lookup(name).await.unwrap_or_default();
        if found.iter().all(|&address| self.opens(address)) {
            return Ok(());
        }
        Err(FetchError::Address { address: shown(url), problem: NO_PAGE_THERE })
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        let name = name.as_str().to_owned();
        Box::pin(async move {
            let found = guard.lookup.lookup(&name).await?;
            let refused = found.iter().copied().find(|&address| !guard.allows(address));
            let good: Vec<SocketAddr> = found
                .into_iter()
                .filter(|&address| guard.allows(address))
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            match refused {
                Some(address) if good.is_empty() => Err(Private { name, address }.into()),
                _ => Ok(Box::new(good.into_iter()) as Addrs),
            }
        })
    }
}

/// Whether an address is of the public internet. IPv4 written within IPv6 is
/// never asked: no public page needs it.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !PRIVATE_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            GLOBAL_UNICAST.contains(&address)
                && !PRIVATE_V6.iter().any(|net| net.contains(&address))
        }
    }
}

/// Whether a name stands for something near: it has no dot, or a known ending.
fn is_near(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    match name.rsplit_once('.') {
        None => true,
        Some((_, ending)) => NEAR.contains(&ending),
    }
}

/// The address for a message: without log-in and query, not too long.
fn shown(url: &Url) -> String {
    let mut start = url.clone();
    start.set_query(None);
    start.set_fragment(None);
    if start.set_username("").is_err() || start.set_password(None).is_err() {
        return format!("{}:…", start.scheme());
    }
    start.as_str().chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(open: &[&str], address: &str) -> Result<(), String> {
        let open = open.iter().map(|net| net.parse().unwrap()).collect();
        let guard = Guard::new(open, Arc::new(SystemLookup));
        let url = Url::parse(address).map_err(|cause| cause.to_string())?;
        guard.check(&url).map_err(|refusal| refusal.ailment())
    }

    #[test]
    fn one_address_in_every_spelling_is_refused() {
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0x7f.1",
            "127.1",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "①②⑦.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::7f00:1]",
            "[2002:7f00:1::]",
            "[2001:0:5ef5:79fd:0:0:80ff:fffe]",
        ] {
            let verdict = verdict(&[], &format!("http://{host}/"));
            assert_eq!(verdict, Err("private_address".into()), "{host}");
        }
    }

    #[test]
    fn every_kind_of_network_that_is_not_public_is_refused() {
        for host in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "169.254.169.254",
            "172.31.255.255",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[fe80::1]",
            "[fc00::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[100::1]",
            "[5f00::1]",
            "localhost",
            "foo.localhost",
            "router.local",
            "metadata",
            "metadata.google.internal",
        ] {
            let verdict = verdict(&[], &format!("http://{host}/"));
            assert_eq!(verdict, Err("private_address".into()), "{host}");
        }
    }

    #[test]
    fn the_public_internet_is_asked() {
        for address in [
            "https://kabar.example/feed",
            "http://8.8.8.8/",
            "http://172.32.0.1/",
            "http://[2606:4700:4700::1111]/",
            "http://127.0.0.1.kabar.example/",
            "http://kabar.example:8080/",
        ] {
            assert_eq!(verdict(&[], address), Ok(()), "{address}");
        }
    }

    #[test]
    fn other_schemes_ports_and_log_ins_are_refused() {
        for address in [
            "ftp://kabar.example/",
            "file:///etc/passwd",
            "data:text/xml,<rss/>",
            "http://kabar.example:6379/",
            "http://aku:sandi@kabar.example/",
        ] {
            assert_eq!(verdict(&[], address), Err("address".into()), "{address}");
        }
    }

    #[test]
    fn a_network_opened_by_name_is_asked_on_any_port_and_no_other_is() {
        assert_eq!(verdict(&["127.0.0.0/8"], "http://127.0.0.1:39211/"), Ok(()));
        assert_eq!(verdict(&["127.0.0.0/8"], "http://[::ffff:127.0.0.1]:39211/"), Ok(()));
        assert!(verdict(&["127.0.0.0/8"], "http://10.0.0.1/").is_err());
        assert!(verdict(&["10.1.0.0/16"], "http://10.2.0.1/").is_err());
    }
}
