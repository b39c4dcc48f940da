//! `netra evidence` as a person at a terminal meets it: the whole, one finding,
//! a checkpoint from a printed report, the signing key.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use netra::model::{Actor, Event};
use netra::store::evidence::{verify, verify_against};
use netra::store::{Settings, Store, StoreError};
use tempfile::TempDir;

use crate::damage::{files, filled};
use crate::kit_store::{at, by, create, open};

/// Runs `netra` on this folder's configuration.
fn netra(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_netra"))
        .args(args)
        .arg("-c")
        .arg(folder.join("netra.toml"))
        .env("NO_COLOR", "1")
        .env_remove("NETRA_LOG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// Runs it, asserts the exit code, and gives what it said.
fn expect(folder: &Path, code: i32, args: &[&str]) -> String {
    let output = netra(folder, args, "");
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}", said(&output));
    said(&output)
}

/// A folder with a configuration and a store of 300 entries.
fn house() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("netra.toml"), "[web]\nlisten = \"127.0.0.1:0\"\n").unwrap();
    filled(&folder.path().join("data"));
    folder
}

#[test]
fn everything_or_one_finding_entry_or_capture_is_verified() {
    let folder = house();
    let folder = folder.path();
    let said = expect(folder, 0, &["evidence", "verify"]);
    assert!(said.contains("300 entries, 120 payloads, 3 captures"), "{said}");
    assert_eq!(expect(folder, 0, &["evidence", "verify", "--all"]), said);
    // the fourth finding: flagged by entry 7, decided by entry 124
    let of_finding = expect(folder, 0, &["evidence", "verify", "T-2026-00004"]);
    assert!(of_finding.contains("2 entries, 2 payloads, 1 captures"), "{of_finding}");
    let by_digest = crate::kit_store::finding(3).to_string();
    assert_eq!(expect(folder, 0, &["evidence", "verify", &by_digest]), of_finding);
    let of_entry = expect(folder, 0, &["evidence", "verify", "299"]);
    assert!(of_entry.contains("1 entries, 0 payloads, 0 captures"), "{of_entry}");
    let captures = files(&folder.join("data"), "captures");
    let capture = captures[0].file_name().unwrap().to_str().unwrap();
    let capture = capture.strip_suffix(".warc.gz").unwrap();
    let of_capture = expect(folder, 0, &["evidence", "verify", capture]);
    assert!(of_capture.contains("40 entries, 20 payloads, 1 captures"), "{of_capture}");

    expect(folder, 66, &["evidence", "verify", "T-2026-09999"]);
    expect(folder, 66, &["evidence", "verify", "4000"]);
    expect(folder, 2, &["evidence", "verify", "something"]);
    expect(folder, 2, &["evidence", "verify", "--all", "3"]);
}

#[test]
fn what_belongs_to_another_finding_is_nothing_to_one_that_is_verified_alone() {
    let folder = house();
    let (folder, data) = (folder.path(), folder.path().join("data"));
    let bundle = data.join("ledger/tile/entries/000");
    let bytes = fs::read(&bundle).unwrap();
    // in entry 7, the score of the fourth finding
    let text = b"\"seq\":7,";
    let entry = bytes.windows(text.len()).position(|some| some == text).unwrap();
    let score = bytes[entry..].windows(3).position(|some| some == b"3.5").unwrap();
    let mut changed = bytes;
    changed[entry + score] = b'9';
    fs::write(&bundle, changed).unwrap();
    let said = expect(folder, 1, &["evidence", "verify", "T-2026-00004"]);
    assert!(said.contains("ledger/tile/entries/000: entry 7 is not proved"), "{said}");
    expect(folder, 0, &["evidence", "verify", "T-2026-00005"]);
    let said = expect(folder, 1, &["evidence", "verify"]);
    assert!(said.contains("ledger/tile/entries/000: entry 7 is not as it was written"), "{said}");
}

/// The checkpoint as somebody copies it out of the report's page.
fn copied(html: &str) -> String {
    let (_, after) = html.rsplit_once("<pre>").unwrap();
    let (note, _) = after.split_once("</pre>").unwrap();
    note.lines().map(|line| format!("    {line}\n")).collect()
}

#[test]
fn a_store_rolled_back_is_found_by_the_checkpoint_of_a_report_that_was_kept() {
    let folder = house();
    let (folder, data) = (folder.path(), folder.path().join("data"));
    let earlier = tempfile::tempdir().unwrap();
    let copied_files: Vec<_> = ["ledger", "payload", "captures"]
        .iter()
        .flat_map(|kind| files(&data, kind))
        .map(|file| (file.strip_prefix(&data).unwrap().to_owned(), fs::read(&file).unwrap()))
        .collect();
    for (path, bytes) in &copied_files {
        let to = earlier.path().join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    expect(folder, 0, &["user", "add", "dewi", "--name", "Dewi Contoh", "--role", "anggota"]);
    let out = folder.join("laporan");
    let args = ["report", "build", "--period", "2026-S2", "--out", out.to_str().unwrap()];
    expect(folder, 0, &args);
    let html = fs::read_dir(&out).unwrap().map(|file| file.unwrap().path());
    let html = html.into_iter().find(|path| path.extension().is_some_and(|it| it == "html"));
    let checkpoint = copied(&fs::read_to_string(html.unwrap()).unwrap());
    let kept = folder.join("checkpoint.txt");
    fs::write(&kept, &checkpoint).unwrap();
    let against = ["evidence", "verify", "--against", kept.to_str().unwrap()];
    let said = expect(folder, 0, &against);
    assert!(said.contains("is a beginning of this ledger"), "{said}");

    for kind in ["ledger", "payload", "captures"] {
        fs::remove_dir_all(data.join(kind)).unwrap();
        fs::rename(earlier.path().join(kind), data.join(kind)).unwrap();
    }
    expect(folder, 0, &["evidence", "verify"]);
    let said = expect(folder, 1, &against);
    assert!(said.contains("it was rolled back"), "{said}");
    let output = netra(folder, &["evidence", "verify", "--against", "-"], &checkpoint);
    assert_eq!(output.status.code(), Some(1));
    expect(folder, 66, &["evidence", "verify", "--against", "/nowhere"]);
    // what is no checkpoint says nothing against the evidence
    let output = netra(folder, &["evidence", "verify", "--against", "-"], "salah salin\n");
    assert_eq!(output.status.code(), Some(66));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("MISMATCH"), "{output:?}");
}

#[test]
fn the_quiet_are_told_nothing_but_the_answer() {
    let folder = house();
    let output = netra(folder.path(), &["evidence", "verify", "--quiet"], "");
    assert!(output.stderr.is_empty(), "{}", said(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1);
}

fn note(data: &Path) -> String {
    fs::read_to_string(data.join("ledger/checkpoint")).unwrap()
}

fn append(data: &Path) -> String {
    let store = open(data);
    store.append(&by("a"), at(9), vec![Event::Stopped.into()]).unwrap();
    drop(store);
    note(data)
}

#[test]
fn checkpoints_of_every_key_hold_after_keys_were_changed() {
    let folder = house();
    let (folder, data) = (folder.path(), folder.path().join("data"));
    let shown = expect(folder, 0, &["evidence", "key", "show"]);
    let mut notes = vec![note(&data)];
    for _ in 0..2 {
        expect(folder, 0, &["evidence", "key", "rotate"]);
        notes.push(note(&data));
        notes.push(append(&data));
    }
    assert_ne!(expect(folder, 0, &["evidence", "key", "show"]), shown);
    let mode = fs::metadata(data.join("key")).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode, data.join("key.next").exists()), (0o600, false));
    for note in &notes {
        let report = verify_against(&data, Some(note));
        assert!(report.is_sound(), "{note}{report:?}");
    }
    let store = open(&data);
    assert!(store.notices().is_empty(), "the index follows the same ledger");
    let rotations = store.entries(0).map(Result::unwrap).filter_map(|entry| match entry.event {
        Event::KeyRotated { old, new, .. } => Some((entry.by, old, new)),
        _ => None,
    });
    let rotations: Vec<_> = rotations.collect();
    assert_eq!(rotations.len(), 2);
    assert!(rotations[0].0.0.starts_with("unix:"));
    assert_eq!(rotations[0].2, rotations[1].1);
    let public = fs::read_to_string(data.join("key.pub")).unwrap();
    assert_eq!(public.trim_end(), rotations[1].2);
}

#[test]
fn a_key_nobody_handed_over_to_is_found() {
    let [data, other] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    drop(create(data.path()));
    drop(create(other.path()));
    let settings = Settings::default();
    let old = fs::read(data.path().join("key")).unwrap();
    Store::rotate_key(data.path(), &settings, &by("a"), at(1)).unwrap();
    let kept = note(data.path());
    // somebody who holds a key of his own signs the ledger anew with it
    for file in ["key", "key.pub"] {
        fs::copy(other.path().join(file), data.path().join(file)).unwrap();
    }
    let signer = netra::store::ledger::note::Signer::parse(
        &fs::read_to_string(other.path().join("key")).unwrap(),
    );
    let state = verify_against(data.path(), None);
    assert!(!state.is_sound());
    let leaves = 2;
    let root = kept.lines().nth(2).unwrap();
    let root: [u8; 32] =
        base64::engine::general_purpose::STANDARD.decode(root).unwrap().try_into().unwrap();
    let forged =
        netra::store::ledger::note::Checkpoint { size: leaves, root: netra::model::Digest(root) };
    fs::write(data.path().join("ledger/checkpoint"), signer.unwrap().sign(&forged)).unwrap();
    let report = verify(data.path());
    assert!(report.problems[0].what.contains("hands over to"), "{report:?}");
    assert_eq!(report.problems[0].path, Path::new("key.pub"));
    // and who held the old key cannot go on with it unseen
    let old = netra::store::ledger::note::Signer::parse(&String::from_utf8(old).unwrap()).unwrap();
    let late = netra::store::ledger::note::Checkpoint { size: 3, ..forged };
    let report = verify_against(data.path(), Some(&old.sign(&late)));
    assert!(report.problems.iter().any(|it| it.what.contains("given up at entry 1")), "{report:?}");
}

#[test]
fn a_key_that_others_may_read_is_refused_with_what_to_do() {
    let folder = house();
    let (folder, data) = (folder.path(), folder.path().join("data"));
    for file in ["key", "secret"] {
        let path = data.join(file);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = Store::open(&data, &Settings::default()).unwrap_err();
        assert!(matches!(refused, StoreError::Exposed { mode: 0o640, .. }), "{refused}");
        let said = expect(folder, 77, &["evidence", "key", "rotate"]);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("chmod 600"), "{said}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    Store::rotate_key(&data, &Settings::default(), &Actor("a".into()), at(1)).unwrap();
}

#[test]
fn the_exported_key_and_a_checkpoint_are_understood_by_openssl() {
    let folder = house();
    let (folder, data) = (folder.path(), folder.path().join("data"));
    expect(folder, 0, &["evidence", "key", "rotate"]);
    let files = ["key.pem", "text", "signature"].map(|name| folder.join(name));
    let pem = files[0].to_str().unwrap();
    expect(folder, 0, &["evidence", "key", "export", "--pem", "--out", pem]);
    let exported = netra(folder, &["evidence", "key", "export"], "");
    assert_eq!(exported.stdout, fs::read(data.join("key.pub")).unwrap());
    let note = note(&data);
    let (text, signature) = note.split_once("\n\n").unwrap();
    let signature = signature.trim_end().rsplit_once(' ').unwrap().1;
    let signature = base64::engine::general_purpose::STANDARD.decode(signature).unwrap();
    fs::write(&files[1], format!("{text}\n")).unwrap();
    fs::write(&files[2], &signature[4..]).unwrap();
    let judge = || {
        Command::new("openssl")
            .args(["pkeyutl", "-verify", "-pubin", "-rawin", "-inkey", pem, "-in"])
            .arg(&files[1])
            .arg("-sigfile")
            .arg(&files[2])
            .output()
            .expect("openssl is there")
    };
    assert!(judge().status.success(), "{}", said(&judge()));
    fs::write(&files[1], format!("{text} \n")).unwrap();
    assert!(!judge().status.success());
}
