//! The fixture web server: plays the internet on loopback, one address per site.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::site::{Ailment, FORBIDDEN, Form, Place, SITES, Site};
use super::world::{Item, World};
use crate::model::Digest;

/// The running fixture internet; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Internet {
    /// Each site and the address it answers at, in the order of [`SITES`].
    pub(crate) bases: Vec<(Site, String)>,
    _servers: JoinSet<()>,
}

struct Server {
    place: Place,
    asked: AtomicU64,
}

/// Starts the fixture internet. `ports` are the ports of an earlier start, so
/// that a kept folder meets the same addresses again.
pub(crate) async fn start(
    world: &World,
    at: Timestamp,
    ports: &[(String, u16)],
) -> std::io::Result<Internet> {
    let mut listeners = Vec::new();
    for (number, site) in SITES.iter().enumerate() {
        let port = ports.iter().find(|(name, _)| name == site.name).map_or(0, |(_, port)| *port);
        let listener = listen(number, port).await?;
        let base = format!("http://{}", listener.local_addr()?);
        listeners.push((*site, base, listener));
    }
    let bases: Vec<_> = listeners.iter().map(|(site, base, _)| (*site, base.clone())).collect();
    let mut servers = JoinSet::new();
    for (site, base, listener) in listeners {
        let items = world.of(site.name);
        let addresses = items.iter().map(|item| address(item, world, &bases, &base)).collect();
        let place = Place { site, base, items, addresses, start: at };
        let server = Arc::new(Server { place, asked: AtomicU64::new(0) });
        servers.spawn(async move {
            // A listener that fails takes its site down, as on the real internet.
            drop(axum::serve(listener, router(server)).await);
        });
    }
    Ok(Internet { bases, _servers: servers })
}

/// Each site has a loopback address of its own, as it would have a host of its
/// own; systems that know only 127.0.0.1 give it a port of its own.
async fn listen(number: usize, port: u16) -> std::io::Result<TcpListener> {
    let last = u8::try_from(number + 1).unwrap_or(u8::MAX);
    let own = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 10, last)), port);
    match TcpListener::bind(own).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrNotAvailable => {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
        }
        Err(error) => Err(error),
    }
}

fn address(item: &Item, world: &World, bases: &[(Site, String)], own: &str) -> String {
    let original = item.copy_of.as_ref().and_then(|id| world.items.iter().find(|it| it.id == *id));
    let base = original
        .and_then(|original| bases.iter().find(|(site, _)| site.name == original.source))
        .map_or(own, |(_, base)| base.as_str());
    format!("{base}{}", item.path)
}

fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/feed", get(feed))
        .fallback(get(page))
        .with_state(server)
}

async fn robots(State(server): State<Arc<Server>>) -> Response {
    match server.place.site.ailment {
        Ailment::RobotsForbid => format!("User-agent: *\nDisallow: {FORBIDDEN}\n").into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn feed(State(server): State<Arc<Server>>, headers: HeaderMap) -> Response {
    let asked = server.asked.fetch_add(1, Ordering::Relaxed);
    let ailment = server.place.site.ailment;
    if ailment == Ailment::FirstUnavailable && asked == 0 {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "sebentar")
            .into_response();
    }
    let (kind, body) = server.place.feed();
    let etag = format!("\"{}\"", Digest::of(&body).short(16));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if ailment == Ailment::Validators && known == Some(etag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut lines: Vec<(HeaderName, String)> = vec![(header::CONTENT_TYPE, kind.to_owned())];
    if ailment == Ailment::Validators {
        lines.push((header::ETAG, etag));
    }
    let body = if ailment == Ailment::Slow { drop_by_drop(&body) } else { Body::from(body) };
    let mut response = Response::new(body);
    for (name, value) in lines {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The body in eight pieces, a tenth of a second apart.
fn drop_by_drop(body: &[u8]) -> Body {
    let pieces: Vec<Vec<u8>> =
        body.chunks(body.len().div_ceil(8).max(1)).map(<[u8]>::to_vec).collect();
    Body::from_stream(stream::unfold(pieces.into_iter(), |mut pieces| async {
        let piece = pieces.next()?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        Some((Ok::<_, std::convert::Infallible>(piece), pieces))
    }))
}

async fn page(State(server): State<Arc<Server>>, uri: Uri) -> Response {
    let place = &server.place;
    let html = match uri.path() {
        "/" if place.site.form == Form::Portal => Some(place.front()),
        path => place.article(path),
    };
    match html {
        Some(html) => axum::response::Html(html).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
