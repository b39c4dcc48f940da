//! Dossier: everything about one finding, read from one state of the ledger, as
//! far as the person who asks may know it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use jiff::Timestamp;
use serde_json::Value;

use crate::model::{
    Capture, CaptureId, Digest, Entry, Event, Finding, FindingState, Judged, PayloadId, Status,
    standing,
};
use crate::review::{self, Reviewer};
use crate::store::StoreError;
use crate::store::extract::{Leaf, Snapshot};
use crate::text::identity::{masked_post, masked_verdict};
use crate::web::failure::Failure;
use crate::web::{App, desk};

/// One finding, ready to be written out.
#[derive(Debug)]
pub(super) struct Dossier {
    /// The finding as the entries tell it.
    pub(super) state: FindingState,
    /// Where it stands, as far as this person may know.
    pub(super) status: Status,
    /// The decisions that this person may know.
    pub(super) judged: Vec<Judged>,
    /// The entries that this person may know.
    pub(super) leaves: Vec<Leaf>,
    /// Their payloads as files; none where one was erased.
    pub(super) payloads: BTreeMap<PayloadId, Option<Vec<u8>>>,
    /// What the payloads say, to be read by people: the one place where it is
    /// taken from, so that whatever is to be covered is covered here.
    words: BTreeMap<PayloadId, Value>,
    /// The captures named, as files, and how they were made; none where one is lost.
    pub(super) captures: BTreeMap<CaptureId, Option<(Vec<u8>, Acquired)>>,
    /// The state of the ledger.
    pub(super) snapshot: Snapshot,
}

/// How a capture was made, as its file tells it.
#[derive(Debug)]
pub(super) struct Acquired {
    pub(super) at: Timestamp,
    pub(super) asked: String,
    pub(super) answered: String,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) agent: Option<String>,
    pub(super) body: Digest,
    pub(super) bytes: u64,
}

/// A version of the post that was flagged.
pub(super) struct Version<'a> {
    pub(super) entry: &'a Entry,
    /// None when it was erased.
    pub(super) finding: Option<Finding>,
}

/// Reads the dossier of this finding for this person.
pub(super) fn read(app: &App, number: &str, reviewer: &Reviewer) -> Result<Dossier, Failure> {
    let store = &app.parts().store;
    let id = desk::state(app, number)?.id;
    let snapshot = store.snapshot().map_err(not_given)?;
    let leaves = store.about(id, snapshot.checkpoint.size).map_err(not_given)?;
    // told by the entries themselves, so that it is of the same state as they are
    let state = fold(&leaves, number).ok_or(Failure::NotFound)?;
    let shown = review::shown_to(&state, reviewer);
    let leaves: Vec<_> =
        leaves.into_iter().filter(|leaf| review::may_be_shown(&shown, &leaf.entry)).collect();
    let mut payloads = BTreeMap::new();
    let mut words = BTreeMap::new();
    for id in leaves.iter().filter_map(|leaf| leaf.entry.payload) {
        payloads.insert(id, there(store.payload_bytes(id)).map_err(not_given)?);
        words.extend(desk::content(app, id).map(|value| (id, value)));
    }
    let mut captures = BTreeMap::new();
    for id in leaves.iter().filter_map(|leaf| capture_of(&leaf.entry.event)) {
        if let Slot::Vacant(slot) = captures.entry(id) {
            slot.insert(capture(app, id).map_err(not_given)?);
        }
    }
    let (status, judged) = (shown.status, shown.judged.into_iter().cloned().collect());
    Ok(Dossier { state, status, judged, leaves, payloads, words, captures, snapshot })
}

/// The finding after these entries.
fn fold(leaves: &[Leaf], number: &str) -> Option<FindingState> {
    let mut state: Option<FindingState> = None;
    for leaf in leaves {
        state = match state {
            None => standing::first(&leaf.entry, number.to_owned()),
            Some(state) => Some(standing::after(&state, &leaf.entry)),
        };
    }
    state
}

/// The capture that an entry names as evidence.
const fn capture_of(event: &Event) -> Option<CaptureId> {
    match event {
        Event::Flagged { capture, .. } => Some(*capture),
        Event::Rechecked { capture, .. } => *capture,
        _ => None,
    }
}

fn capture(app: &App, id: CaptureId) -> Result<Option<(Vec<u8>, Acquired)>, StoreError> {
    let store = &app.parts().store;
    let Some(file) = there(store.capture_file(id))? else { return Ok(None) };
    let (capture, _) = store.capture(id)?;
    Ok(Some((file, Acquired::of(&capture))))
}

/// Why evidence cannot be given: what is damaged is told as such.
#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
pub(super) fn not_given(error: StoreError) -> Failure {
    match (Failure::ours("read the evidence of a finding", &error), error) {
        (Failure::Ours(number), StoreError::Damaged { .. }) => Failure::Damaged(number),
        (failure, _) => failure,
    }
}

/// What was erased or lost is told as such; what is damaged is an error.
fn there<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::NoPayload { .. } | StoreError::NoCapture { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The finding without NIP and NIK: masked before its words are marked, since a
/// mark may begin within a number.
fn masked(finding: Finding) -> Finding {
    let post = masked_post(&finding.post);
    let verdict = masked_verdict(&post, &finding.verdict);
    Finding { post, verdict, ..finding }
}

impl Acquired {
    fn of(capture: &Capture) -> Self {
        let mut sent = capture.request_headers.iter();
        let agent = sent.find(|(name, _)| name.eq_ignore_ascii_case("user-agent"));
        Self {
            at: capture.at,
            asked: capture.asked.clone(),
            answered: capture.answered.clone(),
            status: capture.status,
            headers: capture.headers.clone(),
            agent: agent.map(|(_, agent)| agent.clone()),
            body: capture.digest(),
            bytes: capture.body.len() as u64,
        }
    }
}

impl Dossier {
    /// Whether a person still has to decide, as far as this person may know.
    pub(super) fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// The versions that were flagged, oldest first.
    pub(super) fn versions(&self) -> Vec<Version<'_>> {
        let flagged = |leaf: &&Leaf| matches!(leaf.entry.event, Event::Flagged { .. });
        let version = |leaf: &'_ Leaf| {
            let value = leaf.entry.payload.and_then(|id| self.words.get(&id).cloned());
            let finding: Option<Finding> =
                value.and_then(|value| serde_json::from_value(value).ok());
            finding.map(masked)
        };
        let leaves = self.leaves.iter().filter(flagged);
        leaves.map(|leaf| Version { finding: version(leaf), entry: &leaf.entry }).collect()
    }

    /// The reason in words that an entry's payload gives; none if there is none, or it was erased.
    pub(super) fn reason(&self, payload: Option<PayloadId>) -> Option<&str> {
        self.words.get(&payload?)?.get("reason")?.as_str()
    }

    /// How the capture of the version last flagged was made.
    pub(super) fn acquired(&self) -> Option<&Acquired> {
        self.captures.get(&self.state.capture)?.as_ref().map(|(_, acquired)| acquired)
    }
}
