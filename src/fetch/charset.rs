//! From the bytes of an answer to text. Never fails: what cannot be read is
//! replaced by U+FFFD.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a document its own word on its charset is looked for.
const PRESCAN: usize = 1_024;

/// Decodes an answer: by its byte-order mark; as UTF-8 if it is that, whatever
/// it says, since text in another charset hardly ever is; by what the server
/// says; by what the document says; by what it looks like.
pub(super) fn decode(body: &[u8], content_type: Option<&str>) -> String {
    if let Some((encoding, length)) = Encoding::for_bom(body) {
        return lossy(encoding, &body[length..]);
    }
    match body {
        [b'<' | b'{', 0, ..] => return lossy(UTF_16LE, body),
        [0, b'<' | b'{', ..] => return lossy(UTF_16BE, body),
        _ => {}
    }
    if let Ok(text) = str::from_utf8(body)
        && !body.contains(&0x1B)
    {
        return text.to_owned();
    }
    let said = content_type.and_then(charset_parameter).or_else(|| declared(body));
    match said {
        Some(encoding) if encoding != UTF_8 && encoding != UTF_16LE && encoding != UTF_16BE => {
            lossy(encoding, body)
        }
        Some(_) if is_mostly_utf8(body) => lossy(UTF_8, body),
        _ => lossy(guess(body), body),
    }
}

fn lossy(encoding: &'static Encoding, body: &[u8]) -> String {
    encoding.decode_without_bom_handling(body).0.into_owned()
}

/// UTF-8 with a few bytes spoilt has more good sequences than bad ones; text
/// of a one-byte charset has hardly any good one.
fn is_mostly_utf8(body: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in body.utf8_chunks() {
        good += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad
}

fn guess(body: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(body, true);
    detector.guess(Some(b"id"), Utf8Detection::Deny)
}

/// The `charset` parameter of a `Content-Type`.
fn charset_parameter(content_type: &str) -> Option<&'static Encoding> {
    let mut parameters = content_type.split(';').skip(1);
    let value = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(value)
    })?;
    Encoding::for_label(value.trim().trim_matches('"').as_bytes())
}

/// What the XML declaration or a `meta` element near the beginning says.
fn declared(body: &[u8]) -> Option<&'static Encoding> {
    let start = body.get(..PRESCAN).unwrap_or(body).to_ascii_lowercase();
    let label = after(&start, b"encoding=").or_else(|| after(&start, b"charset="))?;
    let label = label.trim_ascii_start();
    let label = label.strip_prefix(b"\"").or(label.strip_prefix(b"'")).unwrap_or(label);
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte);
    let end = label.iter().position(|byte| !is_part(byte)).unwrap_or(label.len());
    Encoding::for_label(&label[..end])
}

fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let at = bytes.windows(mark.len()).position(|window| window == mark)?;
    bytes.get(at + mark.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_naming_a_charset_is_followed() {
        let cases: &[(&[u8], Option<&str>, &str)] = &[
            ("“Pemilu”".as_bytes(), Some("text/xml; charset=iso-8859-1"), "“Pemilu”"),
            (b"\xEF\xBB\xBFaman", None, "aman"),
            (b"\xFF\xFE<\0a\0", None, "<a"),
            (b"<\0a\0", None, "<a"),
            (b"\x93Pemilu\x94", Some("text/xml; charset=\"windows-1252\""), "“Pemilu”"),
            (
                b"<?xml version='1.0' encoding='ISO-8859-1'?>\x93a\x94",
                None,
                "<?xml version='1.0' encoding='ISO-8859-1'?>“a”",
            ),
            (b"<meta charset=windows-1252>\x93a\x94", None, "<meta charset=windows-1252>“a”"),
            (b"kata \x93netral\x94 itu", Some("text/html; charset=utf-8"), "kata “netral” itu"),
            (b"\xC3\xA9\xC3\xA9 \xC3", Some("text/html; charset=utf-8"), "éé \u{FFFD}"),
        ];
        for (body, content_type, expected) in cases {
            assert_eq!(decode(body, *content_type), *expected, "{expected}");
        }
    }
}
