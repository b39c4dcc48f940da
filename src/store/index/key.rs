//! The keys of the index: one byte that says what follows, then what puts the
//! pairs in the order they are asked for.

use crate::model::{CaptureId, Digest, FindingId, PayloadId, Priority, Status};

/// The first key of all but the sum.
pub(super) fn start() -> Vec<u8> {
    vec![1]
}

/// After the last key.
pub(super) fn end() -> Vec<u8> {
    vec![0xff]
}

/// The key right after this one.
pub(super) fn after(key: &[u8]) -> Vec<u8> {
    [key, &[0]].concat()
}

/// The sum over all others.
pub(super) fn sum() -> Vec<u8> {
    vec![0]
}

/// How many entries are known.
pub(super) fn head() -> Vec<u8> {
    b"Mhead".to_vec()
}

/// What marks the last entry known.
pub(super) fn mark() -> Vec<u8> {
    b"Mmark".to_vec()
}

/// What is counted as it happens.
pub(super) fn counts() -> Vec<u8> {
    b"Mcounts".to_vec()
}

/// How many findings a year has.
pub(super) fn year(year: i16) -> Vec<u8> {
    format!("Y{year}").into_bytes()
}

/// A finding.
pub(super) fn finding(id: FindingId) -> Vec<u8> {
    finding_bytes(&id.0.0)
}

/// A finding, by the bytes of its name.
pub(super) fn finding_bytes(id: &[u8]) -> Vec<u8> {
    [b"F", id].concat()
}

/// The name of a finding, by its number.
pub(super) fn number(number: &str) -> Vec<u8> {
    [b"N", number.as_bytes()].concat()
}

/// A version of a finding.
pub(super) fn version(id: FindingId, version: Digest) -> Vec<u8> {
    [&b"V"[..], &id.0.0, &version.0].concat()
}

/// The place of a finding among those of its status.
pub(super) fn order(status: Status, priority: Priority, seq: u64) -> Vec<u8> {
    [&[b'O', status_byte(status), priority_byte(priority)][..], &seq.to_be_bytes()].concat()
}

/// Where the findings of a status begin and end, all or those as urgent as this.
pub(super) fn order_range(status: Status, priority: Option<Priority>) -> (Vec<u8>, Vec<u8>) {
    let status = status_byte(status);
    let (first, last) = priority.map_or((0, u8::MAX), |it| (priority_byte(it), priority_byte(it)));
    (vec![b'O', status, first], vec![b'O', status, last, 0xff])
}

/// The settled places of a capture.
pub(super) fn settled(capture: CaptureId) -> Vec<u8> {
    [&b"S"[..], &capture.0.0].concat()
}

/// A compliance event; the newest has the first key.
pub(super) fn complied(seq: u64) -> Vec<u8> {
    [&b"C"[..], &(u64::MAX - seq).to_be_bytes()].concat()
}

/// Where the compliance events begin and end.
pub(super) fn complied_range() -> (Vec<u8>, Vec<u8>) {
    (b"C".to_vec(), b"D".to_vec())
}

/// An entry about a finding; the newest has the first key.
pub(super) fn history(finding: FindingId, seq: u64) -> Vec<u8> {
    [&b"H"[..], &finding.0.0, &(u64::MAX - seq).to_be_bytes()].concat()
}

/// Where the entries about a finding begin and end.
pub(super) fn history_range(finding: FindingId) -> (Vec<u8>, Vec<u8>) {
    let first = [&b"H"[..], &finding.0.0].concat();
    let last = [&first[..], &[0xff; 9]].concat();
    (first, last)
}

/// The entry that names a payload.
pub(super) fn payload(id: PayloadId) -> Vec<u8> {
    [&b"P"[..], &id.0.0].concat()
}

/// What a source gave.
pub(super) fn source(name: &str) -> Vec<u8> {
    [b"Z", name.as_bytes()].concat()
}

/// Where the sources begin and end.
pub(super) fn source_range() -> (Vec<u8>, Vec<u8>) {
    (b"Z".to_vec(), b"[".to_vec())
}

const fn status_byte(status: Status) -> u8 {
    match status {
        Status::Baru => 0,
        Status::MenungguKedua => 1,
        Status::Eskalasi => 2,
        Status::Ditunda => 3,
        Status::Dugaan => 4,
        Status::Bukan => 5,
    }
}

/// The most urgent comes first.
const fn priority_byte(priority: Priority) -> u8 {
    match priority {
        Priority::Tinggi => 0,
        Priority::Sedang => 1,
        Priority::Rendah => 2,
    }
}
