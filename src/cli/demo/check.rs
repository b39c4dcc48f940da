//! `netra demo --check`: every stage's counts against what the labels say.
//!
//! Known misses stay in the fixtures and are listed in
//! `fixtures/demo/known.toml`; the check fails when they change in either
//! direction, so that the list stays exact.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::site::{Ailment, FORBIDDEN, SITES};
use super::world::{Item, Label, World};
use crate::cli::Result;
use crate::cli::failure::{Code, Failure};
use crate::model::{Event, Post};
use crate::queue::Queue;
use crate::store::Store;

const KNOWN: &str = include_str!("../../../fixtures/demo/known.toml");

/// The differences that are known: ids of items.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Known {
    /// Labelled a violation, not flagged.
    missed: BTreeSet<String>,
    /// Flagged in vain.
    in_vain: BTreeSet<String>,
    /// Labelled a compliance event, not recognised.
    compliance_missed: BTreeSet<String>,
    /// Recognised as a compliance event in vain.
    compliance_in_vain: BTreeSet<String>,
}

/// What the store holds, by the items' ids.
#[derive(Debug, Default)]
pub(crate) struct Found {
    settled: BTreeMap<String, usize>,
    flagged: BTreeSet<String>,
    complied: BTreeSet<String>,
    strangers: usize,
}

impl Found {
    /// Reads ledger and captures.
    pub(crate) fn read(store: &Store, world: &World) -> Result<Self> {
        let mut found = Self::default();
        let by_path: BTreeMap<&str, &Item> = world
            .items
            .iter()
            .filter(|item| item.copy_of.is_none())
            .map(|item| (item.path.as_str(), item))
            .collect();
        for entry in store.entries(0) {
            let entry = entry.map_err(damaged)?;
            match entry.event {
                Event::Checked { capture, posts, .. } => {
                    let (_, read) = store.capture(capture).map_err(damaged)?;
                    for index in posts {
                        match read.get(index as usize).and_then(|post| item_of(post, &by_path)) {
                            Some(item) => *found.settled.entry(item.id.clone()).or_default() += 1,
                            None => found.strangers += 1,
                        }
                    }
                }
                Event::Flagged { capture, index, .. } => {
                    let (_, read) = store.capture(capture).map_err(damaged)?;
                    let item = read.get(index as usize).and_then(|post| item_of(post, &by_path));
                    found.flagged.extend(item.map(|item| item.id.clone()));
                }
                Event::Complied { capture, index, .. } => {
                    let (_, read) = store.capture(capture).map_err(damaged)?;
                    let item = read.get(index as usize).and_then(|post| item_of(post, &by_path));
                    found.complied.extend(item.map(|item| item.id.clone()));
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// How many items were flagged.
    pub(crate) fn flagged(&self) -> usize {
        self.flagged.len()
    }

    /// How many items were settled.
    pub(crate) fn settled(&self) -> usize {
        self.settled.len()
    }

    /// Each difference from what the labels say, one sentence each.
    pub(crate) fn differences(&self, world: &World) -> Result<Vec<String>> {
        let known: Known = toml::from_str(KNOWN).map_err(|error| {
            Failure::new(Code::Internal, "cannot read fixtures/demo/known.toml").because(error)
        })?;
        let mut differences = Vec::new();
        if self.strangers > 0 {
            differences
                .push(format!("{} posts were settled that no fixture holds", self.strangers));
        }
        for item in world.items.iter().filter(|item| item.copy_of.is_none()) {
            let times = self.settled.get(&item.id).copied().unwrap_or(0);
            let expected = usize::from(!is_forbidden(item));
            if times != expected {
                differences.push(format!(
                    "{} of {}: settled {times} times, expected {expected}",
                    item.id, item.source
                ));
            }
        }
        let labelled = |label| ids(world, label);
        let violations = labelled(Label::Violation);
        let compliance = labelled(Label::ComplianceEvent);
        compare("missed", &(&violations - &self.flagged), &known.missed, &mut differences);
        compare(
            "flagged in vain",
            &(&self.flagged - &violations),
            &known.in_vain,
            &mut differences,
        );
        compare(
            "compliance missed",
            &(&compliance - &self.complied),
            &known.compliance_missed,
            &mut differences,
        );
        compare(
            "compliance recognised in vain",
            &(&self.complied - &compliance),
            &known.compliance_in_vain,
            &mut differences,
        );
        Ok(differences)
    }
}

fn damaged(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(Code::Io, "cannot read the demo's store").because(error)
}

fn is_forbidden(item: &Item) -> bool {
    let site = SITES.iter().find(|site| site.name == item.source);
    site.is_some_and(|site| site.ailment == Ailment::RobotsForbid)
        && item.path.starts_with(FORBIDDEN)
}

fn ids(world: &World, label: Label) -> BTreeSet<String> {
    let items = world.items.iter().filter(|item| item.copy_of.is_none() && !is_forbidden(item));
    items.filter(|item| item.label == Some(label)).map(|item| item.id.clone()).collect()
}

fn item_of<'a>(post: &Post, by_path: &BTreeMap<&str, &'a Item>) -> Option<&'a Item> {
    let address = url::Url::parse(post.address.as_deref()?).ok()?;
    by_path.get(address.path()).copied()
}

fn compare(what: &str, now: &BTreeSet<String>, known: &BTreeSet<String>, into: &mut Vec<String>) {
    for id in now - known {
        into.push(format!("{id}: {what}, and not among the known ones"));
    }
    for id in known - now {
        into.push(format!("{id}: no longer {what}; take it out of fixtures/demo/known.toml"));
    }
}

/// What the queue should not hold in the end.
pub(crate) fn queue(queue: &Queue) -> Result<Vec<String>> {
    let counts = queue
        .counts()
        .map_err(|error| Failure::new(Code::Io, "cannot read the demo's queue").because(error))?;
    let left =
        [("waiting", counts.waiting), ("on loan", counts.leased), ("set aside", counts.aside)];
    let say = |(what, count): (&str, usize)| format!("queue: {count} posts {what} in the end");
    Ok(left.into_iter().filter(|(_, count)| *count > 0).map(say).collect())
}
