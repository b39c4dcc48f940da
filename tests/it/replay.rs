//! The captures in the hands of others: `warcio` checks every file, `pywb`
//! indexes them and replays what was captured, byte for byte.
//!
//! Needs a Python environment in `target/replay` with both; `.ci/run` makes it.
//! Without it the tests say SKIPPED, unless `NETRA_REPLAY=required` is set: then
//! they fail.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use netra::fetch::Gate;
use netra::model::{Capture, CaptureId, Clock, Digest};
use netra::store::{Settings, Store};

use crate::kit::{Reply, Running, Web, open_gate};

/// The folder of the tools; none when they are not there and not required.
fn tools() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/replay/bin");
    if folder.join("wayback").is_file() {
        return Some(folder);
    }
    let is_required = std::env::var("NETRA_REPLAY").is_ok_and(|it| it == "required");
    assert!(!is_required, "pywb and warcio are required: `.ci/run` installs them in target/replay");
    println!("SKIPPED: no pywb in target/replay; the captures were not replayed");
    None
}

/// A tool's answer; it must succeed.
fn run(tools: &Path, tool: &str, args: &[&str], files: &[PathBuf], folder: &Path) -> String {
    let output = Command::new(tools.join(tool)).args(args).args(files).current_dir(folder).output();
    let output = output.unwrap();
    let text = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    assert!(output.status.success(), "{tool} {args:?}: {}", text.concat());
    text.concat()
}

/// pywb over a folder of captures.
struct Wayback {
    process: Child,
    port: u16,
    client: reqwest::Client,
    _folder: tempfile::TempDir,
}

impl Drop for Wayback {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Wayback {
    fn over(tools: &Path, files: &[PathBuf]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        run(tools, "wb-manager", &["init", "bukti"], &[], folder.path());
        run(tools, "wb-manager", &["add", "bukti"], files, folder.path());
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new(tools.join("wayback"))
            .args(["-b", "127.0.0.1", "-p", &free.to_string()])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines =
            BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("Starting Gevent Server")), "pywb ended at once");
        // what it logs must not fill the pipe
        std::thread::spawn(move || lines.for_each(drop));
        while TcpStream::connect(("127.0.0.1", free)).is_err() {
            assert!(process.try_wait().unwrap().is_none(), "pywb ended");
            std::thread::yield_now();
        }
        drop(rustls::crypto::ring::default_provider().install_default());
        #[allow(
            clippy::disallowed_methods,
            reason = "the test is a reader of the archive, not the gate"
        )]
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(std::time::Duration::from_mins(1))
            .build()
            .unwrap();
        Self { process, port: free, client, _folder: folder }
    }

    /// What it replays of this address at this time, as it was received.
    async fn replay(&self, at: Timestamp, address: &str) -> (u16, Vec<u8>) {
        let at = at.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%S").to_string();
        let url = format!("http://127.0.0.1:{}/bukti/{at}id_/{address}", self.port);
        let answer = self.client.get(url).send().await.unwrap();
        let status = answer.status().as_u16();
        #[allow(clippy::disallowed_methods, reason = "the archive on this machine answers")]
        let body = answer.bytes().await.unwrap();
        (status, body.to_vec())
    }

    /// Asks for every capture of a store; gives those that come back otherwise.
    async fn differing(&self, captures: &[Capture]) -> Vec<String> {
        let mut differing = Vec::new();
        for capture in captures {
            let (status, body) = self.replay(capture.at, &capture.answered).await;
            if (status, &body) != (capture.status, &capture.body) {
                let (got, kept) = (Digest::of(&body).short(8), capture.digest().short(8));
                let start: String = String::from_utf8_lossy(&body).chars().take(80).collect();
                differing.push(format!(
                    "{} {}: {status} {got} instead of {} {kept}: {start}",
                    capture.at, capture.answered, capture.status
                ));
            }
        }
        differing
    }
}

/// All captures below a data folder: their files, and as the store reads them.
fn captures(data: &Path) -> (Vec<PathBuf>, Vec<Capture>) {
    let store = Store::open(data, &Settings::default()).unwrap();
    let mut files = Vec::new();
    let mut folders = vec![data.join("captures")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let id = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        CaptureId(name.split('.').next().unwrap().parse().unwrap())
    };
    let captures = files.iter().map(|path| store.capture(id(path)).unwrap().0).collect();
    (files, captures)
}

#[tokio::test]
async fn every_capture_of_a_demo_is_accepted_and_replayed() {
    let Some(tools) = tools() else { return };
    let folder = tempfile::tempdir().unwrap();
    let keep = folder.path().join("demo");
    let demo = Command::new(env!("CARGO_BIN_EXE_netra"))
        .args(["demo", "--check", "--keep", keep.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
    let (files, captures) = captures(&keep.join("data"));
    assert!(captures.len() > 40, "{} captures", captures.len());
    run(&tools, "warcio", &["check"], &files, folder.path());
    let wayback = Wayback::over(&tools, &files);
    assert_eq!(wayback.differing(&captures).await, Vec::<String>::new());
    println!("{} captures of the demo accepted by warcio and replayed by pywb", captures.len());
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Answers that are hard to keep: coded, in pieces, redirected, gone, empty, of any bytes.
fn hard() -> Web {
    let html = |text: &str| Reply::page("text/html; charset=utf-8", text);
    Web::new()
        .reply("/biasa", html("<p>Netral itu wajib, kata Bupati “Éndah”."))
        .reply(
            "/gzip",
            Reply::page("text/html", gzip("<p>tadinya dipadatkan"))
                .header("content-encoding", "gzip"),
        )
        .reply("/pecah", html("<p>dikirim berpotong-potong</p>").chunked())
        .reply("/lama", Reply::redirect(302, "/baru?a=1&b=%20dua"))
        .reply("/baru?a=1&b=%20dua", html("<p>alamat baru"))
        .reply(
            "/latin",
            Reply::page("text/html; charset=iso-8859-1", b"<p>caf\xe9 \x93netral\x94".to_vec()),
        )
        .reply("/kosong", html(""))
        .reply("/bita", Reply::page("application/octet-stream", (0..=255).collect::<Vec<u8>>()))
        .reply("/feed.json", Reply::page("application/feed+json", "{\"items\": []}"))
        .reply("/hilang", Reply::page("text/html", "<p>Tidak ada").with_status(404))
        .reply("/ulang", html("<p>isi yang sama"))
        .reply("/ulang", html("<p>isi yang sama"))
        .reply("/ulang", html("<p>isi yang lain"))
}

const ASKED: [&str; 12] = [
    "/biasa",
    "/gzip",
    "/pecah",
    "/lama",
    "/latin",
    "/kosong",
    "/bita",
    "/feed.json",
    "/hilang",
    "/ulang",
    "/ulang",
    "/ulang",
];

/// A store of these answers, each a minute after the other; a later answer of
/// one address is kept as a re-check keeps it.
async fn kept(data: &Path, web: &Running) {
    let hands = Arc::new(AtomicI64::new(1_795_224_000));
    let now = hands.clone();
    let clock = Clock::new(move || Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap());
    let store = Store::create(data, &Settings::default(), clock.now()).unwrap();
    let gate = Gate::new(open_gate(), clock).unwrap();
    let mut earlier = None;
    for path in ASKED {
        hands.fetch_add(60, Ordering::SeqCst);
        let capture = gate.look(web.url(path), "kabar").await.unwrap();
        let id = store.keep_again(&capture, earlier.filter(|_| path == "/ulang")).unwrap();
        earlier = (path == "/ulang").then_some(id);
    }
}

#[tokio::test]
async fn coded_split_redirected_gone_and_revisited_answers_are_replayed_as_they_were_received() {
    let Some(tools) = tools() else { return };
    let folder = tempfile::tempdir().unwrap();
    let web = hard().start().await;
    kept(&folder.path().join("data"), &web).await;
    let (files, captures) = captures(&folder.path().join("data"));
    assert_eq!(captures.len(), ASKED.len());
    let checked = run(&tools, "warcio", &["check", "-v"], &files, folder.path());
    assert!(!checked.contains("digest failed"), "{checked}");
    let wayback = Wayback::over(&tools, &files);
    assert_eq!(wayback.differing(&captures).await, Vec::<String>::new());

    let body = |text: &str| text.as_bytes().to_vec();
    let at = |minute: i64| Timestamp::from_second(1_795_224_000 + 60 * minute).unwrap();
    let url = |path: &str| web.url(path).to_string();
    assert_eq!(wayback.replay(at(2), &url("/gzip")).await, (200, body("<p>tadinya dipadatkan")));
    assert_eq!(
        wayback.replay(at(3), &url("/pecah")).await.1,
        body("<p>dikirim berpotong-potong</p>")
    );
    assert_eq!(wayback.replay(at(4), &url("/baru?a=1&b=%20dua")).await.1, body("<p>alamat baru"));
    assert_eq!(wayback.replay(at(9), &url("/hilang")).await, (404, body("<p>Tidak ada")));
    for (minute, text) in
        [(10, "<p>isi yang sama"), (11, "<p>isi yang sama"), (12, "<p>isi yang lain")]
    {
        assert_eq!(wayback.replay(at(minute), &url("/ulang")).await.1, body(text), "{minute}");
    }
    let revisits = files.iter().filter(|file| {
        let records = netra::store::warc::records(&std::fs::read(file).unwrap()).unwrap();
        records.iter().any(|it| it.field("WARC-Type") == Some("revisit"))
    });
    assert_eq!(revisits.count(), 1, "one answer was the same as the one before");
    println!(
        "{} hard captures, 1 revisit among them, accepted by warcio and replayed by pywb",
        captures.len()
    );
}
