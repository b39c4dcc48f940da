//! Marks between words: where clauses, sentences and quotations end.

use super::Cutter;
use crate::text::token::Flags;

impl Cutter<'_> {
    fn end_clause(&mut self) {
        self.clause = self.clause.saturating_add(1);
    }

    /// Reads a mark, and says where the next one or the next word begins.
    pub(super) fn mark(&mut self, at: usize, byte: u8) -> usize {
        let after = self.byte(at + 1);
        if matches!(byte, b'-' | b'.' | b'_' | b'~' | b'*') {
            self.linked |= after.is_ascii_alphabetic() && self.follows_a_word(at);
        }
        match byte {
            b'$' if after.is_ascii_alphabetic() && !self.follows_a_word(at) => {
                let end = self.end_of_run(at + 1);
                if let Some(end) = self.disguised(at, end) {
                    return end;
                }
            }
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

    fn follows_a_word(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|before| self.byte(before).is_ascii_alphanumeric())
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

    pub(super) fn end_sentence(&mut self, question: bool) {
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
}
