//! What leaves the store: the evidence of one finding, byte for byte as it
//! lies there, with proofs that its entries are in the ledger.

use super::ledger::inclusion::{Prover, tlog_proof};
use super::ledger::note::{Checkpoint, Verifier};
use super::ledger::{decode, proof, read_bundle, tree};
use super::{Store, StoreError, capture, file};
use crate::model::{CaptureId, Digest, Entry, FindingId, standing};

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
    /// The present state of the ledger, which its tiles hold from here on.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut writer = self.writer();
        writer.flush()?;
        let (checkpoint, note, key) =
            (writer.checkpoint(), writer.note(), writer.verifier().clone());
        Ok(Snapshot { checkpoint, note, key })
    }

    /// The entries about a finding in a [`snapshot`](Self::snapshot) of this size, in order. Reads
    /// the whole ledger: for what is rare.
    pub fn about(&self, finding: FindingId, size: u64) -> Result<Vec<Leaf>, StoreError> {
        let folder = self.data.join("ledger");
        let name = finding.to_string();
        let mut leaves = Vec::new();
        for number in 0..size.div_ceil(tree::TILE as u64) {
            let bundle = read_bundle(&folder, number, size)?;
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

    /// The WARC file of a capture, checked against its name.
    pub fn capture_file(&self, id: CaptureId) -> Result<Vec<u8>, StoreError> {
        let path = self.capture_path(id)?;
        let bytes = file::read_bounded(&path, "a capture", capture::MAX_FILE)?;
        if Digest::of(&bytes) == id.0 {
            Ok(bytes)
        } else {
            Err(StoreError::damaged(&path, "its bytes are not those it is named after"))
        }
    }
}
