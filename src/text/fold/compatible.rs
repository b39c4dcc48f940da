//! The same character written another way becomes one: fullwidth,
//! mathematical, superscript and circled letters, ligatures, letters with
//! accents (NFKD; the marks are dropped as [`super::invisible`]).
//!
//! Taken apart rather than composed: a letter with its mark as one character
//! and as two then fold alike, without looking at the neighbours.

use unicode_normalization::UnicodeNormalization as _;

use super::{Few, Folded};

/// The compatible letters of `c`, if it has others than itself.
pub fn fold(c: char) -> Folded {
    let number = u32::from(c);
    // circled digits are digits on a key, as an author means them
    let digit = match number {
        0x1F51F => return Folded::By(Few::of(['1', '0', '\u{20e3}'].into_iter())),
        0x2460..=0x2468 => Some(number - 0x2460 + 1),
        0x24F5..=0x24FD => Some(number - 0x24F5 + 1),
        0x2776..=0x277E => Some(number - 0x2776 + 1),
        0x2780..=0x2788 => Some(number - 0x2780 + 1),
        0x278A..=0x2792 => Some(number - 0x278A + 1),
        0x24EA | 0x24FF | 0x1F10B | 0x1F10C => Some(0),
        _ => None,
    };
    if let Some(digit) = digit.and_then(|digit| char::from_digit(digit, 10)) {
        return Folded::By(Few::of(std::iter::once(digit)));
    }
    // white letters on a disc or a square, which Unicode calls no letters
    let letter = match number {
        0x1F150..=0x1F169 => Some(number - 0x1F150),
        0x1F170..=0x1F189 => Some(number - 0x1F170),
        _ => None,
    };
    if let Some(letter) = letter.and_then(|at| char::from_u32(u32::from('a') + at)) {
        return Folded::By(Few::of(std::iter::once(letter)));
    }
    let few = Few::of(std::iter::once(c).nfkd());
    if few.chars().eq(std::iter::once(c)) { Folded::Same } else { Folded::By(few) }
}

#[cfg(test)]
mod tests {
    use crate::text::Text;

    #[test]
    fn other_ways_to_write_a_character_become_one() {
        for (written, read) in [
            ("ｄｕｋｕｎｇ", "dukung"),
            ("𝐤𝐚𝐦𝐩𝐚𝐧𝐲𝐞", "kampanye"),
            ("𝓬𝓸𝓫𝓵𝓸𝓼 𝕔𝕠𝕓𝕝𝕠𝕤", "coblos coblos"),
            ("e\u{301}ndah éndah", "endah endah"),
            ("c\u{336}o\u{336}blos", "coblos"),
            ("Ⓟilih 🅟🅸🅻🅷", "pilih pilh"),
            ("teman²", "teman2"),
            ("① ❷ ➂ ➍ ⓹", "1 2 3 4 5"),
            ("🔟", "10\u{20e3}"),
        ] {
            assert_eq!(Text::new(written).folded(), read, "{written}");
        }
    }
}
