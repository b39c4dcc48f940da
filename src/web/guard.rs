//! Guard: who asks, whether he may, and whether the form is ours.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::Method;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::request::Parts as Head;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::access::Who;
use super::failure::Failure;
use super::session::Token;
use super::users::User;
use super::{App, api, identity, layout};
use crate::review::Reviewer;

/// The cookie that holds the session's token.
pub(super) const COOKIE: &str = "netra";

/// The form field and the header that show that a page of the session sent it.
pub(super) const FORM_TOKEN: &str = "csrf";
const HEADER_TOKEN: &str = "x-netra-token";

/// The most bytes of a form that are read to find its token.
const MOST_FORM_BYTES: usize = 64 * 1024;

/// What the page may load: itself and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A request that came over the Unix socket or from the same process. Put into
/// the request's extensions by whoever accepts it there; no header makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The Unix user.
    pub user: String,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// The user.
    pub(super) user: User,
    /// What this session's forms carry; empty over the Unix socket, which needs none.
    pub(super) form_token: String,
}

impl Visitor {
    /// As review knows him.
    pub(super) fn reviewer(&self) -> Reviewer {
        Reviewer { user: self.user.name.clone(), role: self.user.role }
    }
}

/// Nobody, or the visitor: for pages that look different to those signed in.
#[derive(Clone, Debug)]
pub(super) struct Guest(pub(super) Option<Visitor>);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(head: &mut Head, _: &S) -> Result<Self, Failure> {
        head.extensions.get::<Self>().cloned().ok_or(Failure::SignInFirst)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Guest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(head: &mut Head, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(head.extensions.get::<Visitor>().cloned()))
    }
}

/// Where the request comes from: behind a proxy on the same machine the
/// address that the proxy tells, else the peer's own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(head: &mut Head, _: &S) -> Result<Self, Self::Rejection> {
        let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0.ip());
        let told = head.headers.get("x-forwarded-for").and_then(|told| told.to_str().ok());
        let told = told.and_then(|told| told.rsplit(',').next()?.trim().parse().ok());
        Ok(Self(told.filter(|_| peer.is_loopback()).unwrap_or(peer)))
    }
}

/// Around everything: finds out who asks, writes failures out, hides NIP and
/// NIK, sets the headers that keep hostile content inert.
pub(super) async fn frame(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let visitor = visitor(&app, request.headers(), request.extensions().get::<Caller>());
    if let Some(visitor) = &visitor {
        request.extensions_mut().insert(visitor.clone());
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let is_api = path.starts_with("/api/");
    let mut response = next.run(request).await;
    let failure = response.extensions_mut().remove::<Failure>();
    if let Some(failure) = failure.or_else(|| unworded(&response)) {
        let told = if is_api {
            api::failure(&failure)
        } else {
            layout::failure(&app, visitor.as_ref(), &failure, &method, &path)
        };
        let status = response.status();
        response = (status, told).into_response();
    }
    response = identity::hide(response).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What the framework refused by itself (a body that is no form, a method that
/// an address does not have) is told like any other failure.
fn unworded(response: &Response) -> Option<Failure> {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_worded = kind.is_some_and(|kind| !kind.starts_with("text/plain"));
    match status.as_u16() {
        404 | 405 => Some(Failure::NotFound).filter(|_| !is_worded),
        400..=499 if !is_worded => {
            Some(Failure::Unreadable(format!("what was sent cannot be understood ({status})")))
        }
        _ => None,
    }
}

/// Before one address: lets in whom its row of the table admits.
pub(super) async fn admit(
    State((app, who)): State<(App, Who)>,
    request: Request,
    next: Next,
) -> Response {
    let visitor = request.extensions().get::<Visitor>().cloned();
    let caller = request.extensions().get::<Caller>().cloned();
    let owns = caller.as_ref().is_some_and(|it| app.parts().owner.as_ref() == Some(&it.user));
    let admitted = match &visitor {
        _ if who == Who::Anyone => Ok(()),
        // who owns the data manages users and builds reports, of figures only; he judges nothing
        _ if owns && matches!(who, Who::Manages | Who::Reports) => Ok(()),
        None => Err(Failure::SignInFirst),
        Some(visitor) if who.admits(visitor.user.role) => Ok(()),
        Some(_) => Err(Failure::NotPermitted(who)),
    };
    let checked = match admitted {
        Ok(()) if request.method() == Method::POST && caller.is_none() => {
            ours(request, visitor.as_ref()).await
        }
        Ok(()) => Ok(request),
        Err(Failure::SignInFirst) if request.method() == Method::POST => {
            return layout::signed_out(&app, request).await;
        }
        Err(failure) => Err(failure),
    };
    match checked {
        Ok(request) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

fn visitor(app: &App, headers: &HeaderMap, caller: Option<&Caller>) -> Option<Visitor> {
    let parts = app.parts();
    if let Some(caller) = caller {
        let user = parts.users.of_unix(&caller.user)?;
        return Some(Visitor { user, form_token: String::new() });
    }
    let token = cookie(headers)?;
    let name = app.0.sessions.user(&token, parts.clock.now())?;
    let user = parts.users.get(&name).filter(|user| !user.disabled)?;
    Some(Visitor { user, form_token: token.form_token() })
}

/// The session's token that the browser sent.
pub(super) fn cookie(headers: &HeaderMap) -> Option<Token> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let value = pairs.find(|(name, _)| name.trim() == COOKIE)?.1.trim();
    (value.len() == 64).then(|| Token(value.to_owned()))
}

/// The request, if one of our own pages sent it: by what the browser says of
/// its origin, and by the session's token in the form.
async fn ours(request: Request, visitor: Option<&Visitor>) -> Result<Request, Failure> {
    if !is_same_origin(request.headers()) {
        return Err(Failure::Forged);
    }
    let Some(visitor) = visitor else { return Ok(request) };
    let by_header = request.headers().get(HEADER_TOKEN).cloned();
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MOST_FORM_BYTES)
        .await
        .map_err(|_| Failure::Unreadable("the form is larger than 64 KiB".into()))?;
    let mut fields = url::form_urlencoded::parse(&body);
    let by_field = fields.find(|(name, _)| name == FORM_TOKEN).map(|(_, value)| value.into_owned());
    let token = by_field.or_else(|| by_header?.to_str().ok().map(Into::into));
    if token.as_deref() != Some(&visitor.form_token) {
        return Err(Failure::Forged);
    }
    Ok(Request::from_parts(head, Body::from(body)))
}

fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    // a page under `no-referrer` sends `null`; then the form's token decides
    match text("origin") {
        None | Some("null") => true,
        Some(origin) => origin.split_once("://").map(|(_, host)| host) == text("host"),
    }
}
