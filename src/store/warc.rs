//! WARC 1.1 (ISO 28500:2017): one file per capture, each record its own gzip member.
//!
//! The records: `warcinfo`, `request`, `response` and `metadata` (the source's
//! name and the posts read from the answer, see `warc/metadata.rs`). An answer
//! whose body is that of an earlier capture has a `revisit` for a `response`: it
//! names the earlier record, and the body lies there. Nothing in the file is left
//! to chance, neither record ids nor gzip headers, so that the same capture
//! always makes the same bytes.
//!
//! The body stands as it was after content decoding, since that is what was
//! read and digested. A header line that would make a reader decode it again
//! (`Content-Encoding`, `Transfer-Encoding`, `Content-Length`) gets the prefix
//! `x-orig-`, as other crawlers do; it is taken off again by [`parse`].

use std::io::{Cursor, Read as _, Write as _};

use flate2::bufread::GzDecoder;
use flate2::{Compression, GzBuilder};
use url::Url;
use uuid::Uuid;

use crate::model::{Capture, CaptureId, Digest, Post};

mod metadata;

use metadata::Metadata;

/// The most bytes of all records together, unpacked.
pub const MAX_UNPACKED: u64 = 256 << 20;
/// The most bytes of a record's header lines.
const MAX_HEAD: usize = 1 << 20;
/// The most bytes of a body; the posts read from it may take as much again.
const MAX_BODY: u64 = 100 << 20;
const MAX_RECORDS: usize = 64;
const PREFIX: &str = "x-orig-";
const CODED: [&str; 3] = ["content-encoding", "transfer-encoding", "content-length"];

/// What is wrong with a file that should be a capture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotACapture(String);

fn wrong<T>(what: impl Into<String>) -> Result<T, NotACapture> {
    Err(NotACapture(what.into()))
}

/// One record as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its header lines, without the version line.
    pub fields: Vec<(String, String)>,
    /// Its block.
    pub block: Vec<u8>,
}

impl Record {
    /// The value of a header line, by its name in any case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.fields.iter();
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The part of a capture that holds a control character, and so cannot stand in a header line.
pub(super) fn unprintable(capture: &Capture) -> Option<&'static str> {
    let has_control = |text: &str| text.chars().any(char::is_control);
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
    };
    let is_bad = |lines: &[(String, String)]| {
        lines.iter().any(|(name, value)| !is_name(name) || has_control(&value.replace('\t', " ")))
    };
    [
        ("source name", has_control(&capture.source)),
        ("address", has_control(&capture.asked) || capture.asked.contains(' ')),
        ("answering address", has_control(&capture.answered) || capture.answered.contains(' ')),
        ("request header", is_bad(&capture.request_headers)),
        ("answer header", is_bad(&capture.headers)),
    ]
    .into_iter()
    .find_map(|(what, is_bad)| is_bad.then_some(what))
}

/// A record to be: its type, content type, block, and further header lines.
type Plan<'a> = (&'a str, &'a str, &'a [u8], Vec<(&'a str, &'a str)>);

/// The part of a capture that is larger than [`parse`] would read back, its
/// size and the bound, in bytes.
pub(super) fn oversized(capture: &Capture) -> Option<(&'static str, u64, u64)> {
    let head = |lines: &[(String, String)]| {
        lines.iter().map(|(name, value)| (name.len() + value.len() + 16) as u64).sum::<u64>()
    };
    let most = MAX_HEAD as u64 / 2;
    [
        ("the request's header", head(&capture.request_headers), most),
        ("the answer's header", head(&capture.headers), most),
        ("an address", (capture.asked.len() + capture.answered.len()) as u64, most),
        ("a body", capture.body.len() as u64, MAX_BODY),
    ]
    .into_iter()
    .find(|(_, bytes, most)| bytes > most)
}

/// A capture as it was read from its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The capture; without its body, if that lies elsewhere.
    pub capture: Capture,
    /// The posts read from it.
    pub posts: Vec<Post>,
    /// The earlier capture that holds the body.
    pub revisits: Option<CaptureId>,
    /// The digest of the body, wherever it lies.
    pub payload: Digest,
    /// The WARC record of the answer.
    pub record: String,
}

/// An earlier answer with the same body.
#[derive(Clone, Debug)]
pub(super) struct Earlier {
    /// The capture that holds it.
    pub(super) id: CaptureId,
    /// What it is.
    pub(super) kept: Kept,
}

const PROFILE: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

/// The bytes of the file of a capture and of the posts read from it; where an
/// earlier answer with the same body is given, the body is left out.
pub(super) fn write(
    capture: &Capture,
    posts: &[Post],
    earlier: Option<&Earlier>,
) -> Result<Vec<u8>, std::io::Error> {
    let metadata = metadata::write(&capture.source, earlier.map(|earlier| earlier.id), posts)?;
    let response = response_block(capture, if earlier.is_some() { &[] } else { &capture.body });
    let seed = Digest::of_parts(&[
        capture.at.to_string().as_bytes(),
        capture.asked.as_bytes(),
        metadata.as_bytes(),
        &response,
    ]);
    let id = |kind: &str| {
        let name = [&seed.0[..], kind.as_bytes()].concat();
        format!("<urn:uuid:{}>", Uuid::new_v5(&Uuid::NAMESPACE_URL, &name))
    };
    let software = concat!(
        "software: netra/",
        env!("CARGO_PKG_VERSION"),
        "\r\nformat: WARC File Format 1.1\r\n",
        "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
    );
    let payload = format!("sha256:{}", capture.digest());
    let refers_at = earlier.map(|earlier| earlier.kept.capture.at.to_string()).unwrap_or_default();
    let mut answer =
        vec![("WARC-Target-URI", capture.answered.as_str()), ("WARC-Payload-Digest", &payload)];
    if let Some(Earlier { kept, .. }) = earlier {
        answer.push(("WARC-Profile", PROFILE));
        answer.push(("WARC-Refers-To", &kept.record));
        answer.push(("WARC-Refers-To-Target-URI", &kept.capture.answered));
        answer.push(("WARC-Refers-To-Date", &refers_at));
    }
    let (info, response_id) = (id("warcinfo"), id("response"));
    let fields = "application/warc-fields";
    let plans: [Plan<'_>; 4] = [
        ("warcinfo", fields, software.as_bytes(), vec![]),
        (
            "request",
            "application/http;msgtype=request",
            &request_block(capture),
            vec![("WARC-Target-URI", &capture.asked), ("WARC-Concurrent-To", &response_id)],
        ),
        (
            if earlier.is_some() { "revisit" } else { "response" },
            "application/http;msgtype=response",
            &response,
            answer,
        ),
        (
            "metadata",
            fields,
            metadata.as_bytes(),
            vec![("WARC-Target-URI", &capture.answered), ("WARC-Concurrent-To", &response_id)],
        ),
    ];
    let mut file = Vec::new();
    for (kind, content_type, block, more) in plans {
        let id = if kind == "revisit" { response_id.clone() } else { id(kind) };
        let mut head = format!("WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\n");
        line(&mut head, "WARC-Date", &capture.at.to_string());
        if kind != "warcinfo" {
            line(&mut head, "WARC-Warcinfo-ID", &info);
        }
        for (name, value) in more {
            line(&mut head, name, value);
        }
        line(&mut head, "WARC-Block-Digest", &format!("sha256:{}", Digest::of(block)));
        line(&mut head, "Content-Type", content_type);
        line(&mut head, "Content-Length", &block.len().to_string());
        head.push_str("\r\n");
        let builder = GzBuilder::new().mtime(0).operating_system(255);
        let mut encoder = builder.write(&mut file, Compression::default());
        encoder.write_all(head.as_bytes())?;
        encoder.write_all(block)?;
        encoder.write_all(b"\r\n\r\n")?;
        encoder.finish()?;
    }
    Ok(file)
}

fn line(head: &mut String, name: &str, value: &str) {
    for part in [name, ": ", value, "\r\n"] {
        head.push_str(part);
    }
}

fn request_block(capture: &Capture) -> Vec<u8> {
    let target = Url::parse(&capture.asked).map_or_else(
        |_| capture.asked.clone(),
        |url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
    );
    let mut block = format!("GET {target} HTTP/1.1\r\n");
    for (name, value) in &capture.request_headers {
        line(&mut block, name, value);
    }
    block.push_str("\r\n");
    block.into_bytes()
}

fn response_block(capture: &Capture, body: &[u8]) -> Vec<u8> {
    let mut block = format!("HTTP/1.1 {} \r\n", capture.status);
    for (name, value) in &capture.headers {
        let lower = name.to_ascii_lowercase();
        let is_hidden = CODED.contains(&lower.as_str()) || lower.starts_with(PREFIX);
        let prefix = if is_hidden { PREFIX } else { "" };
        line(&mut block, &format!("{prefix}{name}"), value);
    }
    block.push_str("\r\n");
    let mut block = block.into_bytes();
    block.extend(body);
    block
}

/// Reads a file back: the capture and its posts. Never gives more than
/// [`MAX_UNPACKED`] bytes, whatever the file says.
pub fn parse(file: &[u8]) -> Result<Kept, NotACapture> {
    let records = records(file)?;
    let of = |kind: &str| {
        let mut found = records.iter().filter(|record| record.field("WARC-Type") == Some(kind));
        found.next().ok_or_else(|| NotACapture(format!("it has no {kind} record")))
    };
    let is_revisit = records.iter().any(|it| it.field("WARC-Type") == Some("revisit"));
    let response = of(if is_revisit { "revisit" } else { "response" })?;
    let (request, metadata) = (of("request")?, of("metadata")?);
    let text = |field: &str, record: &Record| {
        let value = record.field(field).map(str::to_owned);
        value.ok_or_else(|| NotACapture(format!("a record has no {field}")))
    };
    let (_, request_headers, _) = http(&request.block)?;
    let (line, headers, body) = http(&response.block)?;
    let status =
        line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.split(' ').next()?.parse().ok());
    let Some(status) = status else { return wrong("its response has no status line") };
    let restored = headers.into_iter().map(|(name, value)| {
        let name = name.strip_prefix(PREFIX).map_or(name.clone(), str::to_owned);
        (name, value)
    });
    let Metadata { source, revisits, mut posts } = metadata::read(&metadata.block)?;
    if let Ok(conversion) = of("conversion") {
        posts.extend(metadata::of_conversion(&conversion.block)?);
    }
    if revisits.is_some() != is_revisit {
        return wrong("its metadata says otherwise whether it holds the body");
    }
    let payload = text("WARC-Payload-Digest", response)?;
    let Some(payload) = payload.strip_prefix("sha256:").and_then(|digest| digest.parse().ok())
    else {
        return wrong("its payload digest cannot be read");
    };
    if !is_revisit && Digest::of(body) != payload {
        return wrong("its payload has another digest than it says");
    }
    let Ok(at) = text("WARC-Date", response)?.parse() else {
        return wrong("its date cannot be read");
    };
    let capture = Capture {
        source,
        asked: text("WARC-Target-URI", request)?,
        answered: text("WARC-Target-URI", response)?,
        request_headers,
        at,
        status,
        headers: restored.collect(),
        body: body.to_vec(),
    };
    let record = text("WARC-Record-ID", response)?;
    Ok(Kept { capture, posts, revisits, payload, record })
}

/// The records of a file, each checked against its block digest.
pub fn records(file: &[u8]) -> Result<Vec<Record>, NotACapture> {
    let mut records = Vec::new();
    let mut rest = Cursor::new(file);
    let mut left = MAX_UNPACKED;
    while usize::try_from(rest.position()).is_ok_and(|place| place < file.len()) {
        if records.len() == MAX_RECORDS {
            return wrong("it has too many records");
        }
        let at = format!("record {} at byte {}", records.len(), rest.position());
        let mut bytes = Vec::new();
        let mut decoder = GzDecoder::new(&mut rest).take(left + 1);
        if let Err(error) = decoder.read_to_end(&mut bytes) {
            return wrong(format!("{at} cannot be unpacked: {error}"));
        }
        let Some(after) = left.checked_sub(bytes.len() as u64) else {
            return wrong(format!("it holds more than {MAX_UNPACKED} bytes"));
        };
        left = after;
        records.push(record(&bytes).map_err(|what| NotACapture(format!("{at}: {what}")))?);
    }
    Ok(records)
}

/// Where a file that is not the capture it is named after differs from what
/// [`write()`] would have written, as far as that can be told.
pub(super) fn fault(file: &[u8]) -> String {
    if let Err(what) = records(file) {
        return what.to_string();
    }
    let start =
        |place: &usize| file.get(*place..).is_some_and(|rest| rest.starts_with(&[0x1f, 0x8b, 8]));
    let header = |place: &usize| file.get(place + 3..place + 10) == Some(&[0, 0, 0, 0, 0, 0, 255]);
    match (0..file.len()).filter(start).find(|place| !header(place)) {
        Some(place) => format!("the gzip header at byte {place} is not as netra writes it"),
        None => {
            "each record reads as it should, so it is another capture, or bytes that say the same"
                .into()
        }
    }
}

fn record(bytes: &[u8]) -> Result<Record, NotACapture> {
    let (line, fields, rest) = http(bytes)?;
    if line != "WARC/1.1" {
        return wrong("a record is not WARC 1.1");
    }
    let Some(block) = rest.strip_suffix(b"\r\n\r\n") else {
        return wrong("a record has no end");
    };
    let record = Record { fields, block: block.to_vec() };
    if record.field("Content-Length") != Some(block.len().to_string().as_str()) {
        return wrong("a record has another length than it says");
    }
    let digest = format!("sha256:{}", Digest::of(block));
    if record.field("WARC-Block-Digest") != Some(digest.as_str()) {
        return wrong("a record has another digest than it says");
    }
    Ok(record)
}

type Message<'a> = (String, Vec<(String, String)>, &'a [u8]);

/// Splits a first line, header lines and what follows.
fn http(bytes: &[u8]) -> Result<Message<'_>, NotACapture> {
    let head = bytes.get(..bytes.len().min(MAX_HEAD)).unwrap_or_default();
    let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") else {
        return wrong("a record's header lines have no end");
    };
    let (head, rest) = bytes.split_at(end);
    let Ok(head) = std::str::from_utf8(head) else {
        return wrong("a record's header lines are not UTF-8");
    };
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default().to_owned();
    let mut fields = Vec::new();
    for line in lines {
        let Some((name, value)) = line.split_once(": ") else {
            return wrong("a record has a line that is no header line");
        };
        fields.push((name.to_owned(), value.to_owned()));
    }
    Ok((first, fields, rest.get(4..).unwrap_or_default()))
}

#[cfg(test)]
mod tests;
