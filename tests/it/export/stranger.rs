//! Checked without Netra, by other people's tools and by a script that knows
//! nothing of Netra's code.

use std::sync::Arc;

use netra::fetch::Gate;
use netra::model::{Clock, Digest};
use netra::web;

use super::{
    EXPORT, REASON, agreed, export_as, ran, said, script, text, tools, unpacked, unzipped, verified,
};
use crate::authority::{Authority, openssl};
use crate::kit::open_gate;
use crate::people::{House, Told};

/// The commands that `BACA-SAYA.txt` gives, in their order.
fn commands(readme: &str) -> Vec<String> {
    let is_command = |line: &&str| {
        ["sha256sum ", "cat ", "python3 ", "sed ", "tail ", "openssl ", "(printf "]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let lines = readme.lines().filter_map(|line| line.strip_prefix("  "));
    lines.filter(is_command).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_stranger_checks_an_export_with_other_peoples_tools() {
    let Some(tools) = tools() else { return };
    let house = agreed().await;
    let (_work, folder) = unzipped(&export_as(&house, "kartika").await);
    println!("{}", verified(&folder));
    let bag = ran(&folder, tools.join("bagit.py"), &["--validate", "."]);
    assert!(bag.status.success(), "{}", said(&bag));
    for capture in std::fs::read_dir(folder.join("data/captures")).unwrap() {
        let capture = capture.unwrap().path();
        let checked = ran(&folder, tools.join("warcio"), &["check", capture.to_str().unwrap()]);
        assert!(checked.status.success(), "{}", said(&checked));
    }
    let manifest = std::fs::read_to_string(folder.join("manifest-sha256.txt")).unwrap();
    assert_eq!(manifest.matches("data/ledger/entry/").count(), 4, "{manifest}");
    assert_eq!(manifest.matches("data/payload/").count(), 3, "{manifest}");
}

#[tokio::test]
async fn every_command_of_the_readme_does_what_it_says() {
    if tools().is_none() {
        return;
    }
    let house = agreed().await;
    let (_work, folder) = unzipped(&export_as(&house, "kartika").await);
    let readme = std::fs::read_to_string(folder.join("BACA-SAYA.txt")).unwrap();
    let payload = std::fs::read_dir(folder.join("export/payload")).unwrap().next().unwrap();
    let payload = payload.unwrap().file_name().into_string().unwrap();
    let commands = commands(&readme);
    assert_eq!(commands.len(), 11, "{commands:?}");
    let mut heard = String::new();
    for command in commands {
        let line = command.replace("data/payload/NAMA", &format!("export/payload/{payload}"));
        let line = line.replace("NOMOR", "000000001");
        let done = ran(&folder, "bash", &["-c", &line]);
        assert!(done.status.success(), "{line}: {}", said(&done));
        heard.push_str(&said(&done));
    }
    let entry = std::fs::read(folder.join("data/ledger/entry/000000001.json")).unwrap();
    let leaf = Digest::of(&[&[0][..], &entry].concat()).to_string();
    let manifest = Digest::of(&std::fs::read(folder.join("manifest-sha256.txt")).unwrap());
    for words in [
        "data/temuan.html: OK",
        "BACA-SAYA.txt: OK",
        "Signature Verified Successfully",
        REASON,
        leaf.as_str(),
        &format!("\"manifest\":\"{manifest}\""),
    ] {
        assert!(heard.contains(words), "{words}: {heard}");
    }
    // a signature over another text does not hold
    std::fs::write(folder.join("teks"), "netra.invalid/ledger\n9\nAAAA\n").unwrap();
    let line =
        "pkeyutl -verify -pubin -inkey data/ledger/key.pem -rawin -in teks -sigfile tanda-tangan";
    assert!(!openssl(&folder, line).status.success());
}

#[tokio::test]
async fn one_flipped_bit_in_any_file_is_found() {
    let Some(tools) = tools() else { return };
    let house = agreed().await;
    let (_work, folder) = unzipped(&export_as(&house, "kartika").await);
    let times = if std::env::var_os("NETRA_LONG").is_some() { "0" } else { "4" };
    let seed = std::process::id().to_string();
    let args = [&script("flip.py"), ".", &seed, times];
    let done = ran(&folder, tools.join("python"), &args);
    println!("{}", said(&done));
    assert!(done.status.success(), "{}", said(&done));
    // and a file too many, or one taken away
    verified(&folder);
    std::fs::write(folder.join("data/tambahan.txt"), "x").unwrap();
    assert!(!ran(&folder, "python3", &[&script("verify.py"), "."]).status.success());
    std::fs::remove_file(folder.join("data/tambahan.txt")).unwrap();
    std::fs::remove_file(folder.join("data/custody.json")).unwrap();
    assert!(!ran(&folder, "python3", &[&script("verify.py"), "."]).status.success());
}

async fn with_authority(authority: &Authority, how: &str) -> House {
    let clock = Clock::fixed(jiff::Timestamp::from_second(1_795_224_060).unwrap());
    let gate = Arc::new(Gate::new(open_gate(), clock).unwrap());
    let authority = web::Authority { address: authority.url(how), gate };
    House::with_authority(&[Told::default()], Some(authority)).await
}

#[tokio::test]
async fn a_timestamp_is_checked_by_the_command_of_the_readme() {
    let Some(tools) = tools() else { return };
    let authority = Authority::start().await;
    let house = with_authority(&authority, "good").await;
    let (_work, folder) = unzipped(&export_as(&house, "kartika").await);
    verified(&folder);
    let readme = std::fs::read_to_string(folder.join("BACA-SAYA.txt")).unwrap();
    let line = commands(&readme).into_iter().find(|line| line.starts_with("openssl ts")).unwrap();
    let certificate = authority.certificate();
    let line = line.replace("SERTIFIKAT.pem", certificate.to_str().unwrap());
    let done = ran(&folder, "bash", &["-c", &line]);
    assert!(done.status.success() && said(&done).contains("Verification: OK"), "{}", said(&done));
    let other = Authority::start().await;
    let line = line.replace(certificate.to_str().unwrap(), other.certificate().to_str().unwrap());
    assert!(!ran(&folder, "bash", &["-c", &line]).status.success());
    let args = [&script("timestamp.py"), ".", certificate.to_str().unwrap()];
    let done = ran(&folder, tools.join("python"), &args);
    assert!(done.status.success(), "{}", said(&done));
}

#[tokio::test]
async fn an_export_goes_on_without_a_timestamp_and_says_so() {
    let authority = Authority::start().await;
    for how in ["failing", "other-digest", "garbled"] {
        let house = with_authority(&authority, how).await;
        let mut kartika = house.visitor("kartika").await;
        let seen = kartika.post(EXPORT, &[("alasan", REASON)]).await;
        assert_eq!(seen.status, 200);
        let told = seen.headers["x-netra-timestamp"].to_str().unwrap().to_owned();
        assert!(told.starts_with("failed: the "), "{told}");
        let files = unpacked(&seen.bytes);
        assert!(!files.contains_key("timestamp/checkpoint.tsr"));
        assert!(text(&files, "BACA-SAYA.txt").contains("otoritas cap waktu tidak memberikannya"));
    }
}
