//! The demo's invented world: who publishes what, and what the labels say of it.
//!
//! The texts and labels lie in `fixtures/demo/`; they were written from the
//! labelling guideline before any rule was. Ages are relative to the start,
//! so that the queue looks alive whenever the demo runs.

use serde::Deserialize;

use crate::model::Author;

const NEWS: &str = include_str!("../../../fixtures/demo/news.jsonl");
const SOCIAL: &str = include_str!("../../../fixtures/demo/social.jsonl");

/// The invented contest, a further word list beside the shipped rules.
pub(crate) const CONTEST: &str = include_str!("../../../fixtures/demo/contest.toml");

/// What the guideline says of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Label {
    /// Should be put before a person.
    Violation,
    /// Should not.
    NotViolation,
    /// A unit's ikrar, sosialisasi and the like.
    ComplianceEvent,
}

/// One invented item.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) author: Author,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) text: String,
    pub(crate) minutes_ago: i64,
    #[serde(default)]
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) label: Option<Label>,
    /// The item whose address and text it repeats.
    #[serde(default)]
    pub(crate) copy_of: Option<String>,
}

/// A fixture line that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read line {line} of the demo's fixtures")]
pub(crate) struct BadFixture {
    line: usize,
    source: serde_json::Error,
}

/// All items, copies resolved.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) items: Vec<Item>,
}

impl World {
    /// The world as bundled.
    pub(crate) fn load() -> Result<Self, BadFixture> {
        let mut items = Vec::new();
        for (number, line) in NEWS.lines().chain(SOCIAL.lines()).enumerate() {
            let item: Item = serde_json::from_str(line)
                .map_err(|source| BadFixture { line: number + 1, source })?;
            items.push(item);
        }
        Ok(Self { items: resolve_copies(items) })
    }

    /// The items of a source, newest first.
    pub(crate) fn of(&self, source: &str) -> Vec<Item> {
        let mut items: Vec<_> =
            self.items.iter().filter(|item| item.source == source).cloned().collect();
        items.sort_by(|one, other| (one.minutes_ago, &one.id).cmp(&(other.minutes_ago, &other.id)));
        items
    }
}

fn resolve_copies(items: Vec<Item>) -> Vec<Item> {
    let originals = items.clone();
    let original = |id: &str| originals.iter().find(|item| item.id == id);
    let resolve = |item: Item| match item.copy_of.as_deref().and_then(original) {
        Some(original) => Item {
            id: item.id,
            source: item.source,
            minutes_ago: item.minutes_ago,
            copy_of: item.copy_of,
            ..original.clone()
        },
        None => item,
    };
    items.into_iter().map(resolve).collect()
}
