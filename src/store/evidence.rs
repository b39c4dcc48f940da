//! Verification: every byte of the evidence as it lies on disk.
//!
//! Reads plain files only, writes nothing and takes no lock, so it works beside
//! the running daemon and on a copy. What it cannot find alone is a store that
//! was rolled back as a whole, or rewritten by somebody who holds the key:
//! that needs a checkpoint kept elsewhere, see [`verify_against`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::capture::{self, EXTENSION};
use super::file::TEMPORARY;
use super::ledger::audit::{audit, files, sentence};
use super::ledger::note::{Checkpoint, Verifier};
use super::ledger::tree;
use super::payload;
use super::warc::Kept;
use crate::model::{CaptureId, Digest, Entry, Event, PayloadId};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The state of the ledger that the files were compared with; none if no
    /// checkpoint holds.
    pub checkpoint: Option<Checkpoint>,
    /// How many entries were read.
    pub entries: u64,
    /// How many payloads were read.
    pub payloads: u64,
    /// How many captures were read.
    pub captures: u64,
    /// How many files were read, all kinds.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// Whatever is not as it was written; empty if all is well.
    pub problems: Vec<Problem>,
    /// Files of steps that were never acknowledged: cut off by a crash, or
    /// under way. No part of the evidence.
    pub unfinished: Vec<PathBuf>,
}

/// One thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, below the data folder.
    pub path: PathBuf,
    /// What is wrong with it, and where in it.
    pub what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.what)
    }
}

impl Report {
    /// Whether everything is as it was written.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// What the entries name.
#[derive(Default)]
struct Named {
    payloads: BTreeMap<PayloadId, u64>,
    /// Captures that hold evidence: the entry that names each, and the highest place named, if any.
    captures: BTreeMap<CaptureId, (u64, Option<u32>)>,
}

/// Reads and checks all evidence in a data folder.
pub fn verify(data: &Path) -> Report {
    verify_against(data, None)
}

/// The same, and checks that an earlier signed checkpoint, such as a report
/// prints, is a beginning of this ledger.
pub fn verify_against(data: &Path, earlier: Option<&str>) -> Report {
    let mut report = Report::default();
    let verifier = public_key(data, &mut report);
    let mut named = Named::default();
    let mut entries = 0;
    let found = audit(&data.join("ledger"), verifier.as_ref(), is_in_use(data), &mut |entry| {
        entries += 1;
        named.note(entry);
    });
    report.entries = entries;
    report.checkpoint = found.checkpoint;
    report.files += found.files;
    report.bytes += found.bytes;
    report.problems.extend(found.problems);
    report.unfinished.extend(found.unfinished);
    if let Some(note) = earlier {
        let what = match verifier.as_ref().map(|verifier| verifier.open(note)) {
            Some(Ok(earlier)) => contradiction(earlier, &found.leaves),
            Some(Err(what)) => Some(format!("the earlier checkpoint cannot be used: {what}")),
            None => None,
        };
        report.problem(Path::new("ledger/checkpoint"), what);
    }
    report.payloads(data, &named);
    report.captures(data, &named);
    report
}

impl Named {
    fn note(&mut self, entry: &Entry) {
        if let Some(payload) = entry.payload {
            self.payloads.insert(payload, entry.seq);
        }
        if let Event::Flagged { capture, index, .. } | Event::Complied { capture, index, .. } =
            entry.event
        {
            let (_, highest) = self.captures.entry(capture).or_insert((entry.seq, None));
            *highest = (*highest).max(Some(index));
        }
        if let Event::Rechecked { capture: Some(capture), .. } = entry.event {
            self.captures.entry(capture).or_insert((entry.seq, None));
        }
    }
}

impl Report {
    fn problem(&mut self, path: &Path, what: Option<String>) {
        self.problems.extend(what.map(|what| Problem { path: path.to_owned(), what }));
    }

    fn payloads(&mut self, data: &Path, named: &Named) {
        let mut present = BTreeSet::new();
        for (path, is_file) in below(data, "payload") {
            let name = name_of(&path);
            if is_file && name.starts_with(TEMPORARY) {
                self.unfinished.push(path);
                continue;
            }
            let id = name.parse().ok().map(PayloadId);
            let Some(id) = id.filter(|id| is_file && payload::path(*id) == path) else {
                self.problem(&path, Some("it does not belong there".into()));
                continue;
            };
            present.insert(id);
            self.payloads += 1;
            match super::file::read_bounded(
                &data.join(&path),
                "a payload",
                payload::MAX_PAYLOAD * 2,
            ) {
                Err(error) => self.problem(&path, Some(sentence(&error))),
                Ok(bytes) => {
                    self.files += 1;
                    self.bytes += bytes.len() as u64;
                    if Digest::of(&bytes) != id.0 {
                        let what = "its bytes are not those it is named after";
                        self.problem(&path, Some(what.into()));
                    } else if let Err(what) = payload::unpack(&bytes) {
                        self.problem(&path, Some(what));
                    } else if !named.payloads.contains_key(&id) {
                        self.unfinished.push(path);
                    }
                }
            }
        }
        for (id, seq) in &named.payloads {
            // one that was just written may have been missed by the listing
            if !present.contains(id) && !data.join(payload::path(*id)).is_file() {
                let what = format!("it is missing; entry {seq} names it");
                self.problem(&payload::path(*id), Some(what));
            }
        }
    }

    fn captures(&mut self, data: &Path, named: &Named) {
        let mut present = BTreeSet::new();
        for (path, is_file) in below(data, "captures") {
            let name = name_of(&path);
            if is_file && name.starts_with(TEMPORARY) {
                self.unfinished.push(path);
                continue;
            }
            let id = name.strip_suffix(EXTENSION).and_then(|digest| digest.parse().ok());
            let Some(id) = id.map(CaptureId).filter(|_| is_file) else {
                self.problem(&path, Some("it does not belong there".into()));
                continue;
            };
            self.captures += 1;
            self.files += 1;
            self.bytes += fs::metadata(data.join(&path)).map_or(0, |file| file.len());
            let Kept { capture, posts, .. } = match capture::read(&data.join(&path), id) {
                Ok(kept) => kept,
                // it is named for what it should be, and so is not missing
                Err(error) => {
                    present.insert(id);
                    self.problem(&path, Some(short(&error)));
                    continue;
                }
            };
            let day = Path::new("captures").join(capture.at.strftime("%Y/%m/%d").to_string());
            if path.parent() != Some(&day) || !present.insert(id) {
                self.problem(&path, Some("it lies in the folder of another day".into()));
            }
            if let Some((seq, Some(highest))) = named.captures.get(&id)
                && *highest as usize >= posts.len()
            {
                let what =
                    format!("it has no post {highest}, which entry {seq} or a later one names");
                self.problem(&path, Some(what));
            }
        }
        for (id, (seq, _)) in &named.captures {
            if !present.contains(id) {
                let path = Path::new("captures").join(format!("{id}{EXTENSION}"));
                self.problem(&path, Some(format!("it is missing; entry {seq} names it")));
            }
        }
    }
}

/// Why an earlier checkpoint is no beginning of these entries.
fn contradiction(earlier: Checkpoint, leaves: &[Digest]) -> Option<String> {
    let size = earlier.size;
    match usize::try_from(size).ok().and_then(|size| leaves.get(..size)) {
        None => Some(format!(
            "the ledger has {} entries, fewer than the {size} of the earlier checkpoint: it was rolled back",
            leaves.len()
        )),
        Some(start) if tree::root(start) != earlier.root => {
            Some(format!("its first {size} entries are not those of the earlier checkpoint"))
        }
        Some(_) => None,
    }
}

fn public_key(data: &Path, report: &mut Report) -> Option<Verifier> {
    let path = Path::new("key.pub");
    let text = fs::read_to_string(data.join(path));
    let verifier = match text {
        Ok(text) => Verifier::parse(&text).ok().filter(|verifier| verifier.to_text() == text),
        Err(_) => None,
    };
    if verifier.is_none() {
        let what = "it is missing or not as it was written: no signature can be checked";
        report.problem(path, Some(what.into()));
    }
    verifier
}

/// Whether a process has the store open.
fn is_in_use(data: &Path) -> bool {
    let lock = File::open(data.join("lock"));
    lock.is_ok_and(|lock| lock.try_lock_shared().is_err())
}

/// All files below a folder of the data folder, in order, by their paths below the data folder.
fn below(data: &Path, folder: &str) -> Vec<(PathBuf, bool)> {
    let mut found = Vec::new();
    files(data, Path::new(folder), 0, &mut found);
    found.sort();
    found
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What is wrong with a file, without its path and without a remedy that does not help here.
fn short(error: &super::StoreError) -> String {
    match error {
        super::StoreError::Damaged { what, .. } => what.clone(),
        error => sentence(error),
    }
}
