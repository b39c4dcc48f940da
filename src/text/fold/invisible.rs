//! Drops what cannot be seen: zero-width and bidi characters, soft hyphens,
//! variation selectors, combining marks, skin tones.

use unicode_normalization::char::canonical_combining_class;

use super::Folded;

/// Drops `c` if a reader does not see it as a character of its own.
pub fn fold(c: char) -> Folded {
    let number = u32::from(c);
    let unseen = matches!(number,
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
        | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164
        | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB | 0x1F3FB..=0x1F3FF | 0xE0000..=0xE0FFF
        // combining marks without an order among marks
        | 0x488 | 0x489 | 0x20DD..=0x20E0 | 0x20E2 | 0x20E4)
        // accents, overlays, Arabic vowels
        || (number >= 0x300 && canonical_combining_class(c) != 0);
    if unseen { Folded::Nothing } else { Folded::Same }
}

#[cfg(test)]
mod tests {
    use crate::text::Text;

    #[test]
    fn zero_width_and_bidi_go_but_the_keycap_stays() {
        assert_eq!(Text::new("co\u{200b}b\u{ad}l\u{202e}os").folded(), "coblos");
        assert_eq!(Text::new("2\u{fe0f}\u{20e3}").folded(), "2\u{20e3}");
    }

    #[test]
    fn a_hand_has_no_skin() {
        for hand in ["☝", "✌", "🤘", "🤟", "🫰", "👍"] {
            for skin in '\u{1f3fb}'..='\u{1f3ff}' {
                assert_eq!(Text::new(&format!("{hand}{skin}\u{fe0f}")).folded(), hand);
            }
        }
    }
}
