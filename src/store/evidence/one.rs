//! What belongs to one finding, entry or capture, verified alone.
//!
//! All entries are read to find those that belong, but only those are judged:
//! each by a proof that it is in the tree that the checkpoint signs. An entry
//! that was changed so that it no longer belongs is found by verifying everything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;

use super::named::{self, Named, Names};
use super::{Hear, Problem, Read, Report, Subject, captures, keys, short};
use crate::model::{CaptureId, Digest, Entry, Event, FindingId, standing};
use crate::store::ledger::audit::{State, bundle, entry_path};
use crate::store::ledger::note::Verifier;
use crate::store::ledger::tile::{self, Kind, Tile};
use crate::store::ledger::{proof, tree};
use crate::store::payload::pack;

/// What is looked at of an entry to tell whether it belongs.
struct Glance {
    seq: u64,
    at: Timestamp,
    finding: Option<FindingId>,
    is_flagged: bool,
    names: Names,
}

fn glance(entry: &Entry) -> Glance {
    Glance {
        seq: entry.seq,
        at: entry.at,
        finding: standing::subject(&entry.event),
        is_flagged: matches!(entry.event, Event::Flagged { .. }),
        names: named::of(entry),
    }
}

impl Report {
    /// Verifies what belongs to a subject; gives what it read of the ledger.
    pub(super) fn one(
        &mut self,
        data: &Path,
        subject: &Subject,
        verifier: Option<&Verifier>,
        is_in_use: bool,
        hear: Hear<'_>,
    ) -> Read {
        let ledger = data.join("ledger");
        let state = State::read(&ledger, verifier, is_in_use);
        for (path, what) in &state.problems {
            self.problem(&Path::new("ledger").join(path), Some(what.clone()));
        }
        self.checkpoint = state.end;
        let mut glances = Vec::new();
        let mut rotations = Vec::new();
        let mut entries = BTreeMap::new();
        for number in 0..state.disk.div_ceil(tree::TILE as u64) {
            let pick = |entry: &Entry| Some((glance(entry), keys::rotation(entry)));
            let bundle = bundle(&ledger, number, state.disk, &pick);
            hear(bundle.bytes);
            self.bytes += bundle.bytes;
            self.files += 1;
            let path = Path::new("ledger").join(&bundle.path);
            self.problems.extend(bundle.problems.iter().map(|what| Problem::new(&path, what)));
            entries.extend((number * tree::TILE as u64..).zip(bundle.leaves));
            for (glance, rotation) in bundle.picked {
                glances.push(glance);
                rotations.extend(rotation);
            }
        }
        for (seq, bytes) in (state.disk..).zip(&state.tail) {
            entries.insert(seq, tree::leaf(bytes));
            let entry: Option<Entry> = serde_json::from_slice(bytes).ok();
            rotations.extend(entry.as_ref().and_then(keys::rotation));
            glances.extend(entry.as_ref().map(glance));
        }
        let leaves = self.leaves(&ledger, &state);
        let own = belonging(subject, &glances);
        self.entries = own.len() as u64;
        for entry in &own {
            let what = self.proved(entry.seq, entries.get(&entry.seq), &leaves);
            self.problem(&Path::new("ledger").join(entry_path(entry.seq, state.disk)), what);
        }
        let names = own.iter().map(|entry| entry.names).collect();
        self.pieces(data, &Named::all(state.disk, names, true), subject);
        Read { leaves, laid: state.disk, rotations }
    }

    /// The leaves as the tiles and the journal tell them; they must have the
    /// root that is signed.
    fn leaves(&mut self, ledger: &Path, state: &State) -> Vec<Digest> {
        let mut leaves = Vec::new();
        for number in 0..state.disk.div_ceil(tree::TILE as u64) {
            let width = (state.disk - number * tree::TILE as u64).min(tree::TILE as u64);
            let width = usize::try_from(width).unwrap_or(tree::TILE);
            let tile = Tile { kind: Kind::Hashes(0), number, width };
            let read = tile::read(ledger, tile).map_err(|error| error.to_string());
            let hashes = read.and_then(|(bytes, _)| {
                self.files += 1;
                self.bytes += bytes.len() as u64;
                tile::hashes(&bytes).map_err(str::to_owned)
            });
            match hashes {
                Ok(hashes) => leaves.extend(hashes.into_iter().take(width)),
                Err(what) => self.problem(&Path::new("ledger").join(tile.path()), Some(what)),
            }
        }
        leaves.extend(state.tail.iter().map(|entry| tree::leaf(entry)));
        if state.end.is_some_and(|end| end.root != tree::root(&leaves)) {
            let what = "the tiles beside it have another root than it signs; `--all` names the one";
            self.problem(Path::new("ledger/checkpoint"), Some(what.into()));
        }
        leaves
    }

    /// Why an entry is not proved to be in the signed tree.
    fn proved(&self, seq: u64, leaf: Option<&Digest>, leaves: &[Digest]) -> Option<String> {
        let not = || Some(format!("entry {seq} is not proved to be in the tree of the checkpoint"));
        let Some(checkpoint) = self.checkpoint else { return not() };
        let proof = usize::try_from(seq).ok().and_then(|place| proof::inclusion(leaves, place));
        let (Some(leaf), Some(proof)) = (leaf, proof) else { return not() };
        if proof::includes(*leaf, seq, checkpoint.size, &proof, checkpoint.root) {
            None
        } else {
            not()
        }
    }

    /// The payloads and captures that the entries name.
    fn pieces(&mut self, data: &Path, named: &Named, subject: &Subject) {
        for (entry, id) in &named.payloads {
            let path = pack::path(pack::find(data, *entry).unwrap_or(*entry));
            self.files += 1;
            self.bytes += std::fs::metadata(data.join(&path)).map_or(0, |file| file.len());
            match pack::payload(data, *entry, *id) {
                Ok(Some(_)) => self.payloads += 1,
                Ok(None) => {
                    self.problem(&path, Some(format!("the payload of entry {entry} is missing")));
                }
                Err(error) => self.problem(&path, Some(short(&error))),
            }
        }
        let mut ids: BTreeSet<CaptureId> = named.captures.keys().copied().collect();
        if let Subject::Digest(digest) = subject
            && captures::find(data, CaptureId(*digest)).is_some()
        {
            // one that no entry names yet
            ids.insert(CaptureId(*digest));
        }
        for id in ids {
            let Some(path) = captures::find(data, id) else {
                self.problem(&captures::nowhere(id), Some("it is missing".into()));
                continue;
            };
            self.captures += 1;
            self.files += 1;
            self.bytes += std::fs::metadata(data.join(&path)).map_or(0, |file| file.len());
            let found = captures::look(data, &path, id, named);
            self.problems.extend(found.into_iter().map(|what| Problem::new(&path, what)));
        }
    }
}

/// The entries that belong to a subject.
fn belonging<'a>(subject: &Subject, entries: &'a [Glance]) -> Vec<&'a Glance> {
    let of_finding = |id: Option<FindingId>| {
        entries.iter().filter(move |entry| id.is_some() && entry.finding == id).collect()
    };
    match subject {
        Subject::Entry(seq) => entries.iter().filter(|entry| entry.seq == *seq).collect(),
        Subject::Number(number) => of_finding(numbered(number, entries)),
        Subject::Digest(digest) => {
            let of_capture =
                entries.iter().filter(|entry| entry.names.capture() == Some(CaptureId(*digest)));
            let mut own: Vec<&Glance> = of_finding(Some(FindingId(*digest)));
            own.extend(of_capture);
            own
        }
    }
}

/// The finding of a number, counted as the index counts.
fn numbered(number: &str, entries: &[Glance]) -> Option<FindingId> {
    let mut counts: BTreeMap<i16, u32> = BTreeMap::new();
    let mut known = BTreeSet::new();
    let firsts = entries.iter().filter(|entry| entry.is_flagged);
    for entry in firsts {
        let Some(finding) = entry.finding.filter(|finding| known.insert(*finding)) else {
            continue;
        };
        let year = standing::year(entry.at);
        let count = counts.entry(year).or_default();
        *count = count.saturating_add(1);
        if standing::number(year, *count) == number {
            return Some(finding);
        }
    }
    None
}
