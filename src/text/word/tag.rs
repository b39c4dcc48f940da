//! Tags and mentions: several words written as one.

use std::borrow::Cow;

use super::Cutter;
use crate::text::fold::hashtag;
use crate::text::token::Flags;

impl Cutter<'_> {
    /// Cuts the tag or mention that begins at `at`, and says where it ends.
    pub(super) fn tag(&mut self, at: usize) -> usize {
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
            self.put_one(at, end, form, flag);
        } else {
            self.parts(at + 1, end, flag);
        }
        self.clause = self.clause.saturating_add(1);
        end
    }

    /// Cuts a tag by its case, digits and low lines, and what is left by the words it holds.
    fn parts(&mut self, at: usize, end: usize, flag: Flags) {
        let folded = self.folded;
        let whole = folded.get(at..end).unwrap_or_default();
        let cased = if self.text.is_borrowed() {
            Cow::Borrowed(whole)
        } else {
            // the folded form has lost the case by which the tag is cut
            Cow::Owned(self.text.cased(at..end))
        };
        for range in hashtag::words(&cased) {
            let (mut from, to) = (at + range.start, at + range.end);
            while from < to {
                let piece = self.folded.get(from..to).unwrap_or_default();
                let length = piece.find(['_', '.']).unwrap_or(piece.len());
                if length > 0 {
                    self.piece(from, from + length, flag);
                }
                from += length + 1;
            }
        }
    }

    fn piece(&mut self, at: usize, end: usize, flag: Flags) {
        let word = self.folded.get(at..end).unwrap_or_default();
        let ends = match self.vocabulary.form(word) {
            Some(_) => Vec::new(),
            None => hashtag::known(word, self.vocabulary),
        };
        let mut from = at;
        for to in ends {
            self.push(from, at + to, flag);
            from = at + to;
        }
        if from < end {
            self.push(from, end, flag);
        }
    }
}
