//! Capture: the bytes as received, with address, time and digest.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Digest;

/// One answer of a public server, exactly as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The source that asked, by its name in the configuration.
    pub source: String,
    /// The address asked.
    pub asked: String,
    /// The address that answered, after redirects.
    pub answered: String,
    /// The request's header lines as sent.
    pub request_headers: Vec<(String, String)>,
    /// When the answer was complete.
    pub at: Timestamp,
    /// The HTTP status.
    pub status: u16,
    /// The answer's header lines as received.
    pub headers: Vec<(String, String)>,
    /// The body, content encoding removed.
    pub body: Vec<u8>,
}

impl Capture {
    /// The digest of the body.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.body)
    }

    /// The value of the first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.iter();
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The name of a kept capture: the SHA-256 of its WARC file as it lies on
/// disk. A file whose bytes changed no longer answers to its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaptureId(pub Digest);

impl fmt::Display for CaptureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a post lies: which capture, and the how-manieth post of it.
/// This, and no text, is what the queue holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostRef {
    /// The capture.
    pub capture: CaptureId,
    /// Its place among the capture's posts, from 0.
    pub index: u32,
    /// The keyed digest of the post's name.
    pub post: Digest,
    /// The keyed digest of the post's content.
    pub version: Digest,
}
