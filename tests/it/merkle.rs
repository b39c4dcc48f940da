//! The Merkle proofs of transparency-dev/merkle, if `NETRA_SUITES` says where they lie.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use netra::model::Digest;
use netra::store::ledger::proof;
use serde_json::Value;

const VECTORS: usize = 518;

fn bytes(value: &Value) -> Option<Vec<u8>> {
    base64::engine::general_purpose::STANDARD.decode(value.as_str()?).ok()
}

fn digest(value: &Value) -> Option<Digest> {
    bytes(value)?.try_into().ok().map(Digest)
}

/// Some vectors of consistency hold a word for a root, where only equality
/// matters; its digest stands in for it.
fn word(value: &Value) -> Option<Digest> {
    digest(value).or_else(|| bytes(value).map(|word| Digest::of(&word)))
}

/// Whether we accept it; none if a part of it is missing or no hash.
fn accepts(vector: &Value) -> Option<bool> {
    let number = |name: &str| vector[name].as_u64();
    let hash = |name: &str| digest(&vector[name]);
    let proof: Vec<Digest> = match &vector["proof"] {
        Value::Null => Vec::new(),
        list => list.as_array()?.iter().map(digest).collect::<Option<_>>()?,
    };
    Some(match vector["_kind"].as_str()? {
        "inclusion" => {
            let (leaf, root) = (hash("leafHash")?, hash("root")?);
            proof::includes(leaf, number("leafIdx")?, number("treeSize")?, &proof, root)
        }
        "consistency" => {
            let first = (number("size1")?, word(&vector["root1"])?);
            proof::continues(first, (number("size2")?, word(&vector["root2"])?), &proof)
        }
        "subtreeinclusion" => {
            let subtree = (number("start")?, number("end")?);
            let (leaf, root) = (hash("leafHash")?, hash("root")?);
            proof::subtree_includes(leaf, number("leafIdx")?, subtree, &proof, root)
        }
        "subtreeconsistency" => {
            let subtree = (number("start")?, number("end")?);
            let (first, second) = (word(&vector["root1"])?, word(&vector["root2"])?);
            proof::continues_subtree(subtree, first, number("size")?, second, &proof)
        }
        kind => panic!("a kind of vector that is not known: {kind}"),
    })
}

#[test]
fn merkle_proofs_are_accepted_and_refused_as_others_do() {
    let Some(suites) = std::env::var_os("NETRA_SUITES") else {
        println!("SKIPPED {VECTORS} Merkle vectors: set NETRA_SUITES to the folder of suites");
        return;
    };
    let path = Path::new(&suites).join("merkle/transparency_dev_merkle.jsonl");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        count += 1;
        if accepts(&vector).unwrap_or(false) == (vector["wantErr"] == true) {
            wrong.push(format!("{} {}", vector["_file"], vector["desc"]));
        }
    }
    println!("{} of {count} Merkle vectors right", count - wrong.len());
    assert_eq!((count, wrong), (VECTORS, vec![]));
}
