//! Words, sentences, tags, quotations: the folded text cut into tokens.

mod mark;
mod tag;

use super::Text;
use super::fold::{self, Readings, Shape, hashtag, leet, numeral, split};
use super::token::{Flags, Token};
use super::vocabulary::{FormId, Vocabulary};

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
        linked: false,
        letters: 0,
    };
    cutter.run();
    let (linked, apart) = (cutter.linked, cutter.letters >= 3);
    split::join(text.folded(), vocabulary, tokens, (apart, linked));
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
    /// Whether two words are parted by a mark alone, as pieces of one may be.
    linked: bool,
    /// How many words are a single character, as letters set apart are.
    letters: usize,
}

impl Cutter<'_> {
    fn run(&mut self) {
        let bytes = self.folded.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            at = match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                    let end = self.end_of_plain_run(at);
                    if goes_on(self.byte(end)) {
                        self.word(at)
                    } else {
                        self.plain_word(at, end);
                        end
                    }
                }
                b'#' | b'@' => self.tag(at),
                b' ' => at + 1,
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
        let mut end = self.end_of_plain_run(at);
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

    /// The end of the ASCII letters and digits from `at` on.
    #[inline]
    fn end_of_plain_run(&self, at: usize) -> usize {
        let rest = self.folded.as_bytes().get(at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_letter_or_digit(*byte));
        at + length.unwrap_or(rest.len())
    }

    /// Adds a word of ASCII letters and digits behind which no more of it stands.
    #[inline]
    fn plain_word(&mut self, at: usize, end: usize) {
        match self.vocabulary.form_at(self.folded, at, end) {
            Some(form) if !self.is_part_of_a_figure(at, end) => {
                self.put_one(at, end, form, Flags::default());
            }
            Some(_) => self.put_one(at, end, 0, Flags::default()),
            None => self.unknown(at, end, Flags::default()),
        }
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

    /// A word that goes on behind `@`, `*`, `$`, `!` or `|`, if it is known with
    /// them: `p@slon`, `d*k*ng`, `d**ung`, `coblo$`.
    fn joined_by_symbols(&mut self, at: usize, end: usize) -> Option<usize> {
        let is_symbol = |byte: u8| matches!(byte, b'@' | b'*' | b'$' | b'!' | b'|');
        if !is_symbol(self.byte(end)) {
            return None;
        }
        let mut far = end;
        while far - at < leet::MAX_BYTES {
            let mut next = far;
            while is_symbol(self.byte(next)) && next - far < 3 {
                next += 1;
            }
            if next > far && self.byte(next).is_ascii_alphanumeric() {
                far = self.end_of_run(next);
            } else {
                break;
            }
        }
        if self.byte(far) == b'$' {
            far += 1;
        }
        if far > end { self.disguised(at, far) } else { None }
    }

    /// Adds the word that this is in disguise, if it is one.
    fn disguised(&mut self, at: usize, end: usize) -> Option<usize> {
        let word = self.folded.get(at..end)?;
        let mut readings = Readings::default();
        leet::read(word, Shape::of(word), self.vocabulary, &mut readings);
        if readings.is_empty() {
            return None;
        }
        self.put(at, end, readings, Flags::DISGUISED);
        Some(end)
    }

    fn run_of_letters(&mut self, at: usize, end: usize, flags: Flags) {
        let Some(word) = self.folded.get(at..end) else { return };
        if let Some(form) = self.vocabulary.form(word) {
            let form = if self.is_part_of_a_figure(at, end) { 0 } else { form };
            self.put_one(at, end, form, flags);
            return;
        }
        self.unknown(at, end, flags);
    }

    /// Adds a word that the vocabulary does not know as it is.
    fn unknown(&mut self, at: usize, end: usize, flags: Flags) {
        let Some(word) = self.folded.get(at..end) else { return };
        let shape = Shape::of(word);
        if shape.is_mixed() && self.numbered(at, end, flags) {
            return;
        }
        let readings = fold::word(word, shape, self.vocabulary);
        if !readings.is_empty() {
            self.put(at, end, readings, flags.with(Flags::DISGUISED));
        } else if shape.is_mixed() && word.len() <= leet::MAX_BYTES {
            let mut unknown = false;
            for range in hashtag::words(word) {
                // behind letters that say nothing a digit is part of a code: `H2O`, `SMAN1`
                let is_number = self.byte(at + range.start).is_ascii_digit();
                let flags = if is_number && unknown { flags.with(Flags::TAIL) } else { flags };
                self.push(at + range.start, at + range.end, flags);
                unknown = self.tokens.last().is_some_and(|token| token.form == 0);
            }
        } else {
            self.put(at, end, readings, flags);
        }
    }

    /// A known word with a number behind it: `nomor2`, `tps05`. A last `2` may
    /// double the word as well (`teman2`), and the digit may be a syllable
    /// (`ke2`): then the number is there in one reading only. It begins a
    /// phrase only behind what can be an act (`coblos2`).
    fn numbered(&mut self, at: usize, end: usize, flags: Flags) -> bool {
        let Some(word) = self.folded.get(at..end) else { return false };
        let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_word = bare.len() >= 2
            && word.len() <= leet::MAX_BYTES
            && bare.bytes().all(|b| b.is_ascii_alphabetic());
        let Some(form) = self.vocabulary.form(bare).filter(|_| is_word) else { return false };
        let middle = at + bare.len();
        let mut readings = Readings::one(form);
        numeral::read(word, Shape::of(word), self.vocabulary, &mut readings);
        let digits = self.folded.get(middle..end).unwrap_or_default();
        let mut number = flags;
        if digits == "2" || readings.forms().len() > 1 {
            number = number.with(Flags::SKIPPED);
        }
        if digits == "2" && !self.vocabulary.is_of_stem(form) {
            number = number.with(Flags::TAIL);
        }
        self.put(at, middle, readings, flags);
        let figure = self.is_part_of_a_figure(middle, end);
        let form = self.vocabulary.form(digits).filter(|_| !figure).unwrap_or(0);
        self.put_one(middle, end, form, number);
        true
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

    /// Adds a word looked up as it is, or in its other readings.
    fn push(&mut self, at: usize, end: usize, flags: Flags) {
        let word = self.folded.get(at..end).unwrap_or_default();
        if let Some(form) = self.vocabulary.form(word) {
            self.put_one(at, end, form, flags);
            return;
        }
        let readings = fold::word(word, Shape::of(word), self.vocabulary);
        let disguised = !readings.is_empty();
        self.put(at, end, readings, if disguised { flags.with(Flags::DISGUISED) } else { flags });
    }

    fn put(&mut self, at: usize, end: usize, readings: Readings, flags: Flags) {
        self.put_one(at, end, 0, flags);
        if let Some(token) = self.tokens.last_mut() {
            *token = token.read(readings);
        }
    }

    /// Adds a word with one reading, or with none if `form` is 0.
    #[inline]
    fn put_one(&mut self, at: usize, end: usize, form: FormId, flags: Flags) {
        let mut flags = flags;
        if self.is_capital(at) {
            flags = flags.with(Flags::CAPITAL);
        }
        if end - at == 1 && self.byte(at).is_ascii_alphabetic() {
            flags = flags.with(Flags::SINGLE);
        }
        // a flag's half takes four bytes, and what else does so is no harm here
        self.letters += usize::from(end - at == 1 || self.byte(at) >= 0xf0);
        self.tokens.push(Token {
            start: u32::try_from(at).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
            form,
            others: [0; fold::MAX_READINGS - 1],
            sentence: self.sentence,
            clause: self.clause,
            flags,
        });
    }

    /// Whether the author wrote a capital here.
    #[inline]
    fn is_capital(&self, at: usize) -> bool {
        if self.text.is_borrowed() {
            return self.byte(at).is_ascii_uppercase();
        }
        let start = self.text.original_bytes(at..at + 1).start;
        match self.text.original().as_bytes().get(start) {
            Some(byte) if byte.is_ascii() => byte.is_ascii_uppercase(),
            _ => {
                let first = self.text.original().get(start..).and_then(|s| s.chars().next());
                first.is_some_and(char::is_uppercase)
            }
        }
    }
}

/// Whether more of a word may stand at this byte behind letters and digits.
#[inline]
fn goes_on(byte: u8) -> bool {
    matches!(byte, b'\'' | b'@' | b'*' | b'$' | b'!' | b'|' | 0x80..)
}

/// ASCII letters and digits, by byte: one look each, for every byte of every word.
const LETTERS_AND_DIGITS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

#[inline]
fn is_letter_or_digit(byte: u8) -> bool {
    LETTERS_AND_DIGITS[usize::from(byte)]
}

#[cfg(test)]
mod tests {
    use super::*;

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
