//! In which order rules are asked: each after those it asks for.

use std::collections::BTreeMap;

use toml::Value;

use super::Loader;
use super::read::Source;
use crate::rule::file::RuleFile;

impl Loader {
    /// The numbers of the files in the order of asking; those of a circle are a problem each.
    pub(super) fn order(
        &mut self,
        files: &[(Source, RuleFile)],
        ids: &BTreeMap<String, usize>,
    ) -> Vec<usize> {
        let wants: Vec<Vec<usize>> =
            files.iter().enumerate().map(|(i, _)| wanted(i, files, ids)).collect();
        let mut order: Vec<usize> = Vec::with_capacity(files.len());
        let mut placed = vec![false; files.len()];
        loop {
            let before = order.len();
            for i in ids.values().copied() {
                let ready = wants
                    .get(i)
                    .is_some_and(|w| w.iter().all(|j| placed.get(*j).copied().unwrap_or(false)));
                if ready && !placed.get(i).copied().unwrap_or(true) {
                    order.push(i);
                    if let Some(place) = placed.get_mut(i) {
                        *place = true;
                    }
                }
            }
            if order.len() == before {
                break;
            }
        }
        for (id, i) in ids {
            let is_placed = placed.get(*i).copied().unwrap_or(true);
            let Some((source, file)) = files.get(*i).filter(|_| !is_placed) else { continue };
            self.lost.insert(id.clone());
            if reaches(*i, &wants) {
                let message = format!("`{id}` asks for a rule that asks for it");
                self.problems.push(source.problem("circle", file.id.span(), message));
            }
        }
        order
    }
}

/// Whether a rule asks, over others, for itself; else it only waits for those that do.
fn reaches(start: usize, wants: &[Vec<usize>]) -> bool {
    let mut seen = vec![false; wants.len()];
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for next in wants.get(at).map_or(&[][..], Vec::as_slice) {
            if *next == start {
                return true;
            }
            if let Some(seen) = seen.get_mut(*next).filter(|seen| !**seen) {
                *seen = true;
                open.push(*next);
            }
        }
    }
    false
}

/// The rules that a rule asks for: by id, or as those of a stage.
fn wanted(own: usize, files: &[(Source, RuleFile)], ids: &BTreeMap<String, usize>) -> Vec<usize> {
    let Some((_, file)) = files.get(own) else { return Vec::new() };
    let mut wanted = Vec::new();
    for table in file.alternatives() {
        let words = |key: &str| {
            let entries = table.get(key).and_then(Value::as_array);
            entries.into_iter().flatten().filter_map(Value::as_str)
        };
        for key in ["rule", "rules", "no_rule"] {
            wanted.extend(words(key).filter_map(|id| ids.get(id)).copied());
        }
        for stage in words("stage") {
            let of = |(i, (_, other)): (usize, &(Source, RuleFile))| {
                (i != own && other.stage.as_ref().is_some_and(|s| s.as_ref() == stage)).then_some(i)
            };
            wanted.extend(files.iter().enumerate().filter_map(of));
        }
    }
    wanted
}
