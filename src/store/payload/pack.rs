//! A pack: the file that holds payloads of entries that follow one another.
//!
//! The 16 bytes of `MAGIC`, a zlib stream, the SHA-256 of all that. The stream
//! holds the payloads in the order of their entries, each preceded by its length
//! in four bytes. A pack lies in `payload/` under the number of the first entry
//! whose payload it holds, in groups of three digits as tiles are: 1067 is
//! `x001/067`. It holds payloads of entries of one thousand only, so that the
//! pack of an entry is found by a look into one folder.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::{MAX_PAYLOAD, SALT, name};
use crate::model::{Digest, PayloadId};
use crate::store::error::{Doing, StoreError};
use crate::store::file::{read_bounded, write_synced};
use crate::store::ledger::tile::numbered;

/// The folder of packs, in the data folder.
pub const FOLDER: &str = "payload";
/// The first bytes of a pack.
const MAGIC: &[u8; 16] = b"netra payload 1\n";
/// A pack that holds so many bytes takes no further payload. Small, because a
/// pack is written anew for each addition and read whole for each payload.
pub(super) const ROOM: usize = 64 << 10;
/// How many entries lie under one folder.
pub(super) const RUN: u64 = 1000;
/// The most bytes of all payloads of a pack, each with its length.
const MAX_UNPACKED: usize = ROOM + MAX_PAYLOAD + SALT + (8 << 10);
/// The most bytes of a pack's file.
const MAX_FILE: u64 = MAX_UNPACKED as u64 * 2;

/// The first entry of the thousand after this entry's.
pub(in crate::store) const fn run_after(entry: u64) -> u64 {
    (entry / RUN + 1).saturating_mul(RUN)
}

/// Where the pack lies that begins with this entry's payload, below the data folder.
pub fn path(first: u64) -> PathBuf {
    Path::new(FOLDER).join(numbered(first))
}

/// The first entry of the pack that a path below the data folder names; none if no pack lies there.
pub fn parse(path_below: &Path) -> Option<u64> {
    let rest = path_below.strip_prefix(FOLDER).ok()?.to_str()?;
    let digits: String = rest.split('/').map(|group| group.trim_start_matches('x')).collect();
    let first = digits.parse().ok()?;
    // one spelling only
    (path(first) == path_below).then_some(first)
}

/// The packs of the thousand that an entry belongs to, by their first entries, ascending.
pub(super) fn beside(data: &Path, entry: u64) -> Vec<u64> {
    let start = entry / RUN * RUN;
    let path = data.join(path(start));
    let Some(Ok(names)) = path.parent().map(fs::read_dir) else { return Vec::new() };
    let names = names.flatten().filter_map(|name| name.file_name().into_string().ok());
    let places = names.filter(|name| name.len() == 3).filter_map(|name| name.parse::<u64>().ok());
    let mut found: Vec<u64> = places.map(|place| start + place).collect();
    found.sort_unstable();
    found
}

/// The pack that holds the payload of an entry, if any does.
pub fn find(data: &Path, entry: u64) -> Option<u64> {
    beside(data, entry).into_iter().rev().find(|first| *first <= entry)
}

/// The bytes of a pack of these payloads.
fn bytes(payloads: &[Vec<u8>]) -> Result<Vec<u8>, StoreError> {
    let mut encoder = ZlibEncoder::new(MAGIC.to_vec(), Compression::default());
    let packed = payloads.iter().try_for_each(|payload| {
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        encoder.write_all(&length.to_be_bytes())?;
        encoder.write_all(payload)
    });
    let mut file = packed.and_then(|()| encoder.finish()).doing("compress", Path::new(FOLDER))?;
    let sum = Digest::of(&file);
    file.extend(sum.0);
    Ok(file)
}

/// Writes and syncs a pack.
pub fn write(data: &Path, first: u64, payloads: &[Vec<u8>]) -> Result<(), StoreError> {
    write_synced(&data.join(path(first)), &bytes(payloads)?)
}

/// Reads a pack: its payloads, in order.
pub fn read(data: &Path, first: u64) -> Result<Vec<Vec<u8>>, StoreError> {
    let path = data.join(path(first));
    let file = read_bounded(&path, "a pack of payloads", MAX_FILE)?;
    unpack(&file).map_err(|what| StoreError::damaged(&path, what))
}

/// The payload of this name in the pack of an entry; none if it is not there.
pub(in crate::store) fn payload(
    data: &Path,
    entry: u64,
    id: PayloadId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(first) = find(data, entry) else { return Ok(None) };
    Ok(read(data, first)?.into_iter().find(|payload| name(payload) == id))
}

/// The payloads in a pack's bytes, or what is wrong with them and where.
pub fn unpack(file: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let Some((packed, sum)) = file.split_last_chunk::<32>() else {
        return Err(format!("it has {} bytes, too few for a pack", file.len()));
    };
    let stream = packed.strip_prefix(MAGIC).ok_or("its first 16 bytes are not those of a pack")?;
    if Digest::of(packed) != Digest(*sum) {
        return Err(match contents(stream) {
            Ok(payloads) => format!(
                "its sum does not come out: a byte is changed in its {} payloads or in the sum at byte {}",
                payloads.len(),
                packed.len()
            ),
            Err(what) => format!("its sum does not come out, and {what}"),
        });
    }
    contents(stream)
}

fn contents(stream: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut unpacked = Vec::new();
    let mut decoder = ZlibDecoder::new(stream).take(MAX_UNPACKED as u64 + 1);
    let read = decoder.read_to_end(&mut unpacked);
    let used = MAGIC.len() as u64 + decoder.get_ref().total_in();
    read.map_err(|error| format!("it cannot be unpacked at byte {used}: {error}"))?;
    if unpacked.len() > MAX_UNPACKED {
        return Err("it holds more than any pack".into());
    }
    if used != (MAGIC.len() + stream.len()) as u64 {
        return Err(format!("its payloads end at byte {used}, and other bytes follow"));
    }
    let mut payloads = Vec::new();
    let mut rest = unpacked.as_slice();
    while !rest.is_empty() {
        let payload = rest.split_first_chunk::<4>().and_then(|(length, after)| {
            after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
        });
        let (payload, after) =
            payload.ok_or_else(|| format!("its payload {} is cut off", payloads.len()))?;
        payloads.push(payload.to_vec());
        rest = after;
    }
    Ok(payloads)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payloads() -> Vec<Vec<u8>> {
        vec![[&[7; 32][..], b"{\"a\":1}"].concat(), [&[9; 32][..], b"[]"].concat()]
    }

    #[test]
    fn a_pack_is_read_as_it_was_written_and_any_changed_byte_is_seen() {
        let data = tempfile::tempdir().unwrap();
        write(data.path(), 1067, &payloads()).unwrap();
        assert!(data.path().join("payload/x001/067").is_file());
        assert_eq!(read(data.path(), 1067).unwrap(), payloads());
        let file = bytes(&payloads()).unwrap();
        for place in 0..file.len() {
            let mut changed = file.clone();
            changed[place] ^= 0x20;
            unpack(&changed).unwrap_err();
            unpack(&file[..place]).unwrap_err();
        }
        unpack(&[&file[..], b"\0"].concat()).unwrap_err();
    }

    #[test]
    fn bytes_behind_the_stream_are_seen_though_the_sum_covers_them() {
        let file = bytes(&payloads()).unwrap();
        let mut longer = [&file[..file.len() - 32], b"more"].concat();
        let sum = Digest::of(&longer);
        longer.extend(sum.0);
        assert!(unpack(&longer).unwrap_err().contains("other bytes follow"));
    }

    #[test]
    fn the_pack_of_an_entry_is_the_last_that_begins_before_it() {
        let data = tempfile::tempdir().unwrap();
        for first in [3, 500, 1000, 1_000_007] {
            write(data.path(), first, &payloads()).unwrap();
            assert_eq!(parse(&path(first)), Some(first));
        }
        let table = [(2, None), (3, Some(3)), (499, Some(3)), (999, Some(500)), (1999, Some(1000))];
        for (entry, pack) in table {
            assert_eq!(find(data.path(), entry), pack, "{entry}");
        }
        assert_eq!(find(data.path(), 1_000_000), None);
        for strange in ["payload/3", "payload/x000/003", "payload/003/x001", "other/003"] {
            assert_eq!(parse(Path::new(strange)), None, "{strange}");
        }
    }

    #[test]
    fn one_payload_is_erased_and_those_beside_it_stay() {
        let data = tempfile::tempdir().unwrap();
        let [gone, stays] = payloads().try_into().unwrap();
        write(data.path(), 5, &[gone.clone(), stays.clone()]).unwrap();
        write(data.path(), 5, std::slice::from_ref(&stays)).unwrap();
        assert_eq!(payload(data.path(), 6, name(&stays)).unwrap(), Some(stays));
        assert_eq!(payload(data.path(), 5, name(&gone)).unwrap(), None);
    }
}
