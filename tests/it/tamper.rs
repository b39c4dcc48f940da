//! Evidence tampered with as a whole: deleted, reordered, duplicated, cut off,
//! spliced, rolled back. What can be found from within is; what cannot, is found
//! by a checkpoint kept elsewhere.

#![allow(clippy::print_stdout, reason = "what was done is counted")]

use std::fs;
use std::path::{Path, PathBuf};

use netra::model::Choice;
use netra::store::evidence::{Report, verify, verify_against};
use netra::store::ledger::tile::{entries, push_entry};
use netra::store::ledger::tree;
use tempfile::TempDir;

use crate::damage::{files, filled, names};
use crate::kit_store::{at, by, capture, decided, flagged, open};

const KINDS: [&str; 3] = ["ledger", "payload", "captures"];

fn store() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    data
}

/// All files of the evidence below the data folder.
fn evidence(data: &Path) -> Vec<PathBuf> {
    KINDS.iter().flat_map(|folder| files(data, folder)).collect()
}

/// Copies the evidence, and what opens it.
fn copy(data: &Path, to: &Path) {
    for file in
        evidence(data).into_iter().chain(["key", "key.pub", "secret"].map(|it| data.join(it)))
    {
        let target = to.join(file.strip_prefix(data).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, target).unwrap();
    }
}

/// Whether a report names this file, or one that has its name: a capture that
/// is missing has no day.
fn tells_of(report: &Report, file: &Path) -> bool {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    report.problems.iter().any(|problem| problem.path.to_string_lossy().ends_with(&name))
}

/// Writes this into a file, asks for a report that names it, and puts back what was there.
fn try_bytes(data: &Path, file: &Path, bytes: &[u8]) {
    let before = fs::read(file).unwrap();
    assert_ne!(before, bytes, "{} is to be changed", file.display());
    fs::write(file, bytes).unwrap();
    let report = verify(data);
    assert!(names(&report, data, file), "{}: {report:?}", file.display());
    fs::write(file, before).unwrap();
}

/// Puts the bytes of two files in each other's place.
fn swap(data: &Path, one: &Path, other: &Path) {
    let bytes = [fs::read(one).unwrap(), fs::read(other).unwrap()];
    fs::write(one, &bytes[1]).unwrap();
    fs::write(other, &bytes[0]).unwrap();
    let report = verify(data);
    assert!(names(&report, data, one) && names(&report, data, other), "{report:?}");
    fs::write(one, &bytes[0]).unwrap();
    fs::write(other, &bytes[1]).unwrap();
}

#[test]
fn every_file_deleted_is_found() {
    let data = store();
    let all = evidence(data.path());
    for file in &all {
        let bytes = fs::read(file).unwrap();
        fs::remove_file(file).unwrap();
        let report = verify(data.path());
        assert!(tells_of(&report, file), "{} deleted: {report:?}", file.display());
        fs::write(file, bytes).unwrap();
    }
    fs::remove_file(data.path().join("key.pub")).unwrap();
    assert!(!verify(data.path()).is_sound());
    println!("{} files deleted, one at a time: all found", all.len() + 1);
}

#[test]
fn every_file_cut_off_or_lengthened_is_found() {
    let data = store();
    let mut all = evidence(data.path());
    all.push(data.path().join("key.pub"));
    for file in &all {
        let bytes = fs::read(file).unwrap();
        for end in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            try_bytes(data.path(), file, &bytes[..end]);
        }
        for more in [&b"\0"[..], b"\n", &bytes] {
            try_bytes(data.path(), file, &[&bytes[..], more].concat());
        }
    }
    println!("{} files cut off and lengthened, seven ways each: all found", all.len());
}

#[test]
fn a_file_put_in_the_place_of_another_is_found() {
    let data = store();
    let mut count = 0;
    for folder in ["ledger/tile/entries", "ledger/tile/0", "payload", "captures"] {
        for two in files(data.path(), folder).windows(2) {
            swap(data.path(), &two[0], &two[1]);
            count += 1;
        }
    }
    println!("{count} pairs of files swapped: all found");
    assert!(count >= 4);
}

#[test]
fn entries_and_hashes_reordered_doubled_or_left_out_are_found() {
    let data = store();
    let bundle = data.path().join("ledger/tile/entries/001.p/44");
    let bytes = fs::read(&bundle).unwrap();
    let written: Vec<&[u8]> = entries(&bytes).unwrap();
    let of = |entries: &[&[u8]]| {
        let mut bundle = Vec::new();
        for entry in entries {
            push_entry(&mut bundle, entry);
        }
        bundle
    };
    for place in 0..written.len() - 1 {
        let mut swapped = written.clone();
        swapped.swap(place, place + 1);
        try_bytes(data.path(), &bundle, &of(&swapped));
        let doubled = [&written[..=place], &written[place..]].concat();
        try_bytes(data.path(), &bundle, &of(&doubled));
        let without = [&written[..place], &written[place + 1..]].concat();
        try_bytes(data.path(), &bundle, &of(&without));
    }
    let tile = data.path().join("ledger/tile/0/001.p/44");
    let hashes = fs::read(&tile).unwrap();
    for place in (0..43).map(|place| place * 32) {
        let mut swapped = hashes.clone();
        swapped[place..place + 64].rotate_left(32);
        try_bytes(data.path(), &tile, &swapped);
    }
    println!("43 neighbouring entries and hashes swapped, doubled, left out: all found");
}

#[test]
fn a_tail_written_anew_with_its_hashes_is_found_without_the_key() {
    let data = store();
    let bundle = data.path().join("ledger/tile/entries/001.p/44");
    let bytes = fs::read(&bundle).unwrap();
    let mut written: Vec<Vec<u8>> =
        entries(&bytes).unwrap().into_iter().map(<[u8]>::to_vec).collect();
    let text = String::from_utf8(written.pop().unwrap()).unwrap();
    written.push(text.replace("netra:pipeline", "netra:pipelime").into_bytes());
    let mut changed = Vec::new();
    for entry in &written {
        push_entry(&mut changed, entry);
    }
    assert_ne!(bytes, changed);
    fs::write(&bundle, changed).unwrap();
    let hashes: Vec<u8> = written.iter().flat_map(|entry| tree::leaf(entry).0).collect();
    fs::write(data.path().join("ledger/tile/0/001.p/44"), hashes).unwrap();
    let report = verify(data.path());
    let checkpoint = data.path().join("ledger/checkpoint");
    assert!(names(&report, data.path(), &checkpoint), "{report:?}");
}

#[test]
fn a_file_doubled_under_another_name_is_found() {
    let data = store();
    let all = evidence(data.path());
    let copies = [
        (all.iter().find(|file| file.ends_with("entries/000")).unwrap(), "ledger/tile/entries/002"),
        (all.iter().find(|file| file.ends_with("0/000")).unwrap(), "ledger/tile/0/002"),
        (&data.path().join("payload/001"), "payload/299"),
        (&data.path().join("payload/001"), "payload/x001/001"),
        (all.last().unwrap(), "captures/2020/01/01/twice.warc.gz"),
    ];
    for (file, to) in copies {
        let mut to = data.path().join(to);
        if to.ends_with("twice.warc.gz") {
            to.set_file_name(file.file_name().unwrap());
        }
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(file, &to).unwrap();
        let report = verify(data.path());
        assert!(names(&report, data.path(), &to), "{}: {report:?}", to.display());
        fs::remove_file(&to).unwrap();
    }
    fs::remove_dir_all(data.path().join("captures/2020")).unwrap();
    fs::remove_dir_all(data.path().join("payload/x001")).unwrap();
    assert!(verify(data.path()).is_sound());
}

#[test]
fn a_part_of_another_store_is_found() {
    let (data, other) = (store(), store());
    // a capture is named after its bytes: the same in both stores
    let mut count = 0;
    for folder in ["ledger", "payload"] {
        for file in files(data.path(), folder) {
            let theirs =
                fs::read(other.path().join(file.strip_prefix(data.path()).unwrap())).unwrap();
            if fs::read(&file).unwrap() != theirs {
                try_bytes(data.path(), &file, &theirs);
                count += 1;
            }
        }
    }
    let theirs = fs::read(other.path().join("key.pub")).unwrap();
    let key = data.path().join("key.pub");
    let ours = fs::read(&key).unwrap();
    fs::write(&key, theirs).unwrap();
    assert!(tells_of(&verify(data.path()), Path::new("ledger/checkpoint")));
    fs::write(&key, ours).unwrap();
    for folder in ["ledger", "payload"] {
        let (ours, kept) = (data.path().join(folder), data.path().join("kept"));
        fs::rename(&ours, &kept).unwrap();
        fs::rename(other.path().join(folder), &ours).unwrap();
        assert!(!verify(data.path()).is_sound(), "the whole {folder} of another store");
        fs::rename(&ours, other.path().join(folder)).unwrap();
        fs::rename(&kept, &ours).unwrap();
    }
    println!(
        "{count} files, the public key and two whole folders of another store put in: all found"
    );
    assert!(count >= 5);
}

/// A store, an earlier copy of it, and the checkpoint of each.
fn earlier_and_later() -> (TempDir, TempDir, [String; 2]) {
    let (data, earlier) = (store(), tempfile::tempdir().unwrap());
    copy(data.path(), earlier.path());
    let store = open(data.path());
    let (kept, posts) = capture(9, 4);
    let id = store.keep(&kept, &posts).unwrap();
    store.append(&by("netra:pipeline"), at(8), vec![flagged(900, 0, id)]).unwrap();
    store.append(&by("sari"), at(9), vec![decided(900, Choice::Bukan)]).unwrap();
    drop(store);
    let notes = [earlier.path(), data.path()]
        .map(|data| fs::read_to_string(data.join("ledger/checkpoint")).unwrap());
    (data, earlier, notes)
}

#[test]
fn one_kind_of_file_rolled_back_alone_is_found_from_within() {
    let (data, earlier, _) = earlier_and_later();
    assert!(verify(data.path()).is_sound());
    for kind in ["ledger/checkpoint", "ledger/tile", "ledger", "payload", "captures"] {
        let (now, kept) = (data.path().join(kind), data.path().join("kept"));
        fs::rename(&now, &kept).unwrap();
        fs::rename(earlier.path().join(kind), &now).unwrap();
        let report = verify(data.path());
        assert!(!report.is_sound(), "{kind} rolled back");
        println!("{kind} rolled back alone: found, {}", report.problems[0]);
        fs::rename(&now, earlier.path().join(kind)).unwrap();
        fs::rename(&kept, &now).unwrap();
    }
    assert!(verify(data.path()).is_sound());
}

#[test]
fn a_journal_rolled_back_behind_the_checkpoint_is_found() {
    let data = tempfile::tempdir().unwrap();
    filled(data.path());
    let store = open(data.path());
    store.append(&by("sari"), at(9), vec![decided(1, Choice::Bukan)]).unwrap();
    let journal = data.path().join("ledger/journal");
    let earlier = fs::read(&journal).unwrap();
    store.append(&by("sari"), at(9), vec![decided(2, Choice::Bukan)]).unwrap();
    store.flush().unwrap();
    let later = fs::read(&journal).unwrap();
    fs::write(&journal, earlier).unwrap();
    let report = verify(data.path());
    assert!(names(&report, data.path(), &journal), "{report:?}");
    fs::write(&journal, later).unwrap();
    assert!(verify(data.path()).is_sound());
}

#[test]
fn a_store_rolled_back_as_a_whole_is_found_by_a_checkpoint_kept_elsewhere() {
    let (data, earlier, [before, after]) = earlier_and_later();
    assert!(verify_against(data.path(), Some(&before)).is_sound());
    assert!(verify_against(data.path(), Some(&after)).is_sound());
    let rolled_back = earlier.path();
    assert!(verify(rolled_back).is_sound(), "a rollback as a whole is not seen from within");
    let report = verify_against(rolled_back, Some(&after));
    assert!(report.problems[0].what.contains("rolled back"), "{report:?}");
    // it goes on from there, and has as many entries again
    let store = open(rolled_back);
    store.append(&by("sari"), at(10), vec![decided(3, Choice::Bukan)]).unwrap();
    store.append(&by("sari"), at(10), vec![decided(4, Choice::Bukan)]).unwrap();
    drop(store);
    assert!(verify_against(rolled_back, Some(&before)).is_sound());
    let report = verify_against(rolled_back, Some(&after));
    assert!(report.problems[0].what.contains("not those of the earlier"), "{report:?}");
    let forged = after.replace("302", "303");
    let report = verify_against(data.path(), Some(&forged));
    assert!(report.problems[0].what.contains("cannot be used"), "{report:?}");
}
