//! Finding: a flagged post and what a person needs to judge it; `FindingState`:
//! what the ledger says of it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    CaptureId, Category, Choice, Digest, PayloadId, Post, PostKind, Priority, Rechecked, Verdict,
};

/// The name of a finding: the keyed digest of the post's name, so that a
/// second scan by changed rules finds the same finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FindingId(pub Digest);

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is kept of a flagged post, as the payload of its `flagged` entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The post as its source gave it.
    pub post: Post,
    /// What the matcher said of it.
    pub verdict: Verdict,
    /// The address asked and the one that answered.
    pub asked: String,
    /// The address that answered.
    pub answered: String,
    /// When the answer was complete.
    pub captured: Timestamp,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Size of the body, in bytes.
    pub size: u64,
    /// The digest of the body.
    pub body: Digest,
}

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody decided yet.
    Baru,
    /// One person said dugaan; a second one, who does not see that, is awaited.
    MenungguKedua,
    /// Two people agreed on dugaan.
    Dugaan,
    /// Not a violation.
    Bukan,
    /// With the Ketua Tim.
    Eskalasi,
    /// Put off.
    Ditunda,
}

impl Status {
    /// All, in the order of the queue's filter.
    pub const ALL: [Self; 6] =
        [Self::Baru, Self::MenungguKedua, Self::Eskalasi, Self::Ditunda, Self::Dugaan, Self::Bukan];

    /// The word used on the command line and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Baru => "baru",
            Self::MenungguKedua => "menunggu_kedua",
            Self::Dugaan => "dugaan",
            Self::Bukan => "bukan",
            Self::Eskalasi => "eskalasi",
            Self::Ditunda => "ditunda",
        }
    }

    /// Whether a person still has to decide.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Baru | Self::MenungguKedua | Self::Eskalasi | Self::Ditunda)
    }
}

/// One decision as the ledger tells it; the words of the reason are in the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The number of the ledger entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The reviewer's user name.
    pub by: String,
    /// What was decided.
    pub choice: Choice,
    /// Whether it was taken back.
    pub undone: bool,
    /// The kind of act, for a dugaan.
    pub category: Option<Category>,
    /// The payload that holds the reason.
    pub payload: Option<PayloadId>,
    /// The status before it, restored by an undo.
    pub before: Status,
}

/// A finding as the ledger tells it: ids, states and figures, no text, name or address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingState {
    /// Its name.
    pub id: FindingId,
    /// Its number for people: `T-2026-00412`; counted per year in the order of the ledger.
    pub number: String,
    /// The ledger entry that flagged it.
    pub seq: u64,
    /// When it was flagged.
    pub at: Timestamp,
    /// The source, by its name in the configuration.
    pub source: String,
    /// What kind of item the post is.
    pub kind: PostKind,
    /// The rules that gave weight.
    pub rules: Vec<String>,
    /// The acts, gravest first.
    pub categories: Vec<Category>,
    /// The score.
    pub score: f64,
    /// How urgent it is.
    pub priority: Priority,
    /// The unit named, if any.
    pub unit: Option<String>,
    /// When the post was published, if known.
    pub published: Option<Timestamp>,
    /// The capture the post was read from, and its place there.
    pub capture: CaptureId,
    /// The post's place among the capture's posts.
    pub index: u32,
    /// The version of the post that was flagged.
    pub version: Digest,
    /// The payload that holds the [`Finding`].
    pub payload: Option<PayloadId>,
    /// Where it stands.
    pub status: Status,
    /// What was decided so far, oldest first.
    pub judged: Vec<Judged>,
    /// The later looks at its page, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rechecked: Vec<Rechecked>,
    /// Who opened it since its version was flagged, each once, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Opened>,
}

/// That a person opened a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
