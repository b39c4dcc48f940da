//! Reading a folder: which files, how many, how large.

use std::path::{Path, PathBuf};

use crate::rule::Problem;

/// The most files a set may have, and the largest one: a folder given by
/// mistake must not hold up the start.
const MAX_FILES: usize = 5_000;
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// A file of a set, as it was read.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Source {
    /// A problem at these bytes of the file.
    pub(super) fn problem(
        &self,
        code: &'static str,
        span: std::ops::Range<usize>,
        message: String,
    ) -> Problem {
        Problem::at(code, &self.path, &self.text, span, message)
    }

    /// The name of its lists and its rule: that of the file without `.toml`.
    pub(super) fn stem(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The id that a rule file gives itself, even if the rest of it cannot be read.
    pub(super) fn id(&self) -> Option<&str> {
        self.text.lines().find_map(|line| {
            let value = line.strip_prefix("id")?.trim_start().strip_prefix('=')?.trim();
            value.strip_prefix('"').map(|value| value.split('"').next().unwrap_or_default())
        })
    }
}

/// All files of these folders, in an order that does not depend on the disk.
pub(super) fn sources(paths: &[PathBuf], problems: &mut Vec<Problem>) -> Vec<Source> {
    let mut say = |code, path: &Path, message| {
        problems.push(Problem::at(code, path, "", 0..0, message));
    };
    let mut files = Vec::new();
    for path in paths {
        if let Err(error) = collect(path, &mut files) {
            say("unreadable", path, format!("cannot be read: {error}"));
        }
    }
    if files.len() > MAX_FILES {
        let message = format!("more than {MAX_FILES} files: only so many are read");
        say("too-many-files", paths.first().map_or(Path::new(""), PathBuf::as_path), message);
        files.truncate(MAX_FILES);
    }
    let mut sources = Vec::new();
    for path in files {
        let size = std::fs::metadata(&path).map_or(0, |meta| meta.len());
        if size > MAX_FILE_BYTES {
            say("too-large", &path, format!("{size} bytes, at most {MAX_FILE_BYTES} are read"));
            continue;
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => sources.push(Source { path, text }),
            Err(error) => say("unreadable", &path, format!("cannot be read: {error}")),
        }
    }
    sources
}

/// The TOML files of a folder and of those in it; a file that is named itself is read whatever it is called.
pub(crate) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for entry in entries {
        if files.len() > MAX_FILES {
            break;
        }
        if entry.is_dir() {
            collect(&entry, files)?;
        } else if entry.extension().is_some_and(|extension| extension == "toml") {
            files.push(entry);
        }
    }
    Ok(())
}
