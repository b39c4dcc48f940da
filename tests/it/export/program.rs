//! `netra evidence export`: through a running daemon, and without one.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{Files, tools, unpacked_of};
use crate::program::{Running, output, path, text};

const REASON: &str = "Permintaan Inspektorat 12/XI.";

fn export(folder: &Path, number: &str, out: &Path) -> std::process::Output {
    let config = folder.join("netra.toml");
    let args = ["evidence", "export", number, "--reason", REASON, "--out", path(out)];
    output(&[&args[..], &["-c", path(&config)]].concat())
}

/// The files of an export, its zip checked by the independent script where it can be.
fn files(zip: &Path, number: &str) -> Files {
    if tools().is_some() {
        let work = tempfile::tempdir().unwrap();
        let done = super::ran(work.path(), "unzip", &["-q", path(zip)]);
        assert!(done.status.success(), "{}", super::said(&done));
        println!("{}", super::verified(&work.path().join(number)));
    }
    unpacked_of(&std::fs::read(zip).unwrap(), number)
}

fn copy(from: &Path, to: &Path) {
    let done = super::ran(from, "cp", &["-r", ".", path(to)]);
    assert!(done.status.success(), "{}", super::said(&done));
}

#[test]
fn the_command_line_exports_through_a_daemon_and_without_one_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("netra.toml");
    let config = path(&config);
    let mut demo = Running::start(&["demo", "--keep", path(folder.path())]);
    demo.until("Review pages");
    let list = output(&["review", "list", "-c", config, "--limit", "1", "--status", "semua"]);
    let number = text(&list.stdout).split_whitespace().next().unwrap().to_owned();

    let work = tempfile::tempdir().unwrap();
    let first = work.path().join("satu.zip");
    let done = export(folder.path(), &number, &first);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let told = text(&done.stdout);
    assert!(told.contains("sha256 ") && told.contains("recorded as entry "), "{told}");
    assert!(told.contains("names no authority"), "{told}");
    assert_eq!(std::fs::metadata(&first).unwrap().permissions().mode() & 0o777, 0o600);
    files(&first, &number);
    let again = export(folder.path(), &number, &first);
    assert_eq!(again.status.code(), Some(73), "{}", text(&again.stderr));
    demo.signal("-TERM");
    assert!(demo.child.wait().unwrap().success());
    drop(demo);

    let copies = ["a", "b"].map(|name| {
        let to = work.path().join(name);
        std::fs::create_dir(&to).unwrap();
        copy(folder.path(), &to);
        let zip = work.path().join(format!("{name}.zip"));
        let done = export(&to, &number, &zip);
        assert!(done.status.success(), "{}", text(&done.stderr));
        files(&zip, &number)
    });
    let [one, two] = &copies;
    assert_eq!(
        one.keys().filter(|path| path.starts_with("data/")).count(),
        one.keys().filter(|path| two.contains_key(*path) && path.starts_with("data/")).count()
    );
    for (path, bytes) in one {
        // the export's own entry has its time and its salt
        if !path.starts_with("export/") && path != "tagmanifest-sha256.txt" {
            assert_eq!(Some(bytes), two.get(path), "{path}");
        }
    }
    let verify = output(&["evidence", "verify", "-c", config]);
    assert!(verify.status.success(), "{}", text(&verify.stdout));
}

#[test]
fn what_cannot_be_exported_is_told_by_words_and_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    assert!(output(&["demo", "--check", "--keep", path(folder.path())]).status.success());
    let config = folder.path().join("netra.toml");
    let out = folder.path().join("bukti.zip");
    let ask = |args: &[&str]| {
        let fixed = ["evidence", "export", "-c", path(&config), "--out", path(&out)];
        let done = output(&[&fixed[..], args].concat());
        (done.status.code(), text(&done.stderr))
    };
    for (args, code, words) in [
        (&["T-2026-00001"][..], 2, "--reason"),
        (&["T-2026-00001", "--reason", "pendek"], 2, "say who asked for it"),
        (&["T-1999-00001", "--reason", REASON], 66, "no such finding"),
        (&["../../etc", "--reason", REASON], 66, "no such finding"),
    ] {
        let (told_code, told) = ask(args);
        assert_eq!(told_code, Some(code), "{args:?}: {told}");
        assert!(told.contains(words), "{args:?}: {told}");
        assert!(!out.exists(), "{args:?}");
    }
}
