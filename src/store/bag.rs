//! Bag: files in a zip that `sha256sum -c` and any `BagIt` tool check
//! (RFC 8493). The same files make the same bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::model::Digest;

/// The most bytes of all files together; what is larger is copied by other means.
pub const MAX_BYTES: u64 = 256 << 20;

/// The name of the payload's manifest.
pub const MANIFEST: &str = "manifest-sha256.txt";

/// The file that says what a bag is.
const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// What makes a bag impossible.
#[derive(Debug, thiserror::Error)]
pub enum BagError {
    /// There is too much of it.
    #[error(
        "the evidence has more than {most} bytes, which one file does not take: copy `captures`, `payload` and `ledger` of the data folder as they are"
    )]
    TooLarge {
        /// The bound.
        most: u64,
    },
    /// The zip cannot be written.
    #[error("the zip file cannot be written")]
    Zip(#[from] zip::result::ZipError),
}

/// Files on their way out.
#[derive(Clone, Debug, Default)]
pub struct Bag {
    /// What is handed over, by path below `data/`.
    payload: BTreeMap<String, Vec<u8>>,
    /// What is said about it, by path beside `data/`.
    tags: BTreeMap<String, Vec<u8>>,
    /// The lines of `bag-info.txt`.
    info: Vec<(&'static str, String)>,
    bytes: u64,
}

impl Bag {
    /// A bag with these lines in `bag-info.txt`.
    pub fn new(info: Vec<(&'static str, String)>) -> Self {
        Self { info, ..Self::default() }
    }

    /// Adds a file of the payload; `path` lies below `data/`.
    pub fn put(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), BagError> {
        self.grow(bytes.len())?;
        self.payload.insert(format!("data/{path}"), bytes);
        Ok(())
    }

    /// Adds a file beside the payload.
    pub fn tag(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), BagError> {
        self.grow(bytes.len())?;
        self.tags.insert(path.to_owned(), bytes);
        Ok(())
    }

    fn grow(&mut self, bytes: usize) -> Result<(), BagError> {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes > MAX_BYTES { Err(BagError::TooLarge { most: MAX_BYTES }) } else { Ok(()) }
    }

    /// The digests of the payload's files, a line each, as `sha256sum -c` takes them.
    pub fn manifest(&self) -> String {
        manifest(&self.payload)
    }

    /// The zip, everything in one folder of this name.
    pub fn zip(self, folder: &str) -> Result<Vec<u8>, BagError> {
        let own = [
            ("bagit.txt", DECLARATION.to_owned()),
            ("bag-info.txt", self.info_lines()),
            (MANIFEST, self.manifest()),
        ];
        let mut tags = self.tags;
        tags.extend(own.map(|(path, text)| (path.to_owned(), text.into_bytes())));
        let over = manifest(&tags);
        tags.insert("tagmanifest-sha256.txt".into(), over.into_bytes());
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in tags.into_iter().chain(self.payload) {
            zip.start_file(format!("{folder}/{path}"), options(&path))?;
            zip.write_all(&bytes).map_err(zip::result::ZipError::Io)?;
        }
        Ok(zip.finish()?.into_inner())
    }

    fn info_lines(&self) -> String {
        let bytes: usize = self.payload.values().map(Vec::len).sum();
        let oxum = format!("{bytes}.{}", self.payload.len());
        let lines = self.info.iter().map(|(name, value)| (*name, value.as_str()));
        lines
            .chain([("Payload-Oxum", oxum.as_str())])
            .map(|(name, value)| format!("{name}: {}\n", one_line(value)))
            .collect()
    }
}

fn manifest(files: &BTreeMap<String, Vec<u8>>) -> String {
    files.iter().map(|(path, bytes)| format!("{}  {path}\n", Digest::of(bytes))).collect()
}

/// No time of this machine, and nothing packed that is packed already.
fn options(path: &str) -> SimpleFileOptions {
    let is_packed = path.contains("captures/");
    let method = if is_packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
}

/// A value that cannot begin another line.
fn one_line(value: &str) -> String {
    value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bag() -> Bag {
        let mut bag = Bag::new(vec![("Source-Organization", "Satgas\nX-Forged: y".into())]);
        bag.put("b.txt", b"two".to_vec()).unwrap();
        bag.put("a.txt", b"one!".to_vec()).unwrap();
        bag.tag("README", b"words".to_vec()).unwrap();
        bag
    }

    #[test]
    fn the_same_files_make_the_same_bytes() {
        assert_eq!(bag().zip("x").unwrap(), bag().zip("x").unwrap());
    }

    #[test]
    fn manifests_name_every_file_in_order() {
        let manifest = bag().manifest();
        let paths: Vec<_> = manifest.lines().map(|line| line.split_once("  ").unwrap().1).collect();
        assert_eq!(paths, ["data/a.txt", "data/b.txt"]);
        let lines = bag().info_lines();
        assert_eq!(lines, "Source-Organization: Satgas X-Forged: y\nPayload-Oxum: 7.2\n");
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_packed() {
        let mut bag = bag();
        bag.bytes = MAX_BYTES;
        assert!(matches!(bag.put("c", vec![0]), Err(BagError::TooLarge { .. })));
    }
}
