//! A small web server for the tests: real sockets, made-up answers.
//!
//! ```ignore
//! let web = Web::new().page("/a", "text/html", "<p>a").start().await;
//! let address = web.url("/a");
//! assert_eq!(web.asked("/a").len(), 1);
//! ```

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use futures_util::{StreamExt as _, stream};
use netra::fetch::GateSettings;
use url::Url;

/// What a route answers.
#[derive(Clone, Default)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    flow: Flow,
}

/// How the body flows.
#[derive(Clone, Copy, Default)]
enum Flow {
    /// At once.
    #[default]
    Whole,
    /// In two pieces, its length untold.
    Chunked,
    /// The body again and again, without end.
    Endless,
    /// The body, and then nothing more, the connection left open.
    Stalled,
    /// The body again and again, with a pause before each.
    Dripping(Duration),
    /// Nothing at all, not even a status.
    Silent,
}

impl Reply {
    /// An answer of this status without a body.
    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// A page.
    pub(crate) fn page(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::status(200) }.header("content-type", content_type)
    }

    /// A redirect to this place.
    pub(crate) fn redirect(status: u16, target: &str) -> Self {
        Self::status(status).header("location", target)
    }

    /// A header line more.
    #[must_use]
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with another status.
    #[must_use]
    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// In two pieces, its length untold.
    #[must_use]
    pub(crate) fn chunked(self) -> Self {
        Self { flow: Flow::Chunked, ..self }
    }

    /// The body again and again, without end.
    #[must_use]
    pub(crate) fn endless(self) -> Self {
        Self { flow: Flow::Endless, ..self }
    }

    /// The body again and again, with this pause before each.
    #[must_use]
    pub(crate) fn dripping(self, pause: Duration) -> Self {
        Self { flow: Flow::Dripping(pause), ..self }
    }

    /// The body, and then silence.
    #[must_use]
    pub(crate) fn stalled(self) -> Self {
        Self { flow: Flow::Stalled, ..self }
    }

    /// No answer to the request at all.
    pub(crate) fn silent() -> Self {
        Self { flow: Flow::Silent, ..Self::default() }
    }

    async fn response(self) -> Response<Body> {
        let body = Bytes::from(self.body);
        let piece = Ok::<_, Infallible>(body.clone());
        let body = match self.flow {
            Flow::Whole => Body::from(body),
            Flow::Chunked => {
                let (one, two) = (body.slice(..body.len() / 2), body.slice(body.len() / 2..));
                Body::from_stream(stream::iter([Ok::<_, Infallible>(one), Ok(two)]))
            }
            Flow::Endless => Body::from_stream(stream::repeat(piece)),
            Flow::Stalled => Body::from_stream(stream::iter([piece]).chain(stream::pending())),
            Flow::Dripping(pause) => {
                Body::from_stream(stream::repeat(piece).then(move |piece| async move {
                    tokio::time::sleep(pause).await;
                    piece
                }))
            }
            Flow::Silent => std::future::pending().await,
        };
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(body).unwrap()
    }
}

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Path and query.
    pub(crate) path: String,
    /// The header lines.
    pub(crate) headers: HeaderMap,
}

/// The server in the making: what each path answers.
#[derive(Clone, Default)]
pub(crate) struct Web {
    /// By path and query: the answers in turn; the last one stays.
    routes: BTreeMap<String, Vec<Reply>>,
}

/// The server, running until the test's runtime ends.
pub(crate) struct Running {
    /// Its address, without path.
    pub(crate) root: Url,
    log: Arc<Mutex<Vec<Asked>>>,
    crowd: Arc<Crowd>,
}

/// How many requests are being answered, and the most there ever were.
#[derive(Default)]
struct Crowd {
    present: AtomicUsize,
    most: AtomicUsize,
}

struct Shared {
    routes: BTreeMap<String, Vec<Reply>>,
    log: Arc<Mutex<Vec<Asked>>>,
    crowd: Arc<Crowd>,
}

impl Web {
    /// A server that knows no page: 404 for everything.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// This answer at this path; called again, the next answer there.
    #[must_use]
    pub(crate) fn reply(mut self, path: &str, reply: Reply) -> Self {
        self.routes.entry(path.to_owned()).or_default().push(reply);
        self
    }

    /// A page at this path.
    #[must_use]
    pub(crate) fn page(self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.reply(path, Reply::page(content_type, body))
    }

    /// A page that answers 304 to whoever sends its `ETag` back.
    #[must_use]
    pub(crate) fn tagged(self, path: &str, etag: &str, content_type: &str, body: &str) -> Self {
        self.reply(path, Reply::page(content_type, body).header("etag", etag))
    }

    /// Starts it on a free port of 127.0.0.1.
    pub(crate) async fn start(self) -> Running {
        self.start_on("127.0.0.1:0").await
    }

    /// Starts it on this address.
    pub(crate) async fn start_on(self, address: &str) -> Running {
        let (log, crowd) = (Arc::default(), Arc::default());
        let shared =
            Shared { routes: self.routes, log: Arc::clone(&log), crowd: Arc::clone(&crowd) };
        let router = Router::new().fallback(answer).with_state(Arc::new(Mutex::new(shared)));
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        let root = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Running { root: root.parse().unwrap(), log, crowd }
    }
}

impl Running {
    /// The address of this path.
    pub(crate) fn url(&self, path: &str) -> Url {
        self.root.join(path).unwrap()
    }

    /// The requests for this path so far.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().filter(|asked| asked.path == path).cloned().collect()
    }

    /// The most requests that were ever answered at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.crowd.most.load(Ordering::SeqCst)
    }

    /// The paths asked so far, in order.
    pub(crate) fn paths(&self) -> Vec<String> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().map(|asked| asked.path.clone()).collect()
    }
}

async fn answer(State(shared): State<Arc<Mutex<Shared>>>, request: Request) -> Response<Body> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let headers = request.headers().clone();
    let crowd = Arc::clone(&shared.lock().unwrap_or_else(PoisonError::into_inner).crowd);
    let present = crowd.present.fetch_add(1, Ordering::SeqCst) + 1;
    crowd.most.fetch_max(present, Ordering::SeqCst);
    // Whoever else is at the door may come in.
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
    crowd.present.fetch_sub(1, Ordering::SeqCst);
    let reply = {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let reply = shared.routes.get_mut(&path).and_then(|replies| match replies.len() {
            0 | 1 => replies.first().cloned(),
            _ => Some(replies.remove(0)),
        });
        shared.log.lock().unwrap().push(Asked { path, headers: headers.clone() });
        reply.unwrap_or_else(|| Reply::status(404))
    };
    let etag = reply.headers.iter().find(|(name, _)| name == "etag").map(|(_, value)| value);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some() && known == etag.map(String::as_str) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    reply.response().await
}

/// Settings of a gate that may ask the tests' servers, and as fast as it likes.
pub(crate) fn open_gate() -> GateSettings {
    GateSettings {
        contact: "satgas@netra.example".into(),
        requests_per_minute_per_host: 60_000,
        connect_seconds: 5,
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        ..GateSettings::default()
    }
}
