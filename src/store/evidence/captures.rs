//! Captures as they lie there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::below::{self, STRANGE, What};
use super::named::Named;
use super::parallel::in_parallel;
use super::{Hear, Problem, Report, short};
use crate::model::CaptureId;
use crate::store::capture::{self, EXTENSION};
use crate::store::file::TEMPORARY;
use crate::store::warc::Kept;

/// The folder of captures, in the data folder.
const FOLDER: &str = "captures";

impl Report {
    pub(super) fn captures(&mut self, data: &Path, named: &Named, hear: Hear<'_>) {
        let mut files = Vec::new();
        for (path, what) in below::list(data, Path::new(FOLDER)) {
            match what {
                What::Folder if is_of_days(&path) => {}
                What::Folder => self.problem(&path, Some(STRANGE.into())),
                What::Other(what) => self.problem(&path, Some(what)),
                What::File => match (id(&name_of(&path)), temporary(&path)) {
                    (Some(id), _) => files.push((path, id)),
                    (None, true) => self.unfinished.push(path),
                    (None, false) => self.problem(&path, Some(STRANGE.into())),
                },
            }
        }
        let looks = in_parallel(&files, |(path, id)| {
            let bytes = fs::metadata(data.join(path)).map_or(0, |file| file.len());
            let found = look(data, path, *id, named);
            hear(bytes);
            (bytes, found)
        });
        let mut present = BTreeSet::new();
        for ((path, id), (bytes, found)) in files.iter().zip(looks) {
            self.captures += 1;
            self.files += 1;
            self.bytes += bytes;
            self.problems.extend(found.into_iter().map(|what| Problem::new(path, what)));
            // one that is damaged is named for what it should be, and so is not missing
            if !present.insert(*id) {
                self.problem(path, Some("it lies there twice".into()));
            }
        }
        for (id, (seq, _)) in &named.captures {
            if !present.contains(id) {
                self.problem(&nowhere(*id), Some(format!("it is missing; entry {seq} names it")));
            }
        }
    }
}

/// What is wrong with the file of a capture.
pub(super) fn look(data: &Path, path: &Path, id: CaptureId, named: &Named) -> Vec<String> {
    let entry = named.captures.get(&id);
    let Kept { capture, posts, .. } = match capture::read(&data.join(path), id) {
        Ok(kept) => kept,
        Err(error) => {
            let entry = entry.map(|(seq, _)| format!("; entry {seq} names it"));
            return vec![format!("{}{}", short(&error), entry.unwrap_or_default())];
        }
    };
    let mut found = Vec::new();
    let day = Path::new(FOLDER).join(capture.at.strftime("%Y/%m/%d").to_string());
    if path.parent() != Some(&day) {
        found.push("it lies in the folder of another day".into());
    }
    if let Some((seq, Some(highest))) = entry
        && *highest as usize >= posts.len()
    {
        found.push(format!("it has no post {highest}, which entry {seq} or a later one names"));
    }
    found
}

/// The path that stands for a capture that is missing: nobody knows the day.
pub(super) fn nowhere(id: CaptureId) -> PathBuf {
    Path::new(FOLDER).join(format!("{id}{EXTENSION}"))
}

/// Where the file of a capture lies, below the data folder.
pub(super) fn find(data: &Path, id: CaptureId) -> Option<PathBuf> {
    let name = format!("{id}{EXTENSION}");
    let all = below::list(data, Path::new(FOLDER)).into_iter();
    all.map(|(path, _)| path).find(|path| name_of(path) == name)
}

fn id(name: &str) -> Option<CaptureId> {
    name.strip_suffix(EXTENSION)?.parse().ok().map(CaptureId)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether this is what a crash leaves of the writing of a capture.
fn temporary(path: &Path) -> bool {
    name_of(path).strip_prefix(TEMPORARY).is_some_and(|name| id(name).is_some())
}

/// Whether this is the folder of a year, a month or a day.
fn is_of_days(path: &Path) -> bool {
    let below = path.strip_prefix(FOLDER).unwrap_or(path);
    let names = below.iter().map(|name| name.to_str().unwrap_or_default());
    let is_date = |(name, digits): (&str, usize)| {
        name.len() == digits && name.bytes().all(|byte| byte.is_ascii_digit())
    };
    names.clone().count() <= 3 && names.zip([4, 2, 2]).all(is_date)
}
