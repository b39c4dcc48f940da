//! Request: what a source wants asked; Page: what it read from the answer.

use url::Url;

use crate::model::{Bookmark, Post};

/// What a source wants asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The address.
    pub address: Url,
    /// What the server said of the version already read, if it was read.
    pub validators: Option<Validators>,
    /// Whether this opens a poll or follows from an answer.
    pub kind: RequestKind,
}

/// What makes a request conditional (RFC 9110 section 13).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag` last answered, sent as `If-None-Match`.
    pub etag: Option<String>,
    /// The `Last-Modified` last answered, sent as `If-Modified-Since`.
    pub last_modified: Option<String>,
}

/// The place of a request in a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// The source's own address, asked at every poll.
    Start,
    /// A page that an answer pointed to, asked once.
    Follow,
}

impl Request {
    /// The request that opens a poll: conditional if the bookmark holds
    /// validators.
    pub fn start(address: Url, bookmark: &Bookmark) -> Self {
        let validators = Validators {
            etag: bookmark.etag.clone(),
            last_modified: bookmark.last_modified.clone(),
        };
        let validators = (validators != Validators::default()).then_some(validators);
        Self { address, validators, kind: RequestKind::Start }
    }

    /// A page that an answer pointed to.
    pub fn follow(address: Url) -> Self {
        Self { address, validators: None, kind: RequestKind::Follow }
    }
}

/// What a source read from one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The posts, in the order of the answer.
    pub posts: Vec<Post>,
    /// Pages to ask next. A source does not know which of them were read in
    /// earlier polls; whoever holds the bookmark leaves those out.
    pub follow: Vec<Request>,
    /// What went wrong on the way without spoiling the rest: one sentence each,
    /// for the operator, without text of posts.
    pub problems: Vec<String>,
}
