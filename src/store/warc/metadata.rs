//! The `metadata` record: what Netra knows of an answer, as `application/warc-fields`.
//!
//! ```text
//! source: kabar-contoh
//! revisits: 2f6c…          the capture that holds the body, of a revisit only
//! post: {"id":"…",…}       each post read from the answer, in order, as JSON
//! ```
//!
//! Named fields and not a `conversion` record of the same address and time,
//! which replay would show in the place of the answer.

use std::fmt::Write as _;

use super::{NotACapture, wrong};
use crate::model::{CaptureId, Post};

/// What the record says.
#[derive(Debug, PartialEq)]
pub(super) struct Metadata {
    /// The source that asked.
    pub(super) source: String,
    /// The earlier capture that holds the body.
    pub(super) revisits: Option<CaptureId>,
    /// The posts read from the answer.
    pub(super) posts: Vec<Post>,
}

/// The record's block.
pub(super) fn write(
    source: &str,
    revisits: Option<CaptureId>,
    posts: &[Post],
) -> Result<String, std::io::Error> {
    let mut block = format!("source: {source}\r\n");
    let mut line = |name: &str, value: &str| {
        write!(block, "{name}: {value}\r\n").map_err(std::io::Error::other)
    };
    if let Some(earlier) = revisits {
        line("revisits", &earlier.to_string())?;
    }
    for post in posts {
        line("post", &serde_json::to_string(post)?)?;
    }
    Ok(block)
}

/// Reads the record's block.
pub(super) fn read(block: &[u8]) -> Result<Metadata, NotACapture> {
    let text = std::str::from_utf8(block).ok().and_then(|text| text.strip_suffix("\r\n"));
    let mut lines = text.unwrap_or_default().split("\r\n").map(|line| line.split_once(": "));
    let Some(Some(("source", source))) = lines.next() else {
        return wrong("its metadata names no source");
    };
    let mut metadata = Metadata { source: source.into(), revisits: None, posts: Vec::new() };
    for line in lines {
        match line {
            Some(("revisits", id)) if metadata.revisits.is_none() => match id.parse() {
                Ok(digest) => metadata.revisits = Some(CaptureId(digest)),
                Err(_) => return wrong("its metadata names no capture that it revisits"),
            },
            Some(("post", post)) => metadata.posts.push(read_post(post, metadata.posts.len())?),
            _ => return wrong("its metadata has a line that is not understood"),
        }
    }
    Ok(metadata)
}

/// The posts of a `conversion` record, in which earlier versions kept them: one a line.
pub(super) fn of_conversion(block: &[u8]) -> Result<Vec<Post>, NotACapture> {
    let Ok(text) = std::str::from_utf8(block) else { return wrong("its posts are not UTF-8") };
    let lines = text.split('\n').filter(|line| !line.is_empty());
    (0..).zip(lines).map(|(place, line)| read_post(line, place)).collect()
}

fn read_post(json: &str, place: usize) -> Result<Post, NotACapture> {
    let post = serde_json::from_str(json);
    post.or_else(|error| wrong(format!("post {place} in it cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Digest;

    #[test]
    fn what_is_written_is_read() {
        let earlier = Some(CaptureId(Digest([7; 32])));
        let block = write("kabar-a", earlier, &[]).unwrap();
        let read = read(block.as_bytes()).unwrap();
        assert_eq!((read.source.as_str(), read.revisits), ("kabar-a", earlier));
    }

    #[test]
    fn anything_else_is_refused() {
        for block in [
            "",
            "source: a",
            "post: {}\r\n",
            "source: a\r\nwho: b\r\n",
            "source: a\r\nrevisits: x\r\n",
            "source: a\r\npost: {}\r\n",
        ] {
            assert!(read(block.as_bytes()).is_err(), "{block:?}");
        }
    }
}
