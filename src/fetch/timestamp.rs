//! Asks a time-stamping authority to confirm that a digest was there (RFC 3161).
//!
//! The answer is checked as far as it can be without deciding whom to trust:
//! that it grants the request, is about this digest and carries this request's
//! number. Whether the authority's signature holds is for the reader, with the
//! certificates that he trusts: `openssl ts -verify`.

use der::asn1::{AnyRef, ObjectIdentifier, OctetString};
use der::{Decode as _, Encode as _, SliceReader, Tag, TagNumber, Tagged as _};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use url::Url;

use super::{FetchError, Gate};
use crate::model::Digest;

/// SHA-256 (RFC 5754 §2.2).
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
/// Signed data (RFC 5652 §5.1).
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// What a time-stamping authority signs (RFC 3161 §2.4.2).
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// The most bytes of an answer: a token with its certificates has a few thousand.
const MAX_ANSWER: u64 = 256 * 1024;

/// Why there is no timestamp.
#[derive(Debug, thiserror::Error)]
pub enum TimestampError {
    /// The authority could not be asked.
    #[error("the time-stamping authority could not be asked")]
    Asking(#[from] FetchError),
    /// The request has no number.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
    /// The answer is no timestamp.
    #[error("the answer of the time-stamping authority is none: {0}")]
    Malformed(der::Error),
    /// The authority does not grant it.
    #[error("the time-stamping authority refuses (status {status})")]
    Refused {
        /// `PKIStatus` of its answer (RFC 3161 §2.4.2), 2 and above.
        status: u32,
    },
    /// The timestamp is not the one asked for.
    #[error("the time-stamping authority confirms something else: {what}")]
    Other {
        /// What differs.
        what: &'static str,
    },
}

impl From<der::Error> for TimestampError {
    fn from(error: der::Error) -> Self {
        Self::Malformed(error)
    }
}

/// What an authority confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its answer as it came, a `TimeStampResp` in DER.
    pub answer: Vec<u8>,
    /// The time it names, to the second.
    pub at: Timestamp,
}

/// The algorithm of a digest.
#[derive(Clone, Debug, der::Sequence)]
struct Algorithm<'a> {
    oid: ObjectIdentifier,
    parameters: Option<AnyRef<'a>>,
}

/// What is to be confirmed.
#[derive(Clone, Debug, der::Sequence)]
struct Imprint<'a> {
    algorithm: Algorithm<'a>,
    digest: OctetString,
}

/// `TimeStampReq` (RFC 3161 §2.4.1), without policy and extensions.
#[derive(Clone, Debug, der::Sequence)]
struct Question<'a> {
    version: u8,
    imprint: Imprint<'a>,
    nonce: u64,
    with_certificates: bool,
}

/// Asks the authority at this address to confirm this digest.
pub async fn timestamp(
    gate: &Gate,
    authority: &Url,
    digest: Digest,
) -> Result<Token, TimestampError> {
    let mut nonce = [0; 8];
    getrandom::fill(&mut nonce)?;
    let nonce = u64::from_be_bytes(nonce);
    let question = question(digest, nonce)?;
    let kinds = ("application/timestamp-query", "application/timestamp-reply");
    let answer = gate.post(authority, kinds, question, MAX_ANSWER).await?;
    let at = check(&answer, digest, nonce)?;
    Ok(Token { answer, at })
}

fn question(digest: Digest, nonce: u64) -> Result<Vec<u8>, der::Error> {
    let algorithm = Algorithm { oid: SHA256, parameters: Some(AnyRef::NULL) };
    let imprint = Imprint { algorithm, digest: OctetString::new(digest.0)? };
    Question { version: 1, imprint, nonce, with_certificates: true }.to_der()
}

/// Whether an answer grants this request; the time it names.
fn check(answer: &[u8], digest: Digest, nonce: u64) -> Result<Timestamp, TimestampError> {
    let mut answer = inside(AnyRef::from_der(answer)?, Tag::Sequence)?;
    let mut info = inside(AnyRef::decode(&mut answer)?, Tag::Sequence)?;
    let status = u32::decode(&mut info)?;
    // 0 is granted, 1 granted with changes
    if status > 1 {
        return Err(TimestampError::Refused { status });
    }
    let signed = content(AnyRef::decode(&mut answer)?, SIGNED_DATA)?;
    let mut signed = inside(signed, Tag::Sequence)?;
    // version and digest algorithms
    AnyRef::decode(&mut signed)?;
    AnyRef::decode(&mut signed)?;
    let confirmed = content(AnyRef::decode(&mut signed)?, TST_INFO)?;
    confirmed.tag().assert_eq(Tag::OctetString)?;
    let mut confirmed = inside(AnyRef::from_der(confirmed.value())?, Tag::Sequence)?;
    // version and policy
    AnyRef::decode(&mut confirmed)?;
    AnyRef::decode(&mut confirmed)?;
    let imprint = Imprint::decode(&mut confirmed)?;
    if imprint.algorithm.oid != SHA256 || imprint.digest.as_bytes() != digest.0 {
        return Err(TimestampError::Other { what: "its digest is another" });
    }
    // serial number
    AnyRef::decode(&mut confirmed)?;
    let time = AnyRef::decode(&mut confirmed)?;
    if told_nonce(&mut confirmed)? != Some(nonce) {
        return Err(TimestampError::Other { what: "its request number is another" });
    }
    instant(time).ok_or(TimestampError::Other { what: "its time cannot be read" })
}

/// What a SEQUENCE or a context-specific element holds, to be read one by one.
fn inside(any: AnyRef<'_>, tag: Tag) -> Result<SliceReader<'_>, der::Error> {
    any.tag().assert_eq(tag)?;
    SliceReader::new(any.value())
}

/// The content of a `ContentInfo` or `EncapsulatedContentInfo` of this type
/// (RFC 5652 §3 and §5.2).
fn content(any: AnyRef<'_>, kind: ObjectIdentifier) -> Result<AnyRef<'_>, TimestampError> {
    let mut fields = inside(any, Tag::Sequence)?;
    if ObjectIdentifier::decode(&mut fields)? != kind {
        return Err(TimestampError::Other { what: "it holds content of another type" });
    }
    let explicit = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let mut content = inside(AnyRef::decode(&mut fields)?, explicit)?;
    Ok(AnyRef::decode(&mut content)?)
}

/// The request's number among the fields that may follow the time: accuracy,
/// ordering, number, name, extensions.
fn told_nonce(fields: &mut SliceReader<'_>) -> Result<Option<u64>, der::Error> {
    use der::Reader as _;
    while !fields.is_finished() {
        let field = AnyRef::decode(fields)?;
        if field.tag() == Tag::Integer {
            return Ok(field.decode_as::<u64>().ok());
        }
    }
    Ok(None)
}

/// `GeneralizedTime` in UTC; the authority may write parts of a second (RFC 3161 §2.4.2).
fn instant(time: AnyRef<'_>) -> Option<Timestamp> {
    time.tag().assert_eq(Tag::GeneralizedTime).ok()?;
    let text = std::str::from_utf8(time.value()).ok()?.strip_suffix('Z')?;
    let seconds = text.split_once('.').map_or(text, |(seconds, _)| seconds);
    if seconds.len() != 14 {
        return None;
    }
    let at = DateTime::strptime("%Y%m%d%H%M%S", seconds).ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_answer_is_read_or_refused(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            length in 0..130_u8,
        ) {
            drop(check(&bytes, Digest([0; 32]), 1));
            // the same behind a head that fits, so that it is looked into
            let mut deeper = vec![0x30, length];
            deeper.extend([0x30, 3, 2, 1, 0]);
            deeper.extend(&bytes);
            drop(check(&deeper, Digest([0; 32]), 1));
        }
    }

    #[test]
    fn a_question_is_written_as_openssl_writes_it() {
        let question = question(Digest([0xab; 32]), 0x0102_0304_0506_0708).unwrap();
        // `openssl ts -query -digest abab… -sha256 -cert`, the nonce put in
        let expected = [
            &[0x30, 0x43, 2, 1, 1, 0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1][..],
            &[0x65, 3, 4, 2, 1, 5, 0, 4, 0x20],
            &[0xab; 32],
            &[2, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 0xff],
        ]
        .concat();
        assert_eq!(question, expected);
    }

    #[test]
    fn times_are_read_with_and_without_parts_of_a_second() {
        for (text, seconds) in [
            ("20261128100000Z", Some(1_795_860_000)),
            ("20261128100000.125Z", Some(1_795_860_000)),
            ("20261128100000+0700", None),
            ("202611281000Z", None),
            ("20261328100000Z", None),
        ] {
            let any = AnyRef::new(Tag::GeneralizedTime, text.as_bytes()).unwrap();
            assert_eq!(instant(any).map(Timestamp::as_second), seconds, "{text}");
        }
    }

    #[test]
    fn any_bytes_are_refused() {
        for bytes in [&b""[..], b"0", &[0x30, 0x80, 0, 0], &[0x30, 3, 2, 1, 2], &[0xff; 64]] {
            assert!(check(bytes, Digest([0; 32]), 1).is_err());
        }
        let refused = [0x30, 5, 0x30, 3, 2, 1, 2];
        assert!(matches!(
            check(&refused, Digest([0; 32]), 1),
            Err(TimestampError::Refused { status: 2 })
        ));
    }
}
