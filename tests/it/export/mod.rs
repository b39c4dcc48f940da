//! Evidence handed out: checked without Netra, by other people's tools; told to
//! nobody who must not know; recorded before it is given.
//!
//! The tools are `unzip`, `sha256sum`, `openssl` and a Python that has `bagit` and
//! `warcio` from PyPI, in `target/stranger` (`.ci/run` puts them there). Without them the
//! tests say SKIPPED, unless `NETRA_STRANGER=required` is set: then they fail.

/// By the command line, with a daemon and without.
mod program;
/// By other people's tools.
mod stranger;
/// What it tells, and to whom.
mod told;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::people::House;

const T1: &str = "T-2026-00001";
const EXPORT: &str = "/temuan/T-2026-00001/ekspor";
const DECIDE: &str = "/temuan/T-2026-00001/keputusan";
const REASON: &str = "Permintaan Inspektorat 12/XI.";
const WHY: &str = "Ajakan memilih dari akun yang memuat nama unit.";
/// The files of an export, by path below its folder.
type Files = BTreeMap<String, Vec<u8>>;

/// The files of a zip whose folder is named after this finding.
fn unpacked(zip: &[u8]) -> Files {
    unpacked_of(zip, T1)
}

fn unpacked_of(zip: &[u8], number: &str) -> Files {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let mut files = Files::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let name = file.name().unwrap().to_string();
        let name = name.strip_prefix(&format!("{number}/")).unwrap().to_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(name, bytes);
    }
    files
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

async fn export_as(house: &House, user: &str) -> Vec<u8> {
    let mut visitor = house.visitor(user).await;
    visitor.get(&format!("/temuan/{T1}")).await;
    let seen = visitor.post(EXPORT, &[("alasan", REASON)]).await;
    assert_eq!(seen.status, 200, "{}", seen.body);
    assert_eq!(seen.headers["content-type"], "application/zip");
    assert_eq!(seen.headers["content-disposition"], "attachment; filename=\"T-2026-00001.zip\"");
    seen.bytes
}

async fn dugaan(house: &House, user: &str, reason: &str) {
    let fields =
        [("pilihan", "dugaan"), ("jenis", "medsos_support"), ("alasan", reason), ("pasti", "1")];
    assert_eq!(house.visitor(user).await.post(DECIDE, &fields).await.status, 303);
}

/// A finding that two people agreed on.
async fn agreed() -> House {
    let house = House::with_one().await;
    dugaan(&house, "dewi", WHY).await;
    dugaan(&house, "bayu", WHY).await;
    house
}

/// The folder of a stranger's tools; none when they are not there and not required.
fn tools() -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/stranger/bin");
    if tools.join("bagit.py").exists() && tools.join("warcio").exists() {
        return Some(tools);
    }
    let is_required = std::env::var("NETRA_STRANGER").is_ok_and(|it| it == "required");
    assert!(!is_required, "a stranger's tools are required: `.ci/run` installs them");
    println!("SKIPPED: no bagit and warcio in target/stranger; nobody else checked the export");
    None
}

fn ran(folder: &Path, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Output {
    let mut command = Command::new(program);
    // a script leaves nothing beside itself
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command.current_dir(folder).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// The export unzipped by `unzip` in a folder of its own.
fn unzipped(zip: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("bukti.zip"), zip).unwrap();
    let done = ran(work.path(), "unzip", &["-q", "bukti.zip"]);
    assert!(done.status.success(), "{}", said(&done));
    let folder = work.path().join(T1);
    (work, folder)
}

fn script(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stranger").join(name);
    path.to_str().unwrap().to_owned()
}

/// What the independent script says of an unzipped export; fails if anything is wrong.
fn verified(folder: &Path) -> String {
    let done = ran(folder, "python3", &[&script("verify.py"), "."]);
    assert!(done.status.success(), "{}", said(&done));
    said(&done)
}
