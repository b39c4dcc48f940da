//! The files of the ledger, as C2SP tlog-tiles lays them out: where a tile or
//! a bundle of entries lies, and how entries stand in a bundle.
//!
//! `tile/<level>/<number>` holds 256 hashes, `tile/entries/<number>` 256
//! entries, each preceded by its length in two bytes. What is not full lies
//! beside it as `<number>.p/<width>`. A number is written in groups of three
//! digits, all but the last with an `x`: 1234067 is `x001/x234/067`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::tree::TILE;
use crate::model::Digest;

/// The most bytes that an entry may have.
pub const MAX_ENTRY: usize = 65_535;

/// What a file of the ledger holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Hashes of this level.
    Hashes(u8),
    /// Entries.
    Entries,
}

/// One file of tiles or entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// What it holds.
    pub kind: Kind,
    /// Its number, from the left.
    pub number: u64,
    /// How many it holds, 1 to 256; 256 is a full one.
    pub width: usize,
}

impl Tile {
    /// Where it lies, below the ledger's folder.
    pub fn path(&self) -> PathBuf {
        let mut path = PathBuf::from("tile");
        match self.kind {
            Kind::Hashes(level) => path.push(level.to_string()),
            Kind::Entries => path.push("entries"),
        }
        path.push(numbered(self.number));
        if self.width < TILE {
            path.as_mut_os_string().push(".p");
            path.push(self.width.to_string());
        }
        path
    }

    /// The tile that a path below the ledger's folder names; none if no tile lies there.
    pub fn parse(path: &Path) -> Option<Self> {
        let text = path.to_str()?;
        let rest = text.strip_prefix("tile/")?;
        let (kind, rest) = rest.split_once('/')?;
        let kind = match kind {
            "entries" => Kind::Entries,
            level => Kind::Hashes(level.parse().ok()?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().ok()?),
            None => (rest, TILE),
        };
        let digits: String = number.split('/').map(|group| group.trim_start_matches('x')).collect();
        let tile = Self { kind, number: digits.parse().ok()?, width };
        // one spelling only
        (tile.width > 0 && tile.path() == path).then_some(tile)
    }
}

pub(in crate::store) fn numbered(number: u64) -> String {
    let mut text = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    text
}

/// Adds an entry to a bundle. The entry must have at most [`MAX_ENTRY`] bytes.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) {
    debug_assert!(entry.len() <= MAX_ENTRY);
    bundle.extend(u16::try_from(entry.len()).unwrap_or(u16::MAX).to_be_bytes());
    bundle.extend(entry);
}

/// The entries of a bundle; an error if bytes are missing at the end.
pub fn entries(bundle: &[u8]) -> Result<Vec<&[u8]>, &'static str> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<2>().ok_or("a length is cut off")?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or("an entry is cut off")?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}

/// The hashes of a tile as bytes.
pub fn hash_bytes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The hashes of a tile; an error if the last one is cut off.
pub fn hashes(bytes: &[u8]) -> Result<Vec<Digest>, &'static str> {
    let (chunks, rest) = bytes.as_chunks::<32>();
    if rest.is_empty() {
        Ok(chunks.iter().map(|chunk| Digest(*chunk)).collect())
    } else {
        Err("a hash is cut off")
    }
}

/// Reads a tile of at least this width: the file of exactly this width, or a
/// wider one that superseded it. An error of kind `NotFound` if there is none.
pub fn read(ledger: &Path, tile: Tile) -> io::Result<(Vec<u8>, usize)> {
    // while the ledger grows a file may go away between the listing and the
    // reading; what superseded it is there then
    for _ in 0..8 {
        for width in wider(ledger, tile) {
            let found = Tile { width, ..tile };
            match fs::read(ledger.join(found.path())) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
                Ok(bytes) => return Ok((bytes, width)),
            }
        }
    }
    Err(io::Error::from(io::ErrorKind::NotFound))
}

/// The widths from this one on that lie there, narrowest first.
fn wider(ledger: &Path, tile: Tile) -> Vec<usize> {
    let mut widths: Vec<usize> = partials(ledger, tile.kind, tile.number)
        .into_iter()
        .filter(|width| *width >= tile.width)
        .collect();
    widths.sort_unstable();
    widths.push(TILE);
    widths
}

/// The widths of the partial tiles of this number that lie there, unsorted.
pub fn partials(ledger: &Path, kind: Kind, number: u64) -> Vec<usize> {
    let path = ledger.join(Tile { kind, number, width: 1 }.path());
    let Some(Ok(folder)) = path.parent().map(fs::read_dir) else { return Vec::new() };
    let names = folder.flatten().map(|entry| entry.file_name());
    names.filter_map(|name| name.to_str()?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_lie_where_tlog_tiles_says() {
        let table = [
            (Kind::Hashes(0), 1_234_067, 256, "tile/0/x001/x234/067"),
            (Kind::Hashes(2), 0, 1, "tile/2/000.p/1"),
            (Kind::Entries, 999, 112, "tile/entries/999.p/112"),
            (Kind::Entries, 1000, 256, "tile/entries/x001/000"),
        ];
        for (kind, number, width, path) in table {
            let tile = Tile { kind, number, width };
            assert_eq!(tile.path(), Path::new(path));
            assert_eq!(Tile::parse(Path::new(path)), Some(tile));
        }
        let strange = [
            "tile/0/1",
            "tile/0/x000/001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/00/000",
            "checkpoint",
            "tile/0/000.p/01",
            "tile/0",
            "tile/entries/+01",
            "tile/0/000/x001",
        ];
        for path in strange {
            assert_eq!(Tile::parse(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn a_bundle_cut_off_anywhere_is_refused_or_shorter() {
        let mut bundle = Vec::new();
        for entry in [&b"one"[..], b"", b"three"] {
            push_entry(&mut bundle, entry);
        }
        assert_eq!(entries(&bundle).unwrap(), [&b"one"[..], b"", b"three"]);
        for end in 0..bundle.len() {
            assert!(
                entries(&bundle[..end]).is_ok_and(|some| some.len() < 3)
                    || entries(&bundle[..end]).is_err()
            );
        }
    }
}
