//! The words of a text as units are read from them.

/// Whether a phrase ends with this character.
#[rustfmt::skip]
fn is_break(c: char) -> bool {
    matches!(c, '\n' | ',' | ';' | '(' | ')' | '|' | '"' | '“' | '”' | '/' | '!' | '?' | ':' | '•' | '—' | '–' | '·')
}

/// Whether this character at the edge of a word is not part of it.
fn is_mark(c: char) -> bool {
    matches!(c, '.' | '\'' | '-' | '’' | '*' | '_' | '‘' | '[' | ']' | '@')
}

/// The most words of a text that are read.
const MOST: usize = 4_000;

/// Words, their lower case, and where phrases end.
pub(super) struct Words<'t> {
    /// The words as written.
    pub(super) all: Vec<&'t str>,
    /// The same in lower case.
    pub(super) lower: Vec<String>,
    ends: Vec<bool>,
    /// By word, one past the last word of its phrase.
    phrase_ends: Vec<usize>,
}

impl<'t> Words<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        // words of five letters and a space are the usual ones
        let most = (text.len() / 6 + 1).min(MOST);
        let mut all: Vec<&str> = Vec::with_capacity(most);
        let mut ends: Vec<bool> = Vec::with_capacity(most);
        for piece in text.split_inclusive(|c: char| c == ' ' || c == '\t' || is_break(c)) {
            let bare = piece.trim_end_matches([' ', '\t']);
            let word = bare.trim_matches(is_break).trim_matches(is_mark);
            // a pictogram ends a phrase, `Kab.` and `dr.` do not
            let ends_here =
                bare.ends_with(is_break) || (bare.ends_with('.') && word.len() > 4) || bare == "-";
            if word.chars().any(|c| c.is_alphanumeric() || c == '#') && all.len() < MOST {
                all.push(word);
                ends.push(ends_here);
            } else if let (false, Some(end)) = (bare.is_empty(), ends.last_mut()) {
                *end = true;
            }
        }
        let lower = all.iter().map(|word| word.to_lowercase()).collect();
        let mut end = all.len();
        let mut phrase_ends: Vec<usize> = Vec::with_capacity(all.len());
        for (at, ends_here) in ends.iter().enumerate().rev() {
            if *ends_here {
                end = at + 1;
            }
            phrase_ends.push(end);
        }
        phrase_ends.reverse();
        Self { all, lower, ends, phrase_ends }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn word(&self, at: usize) -> &'t str {
        self.all.get(at).copied().unwrap_or_default()
    }

    pub(super) fn low(&self, at: usize) -> &str {
        self.lower.get(at).map_or("", String::as_str)
    }

    /// Whether a phrase ends with this word.
    pub(super) fn ends(&self, at: usize) -> bool {
        at + 1 >= self.all.len() || self.ends.get(at).copied().unwrap_or(true)
    }

    /// Whether a phrase begins with this word.
    pub(super) fn opens(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| self.ends(before))
    }

    /// The end of the phrase that the word before `at` belongs to: `at` itself if none follows.
    pub(super) fn phrase_end(&self, at: usize) -> usize {
        if at > 0 && self.ends(at - 1) {
            return at;
        }
        self.phrase_ends.get(at).copied().unwrap_or(at)
    }
}

pub(super) fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// A word in capitals throughout.
pub(super) fn is_shout(word: &str) -> bool {
    word.chars().any(char::is_alphabetic) && word.chars().all(|c| !c.is_lowercase())
}

/// A school's number.
pub(super) fn is_number(word: &str) -> bool {
    !word.is_empty() && word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Markets are called by their days and hours, which no other place is.
pub(super) fn is_market(word: &str) -> bool {
    word.eq_ignore_ascii_case("pasar")
}

/// A small Roman numeral: the second Puskesmas of a place.
pub(super) fn is_roman(word: &str) -> bool {
    matches!(word, "I" | "II" | "III" | "IV" | "V" | "VI")
}

/// A word with its first letter in upper case, the rest in lower case if it was a shout.
pub(super) fn capital(word: &str) -> String {
    let word = if is_shout(word) { word.to_lowercase() } else { word.to_owned() };
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
