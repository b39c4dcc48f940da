//! Durable steps, in turns: raw, ledger, SQLite; then store and queue.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::time::Instant;

use netra::model::{Actor, Bookmark, CaptureId, Choice, Digest, Draft, Event, FindingId, PostRef};
use netra::queue::Queue;
use netra::store::ledger::Ledger;
use netra::store::ledger::note::Signer;
use netra::store::ledger::tile::push_entry;
use netra::store::{Settings, Store};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{at, entry};

/// How often all take their turn.
const ROUNDS: usize = 15;
/// How many batches a turn has.
const BATCHES: u64 = 120;

/// Something that takes batches of entries and makes each durable.
trait Durable {
    fn take(&mut self, entries: &[Vec<u8>]);
}

/// A preallocated file, written in place and synced: the least there is.
struct Raw {
    file: File,
    place: u64,
    _folder: TempDir,
}

const ROOM: u64 = 64 << 20;

impl Raw {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let file = File::create(folder.path().join("raw")).unwrap();
        file.write_all_at(&vec![0; usize::try_from(ROOM).unwrap()], 0).unwrap();
        file.sync_all().unwrap();
        Self { file, place: 0, _folder: folder }
    }
}

impl Durable for Raw {
    fn take(&mut self, entries: &[Vec<u8>]) {
        let mut bytes = Vec::new();
        for entry in entries {
            push_entry(&mut bytes, entry);
        }
        if self.place + bytes.len() as u64 > ROOM {
            self.place = 0;
        }
        self.file.write_all_at(&bytes, self.place).unwrap();
        self.file.sync_data().unwrap();
        self.place += bytes.len() as u64;
    }
}

struct Log {
    ledger: Ledger,
    _folder: TempDir,
}

impl Log {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let signer = Signer::new("bench.invalid/ledger", [7; 32]).unwrap();
        Ledger::create(folder.path(), &signer).unwrap();
        Self { ledger: Ledger::open(folder.path(), signer).unwrap(), _folder: folder }
    }
}

impl Durable for Log {
    fn take(&mut self, entries: &[Vec<u8>]) {
        self.ledger.append(entries).unwrap();
    }
}

/// One transaction a batch, as durable as SQLite gets with a write-ahead log.
struct Sqlite {
    connection: Connection,
    _folder: TempDir,
}

impl Sqlite {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let connection = Connection::open(folder.path().join("log.sqlite")).unwrap();
        let setting = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        connection.execute_batch(setting).unwrap();
        let table = "CREATE TABLE log (seq INTEGER PRIMARY KEY, entry BLOB NOT NULL)";
        connection.execute(table, ()).unwrap();
        Self { connection, _folder: folder }
    }
}

impl Durable for Sqlite {
    fn take(&mut self, entries: &[Vec<u8>]) {
        let step = self.connection.transaction().unwrap();
        {
            let mut insert = step.prepare_cached("INSERT INTO log (entry) VALUES (?1)").unwrap();
            for entry in entries {
                insert.execute([entry]).unwrap();
            }
        }
        step.commit().unwrap();
    }
}

pub(super) fn compare() {
    for count in [1, 64] {
        let mut all: [(&str, Box<dyn Durable>); 3] = [
            ("raw write, fdatasync", Box::new(Raw::new())),
            ("ledger append", Box::new(Log::new())),
            ("SQLite, WAL, FULL", Box::new(Sqlite::new())),
        ];
        let mut n = 0;
        let mut rates = [const { Vec::new() }; 3];
        for round in 0..=ROUNDS {
            let batches: Vec<Vec<Vec<u8>>> = (0..BATCHES)
                .map(|_| {
                    n += count;
                    (n..n + count).map(entry).collect()
                })
                .collect();
            for turn in 0..all.len() {
                // none is always the first after the pause in which batches are made
                let which = (turn + round) % all.len();
                let start = Instant::now();
                for batch in &batches {
                    all[which].1.take(batch);
                }
                let rate = (BATCHES * count) as f64 / start.elapsed().as_secs_f64();
                if round > 0 {
                    rates[which].push(rate);
                }
            }
        }
        println!("batch {count}, medians of {ROUNDS} turns of {BATCHES} batches");
        for (which, (name, _)) in all.iter().enumerate() {
            let mut to_raw: Vec<f64> =
                rates[which].iter().zip(&rates[0]).map(|(rate, raw)| rate / raw).collect();
            println!(
                "  {name:<22}{:10.0} entries/s   {:.2} of raw ({:.2} to {:.2})",
                middle(&mut rates[which].clone()),
                middle(&mut to_raw),
                to_raw.first().unwrap(),
                to_raw.last().unwrap()
            );
        }
    }
    store();
    queue();
}

/// The middle of these; sorts them.
fn middle(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Index and everything, with and without a payload for each entry.
fn store() {
    let folder = TempDir::new().unwrap();
    let store = Store::create(folder.path(), &Settings::default(), at()).unwrap();
    let mut n = 0;
    for has_payload in [false, true] {
        let mut rates: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let batches: Vec<Vec<Draft>> = (0..20)
                    .map(|_| {
                        n += 64;
                        (n..n + 64_u64).map(|n| draft(n, has_payload)).collect()
                    })
                    .collect();
                let start = Instant::now();
                for drafts in batches {
                    store.append(&Actor("a".into()), at(), drafts).unwrap();
                }
                f64::from(20 * 64) / start.elapsed().as_secs_f64()
            })
            .collect();
        let payloads = if has_payload { "payloads and" } else { "without payloads, with" };
        println!("store, batch 64, {payloads} index: {:.0} entries/s", middle(&mut rates));
    }
}

fn draft(n: u64, has_payload: bool) -> Draft {
    let finding = FindingId(Digest::of(&n.to_be_bytes()));
    let choice = Choice::Tunda;
    let event = Event::Decided { finding, choice, code: None, category: None, unit: None };
    let reason = || serde_json::json!({ "reason": format!("Akun ke-{n} perlu diperiksa lagi.") });
    Draft { event, payload: has_payload.then(reason) }
}

fn queue() {
    let folder = TempDir::new().unwrap();
    let settings = netra::queue::Settings::default();
    let queue = Queue::open(&folder.path().join("queue"), &settings).unwrap();
    let mut n = 0_u32;
    let mut rates: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..20 {
                n += 64;
                let posts: Vec<PostRef> = (n..n + 64)
                    .map(|index| {
                        let digest = Digest::of(&index.to_be_bytes());
                        PostRef { capture: CaptureId(digest), index, post: digest, version: digest }
                    })
                    .collect();
                queue.push("kabar-a", &posts, &Bookmark::default()).unwrap();
                let loan = queue.take(posts.len()).unwrap();
                queue.done(&loan).unwrap();
            }
            f64::from(20 * 64) / start.elapsed().as_secs_f64()
        })
        .collect();
    println!("queue, batch 64, push, take, done: {:.0} posts/s", middle(&mut rates));
}
