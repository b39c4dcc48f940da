//! What lies below a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// What is said of something that nobody put there.
pub(in crate::store) const STRANGE: &str = "it does not belong there";
/// How deep folders may lie in each other.
const MAX_DEPTH: u8 = 12;

/// What something below a folder is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) enum What {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// Something that never is there, in words.
    Other(String),
}

/// All that lies below a folder, in order, by the paths below `root`. A folder
/// that is not there holds nothing.
pub(in crate::store) fn list(root: &Path, folder: &Path) -> Vec<(PathBuf, What)> {
    let mut found = Vec::new();
    if root.join(folder).exists() {
        collect(root, folder, 0, &mut found);
    }
    found.sort();
    found
}

fn collect(root: &Path, folder: &Path, depth: u8, found: &mut Vec<(PathBuf, What)>) {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        // it went away while we looked
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => {
            let what = format!("what lies in it cannot be listed: {error}");
            return found.push((folder.to_owned(), What::Other(what)));
        }
    };
    for entry in entries.flatten() {
        let path = folder.join(entry.file_name());
        match entry.file_type() {
            Ok(kind) if kind.is_file() => found.push((path, What::File)),
            Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => {
                found.push((path.clone(), What::Folder));
                collect(root, &path, depth + 1, found);
            }
            Ok(_) => found.push((path, What::Other("it is neither a file nor a folder".into()))),
            Err(_) => {}
        }
    }
}
