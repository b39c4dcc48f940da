//! Delivery: a post on loan, given back or finished; Aside: one set aside.

use crate::model::PostRef;

/// A post on loan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its number in the queue.
    pub id: u64,
    /// The source it came from.
    pub source: String,
    /// Where it lies.
    pub post: PostRef,
    /// How many times it was lent, this time included.
    pub tries: u32,
}

impl Delivery {
    pub(super) const fn new(id: u64, source: String, post: PostRef, tries: u32) -> Self {
        Self { id, source, post, tries }
    }
}

/// A post that could not be matched at its last try and waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The post.
    pub delivery: Delivery,
    /// Why it could not be matched.
    pub reason: String,
}

/// How full the queue is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Posts that wait.
    pub waiting: usize,
    /// Posts on loan.
    pub leased: usize,
    /// Posts set aside.
    pub aside: usize,
}
