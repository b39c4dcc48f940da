//! The ledger and the queue: what a durable step costs, beside the bare cost
//! of writing and syncing the same bytes in the same run.
//!
//! `cargo bench --bench ledger`; the folder for temporary files (`TMPDIR`)
//! must lie on the disk in question, not in memory.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on stops")]

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use divan::Bencher;
use divan::counter::ItemsCount;
use jiff::Timestamp;
use netra::model::{
    Actor, Bookmark, CaptureId, Category, Choice, Digest, Draft, Entry, Event, FindingId, PostKind,
    PostRef, Priority,
};
use netra::queue::Queue;
use netra::store::ledger::Ledger;
use netra::store::ledger::note::Signer;
use netra::store::ledger::tile::push_entry;
use netra::store::{Settings, Store};
use tempfile::TempDir;

fn main() {
    divan::main();
}

fn at() -> Timestamp {
    Timestamp::from_second(1_795_305_600).unwrap_or_default()
}

/// The n-th entry as the pipeline writes it, 700 bytes or so.
fn entry(n: u64) -> Vec<u8> {
    let event = Event::Flagged {
        finding: FindingId(Digest::of(&n.to_be_bytes())),
        version: Digest([1; 32]),
        source: "kabar-a".into(),
        kind: PostKind::News,
        rules: vec!["dukungan-terbuka".into(), "simbol-jari".into()],
        categories: vec![Category::MedsosSupport],
        stage: "kampanye".into(),
        score: 3.5,
        priority: Priority::Sedang,
        unit: Some("Rutan Contoh".into()),
        published: Some(at()),
        capture: CaptureId(Digest([2; 32])),
        index: 3,
        ruleset: "0123456789abcdef".into(),
    };
    let entry = Entry { seq: n, at: at(), by: Actor::pipeline(), payload: None, event };
    serde_json::to_vec(&entry).unwrap()
}

fn batch(from: u64, count: u64) -> Vec<Vec<u8>> {
    (from..from + count).map(entry).collect()
}

#[divan::bench(args = [1, 64])]
fn raw_write_and_fdatasync(bencher: Bencher, count: u64) {
    let folder = TempDir::new().unwrap();
    let file = File::create(folder.path().join("raw")).unwrap();
    let room: u64 = 64 << 20;
    file.write_all_at(&vec![0; 64 << 20], 0).unwrap();
    file.sync_all().unwrap();
    let (mut place, mut n) = (0, 0);
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| {
            n += count;
            batch(n, count)
        })
        .bench_local_values(|entries| {
            let mut bytes = Vec::new();
            for entry in &entries {
                push_entry(&mut bytes, entry);
            }
            if place + bytes.len() as u64 > room {
                place = 0;
            }
            file.write_all_at(&bytes, place).unwrap();
            file.sync_data().unwrap();
            place += bytes.len() as u64;
        });
}

#[divan::bench(args = [1, 64])]
fn ledger_append(bencher: Bencher, count: u64) {
    let folder = TempDir::new().unwrap();
    let signer = Signer::new("bench.invalid/ledger", [7; 32]).unwrap();
    Ledger::create(folder.path(), &signer).unwrap();
    let mut ledger = Ledger::open(folder.path(), signer).unwrap();
    let mut n = 0;
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| {
            n += count;
            batch(n, count)
        })
        .bench_local_values(|entries| ledger.append(&entries).unwrap());
}

/// With index and everything but payloads, which are files of their own.
#[divan::bench(args = [1, 64])]
fn store_append(bencher: Bencher, count: u64) {
    let folder = TempDir::new().unwrap();
    let store = Store::create(folder.path(), &Settings::default(), at()).unwrap();
    let draft = |n: u64| {
        let finding = FindingId(Digest::of(&n.to_be_bytes()));
        let choice = Choice::Tunda;
        Draft::from(Event::Decided { finding, choice, code: None, category: None, unit: None })
    };
    let mut n = 0;
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| {
            n += count;
            (n..n + count).map(draft).collect::<Vec<_>>()
        })
        .bench_local_values(|drafts| store.append(&Actor("a".into()), at(), drafts).unwrap());
}

#[divan::bench(args = [64])]
fn queue_push_take_done(bencher: Bencher, count: u32) {
    let folder = TempDir::new().unwrap();
    let queue =
        Queue::open(&folder.path().join("queue"), &netra::queue::Settings::default()).unwrap();
    let mut n = 0;
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| {
            n += count;
            (n..n + count)
                .map(|index| {
                    let digest = Digest::of(&index.to_be_bytes());
                    PostRef { capture: CaptureId(digest), index, post: digest, version: digest }
                })
                .collect::<Vec<_>>()
        })
        .bench_local_values(|posts| {
            queue.push("kabar-a", &posts, &Bookmark::default()).unwrap();
            let loan = queue.take(posts.len()).unwrap();
            queue.done(&loan).unwrap();
        });
}
