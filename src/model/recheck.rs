//! Recheck: a later look at the page of a finding, and what became of the page.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CaptureId, PayloadId};

/// What became of the page of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The text that was flagged still stands there.
    Same,
    /// It stands there no more as it was.
    Edited,
    /// The page is gone: 404 or 410.
    Gone,
    /// Nothing can be said: the page could not be had.
    Unreachable,
    /// Nothing can be said: the text was read elsewhere, from a feed, and was
    /// never found on this page.
    Uncompared,
}

impl Fate {
    /// The word used in JSON, in the ledger and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Edited => "edited",
            Self::Gone => "gone",
            Self::Unreachable => "unreachable",
            Self::Uncompared => "uncompared",
        }
    }
}

/// One later look as the ledger tells it; what was read is in the payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rechecked {
    /// The number of the ledger entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What became of the page.
    pub fate: Fate,
    /// The answer, if there was one.
    pub capture: Option<CaptureId>,
    /// What stood in the way, in a word: `timeout`, `robots`, `http_503` …
    pub ailment: Option<String>,
    /// The payload that holds the [`Reread`].
    pub payload: Option<PayloadId>,
}

/// What a later look read: the payload of its entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reread {
    /// The address asked.
    pub asked: String,
    /// The address that answered, empty if none did.
    pub answered: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The headline now, where the page was [`Fate::Edited`] and could be read.
    pub title: String,
    /// The text now, likewise.
    pub text: String,
}
