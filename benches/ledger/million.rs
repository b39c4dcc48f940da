//! A million entries, each with a payload, verified.

use std::time::Instant;

use netra::model::{Actor, Draft};
use netra::store::evidence::verify as verify_store;
use netra::store::{Settings, Store};
use serde_json::json;
use tempfile::TempDir;

use super::{at, flagged};

const ENTRIES: u64 = 1_000_000;

/// The n-th finding with a payload of 900 bytes or so, its words in another
/// order for each.
fn draft(n: u64) -> Draft {
    let words = ["akun", "pegawai", "rutan", "ajak", "coblos", "nomor", "dua", "bersama", "warga"];
    let word = |place: u64| {
        let turn = (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (place % 50)) % words.len() as u64;
        words[usize::try_from(turn).unwrap_or(0)]
    };
    let text: Vec<&str> = (0..90).map(word).collect();
    let payload = json!({ "teks": text.join(" "), "nama": format!("Akun {n}"), "tautan": format!("https://sosial.example/{n}") });
    Draft { event: flagged(n), payload: Some(payload) }
}

pub(super) fn verify() {
    let folder = TempDir::new().unwrap();
    let store = Store::create(folder.path(), &Settings::default(), at()).unwrap();
    // captures are not what is measured, and an entry that names one wants it there
    let start = Instant::now();
    let mut n = 0;
    while store.size() < ENTRIES {
        let left = (ENTRIES - store.size()).min(2048);
        let drafts = (n..n + left).map(draft).collect();
        n += left;
        store.append(&Actor::pipeline(), at(), drafts).unwrap();
    }
    drop(store);
    println!("{ENTRIES} entries written in {:.0} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    let report = verify_store(folder.path());
    let seconds = start.elapsed().as_secs_f64();
    let problems: Vec<_> =
        report.problems.iter().filter(|it| !it.path.starts_with("captures")).collect();
    assert!(problems.is_empty(), "{:?}", problems.first());
    println!(
        "{} entries, {} payloads, {} MB in {} files verified in {seconds:.1} s",
        report.entries,
        report.payloads,
        report.bytes / 1_000_000,
        report.files
    );
}
