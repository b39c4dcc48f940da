//! The keys that signed this ledger, one after another.

use std::fs;
use std::path::Path;

use super::{Problem, Report};
use crate::model::{Digest, Entry, Event};
use crate::store::key::PUBLIC;
use crate::store::ledger::note::{Checkpoint, Verifier};

/// A change of the key, as its entry tells it.
#[derive(Clone, Debug)]
pub(super) struct Rotation {
    seq: u64,
    old: String,
    new: String,
    signature: String,
}

/// The change of the key that an entry tells, if it tells one.
pub(super) fn rotation(entry: &Entry) -> Option<Rotation> {
    let Event::KeyRotated { old, new, signature } = &entry.event else { return None };
    let (seq, old, new) = (entry.seq, old.clone(), new.clone());
    Some(Rotation { seq, old, new, signature: signature.clone() })
}

/// Reads the public key.
pub(super) fn public(data: &Path, report: &mut Report) -> Option<Verifier> {
    let text = fs::read_to_string(data.join(PUBLIC));
    let verifier = text
        .ok()
        .and_then(|text| Verifier::parse(&text).ok().filter(|verifier| verifier.to_text() == text));
    if verifier.is_none() {
        let what = "it is missing or not as it was written: no signature can be checked";
        report.problem(Path::new(PUBLIC), Some(what.into()));
    }
    verifier
}

/// The keys before the present one, each with the entry that handed over from it.
pub(super) struct Earlier(Vec<(u64, Verifier)>);

impl Earlier {
    /// Follows the hand-overs, oldest first, up to the present key; `path` is
    /// where an entry lies.
    pub(super) fn follow(
        present: Option<&Verifier>,
        rotations: &[Rotation],
        path: impl Fn(u64) -> std::path::PathBuf,
        report: &mut Report,
    ) -> Self {
        let mut keys = Vec::new();
        for (place, rotation) in rotations.iter().enumerate() {
            let [old, new] = [&rotation.old, &rotation.new].map(|text| Verifier::parse(text).ok());
            let holds = old
                .as_ref()
                .zip(new.as_ref())
                .is_some_and(|(old, new)| old.hands_over(new, &rotation.signature));
            let follows = match rotations.get(place + 1) {
                Some(next) => next.old == rotation.new,
                None => present.is_none() || present == new.as_ref(),
            };
            let seq = rotation.seq;
            if !holds {
                let what = format!("entry {seq}: the old key did not sign the new one");
                report.problems.push(Problem::new(&path(seq), what));
            } else if !follows {
                let what = format!("it is not the key that entry {seq} hands over to");
                report.problem(Path::new(PUBLIC), Some(what));
            }
            keys.extend(old.filter(|_| holds).map(|old| (seq, old)));
        }
        Self(keys)
    }

    /// Why an earlier checkpoint, signed by the present key or one before it, is
    /// no beginning of the ledger of these leaves.
    pub(super) fn contradiction(
        &self,
        present: &Verifier,
        note: &str,
        leaves: &[Digest],
    ) -> Option<String> {
        let opened = present.open_copied(note).or_else(|what| {
            let by = |(seq, key): &(u64, Verifier)| Some((*seq, key.open_copied(note).ok()?));
            match self.0.iter().find_map(by) {
                None => Err(format!("the earlier checkpoint cannot be used: {what}")),
                Some((seq, Checkpoint { size, .. })) if size > seq + 1 => Err(format!(
                    "it is over {size} entries and signed by a key that was given up at entry {seq}"
                )),
                Some((_, checkpoint)) => Ok(checkpoint),
            }
        });
        match opened {
            Ok(checkpoint) => checkpoint.contradiction(leaves),
            Err(what) => Some(what),
        }
    }
}
