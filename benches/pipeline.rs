//! The whole machine's half, end to end: feeds over HTTP on loopback, through
//! gate, queue, matcher and store, everything synced as in production.
//!
//! Prints posts per second for one round over 20 feeds of 500 invented posts
//! each, five rounds, each on a fresh folder.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench that cannot go on stops, and prints what it measured"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::Path as At;
use axum::routing::get;
use netra::fetch::{Gate, GateSettings, Source, SourceSettings, sources};
use netra::matcher::Matcher;
use netra::model::Clock;
use netra::pipeline::{Pipeline, Stopper, Until};
use netra::queue::{self, Queue};
use netra::rule::RuleSet;
use netra::store::{self, Store};
use tokio::sync::watch;

const FEEDS: usize = 20;
const POSTS: usize = 500;
const ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut figures: Vec<f64> = (0..ROUNDS).map(|_| runtime.block_on(round())).collect();
    figures.sort_by(f64::total_cmp);
    let (low, middle, high) = (figures[0], figures[ROUNDS / 2], figures[ROUNDS - 1]);
    println!(
        "pipeline  {FEEDS} feeds x {POSTS} posts: {middle:.0} posts/s (from {low:.0} to {high:.0})"
    );
}

async fn round() -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let base = serve().await;
    let clock = system_clock();
    let settings: SourceSettings = toml::from_str(&configuration(&base)).unwrap();
    let sources: Vec<Arc<dyn Source>> =
        sources(&settings).unwrap().into_iter().map(Arc::from).collect();
    let gate = GateSettings {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        requests_per_minute_per_host: 60_000,
        ..GateSettings::default()
    };
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let ruleset = RuleSet::load(&[rules]).ruleset.unwrap();
    let (_keep, matcher) = watch::channel(Arc::new(Matcher::new(&ruleset)));
    let data = folder.path();
    Store::create(data, &store::Settings::default(), clock.now()).map(drop).unwrap();
    let store = Arc::new(Store::open(data, &store::Settings::default()).unwrap());
    let queue = Queue::open(&data.join("queue"), &queue::Settings::default()).unwrap();
    let pipeline = Pipeline {
        sources,
        gate: Arc::new(Gate::new(gate, clock.clone()).unwrap()),
        queue: Arc::new(queue),
        store: store.clone(),
        matcher,
        clock,
        recheck: netra::pipeline::recheck::Settings::default(),
        progress: Arc::new(|_| {}),
    };
    let (_stopper, stop) = Stopper::new();
    let begun = Instant::now();
    pipeline.run(Until::Rounds(1), stop).await;
    let seconds = begun.elapsed().as_secs_f64();
    let settled = settled(&store);
    assert_eq!(settled, FEEDS * POSTS, "every post is settled once");
    settled as f64 / seconds
}

fn settled(store: &Store) -> usize {
    let posts = |entry: netra::model::Entry| match entry.event {
        netra::model::Event::Checked { posts, .. } => posts.len(),
        _ => 0,
    };
    store.entries(0).map(|entry| posts(entry.unwrap())).sum()
}

#[allow(clippy::disallowed_methods, reason = "a bench is at the edge, as `cli` is")]
fn system_clock() -> Clock {
    Clock::new(jiff::Timestamp::now)
}

async fn serve() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route(
        "/{feed}",
        get(|At(feed): At<String>| async move {
            ([("content-type", "application/rss+xml")], rss(&feed))
        }),
    );
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

fn configuration(base: &str) -> String {
    let table = |feed| {
        format!(
            "[[feed]]\nname = \"feed-{feed}\"\nurl = \"{base}/feed-{feed}\"\nevery_minutes = 10\n\
             platform = \"forum\"\nkind = \"post\"\n"
        )
    };
    (0..FEEDS).map(table).collect()
}

/// One post in ten is about the election, one in fifty by a civil servant.
fn rss(feed: &str) -> String {
    let item = |number: usize| {
        let text = match number % 50 {
            0 => "Saya pegawai lapas, mari coblos nomor 2, sebarkan ke kawan kantor",
            n if n % 10 == 3 => "Kampanye pasangan nomor 1 di lapangan kecamatan ramai sekali",
            n if n % 7 == 0 => "Jadwal pelayanan paspor pekan ini dibuka sampai pukul empat sore",
            _ => {
                "Hujan deras sejak pagi, jalan menuju pasar tergenang, hati-hati di tikungan dekat sekolah"
            }
        };
        format!(
            "<item><link>http://contoh.example/{feed}/{number}</link>\
             <guid>http://contoh.example/{feed}/{number}</guid>\
             <description>{text} ({feed} {number})</description></item>"
        )
    };
    let items: String = (0..POSTS).map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>{feed}</title>{items}</channel></rss>")
}
