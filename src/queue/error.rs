//! What can go wrong with the queue.

use std::io;
use std::path::PathBuf;

/// Why the queue could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The folder cannot be made, moved or synced.
    #[error("cannot {deed} `{}`: give the disk space and the folder to this user", path.display())]
    Disk {
        /// What was being done.
        deed: &'static str,
        /// To what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The database refused.
    #[error("cannot {deed} in the queue: `netra store rebuild` makes it anew, nothing is lost")]
    Database {
        /// What was being done.
        deed: &'static str,
        /// Why not.
        source: sled::Error,
    },
    /// The database broke down inside.
    #[error(
        "the queue's database broke down while trying to {deed}: `netra store rebuild` makes it anew, nothing is lost"
    )]
    Broken {
        /// What was being done.
        deed: &'static str,
    },
    /// A record is not what was written.
    #[error(
        "a record of the queue is damaged: `netra store rebuild` makes it anew, nothing is lost"
    )]
    Damaged {
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// There is no such post in the queue.
    #[error("the queue holds no post with number {id}: `netra queue list` shows those it holds")]
    Unknown {
        /// The number.
        id: u64,
    },
    /// Another thread broke down while it held the queue.
    #[error("the queue was left in the middle of a step: start Netra again, nothing is lost")]
    Poisoned,
}

impl QueueError {
    /// Whether [`Queue::reopen`](super::Queue::reopen) may help.
    pub const fn asks_to_reopen(&self) -> bool {
        matches!(self, Self::Database { .. } | Self::Broken { .. } | Self::Poisoned)
    }
}
