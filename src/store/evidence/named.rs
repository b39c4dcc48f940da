//! What the entries of the ledger name.

use std::collections::BTreeMap;

use crate::model::{CaptureId, Entry, Event, PayloadId};

/// What one entry names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    seq: u64,
    payload: Option<PayloadId>,
    /// A capture, and the highest place of a post in it, if one is named.
    capture: Option<(CaptureId, Option<u32>)>,
}

/// What an entry names.
pub(super) fn of(entry: &Entry) -> Names {
    let capture = match &entry.event {
        Event::Flagged { capture, index, .. }
        | Event::Complied { capture, index, .. }
        | Event::Dropped { capture, index } => Some((*capture, Some(*index))),
        Event::Rechecked { capture, .. } => capture.map(|capture| (capture, None)),
        Event::Checked { capture, posts, .. } => {
            Some((*capture, Some(posts.iter().copied().max().unwrap_or(0))))
        }
        _ => None,
    };
    Names { seq: entry.seq, payload: entry.payload, capture }
}

impl Names {
    /// The capture, if one is named.
    pub(super) fn capture(&self) -> Option<CaptureId> {
        self.capture.map(|(capture, _)| capture)
    }
}

/// What all of these entries name.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// How many entries the ledger has.
    pub(super) size: u64,
    /// Whether the ledger is open or was cut off, so that more may lie there
    /// than the entries name.
    pub(super) is_open: bool,
    /// Payloads, each with its entry, in the order of entries.
    pub(super) payloads: Vec<(u64, PayloadId)>,
    /// Captures: the first entry that names each, and the highest place named, if any.
    pub(super) captures: BTreeMap<CaptureId, (u64, Option<u32>)>,
}

impl Named {
    /// What these entries, in their order, name.
    pub(super) fn all(size: u64, entries: Vec<Names>, is_open: bool) -> Self {
        let mut named = Self { size, is_open, ..Self::default() };
        for entry in entries {
            named.payloads.extend(entry.payload.map(|payload| (entry.seq, payload)));
            if let Some((capture, place)) = entry.capture {
                let (_, highest) = named.captures.entry(capture).or_insert((entry.seq, place));
                *highest = (*highest).max(place);
            }
        }
        named
    }
}
