//! Health: when a source last answered, and what ails it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a source is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// When it was last asked.
    pub asked: Option<Timestamp>,
    /// When it last answered well (new content, or nothing new).
    pub answered: Option<Timestamp>,
    /// When it last gave a post not known before.
    pub fresh: Option<Timestamp>,
    /// When it is due next.
    pub due: Option<Timestamp>,
    /// How many answers failed since the last good one.
    pub failures: u32,
    /// What ails it, in a word: `http_503`, `timeout`, `malformed` …; none when
    /// it is well. A sentence could name an address, and this is kept in sled.
    pub ailment: Option<String>,
    /// Posts it gave so far.
    pub posts: u64,
}
