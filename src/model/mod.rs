//! What flows through Netra: plain data, without I/O, clock or tasks.
//!
//! The life of a post, told once. A source answers; the answer, byte for byte,
//! is a [`Capture`]. What a person would call one item in it is a [`Post`].
//! The matcher gives every post a [`Verdict`]; a verdict that is flagged
//! becomes a [`Finding`], and waits. A person looks and makes a [`Decision`];
//! a *dugaan* needs a second person who has not seen the first one's choice.
//! Whatever changes anything is an [`Event`], written as an [`Entry`] of the
//! ledger, from which the report of a [`Period`] is counted.

pub mod bookmark;
pub mod capture;
pub mod clock;
pub mod decision;
pub mod digest;
pub mod event;
pub mod finding;
pub mod standing;
pub mod health;
pub mod period;
pub mod post;
pub mod recheck;
pub mod verdict;

pub use bookmark::Bookmark;
pub use capture::{Capture, CaptureId, PostRef};
pub use clock::Clock;
pub use decision::{Choice, Decision, Reason, Role};
pub use digest::{Digest, Secret};
pub use event::{Actor, Draft, Entry, Event, PayloadId};
pub use finding::{Finding, FindingId, FindingState, Judged, Opened, Status};
pub use health::Health;
pub use period::Period;
pub use post::{Author, Post, PostId, PostKind};
pub use recheck::{Fate, Rechecked, Reread};
pub use verdict::{
    AsnEvidence, CandidateStatus, Category, Compliance, ComplianceKind, Field, Hit, Part, Priority,
    SkbRow, StageAt, Verdict,
};
