//! Payloads as they lie there.

use std::path::{Path, PathBuf};

use super::below::{self, STRANGE, What};
use super::named::Named;
use super::parallel::in_parallel;
use super::{Hear, Problem, Report, short};
use crate::model::PayloadId;
use crate::store::file::TEMPORARY;
use crate::store::payload::{self, pack};

/// A pack and the payloads that it should hold, each with its entry.
struct Due<'a> {
    first: u64,
    payloads: &'a [(u64, PayloadId)],
    /// Whether payloads of a step that was not acknowledged may follow.
    may_hold_more: bool,
}

/// A pack that was looked at.
#[derive(Default)]
struct Seen {
    payloads: u64,
    bytes: u64,
    problems: Vec<String>,
}

impl Report {
    pub(super) fn payloads(&mut self, data: &Path, named: &Named, hear: Hear<'_>) {
        let packs = self.packs(data, named);
        let (due, missing) = distribute(&packs, named);
        for (entry, _) in missing {
            let what = format!("the payload of entry {entry} is missing, and with it a whole pack");
            self.problem(&pack::path(*entry), Some(what));
        }
        let looks = in_parallel(&due, |due| {
            let seen = look(data, due);
            hear(seen.bytes);
            seen
        });
        for (due, seen) in due.iter().zip(looks) {
            self.files += 1;
            self.bytes += seen.bytes;
            self.payloads += seen.payloads;
            let path = pack::path(due.first);
            self.problems.extend(seen.problems.into_iter().map(|what| Problem::new(&path, what)));
        }
    }

    /// The packs that lie there, by their first entries, ascending.
    fn packs(&mut self, data: &Path, named: &Named) -> Vec<u64> {
        let mut packs = Vec::new();
        let mut folders: Vec<PathBuf> = Vec::new();
        for (path, what) in below::list(data, Path::new(pack::FOLDER)) {
            match what {
                What::Folder => folders.push(path),
                What::Other(what) => self.problem(&path, Some(what)),
                What::File => match (pack::parse(&path), temporary(&path)) {
                    // a pack of a step that is under way, or was cut off
                    (Some(first), _) if first >= named.size && named.is_open => {
                        self.unfinished.push(path);
                    }
                    (Some(first), _) => packs.push(first),
                    (None, true) => self.unfinished.push(path),
                    (None, false) => self.problem(&path, Some(STRANGE.into())),
                },
            }
        }
        for folder in folders {
            // a folder of packs, empty or not, is named as those in it are
            if pack::parse(&folder.join("000")).is_none() {
                self.problem(&folder, Some(STRANGE.into()));
            }
        }
        packs.sort_unstable();
        packs
    }
}

/// Whether this is what a crash leaves of the writing of a pack.
fn temporary(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()?.strip_prefix(TEMPORARY));
    name.is_some_and(|name| pack::parse(&path.with_file_name(name)).is_some())
}

/// Which payloads each pack should hold, and those for which there is no pack.
fn distribute<'a>(packs: &[u64], named: &'a Named) -> (Vec<Due<'a>>, Vec<&'a (u64, PayloadId)>) {
    let last = packs.last().copied();
    let mut rest = named.payloads.as_slice();
    let mut due = Vec::with_capacity(packs.len());
    let mut missing = Vec::new();
    for (place, first) in packs.iter().enumerate() {
        let before = rest.partition_point(|(entry, _)| entry < first);
        let (before, after) = rest.split_at(before);
        missing.extend(before);
        let next = packs.get(place + 1).copied().unwrap_or(u64::MAX);
        let end = next.min(pack::run_after(*first));
        let (own, after) = after.split_at(after.partition_point(|(entry, _)| *entry < end));
        let may_hold_more = named.is_open && Some(*first) == last;
        due.push(Due { first: *first, payloads: own, may_hold_more });
        rest = after;
    }
    missing.extend(rest);
    (due, missing)
}

fn look(data: &Path, due: &Due<'_>) -> Seen {
    let mut seen = Seen::default();
    let entries = match due.payloads {
        [] => return Seen { problems: vec!["no entry names a payload in it".into()], ..seen },
        [(one, _)] => format!("entry {one}"),
        [(one, _), .., (other, _)] => format!("entries {one} to {other}"),
    };
    let path = data.join(pack::path(due.first));
    seen.bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    let payloads = match pack::read(data, due.first) {
        Ok(payloads) => payloads,
        Err(error) => {
            seen.problems.push(format!("{}; it holds what {entries} tell", short(&error)));
            return seen;
        }
    };
    seen.payloads = payloads.len() as u64;
    if due.payloads.first().is_some_and(|(entry, _)| *entry != due.first) {
        seen.problems.push(format!("it is not named after the first of {entries}"));
    }
    let mut rest = due.payloads;
    for (place, payload) in payloads.iter().enumerate() {
        let name = payload::name(payload);
        let found = rest.iter().position(|(_, id)| *id == name);
        let Some(found) = found else {
            if !(due.may_hold_more && rest.is_empty()) {
                seen.problems
                    .push(format!("its payload {place} is none that {entries} name in this place"));
            }
            continue;
        };
        let (passed, after) = rest.split_at(found);
        seen.problems.extend(passed.iter().map(missing));
        rest = after.get(1..).unwrap_or_default();
        if let Err(what) = payload::value(payload) {
            seen.problems.push(format!("its payload {place}: {what}"));
        }
    }
    seen.problems.extend(rest.iter().map(missing));
    seen
}

fn missing((entry, _): &(u64, PayloadId)) -> String {
    format!("the payload of entry {entry} is missing")
}
