//! The ledger and the queue: what a durable step costs beside the bare cost of
//! writing and syncing the same bytes, and beside SQLite, in the same run; what
//! a store takes of the disk; how long a million entries take to verify.
//!
//! `cargo bench --bench ledger`; the folder for temporary files (`TMPDIR`)
//! must lie on the disk in question, not in memory. `NETRA_LONG=1` adds the
//! million entries, which take 3 GB while it runs. A word after `--` (`speed`,
//! `disk`, `million`) runs that part alone.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on stops")]
#![allow(clippy::print_stdout, reason = "a bench speaks")]

#[path = "ledger/disk.rs"]
mod disk;
#[path = "ledger/million.rs"]
mod million;
#[path = "ledger/speed.rs"]
mod speed;

use jiff::Timestamp;
use netra::model::{
    Actor, CaptureId, Category, Digest, Entry, Event, FindingId, PostKind, Priority,
};

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|arg| arg == name);
    if is_asked("speed") {
        speed::compare();
    }
    if is_asked("disk") {
        disk::measure();
    }
    if is_asked("million") && (!asked.is_empty() || std::env::var_os("NETRA_LONG").is_some()) {
        million::verify();
    }
}

fn at() -> Timestamp {
    Timestamp::from_second(1_795_305_600).unwrap_or_default()
}

/// The n-th finding's event as the pipeline writes it.
fn flagged(n: u64) -> Event {
    Event::Flagged {
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
    }
}

/// The n-th entry, 700 bytes or so.
fn entry(n: u64) -> Vec<u8> {
    let entry = Entry { seq: n, at: at(), by: Actor::pipeline(), payload: None, event: flagged(n) };
    serde_json::to_vec(&entry).unwrap()
}
