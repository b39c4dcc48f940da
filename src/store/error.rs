//! What can go wrong in the store, each with its remedy.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::{CaptureId, PayloadId};

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the folder open.
    #[error(
        "`{}` is in use by another netra: stop that one, or talk to it (`netra review …` does)",
        folder.display()
    )]
    Locked {
        /// The data folder.
        folder: PathBuf,
    },
    /// There is no store in the folder.
    #[error("`{}` holds no store: `netra init` makes one", folder.display())]
    Missing {
        /// The data folder.
        folder: PathBuf,
    },
    /// There is a store in the folder already.
    #[error("`{}` holds a store already: open it, or choose an empty folder", folder.display())]
    Exists {
        /// The data folder.
        folder: PathBuf,
    },
    /// The file system refused.
    #[error("cannot {deed} `{}`: check space, permissions and the disk", path.display())]
    Io {
        /// What was being done.
        deed: &'static str,
        /// To which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the evidence is not as it was written.
    #[error("`{}` is damaged: {what}; `netra evidence verify --all` names all that is", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A key may be read by others than its owner.
    #[error(
        "`{0}` may be read by others (mode {mode:o}): `chmod 600 {0}`, and if somebody may have read it, `netra evidence key rotate`",
        path.display()
    )]
    Exposed {
        /// The key's file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// An entry is larger than a bundle of the ledger can hold.
    #[error(
        "an entry of {bytes} bytes does not fit the ledger, which takes 65535: move text into the payload"
    )]
    EntryTooLarge {
        /// Its size as JSON, in bytes.
        bytes: usize,
    },
    /// More entries at once than an append takes.
    #[error("{drafts} entries at once are too many, an append takes {most}: split them")]
    BatchTooLarge {
        /// How many there were.
        drafts: usize,
        /// How many are taken.
        most: usize,
    },
    /// A value cannot be written as JSON.
    #[error("cannot write {what} as JSON")]
    Encode {
        /// What was to be written.
        what: &'static str,
        /// Why not.
        source: serde_json::Error,
    },
    /// The ledger failed in a way that leaves open what is on the disk.
    #[error(
        "the ledger in `{}` takes no more entries after a failed sync: restart netra, nothing acknowledged is lost",
        folder.display()
    )]
    Stalled {
        /// The ledger's folder.
        folder: PathBuf,
    },
    /// The index gave an error or nonsense.
    #[error("the index in `{}` is damaged: {what}; `netra store rebuild` makes it anew from the ledger", folder.display())]
    Index {
        /// Its folder.
        folder: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A payload is not there.
    #[error("payload {id} is not in the store: it was erased, or its file is lost")]
    NoPayload {
        /// Its name.
        id: PayloadId,
    },
    /// A capture is not there.
    #[error("capture {id} is not in the store: it was forgotten, or its file is lost")]
    NoCapture {
        /// Its name.
        id: CaptureId,
    },
    /// A capture has a header line that no WARC file can hold.
    #[error("the capture of `{address}` cannot be kept: its {what} holds a control character")]
    Unprintable {
        /// The address asked.
        address: String,
        /// Which part.
        what: &'static str,
    },
    /// Something is larger than the store takes.
    #[error(
        "{what} of {bytes} bytes is larger than the {most} that the store takes: lower `max_body` of the source"
    )]
    TooLarge {
        /// What it is.
        what: &'static str,
        /// Its size in bytes.
        bytes: u64,
        /// The bound in bytes.
        most: u64,
    },
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random {
        /// What it said.
        source: getrandom::Error,
    },
}

impl StoreError {
    /// Whether the disk is full: reading goes on, writing works again when there is space.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Io { source, .. } if matches!(
            source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        ))
    }

    pub(super) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), what: what.into() }
    }
}

/// Gives an I/O error its sentence: what was being done, and to what.
pub(super) trait Doing<T> {
    fn doing(self, deed: &'static str, path: &Path) -> Result<T, StoreError>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, deed: &'static str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Io { deed, path: path.to_owned(), source })
    }
}
