//! Captures: `captures/YYYY/MM/DD/<digest>.warc.gz`, one WARC file each, named
//! after the SHA-256 of the file as it lies there. The folder is the day (UTC)
//! of the answer.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::error::{Doing, StoreError};
use super::file::{read_bounded, write_synced};
use super::warc::{self, Earlier, Kept};
use crate::model::{Capture, CaptureId, Digest, Post};

/// The most bytes of a capture's file.
pub const MAX_FILE: u64 = 64 << 20;
/// The end of a capture's file name.
pub(super) const EXTENSION: &str = ".warc.gz";
/// How many places of captures are remembered; a capture is mostly read soon after it was kept.
const REMEMBERED: usize = 4096;

/// The captures of a store.
#[derive(Debug)]
pub(super) struct Captures {
    folder: PathBuf,
    known: Mutex<HashMap<CaptureId, PathBuf>>,
}

impl Captures {
    pub(super) fn new(data: &Path) -> Self {
        Self { folder: data.join("captures"), known: Mutex::default() }
    }

    /// Writes and syncs a capture with its posts. One that is there already is left alone.
    pub(super) fn keep(&self, capture: &Capture, posts: &[Post]) -> Result<CaptureId, StoreError> {
        self.write(capture, posts, None)
    }

    /// The same; the body is left out if it is that of `earlier`.
    pub(super) fn keep_again(
        &self,
        capture: &Capture,
        earlier: Option<CaptureId>,
    ) -> Result<CaptureId, StoreError> {
        let earlier = earlier.map(|id| self.original(id)).transpose()?;
        let is_same = |it: &Earlier| {
            it.kept.payload == capture.digest() && it.kept.capture.status == capture.status
        };
        self.write(capture, &[], earlier.filter(is_same).as_ref())
    }

    /// The capture that holds the body of this one.
    fn original(&self, id: CaptureId) -> Result<Earlier, StoreError> {
        let kept = read(&self.path(id)?, id)?;
        match kept.revisits {
            None => Ok(Earlier { id, kept }),
            Some(id) => Ok(Earlier { id, kept: read(&self.path(id)?, id)? }),
        }
    }

    fn write(
        &self,
        capture: &Capture,
        posts: &[Post],
        earlier: Option<&Earlier>,
    ) -> Result<CaptureId, StoreError> {
        if let Some(what) = warc::unprintable(capture) {
            return Err(StoreError::Unprintable {
                address: capture.asked.escape_debug().to_string(),
                what,
            });
        }
        if let Some((what, bytes, most)) = warc::oversized(capture) {
            return Err(StoreError::TooLarge { what, bytes, most });
        }
        let bytes = warc::write(capture, posts, earlier).doing("compress", &self.folder)?;
        if bytes.len() as u64 > MAX_FILE {
            let bytes = bytes.len() as u64;
            return Err(StoreError::TooLarge { what: "a capture", bytes, most: MAX_FILE });
        }
        let id = CaptureId(Digest::of(&bytes));
        let day = self.folder.join(capture.at.strftime("%Y/%m/%d").to_string());
        let path = day.join(format!("{id}{EXTENSION}"));
        if fs::read(&path).is_ok_and(|present| present == bytes) {
            // it may be there unsynced, from a process that was killed
            fs::File::open(&path).and_then(|file| file.sync_all()).doing("sync", &path)?;
            super::file::sync_folder(&day)?;
        } else {
            write_synced(&path, &bytes)?;
        }
        self.remember(id, path);
        Ok(id)
    }

    /// Reads a capture and checks that it is as it was kept.
    pub(super) fn read(&self, id: CaptureId) -> Result<(Capture, Vec<Post>), StoreError> {
        let path = self.path(id)?;
        let Kept { mut capture, posts, revisits, payload, .. } = read(&path, id)?;
        if let Some(earlier) = revisits {
            let earlier = read(&self.path(earlier)?, earlier)?;
            if earlier.capture.digest() != payload {
                let what = "the capture that it names for its body has another one";
                return Err(StoreError::damaged(&path, what));
            }
            capture.body = earlier.capture.body;
        }
        Ok((capture, posts))
    }

    /// Where a capture lies.
    pub(super) fn path(&self, id: CaptureId) -> Result<PathBuf, StoreError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(path) = known.filter(|path| path.is_file()) {
            return Ok(path);
        }
        let name = format!("{id}{EXTENSION}");
        let found = days(&self.folder)?.into_iter().rev().map(|day| day.join(&name));
        let path = found.into_iter().find(|path| path.is_file());
        let path = path.ok_or(StoreError::NoCapture { id })?;
        self.remember(id, path.clone());
        Ok(path)
    }

    /// All captures that lie there, oldest day first.
    pub(super) fn all(&self) -> Result<Vec<CaptureId>, StoreError> {
        let mut ids = Vec::new();
        for day in days(&self.folder)? {
            for name in names(&day)? {
                let digest = name.strip_suffix(EXTENSION).and_then(|digest| digest.parse().ok());
                ids.extend(digest.map(CaptureId));
            }
        }
        Ok(ids)
    }

    fn remember(&self, id: CaptureId, path: PathBuf) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(id, path);
    }
}

/// Reads the file of a capture and checks that it is as it was kept.
pub(super) fn read(path: &Path, id: CaptureId) -> Result<Kept, StoreError> {
    let bytes = read_bounded(path, "a capture", MAX_FILE)?;
    if Digest::of(&bytes) != id.0 {
        let what = format!("its bytes are not those it is named after: {}", warc::fault(&bytes));
        return Err(StoreError::damaged(path, what));
    }
    warc::parse(&bytes).map_err(|what| StoreError::damaged(path, what.to_string()))
}

/// The folders of days, oldest first.
fn days(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut folders = vec![folder.to_owned()];
    for digits in [4, 2, 2] {
        let mut below = Vec::new();
        for parent in folders {
            let names = names(&parent)?;
            let is_date = |name: &&String| {
                name.len() == digits && name.bytes().all(|byte| byte.is_ascii_digit())
            };
            below.extend(names.iter().filter(is_date).map(|name| parent.join(name)));
        }
        folders = below;
    }
    Ok(folders)
}

/// The names in a folder, sorted; none if it is not there.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.doing("list", folder)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.doing("list", folder)?.file_name().into_string().ok());
    }
    names.sort_unstable();
    Ok(names)
}
