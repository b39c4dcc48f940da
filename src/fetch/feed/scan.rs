//! The pieces of an XML document, good or bad, found in one linear pass.

/// A piece of a document. Declarations, processing instructions and comments
/// are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A start tag, or the tag of an empty element.
    Start {
        /// The tag as it stands.
        raw: &'a str,
        /// Its name with prefix.
        name: &'a str,
        /// Whether it ends with `/>`.
        is_empty: bool,
    },
    /// An end tag.
    End {
        /// Its name with prefix.
        name: &'a str,
    },
    /// Character data, references unresolved. A `<` that begins nothing is
    /// written `&lt;`.
    Text(&'a str),
    /// The content of a CDATA section.
    CData(&'a str),
}

/// The pieces of this document.
pub(super) fn pieces(document: &str) -> Pieces<'_> {
    Pieces { rest: document }
}

/// The name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The pieces still to come.
pub(super) struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let rest = self.rest;
            if rest.is_empty() {
                return None;
            }
            if !rest.starts_with('<') {
                return Some(Piece::Text(self.take(rest.find('<').unwrap_or(rest.len()))));
            }
            if let Some(section) = rest.strip_prefix("<![CDATA[") {
                let end = section.find("]]>").unwrap_or(section.len());
                self.rest = section.get(end + 3..).unwrap_or_default();
                return Some(Piece::CData(&section[..end]));
            }
            let skipped = if rest.starts_with("<!--") {
                end_of(rest, "-->")
            } else if rest.starts_with("<?") {
                end_of(rest, "?>")
            } else if rest.starts_with("<!") {
                end_of_doctype(rest)
            } else {
                return Some(self.tag());
            };
            self.rest = rest.get(skipped..).unwrap_or_default();
        }
    }
}

impl<'a> Pieces<'a> {
    fn tag(&mut self) -> Piece<'a> {
        let rest = self.rest;
        let inner = rest.get(1..).unwrap_or_default();
        let (is_end, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let is_name = |letter: char| letter.is_alphanumeric() || "_-.:".contains(letter);
        let length = inner.find(|letter| !is_name(letter)).unwrap_or(inner.len());
        let name = &inner[..length];
        let begins = name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
        match end_of_tag(rest).filter(|_| begins) {
            Some(end) if is_end => {
                self.take(end);
                Piece::End { name }
            }
            Some(end) => {
                let raw = self.take(end);
                Piece::Start { raw, name, is_empty: raw.ends_with("/>") }
            }
            None => {
                self.take(1);
                Piece::Text("&lt;")
            }
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (piece, rest) = self.rest.split_at(length);
        self.rest = rest;
        piece
    }
}

fn end_of(rest: &str, mark: &str) -> usize {
    rest.find(mark).map_or(rest.len(), |at| at + mark.len())
}

/// One past the `>` that ends the tag. No tag reaches beyond the next `<`:
/// XML allows none within, and so no byte is looked at twice.
fn end_of_tag(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match (byte, quote) {
            (b'<', _) => return None,
            (b'>', None) => return Some(at + 1),
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    None
}

/// One past a DOCTYPE with its internal subset, whose entities are not wanted.
fn end_of_doctype(rest: &str) -> usize {
    let mut in_subset = false;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'[' => in_subset = true,
            b']' => in_subset = false,
            b'>' if !in_subset => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_falls_into_its_pieces() {
        let document = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c>'>]><a b='>'>x<!--<n>--><c/><![CDATA[<y>]]> < </a>";
        let pieces: Vec<_> = pieces(document).collect();
        assert_eq!(
            pieces,
            [
                Piece::Start { raw: "<a b='>'>", name: "a", is_empty: false },
                Piece::Text("x"),
                Piece::Start { raw: "<c/>", name: "c", is_empty: true },
                Piece::CData("<y>"),
                Piece::Text(" "),
                Piece::Text("&lt;"),
                Piece::Text(" "),
                Piece::End { name: "a" },
            ]
        );
    }

    #[test]
    fn what_is_never_closed_ends_with_the_document() {
        for document in
            ["<a", "<a b='", "<!--", "<![CDATA[x", "<?x", "<!DOCTYPE [", "<", "</", "<>"]
        {
            assert!(pieces(document).count() <= 2, "{document}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_falls_into_pieces(document in "([<>/!?\\[\\]'\"&;a-c:-]|\\PC){0,120}") {
            proptest::prop_assert!(pieces(&document).count() <= document.len());
        }
    }
}
