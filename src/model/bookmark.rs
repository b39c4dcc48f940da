//! Bookmark: how far a source was read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Digest;

/// How far a source was read: what the next request says to be spared what is
/// known. Holds digests of addresses, never addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bookmark {
    /// The validators of the source's own address, as last answered.
    pub etag: Option<String>,
    /// Its `Last-Modified`, as last answered.
    pub last_modified: Option<String>,
    /// Pages already read, by the keyed digest of their address; the number
    /// says in which poll each was last listed, so that old ones can go.
    pub read: BTreeMap<Digest, u64>,
    /// How many polls there were.
    pub polls: u64,
}
