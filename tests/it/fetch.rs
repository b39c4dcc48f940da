//! Fetching, over a real server on loopback, and reading of kept answers.

use jiff::Timestamp;
use netra::fetch::{
    FetchError, Fetched, Gate, GateSettings, Page, ReadError, Request, Source, SourceSettings,
    sources,
};
use netra::model::{Bookmark, Capture, Clock, Post};

use crate::kit::{Reply, Running, Web, open_gate};

mod gate_keeps;
mod robots;
mod guard;
mod bounds;
mod settings;
mod feed_reads;
mod page_reads;
mod any_bytes;

/// The time of every capture here.
const NOW: &str = "2026-11-22T08:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn gate_with(settings: GateSettings) -> Gate {
    Gate::new(settings, Clock::fixed(now())).unwrap()
}

fn gate() -> Gate {
    gate_with(open_gate())
}

async fn get(gate: &Gate, web: &Running, path: &str) -> Result<Fetched, FetchError> {
    gate.get(&Request::follow(web.url(path)), "uji").await
}

/// The capture that this path gives.
async fn capture(gate: &Gate, web: &Running, path: &str) -> Capture {
    match get(gate, web, path).await.unwrap() {
        Fetched::New(capture) => capture,
        Fetched::Unchanged => panic!("{path} is unchanged"),
    }
}

/// How asking for this path fails.
async fn failure(gate: &Gate, web: &Running, path: &str) -> FetchError {
    match get(gate, web, path).await {
        Ok(fetched) => panic!("{path} gave {fetched:?}"),
        Err(failure) => failure,
    }
}

/// The only source of these settings.
fn source(toml: &str) -> Box<dyn Source> {
    let settings: SourceSettings = toml::from_str(toml).unwrap();
    sources(&settings).unwrap().remove(0)
}

fn feed(more: &str) -> Box<dyn Source> {
    source(&format!("[[feed]]\nname = 'uji'\nurl = 'http://sumber.example/feed'\n{more}"))
}

/// An answer at this address.
fn answer(asked: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Capture {
    Capture {
        source: "uji".into(),
        asked: asked.into(),
        answered: asked.into(),
        request_headers: Vec::new(),
        at: now(),
        status: 200,
        headers: vec![("content-type".into(), content_type.into())],
        body: body.into(),
    }
}

fn fixture(path: &str) -> Vec<u8> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/captures");
    std::fs::read(format!("{root}/{path}")).unwrap()
}

/// What a feed source reads from a kept answer.
fn read_feed(settings: &str, file: &str) -> Page {
    let capture =
        answer("http://sumber.example/feed", "text/xml", fixture(&format!("feed/{file}")));
    feed(settings).read(&capture).unwrap()
}

fn titles(page: &Page) -> Vec<&str> {
    page.posts.iter().map(|post| post.title.as_str()).collect()
}

fn by(post: &Post) -> (&str, &str, &str) {
    (&post.author.name, &post.author.handle, &post.author.bio)
}
