//! What imitates a letter becomes the letter: NFKC (fullwidth, mathematical,
//! superscript, ligatures), accents off, and letters of other scripts that
//! look like Latin ones. ASCII itself is never changed.

use unicode_normalization::UnicodeNormalization as _;

use super::{Folded, invisible};

/// At most eight characters, without the heap.
#[derive(Clone, Copy)]
pub struct Few {
    chars: [char; 8],
    len: usize,
}

impl Few {
    /// The first eight of these.
    pub fn of(from: impl Iterator<Item = char>) -> Self {
        let mut few = Self { chars: ['\0'; 8], len: 0 };
        for (place, c) in few.chars.iter_mut().zip(from) {
            *place = c;
            few.len += 1;
        }
        few
    }

    /// The characters.
    pub fn chars(self) -> impl Iterator<Item = char> {
        self.chars.into_iter().take(self.len)
    }
}

/// Letters of other scripts that are read as Latin ones.
const IMITATIONS: &[(char, char)] = &[
    // Cyrillic
    ('а', 'a'),
    ('А', 'a'),
    ('е', 'e'),
    ('Е', 'e'),
    ('о', 'o'),
    ('О', 'o'),
    ('р', 'p'),
    ('Р', 'p'),
    ('с', 'c'),
    ('С', 'c'),
    ('у', 'y'),
    ('У', 'y'),
    ('х', 'x'),
    ('Х', 'x'),
    ('і', 'i'),
    ('І', 'i'),
    ('ј', 'j'),
    ('ѕ', 's'),
    ('Ѕ', 's'),
    ('к', 'k'),
    ('К', 'k'),
    ('М', 'm'),
    ('м', 'm'),
    ('Т', 't'),
    ('т', 't'),
    ('Н', 'h'),
    ('н', 'h'),
    ('В', 'b'),
    ('в', 'b'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('һ', 'h'),
    ('ӏ', 'l'),
    ('п', 'n'),
    ('г', 'r'),
    // Greek
    ('α', 'a'),
    ('Α', 'a'),
    ('Β', 'b'),
    ('ε', 'e'),
    ('Ε', 'e'),
    ('Ζ', 'z'),
    ('η', 'n'),
    ('Η', 'h'),
    ('ι', 'i'),
    ('Ι', 'i'),
    ('κ', 'k'),
    ('Κ', 'k'),
    ('Μ', 'm'),
    ('Ν', 'n'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('Ο', 'o'),
    ('ρ', 'p'),
    ('Ρ', 'p'),
    ('τ', 't'),
    ('Τ', 't'),
    ('υ', 'u'),
    ('Υ', 'y'),
    ('χ', 'x'),
    ('Χ', 'x'),
    ('σ', 'o'),
    // Arabic letters met inside Latin names
    ('ا', 'l'),
    ('ه', 'o'),
    ('ة', 'o'),
    ('٠', '0'),
    ('١', '1'),
    ('٢', '2'),
    ('٣', '3'),
    // Latin letters of other alphabets
    ('ı', 'i'),
    ('ɑ', 'a'),
    ('ɡ', 'g'),
    ('ø', 'o'),
    ('Ø', 'o'),
    ('ł', 'l'),
    ('Ł', 'l'),
    ('đ', 'd'),
    ('ᴀ', 'a'),
    ('ʙ', 'b'),
    ('ᴄ', 'c'),
    ('ᴅ', 'd'),
    ('ᴇ', 'e'),
    ('ɢ', 'g'),
    ('ʜ', 'h'),
    ('ɪ', 'i'),
    ('ᴊ', 'j'),
    ('ᴋ', 'k'),
    ('ʟ', 'l'),
    ('ᴍ', 'm'),
    ('ɴ', 'n'),
    ('ᴏ', 'o'),
    ('ᴘ', 'p'),
    ('ʀ', 'r'),
    ('ꜱ', 's'),
    ('ᴛ', 't'),
    ('ᴜ', 'u'),
    ('ᴠ', 'v'),
    ('ᴡ', 'w'),
    ('ʏ', 'y'),
    ('ᴢ', 'z'),
    // letters in squares and circles that NFKC leaves
    ('🅰', 'a'),
    ('🅱', 'b'),
    ('🅾', 'o'),
    ('🅿', 'p'),
    // quotation marks and dashes, so that one kind is enough below
    ('“', '"'),
    ('”', '"'),
    ('„', '"'),
    ('«', '"'),
    ('»', '"'),
    ('‘', '\''),
    ('’', '\''),
    ('ʼ', '\''),
    ('`', '\''),
    ('–', '-'),
    ('—', '-'),
    ('‑', '-'),
    ('−', '-'),
];

/// What `c` is read as, if it imitates something.
pub fn fold(c: char) -> Folded {
    if let Some(letter) = imitated(c) {
        return Folded::By(Few::of(std::iter::once(letter)));
    }
    // emoji, arrows and dingbats have no other form; this is the common case beyond ASCII
    if matches!(u32::from(c), 0x2190..=0x245F | 0x2500..=0x2BFF | 0x1F000..=0x1F0FF | 0x1F200..=0x1FAFF)
    {
        return Folded::Same;
    }
    // mathematical and circled letters keep their case for the camel of a hashtag
    let seen =
        std::iter::once(c).nfkd().filter(|d| !matches!(invisible::fold(*d), Folded::Nothing));
    Folded::By(Few::of(seen.map(|d| imitated(d).unwrap_or(d))))
}

fn imitated(c: char) -> Option<char> {
    IMITATIONS.iter().find(|(imitation, _)| *imitation == c).map(|(_, letter)| *letter)
}

#[cfg(test)]
mod tests {
    use crate::text::Text;

    #[test]
    fn imitations_become_letters() {
        for (written, read) in [
            ("ｄｕｋｕｎｇ", "dukung"),
            ("𝐤𝐚𝐦𝐩𝐚𝐧𝐲𝐞", "kampanye"),
            ("cоblоs", "coblos"),
            ("éndah", "endah"),
            ("Ⓟilih", "pilih"),
            ("teman²", "teman2"),
            ("“ya”", "\"ya\""),
        ] {
            assert_eq!(Text::new(written).folded(), read, "{written}");
        }
    }
}
