//! Payloads: what an entry speaks of and the law may ask to forget.
//!
//! A payload is 32 random bytes and a JSON value; its name is the SHA-256 of
//! both together. The random bytes keep the name from telling anything about a
//! text that can be guessed, and go with the text. Payloads lie side by side in
//! packs ([`pack`]), because one file each would take a block of the disk for a
//! sentence, and because texts compress well beside each other and hardly alone.
//! A payload is erased by writing its pack anew without it.

pub mod pack;
mod packs;

use serde_json::Value;

pub(super) use self::packs::Packs;
use super::error::StoreError;
use super::file::random;
use crate::model::{Digest, PayloadId};

/// The most bytes of a payload's JSON.
pub const MAX_PAYLOAD: usize = 16 << 20;
const SALT: usize = 32;

/// The name of a payload of these bytes, salt and JSON.
pub fn name(bytes: &[u8]) -> PayloadId {
    PayloadId(Digest::of(bytes))
}

/// The value of a payload of these bytes, salt and JSON, or what is wrong with them.
pub fn value(bytes: &[u8]) -> Result<Value, String> {
    let json = bytes.get(SALT..).ok_or("it is too short")?;
    serde_json::from_slice(json).map_err(|error| format!("it is not JSON: {error}"))
}

/// The bytes of a payload: fresh salt, then the JSON.
fn salted(value: &Value) -> Result<Vec<u8>, StoreError> {
    let mut bytes = random()?.to_vec();
    serde_json::to_writer(&mut bytes, value)
        .map_err(|source| StoreError::Encode { what: "a payload", source })?;
    let length = bytes.len() - SALT;
    if length > MAX_PAYLOAD {
        let (bytes, most) = (length as u64, MAX_PAYLOAD as u64);
        return Err(StoreError::TooLarge { what: "a payload", bytes, most });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_payload_says_nothing_by_its_name() {
        let text = json!({"alasan": "kutipan berita"});
        let [one, two] = [salted(&text).unwrap(), salted(&text).unwrap()];
        assert_ne!(name(&one), name(&two));
        assert_eq!((value(&one), value(&two)), (Ok(text.clone()), Ok(text)));
    }

    #[test]
    fn any_bytes_are_refused_in_words() {
        for bytes in [&b""[..], b"x", &[0x20; 32], &[0xff; 64]] {
            assert!(value(bytes).is_err());
        }
    }
}
