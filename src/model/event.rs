//! Event and Entry: all that can be written in the ledger.
//!
//! An event holds ids, units, rule ids, categories, scores, states and times
//! in clear, so that a report is counted from the ledger alone. Texts, names,
//! addresses and reasons in words stand in a payload, which the event names
//! by a salted digest; the payload, salt included, can be erased by law while
//! the log stays whole.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    CaptureId, Category, Choice, ComplianceKind, Digest, Fate, FindingId, PostKind, Priority,
    Reason, Role,
};

/// Who did it: a user's name, or a part of the program such as `netra:pipeline`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(pub String);

impl Actor {
    /// The daemon's machine half.
    pub fn pipeline() -> Self {
        Self("netra:pipeline".into())
    }

    /// The person at the command line, by the Unix user name.
    pub fn unix(name: &str) -> Self {
        Self(format!("unix:{name}"))
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a payload: the SHA-256 of its salt and its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PayloadId(pub Digest);

impl fmt::Display for PayloadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The store was made. Always entry 0.
    Opened {
        /// Version of the format of the files, 1.
        format: u32,
    },
    /// The daemon started.
    Started {
        /// Netra's version.
        version: String,
        /// The digest of the rule set.
        ruleset: String,
        /// The number of sources.
        sources: u32,
    },
    /// The daemon ended as it was told to.
    Stopped,
    /// Another rule set is in force.
    RulesChanged {
        /// The digest of the one before.
        before: String,
        /// The digest of the one from here on.
        after: String,
    },
    /// The signing key was changed. Checkpoints over this entry and earlier
    /// ones are signed by the old key, or anew by the new one; later ones by
    /// the new one only.
    KeyRotated {
        /// The old public key, as a signed-note verifier takes it.
        old: String,
        /// The new public key, likewise.
        new: String,
        /// The old key's signature that hands over to the new one, in base64.
        signature: String,
    },
    /// A post was flagged, or flagged again in a new version.
    Flagged {
        /// The finding.
        finding: FindingId,
        /// The version of the post.
        version: Digest,
        /// The source.
        source: String,
        /// What kind of item.
        kind: PostKind,
        /// The rules that gave weight.
        rules: Vec<String>,
        /// The acts, gravest first.
        categories: Vec<Category>,
        /// The stage of the election.
        stage: String,
        /// The score.
        score: f64,
        /// How urgent it is.
        priority: Priority,
        /// The unit named, if any.
        unit: Option<String>,
        /// When the post was published.
        published: Option<Timestamp>,
        /// Where the post lies.
        capture: CaptureId,
        /// Its place there.
        index: u32,
        /// The digest of the rule set.
        ruleset: String,
    },
    /// A compliance event was recognised; offered to the register.
    Complied {
        /// The keyed digest of the post's name.
        post: Digest,
        /// What was done.
        kind: ComplianceKind,
        /// The unit named.
        unit: Option<String>,
        /// The date named.
        date: Option<Date>,
        /// The source.
        source: String,
        /// Where the post lies.
        capture: CaptureId,
        /// Its place there.
        index: u32,
    },
    /// Posts of a capture were matched and are settled.
    Checked {
        /// The source.
        source: String,
        /// The capture.
        capture: CaptureId,
        /// The places of the posts, ascending.
        posts: Vec<u32>,
        /// How many of them were flagged.
        flagged: u32,
    },
    /// A post was taken out of the queue unmatched, by a person.
    Dropped {
        /// The capture.
        capture: CaptureId,
        /// The post's place there.
        index: u32,
    },
    /// A source stopped answering well.
    SourceFailed {
        /// The source.
        source: String,
        /// What ails it, in a word: `http_503`, `timeout`, `malformed` …
        ailment: String,
    },
    /// A source answers well again.
    SourceRecovered {
        /// The source.
        source: String,
    },
    /// A person decided.
    Decided {
        /// The finding.
        finding: FindingId,
        /// What was decided.
        choice: Choice,
        /// Why it is not a violation.
        code: Option<Reason>,
        /// The kind of act, for a dugaan.
        category: Option<Category>,
        /// The unit concerned, for a dugaan.
        unit: Option<String>,
    },
    /// A decision was taken back.
    Undone {
        /// The finding.
        finding: FindingId,
        /// The entry of the decision.
        decision: u64,
    },
    /// A finding was opened, at a page or at a terminal; once for each person and version.
    Seen {
        /// The finding.
        finding: FindingId,
    },
    /// The evidence of a finding was handed out as one file. The reason is in the payload.
    Exported {
        /// The finding.
        finding: FindingId,
        /// The digest of the file's manifest, which names the digest of everything in it.
        manifest: Digest,
    },
    /// The page of a finding was looked at again; what was read is the payload.
    Rechecked {
        /// The finding.
        finding: FindingId,
        /// What became of the page.
        fate: Fate,
        /// The answer, if there was one.
        capture: Option<CaptureId>,
        /// What stood in the way, in a word: `timeout`, `robots`, `http_503` …
        ailment: Option<String>,
    },
    /// NIP and NIK of a finding were shown to whoever wrote the entry; the
    /// reason given is the payload.
    IdentityShown {
        /// The finding.
        finding: FindingId,
    },
    /// A user was made or changed.
    UserChanged {
        /// The user's name.
        user: String,
        /// The role given.
        role: Role,
    },
    /// A report was written.
    Reported {
        /// The half-year, `2026-S2`.
        period: String,
        /// The file's format.
        format: String,
        /// The digest of the file.
        digest: Digest,
    },
}

impl Event {
    /// The names of units and sources in it: the only words in clear that
    /// somebody outside can have a hand in.
    pub fn words_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Flagged { source, unit, .. } | Self::Complied { source, unit, .. } => {
                std::iter::once(source).chain(unit).collect()
            }
            Self::Checked { source, .. }
            | Self::SourceFailed { source, .. }
            | Self::SourceRecovered { source } => vec![source],
            Self::Decided { unit, .. } => unit.iter_mut().collect(),
            Self::Opened { .. }
            | Self::Started { .. }
            | Self::Stopped
            | Self::Dropped { .. }
            | Self::Undone { .. }
            | Self::Seen { .. }
            | Self::Exported { .. }
            | Self::Rechecked { .. }
            | Self::IdentityShown { .. }
            | Self::RulesChanged { .. }
            | Self::KeyRotated { .. }
            | Self::UserChanged { .. }
            | Self::Reported { .. } => Vec::new(),
        }
    }
}

/// An event on its way into the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What happened.
    pub event: Event,
    /// What must be erasable: kept as a payload beside the ledger.
    pub payload: Option<serde_json::Value>,
}

impl From<Event> for Draft {
    fn from(event: Event) -> Self {
        Self { event, payload: None }
    }
}

/// An event in the ledger: a leaf of the Merkle tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 0.
    pub seq: u64,
    /// When it was appended.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// The payload, by its salted digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<PayloadId>,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}
