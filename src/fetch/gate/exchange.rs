//! One request and its bounded answer, nothing decided about it.

use std::error::Error as _;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response};
use tokio::time::timeout;
use url::Url;

use super::guard::Private;
use crate::fetch::FetchError;

/// More header lines are nobody's; a browser takes a few hundred at most.
const MAX_HEADERS: usize = 128;

/// The bounds of one exchange.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) connect: Duration,
    pub(super) stall: Duration,
    pub(super) total: Duration,
    pub(super) body: u64,
    /// Whether a body that exceeds its bound is cut there or refused.
    pub(super) cut: bool,
}

/// What is asked.
pub(super) struct Asked<'a> {
    pub(super) url: &'a Url,
    pub(super) headers: &'a [(HeaderName, HeaderValue)],
    /// What is sent along; none asks for a page.
    pub(super) content: Option<Vec<u8>>,
}

impl<'a> Asked<'a> {
    pub(super) const fn page(url: &'a Url, headers: &'a [(HeaderName, HeaderValue)]) -> Self {
        Self { url, headers, content: None }
    }
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) sent: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// The client of the gate: it follows no redirect, keeps no cookie, asks no
/// proxy of the environment, and connects to what the guard lets through.
pub(super) fn client(
    agent: &str,
    bounds: &Bounds,
    guard: &super::Guard,
) -> Result<Client, FetchError> {
    let builder = |own_roots: bool| {
        #[allow(clippy::disallowed_methods, reason = "this is the gate")]
        let builder = Client::builder()
            .user_agent(agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(bounds.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(1)
            .http1_max_headers(MAX_HEADERS)
            .dns_resolver(guard.clone());
        if own_roots { builder.tls_certs_only([]) } else { builder }
    };
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("the TLS provider is installed already");
    }
    builder(false).build().or_else(|cause| {
        tracing::warn!(%cause, "no certificate authorities on this machine: no https address can be asked; install ca-certificates");
        builder(true).build().map_err(|source| FetchError::Client { source: source.into() })
    })
}

/// Asks one address and reads the answer within the bounds.
pub(super) async fn exchange(
    client: &Client,
    asked: Asked<'_>,
    bounds: &Bounds,
) -> Result<Answer, FetchError> {
    let url = asked.url;
    let whole = timeout(bounds.total, once(client, asked, bounds)).await;
    whole.unwrap_or_else(|_| Err(late(url, "in all", "total_seconds", bounds.total)))
}

async fn once(
    client: &Client,
    Asked { url, headers, content }: Asked<'_>,
    bounds: &Bounds,
) -> Result<Answer, FetchError> {
    let headers: HeaderMap = headers.iter().cloned().collect();
    let sent = lines(&headers);
    let request = match content {
        None => client.get(url.clone()),
        Some(content) => client.post(url.clone()).body(content),
    };
    let request = request.headers(headers);
    let response = timeout(bounds.connect + bounds.stall, request.send())
        .await
        .map_err(|_| late(url, "to go on", "stall_seconds", bounds.stall))?
        .map_err(|cause| failed(url, cause, bounds))?;
    if response.headers().len() > MAX_HEADERS {
        return Err(FetchError::Headers { host: host(url), limit: MAX_HEADERS });
    }
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = body(url, response, bounds).await?;
    Ok(Answer { status, headers, sent, body })
}

/// Reads the body chunk by chunk; what is counted is what is left when the
/// content encoding is removed.
async fn body(url: &Url, mut response: Response, bounds: &Bounds) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    loop {
        let chunk = timeout(bounds.stall, response.chunk())
            .await
            .map_err(|_| late(url, "to go on", "stall_seconds", bounds.stall))?
            .map_err(|cause| failed(url, cause, bounds))?;
        let Some(chunk) = chunk else { return Ok(body) };
        let left = usize::try_from(bounds.body).unwrap_or(usize::MAX).saturating_sub(body.len());
        if chunk.len() > left {
            if !bounds.cut {
                return Err(FetchError::TooLarge { host: host(url), limit: bounds.body });
            }
            body.extend_from_slice(&chunk[..left]);
            return Ok(body);
        }
        body.extend_from_slice(&chunk);
    }
}

/// It took too long.
pub(super) fn late(
    url: &Url,
    phase: &'static str,
    key: &'static str,
    bound: Duration,
) -> FetchError {
    FetchError::Timeout { host: host(url), phase, key, seconds: bound.as_secs() }
}

/// What the client's error means.
fn failed(url: &Url, cause: reqwest::Error, bounds: &Bounds) -> FetchError {
    let host = host(url);
    let source = cause.without_url();
    let mut next = source.source();
    let mut innermost = source.to_string();
    let mut is_dns = false;
    while let Some(cause) = next {
        if let Some(private) = cause.downcast_ref::<Private>() {
            return FetchError::PrivateAddress { host, address: Some(private.address) };
        }
        innermost = cause.to_string();
        is_dns |= innermost.contains("dns error") || innermost.contains("failed to lookup");
        next = cause.source();
    }
    if source.is_timeout() {
        return late(url, "to connect", "connect_seconds", bounds.connect);
    }
    let is_connect = source.is_connect();
    let source = source.into();
    match (is_dns, is_connect) {
        (true, _) => FetchError::Dns { host, source },
        (false, true) => FetchError::Connect { host, reason: innermost, source },
        (false, false) => FetchError::Broken { host, reason: innermost, source },
    }
}

/// The host and, unless it is the scheme's own, the port.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The lines of a header, as text.
pub(super) fn lines(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

/// What `Retry-After` asks for (RFC 9110 section 10.2.3): seconds or a date.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(date.duration_since(now).try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now = "2026-11-22T08:00:00Z".parse().unwrap();
        for (value, seconds) in [
            ("120", Some(120)),
            ("Sun, 22 Nov 2026 08:01:00 GMT", Some(60)),
            ("Sun, 22 Nov 2026 07:00:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
        ] {
            let headers = [(RETRY_AFTER, HeaderValue::from_static(value))].into_iter().collect();
            assert_eq!(retry_after(&headers, now), seconds.map(Duration::from_secs), "{value}");
        }
    }
}
