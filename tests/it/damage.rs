//! No stored byte changes unnoticed: files are damaged, and verification says which.

#![allow(clippy::print_stdout, reason = "a seed is printed, so that a failure can be repeated")]

use std::fs;
use std::path::{Path, PathBuf};

use netra::model::{CaptureId, Choice};
use netra::store::evidence::{Report, verify, verify_against};
use netra::store::{Filter, Notice, Store};

use crate::kit_store::{Random, at, by, capture, checked, create, decided, flagged, open};

/// A store with all kinds of files, of 300 entries; closed.
fn filled(data: &Path) -> Vec<CaptureId> {
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
fn files(data: &Path, folder: &str) -> Vec<PathBuf> {
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

fn names(report: &Report, data: &Path, file: &Path) -> bool {
    let path = file.strip_prefix(data).unwrap();
    report.problems.iter().any(|problem| problem.path == path)
}

/// Changes one random byte of each of these files, so many times, and asks for
/// a report that names the file.
fn change_bytes(data: &Path, files: &[PathBuf], times: usize, seed: u64) {
    println!("seed {seed}");
    let mut random = Random(seed);
    for round in 0..times {
        let file = &files[round % files.len()];
        let bytes = fs::read(file).unwrap();
        let mut changed = bytes.clone();
        let place = random.below(bytes.len() as u64);
        let mask = u8::try_from(1 + random.below(255)).unwrap();
        changed[usize::try_from(place).unwrap()] ^= mask;
        fs::write(file, &changed).unwrap();
        let report = verify(data);
        assert!(names(&report, data, file), "{} byte {place} ^ {mask}: {report:?}", file.display());
        fs::write(file, &bytes).unwrap();
    }
    assert!(verify(data).is_sound());
    println!("{times} changed bytes in {} files: all found and named", files.len());
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
fn one_byte_changed_in_the_ledger_is_found() {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    let mut ledger = files(data.path(), "ledger");
    assert!(!ledger.iter().any(|file| file.ends_with("journal")), "a closed ledger has none");
    ledger.push(data.path().join("key.pub"));
    change_bytes(data.path(), &ledger, 210, 0x001e_d6e2);
}

#[test]
fn one_byte_changed_in_a_payload_is_found() {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    change_bytes(data.path(), &files(data.path(), "payload"), 120, 0x09a7_10ad);
}

#[test]
fn one_byte_changed_in_a_capture_is_found() {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    change_bytes(data.path(), &files(data.path(), "captures"), 90, 0xca97);
}

#[test]
fn an_open_store_is_verified_and_one_byte_changed_in_its_journal_is_found() {
    let data = tempfile::tempdir().unwrap();
    let store = create(data.path());
    for n in 0..5 {
        store.append(&by("a"), at(1), vec![netra::model::Event::Stopped.into()]).unwrap();
        let report = verify(data.path());
        assert_eq!((report.problems, report.entries), (vec![], n + 2));
    }
    let journal = data.path().join("ledger/journal");
    let bytes = fs::read(&journal).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    let mut random = Random(7);
    for round in 0..60 {
        let below = if round % 3 == 0 { bytes.len() } else { used };
        let place = usize::try_from(random.below(below as u64)).unwrap();
        let mut changed = bytes.clone();
        changed[place] ^= 0x21;
        fs::write(&journal, &changed).unwrap();
        assert!(names(&verify(data.path()), data.path(), &journal), "byte {place}");
    }
    fs::write(&journal, &bytes).unwrap();
    assert!(verify(data.path()).is_sound());
}

#[test]
fn files_deleted_cut_off_lengthened_or_put_there_are_found() {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    let evidence = ["ledger", "payload", "captures"].map(|folder| files(data.path(), folder));
    for file in evidence.iter().flat_map(|files| files.iter().step_by(files.len().div_ceil(12))) {
        let bytes = fs::read(file).unwrap();
        fs::remove_file(file).unwrap();
        let report = verify(data.path());
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let is_named = report.problems.iter().any(|it| it.path.to_string_lossy().ends_with(&name));
        assert!(is_named, "{} deleted", file.display());
        let longer = [&bytes[..], b"\0"].concat();
        for changed in [&bytes[..0], &bytes[..bytes.len() / 2], &bytes[..bytes.len() - 1], &longer]
        {
            fs::write(file, changed).unwrap();
            assert!(names(&verify(data.path()), data.path(), file), "{}", file.display());
        }
        fs::write(file, &bytes).unwrap();
    }
    let strange = ["ledger/notes.txt", "ledger/tile/0/1", "payload/zz", "captures/2026/x.warc.gz"];
    for strange in strange.map(|path| data.path().join(path)) {
        fs::write(&strange, b"?").unwrap();
        assert!(names(&verify(data.path()), data.path(), &strange), "{}", strange.display());
        fs::remove_file(&strange).unwrap();
    }
    let stale = data.path().join("ledger/tile/entries/001.p/3");
    fs::write(&stale, b"?").unwrap();
    assert!(names(&verify(data.path()), data.path(), &stale));
}

#[test]
fn a_ledger_rolled_back_is_found_by_a_checkpoint_kept_elsewhere() {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    let earlier = fs::read_to_string(data.path().join("ledger/checkpoint")).unwrap();
    let copy = tempfile::tempdir().unwrap();
    for file in files(data.path(), "ledger") {
        let to = copy.path().join(file.strip_prefix(data.path()).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&file, to).unwrap();
    }
    let store = open(data.path());
    store.append(&by("a"), at(9), vec![netra::model::Event::Stopped.into()]).unwrap();
    drop(store);
    assert!(verify_against(data.path(), Some(&earlier)).is_sound());
    let later = fs::read_to_string(data.path().join("ledger/checkpoint")).unwrap();
    fs::remove_dir_all(data.path().join("ledger")).unwrap();
    fs::rename(copy.path().join("ledger"), data.path().join("ledger")).unwrap();
    assert!(verify(data.path()).is_sound(), "a rollback as a whole is not seen from within");
    let report = verify_against(data.path(), Some(&later));
    assert!(report.problems[0].what.contains("rolled back"), "{report:?}");
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
