//! The command line's way to the store: the same router as the browser's, so
//! that a right is checked in one place. Over the daemon's Unix socket when
//! one runs, in this process when none does.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::{Connected, IntoMakeServiceWithConnectInfo};
use axum::extract::{ConnectInfo, Request};
use axum::http::response::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::serve::IncomingStream;
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{UnixListener, UnixStream};
use tower::ServiceExt as _;

use super::failure::{Code, Failure};
use super::{Result, heal, house};
use crate::config::Config;
use crate::model::Clock;
use crate::web::{self, App, Caller};

/// The largest answer read, in bytes: a page of findings is far below.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;
/// The largest file read, in bytes: an export has its own bound below it.
const LARGEST_FILE: usize = 320 * 1024 * 1024;

/// Where the daemon of this configuration listens.
pub(super) fn socket_path(config: &Config) -> PathBuf {
    config.data.folder.join("netra.sock")
}

/// Who is at the other end of the Unix socket, by the system's word.
#[derive(Clone, Debug)]
pub(super) struct Peer(Option<String>);

impl Connected<IncomingStream<'_, UnixListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, UnixListener>) -> Self {
        let id = stream.io().peer_cred().ok().map(|peer| peer.uid());
        Self(id.and_then(unix_name))
    }
}

/// The router as the Unix socket serves it: each request carries its caller.
pub(super) fn local_router(app: App) -> IntoMakeServiceWithConnectInfo<Router, Peer> {
    async fn name(
        ConnectInfo(peer): ConnectInfo<Peer>,
        mut request: Request,
        next: Next,
    ) -> Response {
        if let Some(user) = peer.0 {
            request.extensions_mut().insert(Caller { user });
        }
        next.run(request).await
    }
    web::router(app).layer(middleware::from_fn(name)).into_make_service_with_connect_info()
}

/// The Unix user of this process.
pub(super) fn current_unix_name() -> String {
    unix_name(uzers::get_effective_uid()).unwrap_or_else(|| "unknown".into())
}

pub(super) fn unix_name(id: u32) -> Option<String> {
    Some(uzers::get_user_by_uid(id)?.name().to_string_lossy().into_owned())
}

/// The way in.
pub(super) enum Door {
    /// A daemon runs: through its socket.
    Daemon(PathBuf),
    /// None runs: this process holds the store.
    Here(Router),
}

impl Door {
    /// Opens the way in; `caller` is who asks when no daemon runs.
    pub(super) async fn open(config: &Config, clock: &Clock, caller: &str) -> Result<Self> {
        let path = socket_path(config);
        if UnixStream::connect(&path).await.is_ok() {
            return Ok(Self::Daemon(path));
        }
        let store = house::store(config, clock)?;
        let queue = heal::queue(config, &store)?;
        let app = house::app(config, clock, store, &queue, &config.web.listen, None, || {
            house::gate(config, clock)
        })?;
        let caller = Caller { user: caller.to_owned() };
        let name = move |mut request: Request, next: Next| {
            request.extensions_mut().insert(caller.clone());
            next.run(request)
        };
        Ok(Self::Here(web::router(app).layer(middleware::from_fn(name))))
    }

    /// Asks; an answer that is no success becomes a failure with its words.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value> {
        let (status, bytes) = self.bytes(method, path, body).await?;
        if status.is_success() {
            return Ok(serde_json::from_slice(&bytes).unwrap_or(Value::Null));
        }
        Err(refused(status, &bytes))
    }

    /// Asks for a file; gives it with the answer's header.
    pub(super) async fn download(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<(HeaderMap, Vec<u8>)> {
        let (head, bytes) = self.ask(method, path, Some(body), LARGEST_FILE).await?;
        if head.status.is_success() {
            return Ok((head.headers, bytes));
        }
        Err(refused(head.status, &bytes))
    }

    /// Asks; gives status and body as they come.
    pub(super) async fn bytes(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Vec<u8>)> {
        let (head, bytes) = self.ask(method, path, body, LARGEST_ANSWER).await?;
        Ok((head.status, bytes))
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        most: usize,
    ) -> Result<(Parts, Vec<u8>)> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "netra");
        let body = match body {
            Some(value) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(value.to_string())
            }
            None => Body::empty(),
        };
        let request = request.body(body).map_err(|error| {
            Failure::new(Code::Usage, format!("`{path}` is no address")).because(error)
        })?;
        match self {
            Self::Here(router) => {
                let Ok(response) = router.clone().oneshot(request).await;
                let (head, body) = response.into_parts();
                let bytes = axum::body::to_bytes(body, most).await.map_err(|error| {
                    Failure::new(Code::Internal, "the answer broke off").because(error)
                })?;
                Ok((head, bytes.into()))
            }
            Self::Daemon(socket) => through(socket, request, most).await,
        }
    }
}

/// What an answer that is no success says.
fn refused(status: StatusCode, bytes: &[u8]) -> Failure {
    let answer: Value = serde_json::from_slice(bytes).unwrap_or(Value::Null);
    let words = answer.get("message").and_then(Value::as_str).unwrap_or("the request was refused");
    let is_damaged = answer.get("code").and_then(Value::as_str) == Some("damaged");
    let code = match status.as_u16() {
        500 if is_damaged => Code::Io,
        401 | 403 => Code::NotPermitted,
        404 => Code::NoInput,
        409 => Code::NotFine,
        413 => Code::CannotCreate,
        400 | 405 | 415 | 422 => Code::Usage,
        503 | 507 => Code::Io,
        _ => Code::Internal,
    };
    Failure::new(code, words)
}

async fn through(socket: &Path, request: Request, most: usize) -> Result<(Parts, Vec<u8>)> {
    let unreachable = |error: Box<dyn std::error::Error + Send + Sync>| {
        Failure::new(
            Code::Unavailable,
            format!("the daemon at `{}` does not answer", socket.display()),
        )
        .help("see its log; `netra run` starts it")
        .because(error)
    };
    let stream = UnixStream::connect(socket).await.map_err(|error| unreachable(error.into()))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| unreachable(error.into()))?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|error| unreachable(error.into()))?;
    let (head, body) = response.into_parts();
    let body = http_body_util::Limited::new(body, most).collect().await;
    Ok((head, body.map_err(unreachable)?.to_bytes().into()))
}
