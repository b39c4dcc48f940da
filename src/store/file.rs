//! Files that are whole or absent, whatever happens: temporary file, sync,
//! rename, sync of the folder.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use super::error::{Doing, StoreError};

/// The beginning of a temporary file's name; what a crash leaves of them is
/// removed when the store is opened.
pub(super) const TEMPORARY: &str = ".new-";

/// Writes a file that is whole or absent even after a power failure. A file of
/// that name is replaced.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folder(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!("{TEMPORARY}{name}"));
    let written = (|| {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    })();
    if written.is_err() {
        // the cause is what the caller must hear of; a left-over is removed at the next open
        drop(fs::remove_file(&temporary));
    }
    written.doing("write", path)?;
    sync_folder(folder)
}

/// Writes a file that only its owner may read.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).doing("create", path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).doing("write", path)?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Makes a folder and its parents, so that they are still there after a power failure.
pub(super) fn create_folder(folder: &Path) -> Result<(), StoreError> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        create_folder(parent)?;
    }
    match fs::create_dir(folder) {
        Ok(()) => sync_folder(parent.unwrap_or(Path::new("."))),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).doing("make", folder),
    }
}

/// Syncs a folder: what was made, renamed or removed in it stays so.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|folder| folder.sync_all()).doing("sync", folder)
}

/// Reads a file of at most this many bytes; a larger one is [`StoreError::TooLarge`].
pub(super) fn read_bounded(
    path: &Path,
    what: &'static str,
    most: u64,
) -> Result<Vec<u8>, StoreError> {
    let file = File::open(path).doing("open", path)?;
    let bytes = file.metadata().doing("look at", path)?.len();
    if bytes > most {
        return Err(StoreError::TooLarge { what, bytes, most });
    }
    let mut content = Vec::with_capacity(usize::try_from(bytes).unwrap_or(0));
    file.take(most).read_to_end(&mut content).doing("read", path)?;
    Ok(content)
}

/// 32 bytes that nobody can guess.
pub(super) fn random() -> Result<[u8; 32], StoreError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|source| StoreError::Random { source })?;
    Ok(bytes)
}
