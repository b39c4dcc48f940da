//! Proofs judged by others than us: the `ct-merkle` crate, and a script in
//! Python that reads the plain files itself.

#![allow(clippy::print_stdout, reason = "what was judged is counted")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use netra::model::{Digest, Event};
use netra::store::evidence::verify;
use netra::store::ledger::tile::entries;
use netra::store::ledger::{proof, tree};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::damage::filled;
use crate::kit_store::{at, by, open};

/// How many entries the ledger has: full tiles on two levels, and parts of both.
const ENTRIES: u64 = 700;

/// A closed store, and the bytes of its entries.
fn ledger(data: &Path) -> Vec<Vec<u8>> {
    filled(data);
    let store = open(data);
    while store.size() < ENTRIES {
        store.append(&by("netra:pipeline"), at(3), vec![Event::Stopped.into()]).unwrap();
    }
    drop(store);
    let tiles = ["000", "001", "002.p/188"].map(|name| {
        let bundle = std::fs::read(data.join("ledger/tile/entries").join(name)).unwrap();
        entries(&bundle).unwrap().into_iter().map(<[u8]>::to_vec).collect::<Vec<_>>()
    });
    tiles.concat()
}

/// The numbers that are tried: the first and last of every tile, and some between.
fn tried() -> impl Iterator<Item = usize> {
    (0..700).filter(|n| n % 256 < 2 || n % 256 == 255 || n % 11 == 7 || *n == 699)
}

fn bytes(proof: &[Digest]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

#[test]
fn proofs_are_accepted_by_an_implementation_that_is_not_ours() {
    let data = tempfile::tempdir().unwrap();
    let entries = ledger(data.path());
    let checkpoint = verify(data.path()).checkpoint.unwrap();
    let leaves: Vec<Digest> = entries.iter().map(|entry| tree::leaf(entry)).collect();
    let root = |leaves: &[Digest]| {
        RootHash::<Sha256>::new(tree::root(leaves).0.into(), leaves.len() as u64)
    };
    let whole = RootHash::<Sha256>::new(checkpoint.root.0.into(), checkpoint.size);
    for seq in tried() {
        let entry = &entries[seq];
        let steps = bytes(&proof::inclusion(&leaves, seq).unwrap());
        let proof = InclusionProof::try_from_bytes(steps).unwrap();
        whole.verify_inclusion(entry, seq as u64, &proof).unwrap();
        let other = [&entry[..], b" "].concat();
        whole.verify_inclusion(&other, seq as u64, &proof).unwrap_err();
    }
    for size in tried().map(|n| n + 1) {
        let steps = bytes(&proof::consistency(&leaves, size).unwrap());
        let proof = ConsistencyProof::try_from_bytes(steps).unwrap();
        whole.verify_consistency(&root(&leaves[..size]), &proof).unwrap();
    }
    let count = tried().count();
    println!("{count} proofs of inclusion and {count} of beginnings accepted by ct-merkle");
}

/// What the script says of a data folder and these proofs.
fn script(data: &Path, proofs: &Value) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tlog_check.py");
    let mut child = Command::new("python3")
        .arg(script)
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    child.stdin.take().unwrap().write_all(proofs.to_string().as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn the_plain_files_are_understood_by_a_script_that_is_not_netra() {
    let data = tempfile::tempdir().unwrap();
    let entries = ledger(data.path());
    let leaves: Vec<Digest> = entries.iter().map(|entry| tree::leaf(entry)).collect();
    let included: Vec<Value> = tried()
        .map(|seq| json!({"seq": seq, "proof": proof::inclusion(&leaves, seq).unwrap()}))
        .collect();
    let begun: Vec<Value> = tried()
        .map(|n| n + 1)
        .map(|size| {
            let proof = proof::consistency(&leaves, size).unwrap();
            json!({"size": size, "root": tree::root(&leaves[..size]), "proof": proof})
        })
        .collect();
    let proofs = json!({"inclusion": included, "consistency": begun});
    let output = script(data.path(), &proofs);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("tlog_check.py: {said}");
    assert!(output.status.success(), "{said}");

    // what it accepts, it has looked at
    let mut wrong = proofs.clone();
    wrong["inclusion"][7]["proof"][0] = json!(Digest([1; 32]));
    let said = String::from_utf8_lossy(&script(data.path(), &wrong).stdout).into_owned();
    let seq = tried().nth(7).unwrap();
    assert!(said.contains(&format!("does not hold: inclusion of {seq}\n")), "{said}");
    let path = data.path().join("ledger/checkpoint");
    let note = std::fs::read_to_string(&path).unwrap();
    let place = note.len() - 20;
    let other = if &note[place..=place] == "A" { "B" } else { "A" };
    let mut forged = note.clone();
    forged.replace_range(place..=place, other);
    std::fs::write(&path, forged).unwrap();
    let said = String::from_utf8_lossy(&script(data.path(), &proofs).stdout).into_owned();
    assert!(said.contains("does not hold: signature"), "{said}");
}
