//! Vocabulary: the words that any rule or list speaks of, and the forms in
//! which they are written.
//!
//! A *word* is what a rule means; a *form* is a spelling. One form may stand
//! for several words (`pilih` is itself and a form of the stem `pilih~`), one
//! word has many forms. All forms are generated when rules are loaded, so a
//! word of a post costs one look-up.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::affix;

/// A word, as rules mean it.
pub type WordId = u32;

/// A spelling; 0 is every spelling that no rule knows.
pub type FormId = u32;

/// The longest word that is looked up, in bytes.
pub const MAX_WORD_BYTES: usize = 40;

/// Multiply and rotate: the keys are short and the table is not open to strangers.
#[derive(Default)]
pub struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0_u8; 8];
            eight.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.write_u64(u64::from_le_bytes(eight));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
        self.0 ^= self.0 >> 29;
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

/// A map hashed by [`WordHasher`].
pub type WordMap<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// The words and their forms.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: WordMap<Box<str>, WordId>,
    forms: WordMap<Box<str>, FormId>,
    /// By form, the words it may stand for; entry 0 is empty.
    meanings: Vec<Vec<WordId>>,
}

impl Vocabulary {
    /// The word of this spelling, made known if it is not yet. A final `~`
    /// asks for the stem in all its affixed forms.
    pub fn word(&mut self, spelling: &str) -> WordId {
        if let Some(id) = self.words.get(spelling) {
            return *id;
        }
        let id = WordId::try_from(self.words.len()).unwrap_or(WordId::MAX);
        self.words.insert(spelling.into(), id);
        if let Some(stem) = spelling.strip_suffix('~') {
            for form in affix::forms(stem) {
                self.means(&form, id);
            }
        } else {
            self.means(spelling, id);
        }
        id
    }

    /// Lets `form` stand for whatever `standard` stands for.
    pub fn also(&mut self, form: &str, standard: &str) {
        let Some(known) = self.form(standard) else { return };
        for word in self.meanings(known).to_vec() {
            self.means(form, word);
        }
    }

    fn means(&mut self, form: &str, word: WordId) {
        if self.meanings.is_empty() {
            self.meanings.push(Vec::new());
        }
        let id = *self.forms.entry(form.into()).or_insert_with(|| {
            self.meanings.push(Vec::new());
            FormId::try_from(self.meanings.len() - 1).unwrap_or(0)
        });
        if let Some(words) = self.meanings.get_mut(id as usize)
            && !words.contains(&word)
        {
            words.push(word);
        }
    }

    /// The form with this spelling in any case, without inner apostrophes.
    #[inline]
    pub fn form(&self, spelling: &str) -> Option<FormId> {
        let mut buffer = [0_u8; MAX_WORD_BYTES];
        let mut length = 0;
        for byte in spelling.bytes() {
            if byte == b'\'' {
                continue;
            }
            *buffer.get_mut(length)? = byte.to_ascii_lowercase();
            length += 1;
        }
        let key = std::str::from_utf8(buffer.get(..length)?).ok()?;
        self.forms.get(key).copied()
    }

    /// The words that a form may stand for.
    #[inline]
    pub fn meanings(&self, form: FormId) -> &[WordId] {
        self.meanings.get(form as usize).map_or(&[], Vec::as_slice)
    }

    /// How many words are known.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// How many forms are known.
    pub fn forms(&self) -> usize {
        self.forms.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_known_in_its_forms_and_a_plain_word_only_as_itself() {
        let mut vocabulary = Vocabulary::default();
        let stem = vocabulary.word("dukung~");
        let plain = vocabulary.word("netral");
        let form = vocabulary.form("Mendukung").unwrap();
        assert_eq!(vocabulary.meanings(form), [stem]);
        let form = vocabulary.form("NETRAL").unwrap();
        assert_eq!(vocabulary.meanings(form), [plain]);
        assert_eq!(vocabulary.form("netralitas"), None);
    }

    #[test]
    fn slang_stands_for_what_the_standard_word_stands_for() {
        let mut vocabulary = Vocabulary::default();
        let stem = vocabulary.word("dukung~");
        vocabulary.also("dkg", "dukung");
        let form = vocabulary.form("dkg").unwrap();
        assert_eq!(vocabulary.meanings(form), [stem]);
    }
}
