//! Verification: every byte of the evidence as it lies on disk.
//!
//! Reads plain files only, writes nothing and takes no lock, so it works beside
//! the running daemon and on a copy. What it cannot find alone is a store that
//! was rolled back as a whole, or rewritten by somebody who holds the key:
//! that needs a checkpoint kept elsewhere ([`Check::against`]). Nor does a
//! capture that no entry names yet leave a gap when it goes.

pub(in crate::store) mod below;
mod captures;
mod keys;
mod named;
mod one;
pub(in crate::store) mod parallel;
mod payloads;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use self::keys::{Earlier, Rotation};
use self::named::{Named, Names};
use super::ledger::audit::{audit, entry_path};
use super::ledger::note::{Checkpoint, Verifier};
use crate::model::{Digest, Entry};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The state of the ledger that the files were compared with; none if no
    /// checkpoint holds.
    pub checkpoint: Option<Checkpoint>,
    /// How many entries were read, or belong to what was asked for.
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

impl Problem {
    pub(in crate::store) fn new(path: &Path, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), what: what.into() }
    }
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

/// Is told how many bytes more were read.
pub type Hear<'a> = &'a (dyn Fn(u64) + Sync);

/// What belongs together and can be verified alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A finding, by its number `T-2026-00001`.
    Number(String),
    /// An entry, by its number.
    Entry(u64),
    /// A finding or a capture, by its digest.
    Digest(Digest),
}

/// What is no name of anything that can be verified alone.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "give a finding's number (T-2026-00001), an entry's number (17), or the digest of a finding or capture"
)]
pub struct NotASubject;

impl FromStr for Subject {
    type Err = NotASubject;

    fn from_str(text: &str) -> Result<Self, NotASubject> {
        let entry = || text.parse().ok().map(Self::Entry);
        let number = || text.starts_with("T-").then(|| Self::Number(text.into()));
        let digest = text.parse().ok().map(Self::Digest);
        digest.or_else(entry).or_else(number).ok_or(NotASubject)
    }
}

/// What is to be verified. The default is everything.
#[derive(Default)]
pub struct Check<'a> {
    /// Only what belongs to this.
    pub only: Option<Subject>,
    /// An earlier signed checkpoint, such as a report prints; it must be a
    /// beginning of the ledger.
    pub against: Option<&'a str>,
    /// Is told of the bytes that were read, of [`size`] in all.
    pub hear: Option<Hear<'a>>,
}

/// Reads and checks all evidence in a data folder.
pub fn verify(data: &Path) -> Report {
    Check::default().run(data)
}

/// The same, and checks that an earlier signed checkpoint is a beginning of this ledger.
pub fn verify_against(data: &Path, earlier: Option<&str>) -> Report {
    Check { against: earlier, ..Check::default() }.run(data)
}

/// The public key in a data folder; none if it is missing or not as it was written.
pub fn public_key(data: &Path) -> Option<Verifier> {
    keys::public(data, &mut Report::default())
}

/// How many bytes the evidence in a data folder has.
pub fn size(data: &Path) -> u64 {
    let folders = ["ledger", "payload", "captures"];
    let all = folders.iter().flat_map(|folder| below::list(data, Path::new(folder)));
    all.map(|(path, _)| data.join(path))
        .filter_map(|path| fs::symlink_metadata(path).ok())
        .filter(fs::Metadata::is_file)
        .map(|file| file.len())
        .sum()
}

impl Check<'_> {
    /// Reads and checks the evidence in a data folder.
    pub fn run(&self, data: &Path) -> Report {
        let mut report = Report::default();
        let verifier = keys::public(data, &mut report);
        let silence = |_| {};
        let hear = self.hear.unwrap_or(&silence);
        let is_in_use = is_in_use(data);
        let read = match &self.only {
            Some(subject) => report.one(data, subject, verifier.as_ref(), is_in_use, hear),
            None => report.all(data, verifier.as_ref(), is_in_use, hear),
        };
        let path = |seq| Path::new("ledger").join(entry_path(seq, read.laid));
        let earlier = Earlier::follow(verifier.as_ref(), &read.rotations, path, &mut report);
        if let Some((note, present)) = self.against.zip(verifier.as_ref()) {
            let what = earlier.contradiction(present, note, &read.leaves);
            report.problem(Path::new("ledger/checkpoint"), what);
        }
        report
    }
}

/// What was read of the ledger.
struct Read {
    leaves: Vec<Digest>,
    /// How many entries its tiles hold.
    laid: u64,
    rotations: Vec<Rotation>,
}

impl Report {
    fn all(
        &mut self,
        data: &Path,
        verifier: Option<&Verifier>,
        is_in_use: bool,
        hear: Hear<'_>,
    ) -> Read {
        let pick = |entry: &Entry| Some((named::of(entry), keys::rotation(entry)));
        let found = audit(&data.join("ledger"), verifier, is_in_use, hear, &pick);
        self.entries = found.picked.len() as u64;
        self.checkpoint = found.checkpoint;
        self.files += found.files;
        self.bytes += found.bytes;
        self.problems.extend(found.problems);
        self.unfinished.extend(found.unfinished);
        let (each, rotations): (Vec<Names>, Vec<_>) = found.picked.into_iter().unzip();
        let named = Named::all(found.leaves.len() as u64, each, found.is_open);
        self.payloads(data, &named, hear);
        self.captures(data, &named, hear);
        let rotations = rotations.into_iter().flatten().collect();
        Read { leaves: found.leaves, laid: found.laid, rotations }
    }

    fn problem(&mut self, path: &Path, what: Option<String>) {
        self.problems.extend(what.map(|what| Problem::new(path, what)));
    }
}

/// Whether a process has the store open.
fn is_in_use(data: &Path) -> bool {
    let lock = File::open(data.join("lock"));
    lock.is_ok_and(|lock| lock.try_lock_shared().is_err())
}

/// An error with its causes in one sentence, without its path where that is told anyway.
pub(in crate::store) fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// What is wrong with a file, without its path and without a remedy that does not help here.
fn short(error: &super::StoreError) -> String {
    match error {
        super::StoreError::Damaged { what, .. } => what.clone(),
        error => sentence(error),
    }
}
