//! The machine's half: what cannot be matched is set aside where people see
//! it, and costs the others nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jiff::Timestamp;
use netra::model::{Author, Bookmark, Capture, CaptureId, Event, Post, PostId, PostKind, PostRef};
use netra::queue::{self, Queue};
use netra::store::{self, Store};

fn netra(folder: &Path, args: &[&str]) -> Output {
    let config = folder.join("netra.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_netra"));
    command.args(args).arg("-c").arg(config).env("NO_COLOR", "1").output().unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// A house with rules, a legal ground and no source.
fn house() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let config = format!(
        "[dasar]\nsurat_keputusan = \"SK contoh\"\ntujuan = \"uji\"\npenanggung_jawab = \"uji\"\n\
         [rules]\nfolders = [{:?}]\n[web]\nlisten = \"127.0.0.1:0\"\n",
        rules.to_str().unwrap(),
    );
    std::fs::write(folder.path().join("netra.toml"), config).unwrap();
    folder
}

fn post(name: &str) -> Post {
    Post {
        id: PostId(name.into()),
        source: "kabar".into(),
        kind: PostKind::Post,
        platform: "forum".into(),
        address: Some(format!("https://kabar.example/{name}")),
        author: Author { name: "Petugas Lapas Contoh".into(), ..Author::default() },
        title: String::new(),
        text: "Kami pegawai lapas, mari coblos paslon nomor 2!".into(),
        published: None,
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

/// Opens the store. Another test that starts a program at this moment holds
/// our lock for the instant between its fork and its exec: that passes.
fn open(folder: &Path) -> Store {
    let settings = store::Settings::default();
    for _ in 0..1_000_000 {
        match Store::open(&folder.join("data"), &settings) {
            Err(store::StoreError::Locked { .. }) => std::thread::yield_now(),
            opened => return opened.unwrap(),
        }
    }
    panic!("the store stays locked");
}

/// Keeps a capture with one post and queues it, as a daemon does that is then cut off.
fn queued(folder: &Path, name: &str) -> CaptureId {
    let data = folder.join("data");
    let store = if data.join("ledger").exists() {
        open(folder)
    } else {
        Store::create(&data, &store::Settings::default(), now()).unwrap()
    };
    let capture = Capture {
        source: "kabar".into(),
        asked: "https://kabar.example/feed".into(),
        answered: "https://kabar.example/feed".into(),
        request_headers: vec![],
        at: now(),
        status: 200,
        headers: vec![("content-type".into(), "application/rss+xml".into())],
        body: name.as_bytes().to_vec(),
    };
    let post = post(name);
    let id = store.keep(&capture, std::slice::from_ref(&post)).unwrap();
    let queue = Queue::open(&data.join("queue"), &queue::Settings::default()).unwrap();
    let place = PostRef {
        capture: id,
        index: 0,
        post: post.id.keyed(store.secret()),
        version: post.version(store.secret()),
    };
    assert_eq!(queue.push("kabar", &[place], &Bookmark::default()).unwrap(), 1);
    id
}

fn file_of(folder: &Path, id: CaptureId) -> PathBuf {
    let store = open(folder);
    store.capture_path(id).unwrap()
}

fn events(folder: &Path) -> Vec<Event> {
    let store = open(folder);
    store.entries(0).map(|entry| entry.unwrap().event).collect()
}

#[test]
fn what_was_queued_before_a_crash_is_settled_after_it() {
    let house = house();
    queued(house.path(), "satu");
    assert!(netra(house.path(), &["run", "--once"]).status.success());
    let events = events(house.path());
    let flagged = events.iter().filter(|event| matches!(event, Event::Flagged { .. })).count();
    let checked = events.iter().filter(|event| matches!(event, Event::Checked { .. })).count();
    assert_eq!((flagged, checked), (1, 1));
}

#[test]
fn a_post_whose_capture_was_changed_is_set_aside_and_stops_no_other() {
    let house = house();
    let folder = house.path();
    let bad = queued(folder, "buruk");
    queued(folder, "baik");
    let file = file_of(folder, bad);
    let mut bytes = std::fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&file, bytes).unwrap();

    assert!(netra(folder, &["run", "--once"]).status.success());
    let listed = said(&netra(folder, &["queue", "list"]));
    assert!(listed.contains("0 waiting, 0 on loan, 1 set aside"), "{listed}");
    let shown = said(&netra(folder, &["queue", "show", "0"]));
    assert!(shown.contains("quarantined") && shown.contains("kabar"), "{shown}");
    let flagged = events(folder).iter().filter(|it| matches!(it, Event::Flagged { .. })).count();
    assert_eq!(flagged, 1, "the other post was settled");

    let retried = netra(folder, &["queue", "retry", "0"]);
    assert!(retried.status.success(), "{}", said(&retried));
    let listed = said(&netra(folder, &["queue", "list"]));
    assert!(listed.contains("1 waiting, 0 on loan, 0 set aside"), "{listed}");

    assert!(netra(folder, &["run", "--once"]).status.success());
    let unreasoned = netra(folder, &["queue", "drop", "2", "--reason", "x"]);
    assert!(!unreasoned.status.success());
    let dropped =
        netra(folder, &["queue", "drop", "2", "--reason", "rekaman rusak, sudah diperiksa"]);
    assert!(dropped.status.success(), "{}", said(&dropped));
    assert!(events(folder).iter().any(|event| matches!(event, Event::Dropped { .. })));
    let listed = said(&netra(folder, &["queue", "list"]));
    assert!(listed.contains("0 waiting, 0 on loan, 0 set aside"), "{listed}");

    let verified = netra(folder, &["evidence", "verify"]);
    assert_eq!(verified.status.code(), Some(1));
    assert!(said(&verified).contains("MISMATCH"), "{}", said(&verified));
}

#[test]
fn a_lost_queue_is_made_anew_from_captures_and_ledger() {
    let house = house();
    let folder = house.path();
    queued(folder, "satu");
    assert!(netra(folder, &["run", "--once"]).status.success());
    queued(folder, "dua");
    std::fs::remove_dir_all(folder.join("data/queue")).unwrap();
    let rebuilt = netra(folder, &["store", "rebuild"]);
    assert!(said(&rebuilt).contains("1 posts wait"), "{}", said(&rebuilt));
    assert!(netra(folder, &["store", "check"]).status.success());
    let again = netra(folder, &["store", "rebuild"]);
    assert!(said(&again).contains("queue.old-1`: it may be deleted"), "{}", said(&again));
    assert!(folder.join("data/queue.old-1").exists());
    assert!(netra(folder, &["run", "--once"]).status.success());
    let flagged = events(folder).iter().filter(|it| matches!(it, Event::Flagged { .. })).count();
    assert_eq!(flagged, 2);
}

#[test]
fn a_rebuild_that_was_cut_off_is_finished_at_the_next_start() {
    let house = house();
    let folder = house.path();
    queued(folder, "satu");
    std::fs::remove_dir_all(folder.join("data/queue")).unwrap();
    // What a crash leaves right after the empty queue was made.
    std::fs::write(folder.join("data/healing"), "").unwrap();
    drop(Queue::open(&folder.join("data/queue"), &queue::Settings::default()).unwrap());
    assert!(netra(folder, &["run", "--once"]).status.success());
    let flagged = events(folder).iter().filter(|it| matches!(it, Event::Flagged { .. })).count();
    assert_eq!(flagged, 1);
    assert!(!folder.join("data/healing").exists());
}
