//! Single bytes are changed, everywhere: each change is found, and the file named.

#![allow(clippy::print_stdout, reason = "a seed is printed, so that a failure can be repeated")]

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use netra::model::Choice;
use netra::store::Store;
use netra::store::evidence::verify;
use tempfile::TempDir;

use crate::damage::{files, names};
use crate::kit_store::{Random, at, by, capture, checked, create, decided, flagged};

/// How many threads change bytes, each in a store of its own.
const THREADS: u64 = 2;

/// A store with all kinds of files: captures of so many posts, and so many findings.
fn store(data: &Path, captures: u32, posts: u32, findings: u64) -> Store {
    let store = create(data);
    let kept: Vec<_> = (0..captures)
        .map(|n| {
            let (capture, posts) = capture(n, posts);
            store.keep(&capture, &posts).unwrap()
        })
        .collect();
    let machine = by("netra:pipeline");
    for n in 0..findings {
        let capture = kept[usize::try_from(n % u64::from(captures)).unwrap()];
        let drafts =
            vec![flagged(n, 0, capture), checked(capture, &[u32::try_from(n).unwrap()], 1)];
        store.append(&machine, at(1), drafts).unwrap();
        store.append(&by("sari"), at(2), vec![decided(n, Choice::Tunda)]).unwrap();
    }
    store
}

/// A closed store.
fn closed() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    drop(store(data.path(), 2, 3, 3));
    assert!(!data.path().join("ledger/journal").exists());
    data
}

/// What a killed process leaves: tiles up to some entry, a journal with all.
fn cut_off() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    let store = store(data.path(), 2, 3, 3);
    store.flush().unwrap();
    store.append(&by("sari"), at(3), vec![decided(1, Choice::Bukan)]).unwrap();
    let copy = tempfile::tempdir().unwrap();
    for folder in ["ledger", "payload", "captures"] {
        for file in files(data.path(), folder) {
            let to = copy.path().join(file.strip_prefix(data.path()).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(&file, to).unwrap();
        }
    }
    fs::copy(data.path().join("key.pub"), copy.path().join("key.pub")).unwrap();
    copy
}

/// All files of the evidence.
fn evidence(data: &Path) -> Vec<PathBuf> {
    let folders = ["ledger", "payload", "captures"];
    let mut all: Vec<PathBuf> = folders.iter().flat_map(|folder| files(data, folder)).collect();
    all.push(data.join("key.pub"));
    all
}

/// Changes the byte at this place, asks for a report that names the file, and changes it back.
fn change(data: &Path, file: &Path, place: u64, mask: u8) {
    let open = File::options().read(true).write(true).open(file).unwrap();
    let mut byte = [0];
    open.read_exact_at(&mut byte, place).unwrap();
    open.write_all_at(&[byte[0] ^ mask], place).unwrap();
    let report = verify(data);
    assert!(names(&report, data, file), "{} byte {place} ^ {mask}: {report:?}", file.display());
    open.write_all_at(&byte, place).unwrap();
}

/// Changes random bytes, the files in turn.
fn change_some(data: &Path, times: u64, seed: u64) {
    let files = evidence(data);
    let mut random = Random(seed);
    for round in 0..times {
        let file = &files[usize::try_from(round).unwrap() % files.len()];
        let mut size = fs::metadata(file).unwrap().len();
        if file.ends_with("journal") && round % 4 != 0 {
            // most of a journal is zeros for what is to come
            let bytes = fs::read(file).unwrap();
            size = bytes.iter().rposition(|byte| *byte != 0).unwrap() as u64 + 1;
        }
        let mask = u8::try_from(1 + random.below(255)).unwrap();
        change(data, file, random.below(size), mask);
    }
    assert!(verify(data).is_sound());
}

#[test]
fn ten_thousand_changed_bytes_are_found_and_their_files_named() {
    let seed = 0x001e_d6e2;
    let count = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    let (whole, cut) = (closed(), cut_off());
                    change_some(whole.path(), 4_500, seed + 2 * thread);
                    change_some(cut.path(), 500, seed + 2 * thread + 1);
                    (evidence(whole.path()).len(), evidence(cut.path()).len())
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).max().unwrap()
    });
    println!(
        "10000 changed bytes (seed {seed}) in the {} files of a closed store and the {} of one that was cut off, journal included: all found, each file named",
        count.0, count.1
    );
}

/// Every byte of a store of a quarter of a mebibyte, or of a small one.
#[test]
fn every_byte_changed_is_found_and_its_file_named() {
    let is_long = std::env::var_os("NETRA_LONG").is_some();
    let build = |data: &Path| {
        drop(if is_long { store(data, 4, 900, 160) } else { store(data, 1, 2, 1) });
    };
    let seed = 0xb17e;
    let counts = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    let data = tempfile::tempdir().unwrap();
                    build(data.path());
                    let mut random = Random(seed + thread);
                    let mut count = 0;
                    for file in evidence(data.path()) {
                        let size = fs::metadata(&file).unwrap().len();
                        for place in (thread..size).step_by(usize::try_from(THREADS).unwrap()) {
                            let mask = u8::try_from(1 + random.below(255)).unwrap();
                            change(data.path(), &file, place, mask);
                            count += 1;
                        }
                    }
                    count
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>()
    });
    println!(
        "every one of {counts} bytes of a store changed (seed {seed}): all found, each file named"
    );
    assert!(!is_long || counts >= 256 << 10, "the store has {counts} bytes");
}
