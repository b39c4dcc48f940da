//! Payloads: what an entry speaks of and the law may ask to forget.
//!
//! A payload lies in `payload/<two digits>/<digest>`, a zlib stream of 32 random
//! bytes and the JSON. Its name is the SHA-256 of the file as it lies there, so
//! that `sha256sum` checks it; the random bytes keep the name from telling
//! anything about a text that can be guessed, and go with the file.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde_json::Value;

use super::error::{Doing, StoreError};
use super::file::{random, read_bounded, write_synced};
use crate::model::{Digest, PayloadId};

/// The most bytes of a payload's JSON.
pub const MAX_PAYLOAD: u64 = 16 << 20;
const SALT: usize = 32;

/// Where a payload lies, below the data folder.
pub fn path(id: PayloadId) -> PathBuf {
    let name = id.to_string();
    Path::new("payload").join(name.get(..2).unwrap_or_default()).join(name)
}

/// Writes and syncs a payload; gives its name.
pub(super) fn write(data: &Path, value: &Value) -> Result<PayloadId, StoreError> {
    let bytes = pack(&random()?, value)?;
    let id = PayloadId(Digest::of(&bytes));
    write_synced(&data.join(path(id)), &bytes)?;
    Ok(id)
}

/// Reads a payload and checks that it is as it was written.
pub(super) fn read(data: &Path, id: PayloadId) -> Result<Value, StoreError> {
    let path = data.join(path(id));
    let bytes = match read_bounded(&path, "a payload", MAX_PAYLOAD + 4096) {
        Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::NoPayload { id });
        }
        bytes => bytes?,
    };
    if Digest::of(&bytes) != id.0 {
        return Err(StoreError::damaged(&path, "its bytes are not those it is named after"));
    }
    unpack(&bytes).map_err(|what| StoreError::damaged(&path, what))
}

fn pack(salt: &[u8; SALT], value: &Value) -> Result<Vec<u8>, StoreError> {
    let json = serde_json::to_vec(value)
        .map_err(|source| StoreError::Encode { what: "a payload", source })?;
    if json.len() as u64 > MAX_PAYLOAD {
        let bytes = json.len() as u64;
        return Err(StoreError::TooLarge { what: "a payload", bytes, most: MAX_PAYLOAD });
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let packed = encoder.write_all(salt).and_then(|()| encoder.write_all(&json));
    packed.and_then(|()| encoder.finish()).doing("compress", Path::new("payload"))
}

/// The JSON of a payload file's bytes, or what is wrong with them.
pub(super) fn unpack(bytes: &[u8]) -> Result<Value, String> {
    let mut content = Vec::new();
    let mut decoder = ZlibDecoder::new(bytes).take(MAX_PAYLOAD + SALT as u64 + 1);
    decoder.read_to_end(&mut content).map_err(|error| format!("it cannot be unpacked: {error}"))?;
    if content.len() as u64 > MAX_PAYLOAD + SALT as u64 {
        return Err("it is larger than any payload".into());
    }
    let json = content.get(SALT..).ok_or("it is too short")?;
    serde_json::from_slice(json).map_err(|error| format!("it is not JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_payload_is_named_after_its_file_and_says_nothing_by_its_name() {
        let data = tempfile::tempdir().unwrap();
        let value = json!({"alasan": "kutipan berita"});
        let [one, two] = [write(data.path(), &value).unwrap(), write(data.path(), &value).unwrap()];
        assert_ne!(one, two);
        let bytes = std::fs::read(data.path().join(path(one))).unwrap();
        assert_eq!(Digest::of(&bytes), one.0);
        assert_eq!(read(data.path(), one).unwrap(), value);
        std::fs::write(data.path().join(path(one)), b"x").unwrap();
        assert!(matches!(read(data.path(), one), Err(StoreError::Damaged { .. })));
        let missing = PayloadId(Digest([0; 32]));
        assert!(matches!(read(data.path(), missing), Err(StoreError::NoPayload { .. })));
    }

    #[test]
    fn any_bytes_are_refused_in_words() {
        for bytes in [&b""[..], b"x", &[0x78, 0x9c, 0, 0], &[0xff; 64]] {
            assert!(unpack(bytes).is_err());
        }
    }
}
