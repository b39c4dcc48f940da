//! Drops what cannot be seen: zero-width and bidi characters, soft hyphens,
//! variation selectors, combining marks, skin tones.

use super::Folded;

/// Drops `c` if a reader does not see it as a character of its own.
pub fn fold(c: char) -> Folded {
    let unseen = matches!(u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180E
        | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064 | 0x2066..=0x206F
        | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF9..=0xFFFB | 0x1F3FB..=0x1F3FF | 0xE0000..=0xE0FFF
        // combining marks: accents, Arabic vowels
        | 0x300..=0x36F | 0x483..=0x489 | 0x610..=0x61A | 0x64B..=0x65F | 0x1AB0..=0x1AFF
        | 0x1DC0..=0x1DFF | 0x20D0..=0x20E2 | 0x20E4..=0x20F0 | 0xFE20..=0xFE2F);
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
}
