//! What is done to a feed before it is parsed, since the parser takes
//! well-formed XML only and one bad item would cost all the others.
//!
//! One pass copies the document: characters that XML forbids are dropped,
//! ampersands that begin no entity of XML are escaped (an HTML entity so
//! becomes mark-up of the item's text, where HTML resolves it), declaration,
//! DOCTYPE and comments are left out, the root gets the namespaces that feeds
//! use. On the way it notes where the items lie, so that they can be counted,
//! cut, and parsed one by one.

use std::ops::Range;

use super::scan::{Piece, local, pieces};

/// Stands for `@` in names of persons: the parser looks for mail addresses
/// there and cuts text in the middle of a character.
pub(super) const MASKED_AT: char = '\u{E000}';

/// Elements whose text the parser takes for a person.
const PERSONS: &[&str] = &["author", "creator", "managingEditor", "webMaster", "name"];

/// Elements that hold text or mark-up, so that their content may be anything.
const TEXTS: &[&str] = &["description", "encoded", "summary", "content", "title"];

/// A feed's elements are not nested deeper before the first item.
const MAX_OPEN: usize = 32;

/// The parser calls itself for nested elements; tags beyond this depth are
/// left out, or the stack of the thread would be the sender's to use up.
const MAX_DEPTH: usize = 100;

/// Prefixes that feeds use without saying what they stand for.
const NAMESPACES: &[(&str, &str)] = &[
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("media", "http://search.yahoo.com/mrss/"),
    ("atom", "http://www.w3.org/2005/Atom"),
];

/// A document ready to be parsed.
#[derive(Debug, Default)]
pub(super) struct Repaired {
    text: String,
    /// The start tags open at the first item, as they stand in `text`.
    open: Vec<Range<usize>>,
    items: Vec<Range<usize>>,
    /// The local name of the root.
    pub(super) root: String,
    /// How many complete items there are; more than were kept, maybe.
    pub(super) total: usize,
    /// How many items end before they are complete.
    pub(super) broken: usize,
}

impl Repaired {
    /// Repairs a document and keeps its first `max_items` items.
    pub(super) fn new(document: &str, max_items: usize) -> Self {
        let mut repaired = Self::default();
        let mut item_start = None;
        let mut person: Option<&str> = None;
        // The first item says what items are called: extensions have an `item` of their own.
        let mut item_name: Option<&str> = None;
        let mut depth = 0_usize;
        for piece in pieces(document) {
            let is_item = |name: &str| item_name.map_or(is_item(name), |item| item == name);
            if repaired.total >= max_items {
                let is_end = matches!(piece, Piece::End { name } if is_item(name));
                repaired.total += usize::from(is_end);
                continue;
            }
            match piece {
                Piece::Start { is_empty: false, .. } => depth += 1,
                Piece::End { .. } => depth = depth.saturating_sub(1),
                _ => {}
            }
            match piece {
                Piece::Start { .. } if depth > MAX_DEPTH => {}
                Piece::End { .. } if depth >= MAX_DEPTH => {}
                Piece::Start { raw, name, is_empty } => {
                    if is_item(name) {
                        repaired.broken += usize::from(item_start.is_some());
                        item_start = Some(repaired.text.len());
                        item_name = Some(name);
                    }
                    let start = repaired.text.len();
                    repaired.start_tag(raw, name);
                    let is_head = item_start.is_none() && repaired.items.is_empty() && !is_empty;
                    if is_head && repaired.open.len() < MAX_OPEN {
                        repaired.open.push(start..repaired.text.len());
                    }
                    person = person.or(PERSONS.contains(&local(name)).then_some(name));
                }
                Piece::End { name } => {
                    repaired.text.extend(["</", name, ">"]);
                    if person == Some(name) {
                        person = None;
                    }
                    if is_item(name) {
                        match item_start.take() {
                            Some(start) => repaired.item(start),
                            None => repaired.broken += 1,
                        }
                    } else if item_start.is_none() && repaired.items.is_empty() {
                        repaired.close(name);
                    }
                }
                // Before the root stands a byte-order mark at best.
                Piece::Text(_) | Piece::CData(_) if repaired.root.is_empty() => {}
                Piece::Text(text) => repaired.text(text, person.is_some()),
                Piece::CData(text) => repaired.cdata(text, person.is_some()),
            }
        }
        repaired.broken += usize::from(item_start.is_some());
        repaired
    }

    /// The document as one, if nothing was cut from it and nothing is missing.
    pub(super) fn whole(&self) -> Option<&str> {
        (self.broken == 0 && self.total == self.items.len()).then_some(&self.text)
    }

    /// The document with the complete items only, all elements closed.
    pub(super) fn closed(&self) -> String {
        let head_end = self.items.first().map_or(self.text.len(), |item| item.start);
        let head = self.text.get(..head_end).unwrap_or_default();
        let items = self.items().map(str::len).sum::<usize>();
        let mut document = String::with_capacity(head.len() + items + 64);
        document.push_str(head);
        document.extend(self.items());
        self.close_all(&mut document);
        document
    }

    /// The complete items, as they stand.
    pub(super) fn items(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|item| self.text.get(item.clone()))
    }

    /// A document of one item alone.
    pub(super) fn alone(&self, item: &str) -> String {
        let mut document = String::new();
        for tag in &self.open {
            document.push_str(self.text.get(tag.clone()).unwrap_or_default());
        }
        document.push_str(item);
        self.close_all(&mut document);
        document
    }

    fn close_all(&self, document: &mut String) {
        for tag in self.open.iter().rev() {
            let tag = self.text.get(tag.clone()).unwrap_or_default();
            document.extend(["</", tag_name(tag), ">"]);
        }
    }

    fn item(&mut self, start: usize) {
        self.items.push(start..self.text.len());
        self.total += 1;
    }

    /// Forgets the start tag that this end tag belongs to, and what was left
    /// open within.
    fn close(&mut self, name: &str) {
        let text = &self.text;
        let is_it = |tag: &Range<usize>| text.get(tag.clone()).map(tag_name) == Some(name);
        if let Some(at) = self.open.iter().rposition(is_it) {
            self.open.truncate(at);
        }
    }

    fn start_tag(&mut self, raw: &str, name: &str) {
        if !self.root.is_empty() {
            return escape_ampersands(raw, &mut self.text);
        }
        local(name).clone_into(&mut self.root);
        let Some(rest) = raw.strip_prefix('<').and_then(|raw| raw.strip_prefix(name)) else {
            return;
        };
        self.text.extend(["<", name]);
        for (prefix, namespace) in NAMESPACES {
            if !declares(rest, prefix) {
                self.text.extend([" xmlns:", prefix, "=\"", namespace, "\""]);
            }
        }
        match version(rest).filter(|_| self.root == "rss") {
            // The parser knows three versions; what calls itself otherwise is read as the last.
            Some(version) if !matches!(&rest[version.clone()], "2.0" | "0.91" | "0.92") => {
                escape_ampersands(&rest[..version.start], &mut self.text);
                self.text.push_str("2.0");
                escape_ampersands(&rest[version.end..], &mut self.text);
            }
            None if self.root == "rss" => {
                self.text.push_str(" version=\"2.0\"");
                escape_ampersands(rest, &mut self.text);
            }
            _ => escape_ampersands(rest, &mut self.text),
        }
    }

    fn text(&mut self, text: &str, is_person: bool) {
        let start = self.text.len();
        escape_ampersands(text, &mut self.text);
        if is_person {
            self.mask(start);
        }
    }

    fn cdata(&mut self, text: &str, is_person: bool) {
        let start = self.text.len();
        self.text.push_str("<![CDATA[");
        self.text.extend(text.chars().filter(|&letter| is_kept(letter)));
        self.text.push_str("]]>");
        if is_person {
            self.mask(start);
        }
    }

    fn mask(&mut self, start: usize) {
        let tail = self.text.split_off(start);
        self.text.push_str(&tail.replace('@', MASKED_AT.encode_utf8(&mut [0; 4])));
    }
}

/// The item with the content of its text elements taken as it is, mark-up and
/// all: what helps where tags within a text do not match, or where its type is
/// none that the parser knows.
pub(super) fn with_texts_taken_literally(item: &str) -> String {
    let mut item = item.to_owned();
    for wanted in TEXTS {
        if let Some((name, element, inner)) = text_element(&item, wanted) {
            let literal = item[inner].replace("<![CDATA[", "").replace("]]>", "");
            let literal = literal.replace("&amp;", "&");
            let literal = format!("<{name} type=\"html\"><![CDATA[{literal}]]>");
            item.replace_range(element, &literal);
        }
    }
    item
}

/// The first start tag of this local name and what lies between it and the
/// last end tag: its name, the place of both, and of the latter alone.
fn text_element(item: &str, wanted: &str) -> Option<(String, Range<usize>, Range<usize>)> {
    let place = |part: &str| part.as_ptr() as usize - item.as_ptr() as usize;
    let mut tag: Option<(&str, Range<usize>)> = None;
    let mut end = None;
    for piece in pieces(item) {
        match piece {
            Piece::Start { raw, name, is_empty: false }
                if tag.is_none() && local(name) == wanted =>
            {
                tag = Some((name, place(raw)..place(raw) + raw.len()));
            }
            Piece::End { name } if tag.as_ref().is_some_and(|(tag, _)| *tag == name) => {
                end = Some(place(name) - 2);
            }
            _ => {}
        }
    }
    let (name, start) = tag?;
    let end = end.filter(|end| *end >= start.end)?;
    Some((name.to_owned(), start.start..end, start.end..end))
}

fn is_item(name: &str) -> bool {
    matches!(local(name), "item" | "entry")
}

fn tag_name(tag: &str) -> &str {
    let tag = tag.trim_start_matches('<');
    let end = tag.find(|letter: char| letter.is_ascii_whitespace() || "/>".contains(letter));
    &tag[..end.unwrap_or(tag.len())]
}

/// Whether these attributes declare the namespace prefix.
fn declares(attributes: &str, prefix: &str) -> bool {
    let mut declared = attributes.split("xmlns:").skip(1);
    declared.any(|rest| {
        let rest = rest.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    })
}

/// Where the value of the `version` attribute stands among these attributes.
fn version(attributes: &str) -> Option<Range<usize>> {
    let name = attributes.find(" version")?;
    let equals = name + attributes[name..].find('=')?;
    let open = equals + attributes[equals..].find(['"', '\''])?;
    let quote = attributes[open..].chars().next()?;
    let length = attributes[open + 1..].find(quote)?;
    Some(open + 1..open + 1 + length)
}

/// Whether XML 1.0 allows the character, and it means nothing of ours.
fn is_kept(letter: char) -> bool {
    let is_forbidden = matches!(letter, '\u{7F}' | '\u{FFFE}' | '\u{FFFF}' | MASKED_AT);
    matches!(letter, '\t' | '\n' | '\r' | ' '..) && !is_forbidden
}

/// Copies text; what XML forbids is dropped, and an ampersand that begins no
/// reference of XML is escaped.
fn escape_ampersands(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(|letter| letter == '&' || !is_kept(letter)) {
        out.push_str(&rest[..at]);
        let mut letters = rest[at..].chars();
        let letter = letters.next();
        rest = letters.as_str();
        if letter != Some('&') {
            continue;
        }
        if let Some((letter, length)) = entity(rest) {
            write_letter(letter, out);
            rest = &rest[length..];
        } else {
            out.push_str("&amp;");
        }
    }
    out.push_str(rest);
}

/// The character of a reference that XML knows, and the length after `&`.
fn entity(reference: &str) -> Option<(char, usize)> {
    let end = reference.bytes().take(12).position(|byte| byte == b';')?;
    let name = &reference[..end];
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            // 128 to 159 are windows-1252 wherever they occur, as HTML has it.
            let letter = char::from_u32(code).filter(|&letter| is_kept(letter))?;
            if (128..160).contains(&code) {
                return None;
            }
            letter
        }
    };
    Some((letter, end + 1))
}

fn write_letter(letter: char, out: &mut String) {
    match letter {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&apos;"),
        letter => out.push(letter),
    }
}
