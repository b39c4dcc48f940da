//! Words, sentences, tags, quotations: the folded text cut into tokens.

use std::ops::Range;

use super::Text;
use super::fold::{self, hashtag, split};
use super::vocabulary::{FormId, Vocabulary};

/// What is true of a token, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// Stands inside quotation marks, with at least two others.
    pub const QUOTED: Self = Self(1);
    /// Part of a tag, `#…`.
    pub const TAG: Self = Self(1 << 1);
    /// Part of an account's name, `@…`.
    pub const MENTION: Self = Self(1 << 2);
    /// A single letter.
    pub const SINGLE: Self = Self(1 << 3);
    /// Its sentence ends in a question mark.
    pub const QUESTION: Self = Self(1 << 4);
    /// Known only through a folding of words.
    pub const DISGUISED: Self = Self(1 << 5);
    /// Written with a capital first letter.
    pub const CAPITAL: Self = Self(1 << 6);
    /// Within the reach of a negation.
    pub const NEGATED: Self = Self(1 << 7);
    /// Within the reach of a prohibition or a warning.
    pub const FORBIDDEN: Self = Self(1 << 8);

    /// With a capital, and no word that any list of common words knows: perhaps a name.
    pub const NAME: Self = Self(1 << 9);

    /// Whether all of `other` is true.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One word, number, or emoji of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the folded text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Which form of the vocabulary it is; 0 if none.
    pub form: FormId,
    /// The number of its sentence.
    pub sentence: u16,
    /// The number of its clause: commas, dashes and the like part clauses.
    pub clause: u16,
    /// What is true of it.
    pub flags: Flags,
}

impl Token {
    /// Its bytes in the folded text.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Cuts `text` into `tokens`.
pub fn tokens(text: &Text<'_>, vocabulary: &Vocabulary, tokens: &mut Vec<Token>) {
    let mut cutter = Cutter {
        text,
        folded: text.folded(),
        vocabulary,
        tokens,
        sentence: 0,
        clause: 0,
        quote: None,
    };
    cutter.run();
    split::join(text.folded(), vocabulary, tokens);
}

struct Cutter<'t> {
    text: &'t Text<'t>,
    folded: &'t str,
    vocabulary: &'t Vocabulary,
    tokens: &'t mut Vec<Token>,
    sentence: u16,
    clause: u16,
    /// The mark that opened a quotation, and the first token inside.
    quote: Option<(u8, usize)>,
}

impl Cutter<'_> {
    fn run(&mut self) {
        let bytes = self.folded.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            at = match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => self.word(at),
                b'#' | b'@' => self.tag(at),
                b' ' | b'_' => at + 1,
                0x80.. => self.beyond_ascii(at),
                _ => self.mark(at, byte),
            };
        }
        self.quote = None;
    }

    fn rest(&self, at: usize) -> &str {
        self.folded.get(at..).unwrap_or_default()
    }

    fn byte(&self, at: usize) -> u8 {
        self.folded.as_bytes().get(at).copied().unwrap_or(b' ')
    }

    /// The end of the run of letters and digits that begins at `at`; an
    /// apostrophe between two of them belongs to it.
    fn end_of_run(&self, at: usize) -> usize {
        let bytes = self.folded.as_bytes();
        let mut end = at;
        while let Some(byte) = bytes.get(end) {
            let inside = byte.is_ascii_alphanumeric()
                || (*byte == b'\'' && end > at && self.byte(end + 1).is_ascii_alphabetic());
            if inside {
                end += 1;
            } else if *byte >= 0x80 {
                match self.rest(end).chars().next() {
                    Some(c) if c.is_alphanumeric() => end += c.len_utf8(),
                    _ => break,
                }
            } else {
                break;
            }
        }
        end
    }

    fn word(&mut self, at: usize) -> usize {
        let end = self.end_of_run(at);
        if self.byte(at).is_ascii_digit() && self.rest(end).starts_with('\u{20e3}') {
            let end = end + '\u{20e3}'.len_utf8();
            self.push(at, end, Flags::default());
            return end;
        }
        if let Some(end) = self.joined_by_symbols(at, end) {
            return end;
        }
        self.run_of_letters(at, end, Flags::default());
        end
    }

    /// A word that goes on behind `@`, `*`, `$`, `!` or `-`, if it is known with them: `p@slon`, `co-blos`.
    fn joined_by_symbols(&mut self, at: usize, end: usize) -> Option<usize> {
        if !matches!(self.byte(end), b'@' | b'*' | b'$' | b'!' | b'|') {
            return None;
        }
        let mut far = end;
        while matches!(self.byte(far), b'@' | b'*' | b'$' | b'!' | b'|')
            && self.byte(far + 1).is_ascii_alphanumeric()
            && far - at < 24
        {
            far = self.end_of_run(far + 1);
        }
        let word = self.folded.get(at..far)?;
        let form = (far > end).then(|| fold::leet::read(word, self.vocabulary))??;
        self.put(at, far, form, Flags::DISGUISED);
        Some(far)
    }

    fn run_of_letters(&mut self, at: usize, end: usize, flags: Flags) {
        let Some(word) = self.folded.get(at..end) else { return };
        if let Some(form) = self.vocabulary.form(word) {
            let form = if self.is_part_of_a_figure(at, end) { 0 } else { form };
            self.put(at, end, form, flags);
            return;
        }
        let mixed = word.bytes().any(|b| b.is_ascii_digit())
            && word.bytes().any(|b| b.is_ascii_alphabetic());
        if let Some(form) = fold::word(word, self.vocabulary) {
            self.put(at, end, form, flags.with(Flags::DISGUISED));
        } else if mixed && word.len() <= 24 {
            for range in hashtag::words(word) {
                self.push(at + range.start, at + range.end, flags);
            }
        } else {
            self.put(at, end, 0, flags);
        }
    }

    /// Whether digits belong to an hour, a date, a price, a score: then they are no ballot number.
    fn is_part_of_a_figure(&self, at: usize, end: usize) -> bool {
        if !self.byte(at).is_ascii_digit() {
            return false;
        }
        let before = at.checked_sub(1).map_or(b' ', |i| self.byte(i));
        let further = at.checked_sub(2).map_or(b' ', |i| self.byte(i));
        let (after, beyond) = (self.byte(end), self.byte(end + 1));
        let links = |byte: u8| matches!(byte, b'.' | b':' | b',' | b'/' | b'-');
        (links(before) && further.is_ascii_digit())
            || (links(after) && beyond.is_ascii_digit())
            || after == b'%'
    }

    fn tag(&mut self, at: usize) -> usize {
        let flag = if self.byte(at) == b'#' { Flags::TAG } else { Flags::MENTION };
        let mut end = at + 1;
        while self.byte(end).is_ascii_alphanumeric()
            || matches!(self.byte(end), b'_' | b'.')
            || self.byte(end) >= 0x80
        {
            let Some(c) = self.rest(end).chars().next() else { break };
            let more = c.is_alphanumeric()
                || c == '_'
                || (c == '.'
                    && flag == Flags::MENTION
                    && self.byte(end + 1).is_ascii_alphanumeric());
            if !more {
                break;
            }
            end += c.len_utf8();
        }
        let Some(whole) = self.folded.get(at + 1..end).filter(|w| !w.is_empty()) else {
            return at + 1;
        };
        self.clause = self.clause.saturating_add(1);
        if let Some(form) = self.vocabulary.form(whole) {
            self.put(at, end, form, flag);
        } else {
            self.parts(at + 1, end, flag);
        }
        self.clause = self.clause.saturating_add(1);
        end
    }

    /// Cuts the original's camel case, for the folded form may have lost it.
    fn parts(&mut self, at: usize, end: usize, flag: Flags) {
        let original =
            self.text.original().get(self.text.original_bytes(at..end)).unwrap_or_default();
        let cut: Vec<Range<usize>> = if original.len() == end - at {
            hashtag::words(original).collect()
        } else {
            hashtag::words(self.folded.get(at..end).unwrap_or_default()).collect()
        };
        for range in cut {
            let (mut from, to) = (at + range.start, at + range.end);
            while from < to {
                let piece = self.folded.get(from..to).unwrap_or_default();
                let length = piece.find(['_', '.']).unwrap_or(piece.len());
                if length > 0 {
                    self.push(from, from + length, flag);
                }
                from += length + 1;
            }
        }
    }

    fn beyond_ascii(&mut self, at: usize) -> usize {
        let Some(c) = self.rest(at).chars().next() else { return at + 1 };
        if c.is_alphanumeric() {
            let end = self.end_of_run(at);
            self.run_of_letters(at, end.max(at + c.len_utf8()), Flags::default());
            return end.max(at + c.len_utf8());
        }
        let end = at + c.len_utf8();
        if c == '…' {
            self.end_sentence(false);
        } else if !c.is_whitespace() {
            self.push(at, end, Flags::default());
        }
        end
    }

    fn end_clause(&mut self) {
        self.clause = self.clause.saturating_add(1);
    }

    fn mark(&mut self, at: usize, byte: u8) -> usize {
        let after = self.byte(at + 1);
        match byte {
            b'?' => self.end_sentence(true),
            b'\n' | b'!' => self.end_sentence(false),
            b'.' if self.ends_sentence(at, after) => self.end_sentence(false),
            b',' | b';' | b':' | b'(' | b')' | b'|' | b'/' => self.end_clause(),
            b'-' if after == b' ' => self.end_clause(),
            b'"' => self.quotation(byte),
            b'\'' => {
                let before = at.checked_sub(1).map_or(b' ', |i| self.byte(i));
                let opens = !before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric();
                if opens || self.quote.is_some_and(|(mark, _)| mark == b'\'') {
                    self.quotation(byte);
                }
            }
            _ => {}
        }
        at + 1
    }

    /// A full stop ends a sentence unless it stands after an abbreviation or inside a word.
    fn ends_sentence(&self, at: usize, after: u8) -> bool {
        if after.is_ascii_alphanumeric() {
            return false;
        }
        let before = self.folded.get(at.saturating_sub(6)..at).unwrap_or_default();
        let word = before.rsplit([' ', '\n', '(', '"']).next().unwrap_or_default();
        !matches!(
            word.to_ascii_lowercase().as_str(),
            "no" | "nmr"
                | "jl"
                | "dr"
                | "drs"
                | "h"
                | "hj"
                | "kh"
                | "ir"
                | "st"
                | "kab"
                | "kec"
                | "kel"
                | "prov"
                | "yth"
                | "tgl"
                | "hlm"
                | "ust"
                | "bpk"
                | "sdr"
                | "ttd"
                | "a"
                | "b"
                | "i"
                | "s"
                | "m"
                | "pd"
                | "d"
                | "u"
                | "p"
                | "k"
        )
    }

    fn end_sentence(&mut self, question: bool) {
        if question {
            let sentence = self.sentence;
            for token in self.tokens.iter_mut().rev().take_while(|t| t.sentence == sentence) {
                token.flags = token.flags.with(Flags::QUESTION);
            }
        }
        if self.tokens.last().is_some_and(|t| t.sentence == self.sentence) {
            self.sentence = self.sentence.saturating_add(1);
        }
        self.clause = self.clause.saturating_add(1);
    }

    fn quotation(&mut self, mark: u8) {
        self.clause = self.clause.saturating_add(1);
        match self.quote {
            Some((open, first)) if open == mark => {
                let inside = self.tokens.get_mut(first..).unwrap_or_default();
                if inside.len() >= 3 {
                    for token in inside {
                        token.flags = token.flags.with(Flags::QUOTED);
                    }
                }
                self.quote = None;
            }
            _ => self.quote = Some((mark, self.tokens.len())),
        }
    }

    /// Adds a word looked up as it is, or in its other readings.
    fn push(&mut self, at: usize, end: usize, flags: Flags) {
        let word = self.folded.get(at..end).unwrap_or_default();
        let known = self.vocabulary.form(word);
        let form = known.or_else(|| fold::word(word, self.vocabulary));
        let flags =
            if known.is_none() && form.is_some() { flags.with(Flags::DISGUISED) } else { flags };
        self.put(at, end, form.unwrap_or(0), flags);
    }

    fn put(&mut self, at: usize, end: usize, form: FormId, flags: Flags) {
        let first = self
            .text
            .original()
            .get(self.text.original_bytes(at..at + 1).start..)
            .and_then(|s| s.chars().next());
        let mut flags = flags;
        if first.is_some_and(char::is_uppercase) {
            flags = flags.with(Flags::CAPITAL);
        }
        if end - at == 1 && self.byte(at).is_ascii_alphabetic() {
            flags = flags.with(Flags::SINGLE);
        }
        self.tokens.push(Token {
            start: u32::try_from(at).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
            form,
            sentence: self.sentence,
            clause: self.clause,
            flags,
        });
    }
}

/// The words of a phrase as a list entry gives it, folded; a `~` stays at the
/// stem it follows, an emoji is a word of its own.
pub fn spellings(phrase: &str) -> Vec<String> {
    let mut folded = String::with_capacity(phrase.len());
    phrase.chars().for_each(|c| fold::char(c, &mut folded));
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for c in folded.chars() {
        let continues = c.is_alphanumeric() || c == '\'' || c == '~';
        match words.last_mut() {
            Some(word) if open && (continues || c == '\u{20e3}') => word.push(c),
            _ if continues => words.push(c.to_string()),
            _ if !c.is_ascii() && !c.is_whitespace() => words.push(c.to_string()),
            _ => {}
        }
        open = continues;
    }
    for word in &mut words {
        word.retain(|c| c != '\'');
    }
    words.retain(|word| !word.is_empty() && word != "~");
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_spelt_as_a_post_is_read() {
        assert_eq!(
            spellings("Dukung~ no. 2️⃣ Ka'bah-ku ✌️"),
            ["dukung~", "no", "2\u{20e3}", "kabah", "ku", "✌"]
        );
    }

    fn words(text: &str, known: &[&str]) -> Vec<String> {
        let mut vocabulary = Vocabulary::default();
        for word in known {
            vocabulary.word(word);
        }
        let text = Text::new(text);
        let tokens = text.tokens(&vocabulary);
        tokens
            .iter()
            .filter(|t| t.form != 0)
            .filter_map(|t| text.folded().get(t.range()))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn letters_set_apart_are_one_word() {
        assert_eq!(words("no. d u a ya", &["dua"]), ["d u a"]);
        assert_eq!(words("A-M-I-N dong", &["amin"]), ["A-M-I-N"]);
        assert_eq!(words("k.a.m.p.a.n.y.e", &["kampanye"]), ["k.a.m.p.a.n.y.e"]);
    }

    #[test]
    fn figures_are_no_ballot_numbers() {
        assert_eq!(
            words("skor 2-0, jam 02.00, 2%, tgl 3/2", &["2", "02", "3"]),
            Vec::<String>::new()
        );
        assert_eq!(words("coblos 2, bukan 3!", &["2", "3"]), ["2", "3"]);
    }

    #[test]
    fn a_keycap_is_a_word_of_its_own() {
        assert_eq!(words("gas 2️⃣ ya", &["2\u{20e3}"]), ["2\u{20e3}"]);
    }

    #[test]
    fn tags_are_cut_into_words() {
        assert_eq!(words("#SatuPutaran", &["satu", "putaran"]), ["Satu", "Putaran"]);
        assert_eq!(words("#satuputaran", &["satuputaran"]), ["#satuputaran"]);
    }

    #[test]
    fn a_question_marks_its_sentence_only() {
        let mut vocabulary = Vocabulary::default();
        vocabulary.word("boleh");
        let text = Text::new("Boleh? Boleh.");
        let tokens = text.tokens(&vocabulary);
        let asked: Vec<bool> = tokens.iter().map(|t| t.flags.has(Flags::QUESTION)).collect();
        assert_eq!(asked, [true, false]);
    }
}
