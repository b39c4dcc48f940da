//! Vocabulary: the words that any rule or list speaks of, and the forms in
//! which they are written.
//!
//! A *word* is what a rule means; a *form* is a spelling. One form may stand
//! for several words (`pilih` is itself and a form of the stem `pilih~`), one
//! word has many forms. All forms are generated when rules are loaded, so a
//! word of a post costs one look-up.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::brief::Brief;
use super::forms::Forms;
use super::{affix, stem};

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
    forms: Forms,
    /// By form, the words it may stand for; entry 0 is empty.
    meanings: Vec<Vec<WordId>>,
    /// The stems asked for in all forms, each with a form of no spelling that stands for it alone.
    stems: WordMap<Box<str>, FormId>,
    /// The words that are stems in all their forms.
    of_stem: BTreeSet<WordId>,
    /// The tails of those stems, to tell most words that hold none.
    tails: Tails,
}

/// What stands in every form of a stem: all of it but the first letter, which a prefix may swallow.
/// Most words hold none of them, and four letters tell so.
#[derive(Debug)]
struct Tails {
    /// The first four letters of all tails, hashed to one bit each.
    fours: Box<[u64; 1024]>,
    /// By those letters, the tails.
    whole: WordMap<u32, Vec<Box<str>>>,
}

impl Default for Tails {
    fn default() -> Self {
        Self { fours: Box::new([0; 1024]), whole: WordMap::default() }
    }
}

/// Four letters of either case as a number.
#[inline]
fn four(letters: [u8; 4]) -> u32 {
    u32::from_le_bytes(letters) | 0x2020_2020
}

impl Tails {
    #[inline]
    fn place(four: u32) -> (usize, u32) {
        let hash = four.wrapping_mul(0x9e37_79b9) >> 16;
        ((hash >> 6) as usize, hash & 63)
    }

    fn add(&mut self, tail: &str) {
        let Some(letters) = tail.as_bytes().first_chunk::<4>() else { return };
        let (word, bit) = Self::place(four(*letters));
        if let Some(word) = self.fours.get_mut(word) {
            *word |= 1 << bit;
        }
        self.whole.entry(four(*letters)).or_default().push(tail.into());
    }

    /// Whether a word holds a tail.
    fn stand_in(&self, word: &[u8]) -> bool {
        let fours = word.windows(4).filter_map(|letters| letters.first_chunk::<4>());
        (0..).zip(fours).any(|(at, letters)| {
            let (place, bit) = Self::place(four(*letters));
            self.fours.get(place).is_some_and(|bits| bits >> bit & 1 == 1)
                && self.whole.get(&four(*letters)).is_some_and(|tails| {
                    let rest = word.get(at..).unwrap_or_default();
                    let begins = |tail: &str| {
                        rest.get(..tail.len())
                            .is_some_and(|start| start.eq_ignore_ascii_case(tail.as_bytes()))
                    };
                    tails.iter().any(|tail| begins(tail))
                })
        })
    }
}

/// The shortest stem that the stemmer is asked for: shorter ones stand in too many words.
const MIN_STEM_BYTES: usize = 5;

/// The shortest word that the stemmer is asked of: shorter forms are made in advance.
const MIN_STEMMED_BYTES: usize = 9;

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
            self.of_stem.insert(id);
            self.root(stem, id);
        } else {
            self.means(spelling, id);
        }
        id
    }

    fn root(&mut self, stem: &str, word: WordId) {
        if stem.len() < MIN_STEM_BYTES || !stem.bytes().all(|b| b.is_ascii_lowercase()) {
            return;
        }
        if self.meanings.is_empty() {
            self.meanings.push(Vec::new());
        }
        let form = FormId::try_from(self.meanings.len()).unwrap_or(0);
        self.meanings.push(vec![word]);
        self.stems.insert(stem.into(), form);
        if let Some(tail) = stem.get(1..) {
            self.tails.add(tail);
        }
    }

    /// The form that stands for the stem behind `word`, if the word looks
    /// affixed and the stem is asked for in all its forms (`dukung~`).
    pub fn form_of_stem(&self, word: &str) -> Option<FormId> {
        let bytes = word.as_bytes();
        let starts = |prefix: &[u8; 2]| {
            bytes.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let looks_affixed = (MIN_STEMMED_BYTES..=MAX_WORD_BYTES).contains(&bytes.len())
            && [b"ke", b"me", b"pe", b"be", b"te", b"di", b"se"].into_iter().any(starts)
            && self.tails.stand_in(bytes.get(2..)?);
        if !looks_affixed {
            return None;
        }
        let root = stem::root(word, &|root| self.stems.contains_key(root))?;
        self.stems.get(root.as_str()).copied()
    }

    /// Whether a form is one of a stem asked for in all its forms.
    pub fn is_of_stem(&self, form: FormId) -> bool {
        self.meanings(form).iter().any(|word| self.of_stem.contains(word))
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
        let next = FormId::try_from(self.meanings.len()).unwrap_or(0);
        let id = self.forms.add(form, next);
        if id == next {
            self.meanings.push(Vec::new());
        }
        if let Some(words) = self.meanings.get_mut(id as usize)
            && !words.contains(&word)
        {
            words.push(word);
        }
    }

    /// The form with this spelling in any case, without inner apostrophes.
    #[inline]
    pub fn form(&self, spelling: &str) -> Option<FormId> {
        self.forms.get(spelling)
    }

    /// The form of the word of ASCII letters and digits in these bytes of a text, in any case.
    #[inline]
    pub(crate) fn form_at(&self, text: &str, at: usize, end: usize) -> Option<FormId> {
        match Brief::at(text.as_bytes(), at, end.saturating_sub(at)) {
            Some(word) => self.forms.brief(word),
            None => self.form(text.get(at..end)?),
        }
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

    /// How many forms are known; the highest [`FormId`].
    pub fn forms(&self) -> usize {
        self.meanings.len().saturating_sub(1)
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
    fn a_form_not_made_in_advance_is_found_by_its_stem() {
        let mut vocabulary = Vocabulary::default();
        let stem = vocabulary.word("pihak~");
        for word in ["keberpihakan", "KEBERPIHAKANNYA", "seperpihakan"] {
            assert_eq!(vocabulary.form(word), None, "{word}");
            let form = vocabulary.form_of_stem(word).unwrap();
            assert_eq!(vocabulary.meanings(form), [stem], "{word}");
        }
        for word in ["keberatannya", "pihak", "perpustakaan", "ppihakkkkk"] {
            assert_eq!(vocabulary.form_of_stem(word), None, "{word}");
        }
        let form = vocabulary.form_of_stem("keberpihakan").unwrap();
        assert!(form as usize <= vocabulary.forms());
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
