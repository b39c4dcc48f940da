//! What leaves the store: the evidence of one finding, byte for byte as it
//! lies there, with proofs that its entries are in the ledger.

use std::path::Path;

use super::ledger::inclusion::{Prover, tlog_proof};
use super::ledger::note::{Checkpoint, Verifier};
use super::ledger::{self, proof, tree};
use super::{Store, StoreError, capture, decode, file, payload};
use crate::model::{CaptureId, Digest, Entry, FindingId, PayloadId, standing};

/// A state of the ledger: what it signs, and who.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Size and root.
    pub checkpoint: Checkpoint,
    /// The signed checkpoint, as its file has it.
    pub note: String,
    /// What checks it.
    pub key: Verifier,
}

/// An entry as it lies in the ledger.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// What it says.
    pub entry: Entry,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Leaf {
    /// Its hash in the tree.
    pub fn hash(&self) -> Digest {
        tree::leaf(&self.bytes)
    }
}

impl Store {
    /// The present state of the ledger.
    pub fn snapshot(&self) -> Snapshot {
        let writer = self.writer();
        let (checkpoint, note, key) =
            (writer.checkpoint(), writer.note(), writer.verifier().clone());
        Snapshot { checkpoint, note, key }
    }

    /// The entries about a finding in a ledger of this size, in order. Reads
    /// the whole ledger: for what is rare.
    pub fn about(&self, finding: FindingId, size: u64) -> Result<Vec<Leaf>, StoreError> {
        let folder = self.data.join("ledger");
        let name = finding.to_string();
        let mut leaves = Vec::new();
        for number in 0..size.div_ceil(tree::TILE as u64) {
            let bundle = ledger::read_bundle(&folder, number, size)?;
            for (seq, bytes) in (number * tree::TILE as u64..).zip(bundle) {
                // an entry that does not hold the name is not about the finding
                if !std::str::from_utf8(&bytes).is_ok_and(|text| text.contains(&name)) {
                    continue;
                }
                let entry = decode(&folder, seq, &bytes)?;
                if standing::subject(&entry.event) == Some(finding) {
                    leaves.push(Leaf { entry, bytes });
                }
            }
        }
        Ok(leaves)
    }

    /// The proofs that these entries are in a state of the ledger, each as a
    /// C2SP tlog-proof file. Each was checked.
    pub fn prove(&self, leaves: &[Leaf], state: &Snapshot) -> Result<Vec<String>, StoreError> {
        let folder = self.data.join("ledger");
        let Checkpoint { size, root } = state.checkpoint;
        let mut prover = Prover::new(&folder, size);
        leaves
            .iter()
            .map(|leaf| {
                let seq = leaf.entry.seq;
                let hashes = prover.inclusion(seq)?.unwrap_or_default();
                if !proof::includes(leaf.hash(), seq, size, &hashes, root) {
                    let what = format!("its tiles do not prove entry {seq}");
                    return Err(StoreError::damaged(&folder, what));
                }
                Ok(tlog_proof(seq, &hashes, &state.note))
            })
            .collect()
    }

    /// An entry that was just appended, as it lies in the ledger.
    pub fn leaf(&self, entry: Entry) -> Result<Leaf, StoreError> {
        let bytes = super::encode(&entry)?;
        Ok(Leaf { entry, bytes })
    }

    /// The file of a payload, checked against its name.
    pub fn payload_file(&self, id: PayloadId) -> Result<Vec<u8>, StoreError> {
        let path = self.data.join(payload::path(id));
        match file::read_bounded(&path, "a payload", payload::MAX_PAYLOAD + 4096) {
            Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                Err(StoreError::NoPayload { id })
            }
            bytes => checked(bytes?, id.0, &path),
        }
    }

    /// The WARC file of a capture, checked against its name.
    pub fn capture_file(&self, id: CaptureId) -> Result<Vec<u8>, StoreError> {
        let path = self.capture_path(id)?;
        checked(file::read_bounded(&path, "a capture", capture::MAX_FILE)?, id.0, &path)
    }
}

fn checked(bytes: Vec<u8>, name: Digest, path: &Path) -> Result<Vec<u8>, StoreError> {
    if Digest::of(&bytes) == name {
        Ok(bytes)
    } else {
        Err(StoreError::damaged(path, "its bytes are not those it is named after"))
    }
}
