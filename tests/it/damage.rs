//! No stored byte changes unnoticed: files are damaged, and verification says which.

#![allow(clippy::print_stdout, reason = "a seed is printed, so that a failure can be repeated")]

use std::fs;
use std::path::{Path, PathBuf};

use netra::model::{CaptureId, Choice};
use netra::store::evidence::{Report, verify};
use netra::store::{Filter, Notice, Store};

use crate::kit_store::{Random, at, by, capture, checked, create, decided, flagged, open};

/// A store with all kinds of files, of 300 entries; closed.
pub(crate) fn filled(data: &Path) -> Vec<CaptureId> {
    let store = create(data);
    let captures = (0..3).map(|n| {
        let (capture, posts) = capture(n, 200);
        store.keep(&capture, &posts).unwrap()
    });
    let captures: Vec<CaptureId> = captures.collect();
    for n in 0..60 {
        let capture = captures[usize::try_from(n % 3).unwrap()];
        let place = u32::try_from(n).unwrap();
        let drafts = vec![flagged(n, 0, capture), checked(capture, &[place], 1)];
        store.append(&by("netra:pipeline"), at(1), drafts).unwrap();
    }
    let decisions = (0..60).map(|n| decided(n, Choice::Tunda)).collect();
    store.append(&by("sari"), at(2), decisions).unwrap();
    while store.size() < 300 {
        store
            .append(&by("netra:pipeline"), at(3), vec![netra::model::Event::Stopped.into()])
            .unwrap();
    }
    captures
}

/// All files below a folder of the data folder.
pub(crate) fn files(data: &Path, folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![data.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Whether a report names a file or folder.
pub(crate) fn names(report: &Report, data: &Path, file: &Path) -> bool {
    let path = file.strip_prefix(data).unwrap();
    report.problems.iter().any(|problem| problem.path == path)
}

#[test]
fn a_store_left_alone_is_sound() {
    let data = tempfile::tempdir().unwrap();
    let captures = filled(data.path());
    let report = verify(data.path());
    assert_eq!(report.problems, vec![]);
    assert_eq!(report.unfinished, Vec::<PathBuf>::new());
    assert_eq!((report.entries, report.payloads, report.captures), (300, 120, 3));
    assert_eq!(report.checkpoint.unwrap().size, 300);
    assert_eq!(captures.len(), 3);
}

#[test]
fn an_open_store_is_verified_though_its_tiles_are_behind() {
    let data = tempfile::tempdir().unwrap();
    let store = create(data.path());
    for n in 0..5 {
        store.append(&by("a"), at(1), vec![decided(n, Choice::Tunda)]).unwrap();
        if n == 3 {
            store.flush().unwrap();
        }
        let report = verify(data.path());
        assert_eq!((report.problems, report.entries, report.payloads), (vec![], n + 2, n + 1));
        assert_eq!(report.checkpoint.unwrap().size, n + 2);
    }
}

#[test]
fn strange_files_and_folders_are_found_wherever_they_lie() {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    let folders = ["ledger/notes", "ledger/tile/0/000.p", "ledger/tile/entries/x000", "payload/zz"];
    let folders =
        folders.into_iter().chain(["payload/x000/000", "captures/2026/13th", "captures/a"]);
    for folder in folders.map(|path| data.path().join(path)) {
        fs::create_dir_all(&folder).unwrap();
        assert!(names(&verify(data.path()), data.path(), &folder), "{}", folder.display());
        fs::remove_dir(&folder).unwrap();
    }
    let strange = ["ledger/notes.txt", "ledger/.new-x", "ledger/tile/0/1", "ledger/tile/0/002"];
    let beside = ["payload/zz", "payload/999", "payload/.new-a", "captures/2026/x.warc.gz"];
    for strange in strange.into_iter().chain(beside).map(|path| data.path().join(path)) {
        fs::write(&strange, b"?").unwrap();
        assert!(names(&verify(data.path()), data.path(), &strange), "{}", strange.display());
        fs::remove_file(&strange).unwrap();
    }
    let link = data.path().join("captures/link");
    std::os::unix::fs::symlink("/etc", &link).unwrap();
    assert!(names(&verify(data.path()), data.path(), &link));
    fs::remove_file(&link).unwrap();
    let stale = data.path().join("ledger/tile/entries/001.p/3");
    fs::write(&stale, b"?").unwrap();
    assert!(names(&verify(data.path()), data.path(), &stale));
    // the same beginning of the bundle that lies there is stale all the same
    let whole = fs::read(data.path().join("ledger/tile/entries/001.p/44")).unwrap();
    let length = 2 + usize::from(u16::from_be_bytes([whole[0], whole[1]]));
    fs::rename(&stale, stale.with_file_name("1")).unwrap();
    fs::write(stale.with_file_name("1"), &whole[..length]).unwrap();
    assert!(names(&verify(data.path()), data.path(), &stale.with_file_name("1")));
}

#[test]
fn each_problem_says_where_in_the_file_it_is() {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    let captures = files(data.path(), "captures");
    let table = [
        (data.path().join("ledger/tile/entries/000"), 70_000, "entry "),
        (data.path().join("ledger/tile/0/001.p/44"), 33, "hash 1 (byte 33)"),
        (data.path().join("payload/001"), 200, "what entries 1 to "),
        (captures[0].clone(), 9, "the gzip header at byte 0 "),
        (captures[0].clone(), 400, "record "),
    ];
    for (file, place, said) in table {
        let bytes = fs::read(&file).unwrap();
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        fs::write(&file, &changed).unwrap();
        let report = verify(data.path());
        let path = file.strip_prefix(data.path()).unwrap();
        let told: Vec<_> = report.problems.iter().filter(|it| it.path == path).collect();
        assert!(told.iter().any(|problem| problem.what.contains(said)), "{said}: {report:?}");
        fs::write(&file, &bytes).unwrap();
    }
}

/// What the index answers, in one value.
fn answers(store: &Store) -> String {
    let index = store.index();
    let findings = index.findings(&Filter::default(), None, 1000).unwrap();
    let sources = index.sources().unwrap();
    format!("{:?} {findings:?} {sources:?}", index.counts().unwrap())
}

#[test]
fn one_byte_changed_in_sled_loses_nothing() {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    let store = open(data.path());
    let expected = answers(&store);
    drop(store);
    let index = data.path().join("index");
    let saved: Vec<(PathBuf, Vec<u8>)> = files(data.path(), "index")
        .into_iter()
        .map(|file| (file.clone(), fs::read(file).unwrap()))
        .collect();
    let seed = 0x51ed;
    println!("seed {seed}");
    let mut random = Random(seed);
    let mut made_anew = 0;
    // round 0 changes nothing, to show that what follows is not for nothing
    for round in 0..40 {
        fs::remove_dir_all(&index).unwrap();
        for (file, bytes) in &saved {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        let (file, bytes) = &saved[round % saved.len()];
        // most of sled's file is zeros that it never reads
        let used = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0) as u64 + 1;
        let mut changed = bytes.clone();
        let place = usize::try_from(random.below(used)).unwrap();
        changed[place] ^= if round == 0 { 0 } else { 1 << random.below(8) };
        fs::write(file, changed).unwrap();
        let store = open(data.path());
        assert_eq!(answers(&store), expected, "{} byte {place}", file.display());
        let notices = store.notices();
        assert!(round > 0 || notices.is_empty(), "{notices:?}");
        made_anew += notices.len();
        for notice in notices {
            let Notice::IndexRebuilt { kept, .. } = notice else { panic!("{notice}") };
            assert!(kept.is_dir());
            fs::remove_dir_all(kept).unwrap();
        }
    }
    println!("39 flipped bits: {made_anew} made the index anew, 0 wrong answers");
}

#[test]
fn an_index_thrown_away_or_of_another_ledger_is_made_anew() {
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    filled(one.path());
    filled(two.path());
    let store = open(one.path());
    let expected = answers(&store);
    drop(store);
    fs::remove_dir_all(one.path().join("index")).unwrap();
    assert_eq!(answers(&open(one.path())), expected);
    fs::remove_dir_all(one.path().join("index")).unwrap();
    fs::rename(two.path().join("index"), one.path().join("index")).unwrap();
    let store = open(one.path());
    assert_eq!(store.notices().len(), 1);
    assert_eq!(answers(&store), expected);
    drop(store);
    let store = Store::rebuild(one.path(), &netra::store::Settings::default()).unwrap();
    assert_eq!(answers(&store), expected);
    assert_eq!(store.check().unwrap().differences, Vec::<String>::new());
}
