//! The store's keys as they lie in its folder.

use std::fs;
use std::path::Path;

use super::error::{Doing, StoreError};
use super::ledger::note::Signer;
use crate::model::{Digest, Secret};

/// The key that signs checkpoints.
pub(super) fn read_signer(data: &Path) -> Result<Signer, StoreError> {
    let path = data.join("key");
    let text = fs::read_to_string(&path).doing("read", &path)?;
    Signer::parse(&text).map_err(|what| StoreError::damaged(&path, what.to_string()))
}

/// The key of keyed digests.
pub(super) fn read_secret(data: &Path) -> Result<Secret, StoreError> {
    let path = data.join("secret");
    let text = fs::read_to_string(&path).doing("read", &path)?;
    let digest: Result<Digest, _> = text.trim_end().parse();
    let digest = digest.map_err(|_| StoreError::damaged(&path, "it is not 64 hex digits"))?;
    Ok(Secret::new(digest.0))
}

