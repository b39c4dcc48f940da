//! What imitates a letter becomes the letter: letters of other scripts that
//! look like Latin ones, small capitals, digits of other scripts, and the many
//! quotation marks and dashes. ASCII itself is never changed.

use super::{Few, Folded};

/// What `c` is read as, if it imitates something anywhere.
pub fn fold(c: char) -> Folded {
    if c.is_ascii() {
        return Folded::Same;
    }
    imitated(c).map_or(Folded::Same, |letter| Folded::By(Few::of(std::iter::once(letter))))
}

/// What `c` is read as inside a Latin word: Arabic letters and signs of money,
/// which are themselves where no Latin letter is beside them.
pub fn among_letters(c: char) -> Option<char> {
    Some(match c {
        'ا' | '£' => 'l',
        'ه' | 'ة' | 'ہ' | 'ھ' => 'o',
        'ں' | 'ن' | 'µ' => 'u',
        'س' => 'w',
        'ر' | '®' => 'r',
        '€' | '∈' => 'e',
        '¥' => 'y',
        '¢' | '©' => 'c',
        '†' | '✝' => 't',
        '∆' | 'Λ' | 'λ' => 'a',
        _ => return None,
    })
}

/// What `c` imitates: one line for each Latin letter, then digits, then marks.
fn imitated(c: char) -> Option<char> {
    Some(match c {
        'а' | 'А' | 'α' | 'Α' | 'ɑ' | 'ᴀ' | 'Ꭺ' | 'ꓮ' | 'Ɑ' => 'a',
        'е' | 'Е' | 'ε' | 'Ε' | 'ᴇ' | 'Ꭼ' | 'ꓰ' | 'ə' | 'ɛ' | 'ҽ' | 'Є' | 'є' => 'e',
        'о' | 'О' | 'ο' | 'Ο' | 'σ' | 'ø' | 'Ø' | 'ᴏ' | 'ᴑ' | 'ꓳ' | 'Օ' | 'օ' | 'ө' | 'Ө' => {
            'o'
        }
        'р' | 'Р' | 'ρ' | 'Ρ' | 'ᴘ' | 'Ꮲ' | 'ꓑ' | 'ƿ' | 'Þ' => 'p',
        'с' | 'С' | 'ᴄ' | 'Ꮯ' | 'ꓚ' | 'ƈ' | 'ͼ' | 'ϲ' | 'Ꮸ' => 'c',
        'у' | 'У' | 'Υ' | 'ʏ' | 'ꓬ' | 'ү' | 'Ү' | 'γ' => 'y',
        'х' | 'Х' | 'χ' | 'Χ' | 'ꓫ' | '×' | 'ҳ' | 'Ҳ' => 'x',
        'і' | 'І' | 'ι' | 'Ι' | 'ı' | 'ɪ' | 'ⅰ' | 'Ꭵ' | 'ꓲ' | 'ɩ' | 'ɨ' => 'i',
        'ј' | 'ᴊ' | 'Ꭻ' | 'ꓙ' | 'ϳ' | 'Ј' => 'j',
        'ѕ' | 'Ѕ' | 'ꜱ' | 'Ꮪ' | 'ꓢ' | 'ʂ' => 's',
        'к' | 'К' | 'κ' | 'Κ' | 'ᴋ' | 'Ꮶ' | 'ꓗ' | 'ƙ' | 'қ' | 'Қ' => 'k',
        'М' | 'м' | 'Μ' | 'ᴍ' | 'Ꮇ' | 'ꓟ' | 'Ϻ' => 'm',
        'Т' | 'т' | 'τ' | 'Τ' | 'ᴛ' | 'Ꭲ' | 'ꓔ' | 'ŧ' | 'Ŧ' | 'ƭ' => 't',
        'Н' | 'н' | 'һ' | 'Η' | 'ʜ' | 'Ꮋ' | 'ꓧ' | 'ħ' | 'Һ' | 'հ' => 'h',
        'В' | 'в' | 'Β' | 'ʙ' | 'Ƅ' | 'Ь' | 'ь' | 'Ᏼ' | 'ꓐ' | 'ɓ' => 'b',
        'ԁ' | 'đ' | 'ᴅ' | 'Ꭰ' | 'ꓓ' | 'ɗ' | 'Ԁ' | 'ꓒ' => 'd',
        'ԛ' | 'Ԛ' | 'գ' | 'ҁ' | 'ɋ' | 'Ꮕ' => 'q',
        'ԝ' | 'ᴡ' | 'Ꮃ' | 'ꓪ' | 'Ԝ' | 'ɯ' | 'ա' => 'w',
        'ӏ' | 'ł' | 'Ł' | 'ʟ' | 'Ꮮ' | 'ꓡ' | 'Ӏ' => 'l',
        'п' | 'η' | 'Ν' | 'ɴ' | 'ꓠ' | 'ո' | 'П' | 'ղ' => 'n',
        'г' | 'ʀ' | 'Ꭱ' | 'ꓣ' | 'Г' | 'ɾ' => 'r',
        'Ζ' | 'ᴢ' | 'Ꮓ' | 'ꓜ' | 'ƶ' | 'ʐ' => 'z',
        'ν' | 'ᴠ' | 'Ꮩ' | 'ꓦ' | 'Ѵ' | 'ѵ' | 'Ⅴ' => 'v',
        'υ' | 'ᴜ' | 'ꓴ' | 'Ս' | 'ս' | 'ʋ' => 'u',
        'ɡ' | 'ɢ' | 'Ꮐ' | 'ꓖ' | 'Ԍ' | 'ɠ' | 'ց' => 'g',
        '“' | '”' | '„' | '«' | '»' | '‟' | '″' | '〝' | '〞' => '"',
        '‘' | '’' | 'ʼ' | '´' | '′' | '‛' => '\'',
        '–' | '—' | '−' | '‒' | '―' | '﹘' | '‐' | '⁃' => '-',
        'ƒ' | 'ꓝ' | 'ϝ' => 'f',
        '\u{660}'..='\u{669}' => digit(c, 0x660),
        '\u{6f0}'..='\u{6f9}' => digit(c, 0x6f0),
        '\u{966}'..='\u{96f}' => digit(c, 0x966),
        '\u{a9d0}'..='\u{a9d9}' => digit(c, 0xa9d0),
        '\u{1b50}'..='\u{1b59}' => digit(c, 0x1b50),
        '\u{1bb0}'..='\u{1bb9}' => digit(c, 0x1bb0),
        _ => return None,
    })
}

/// Digits of Arabic, Devanagari, Javanese, Balinese, Sundanese.
fn digit(c: char, zero: u32) -> char {
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use crate::text::Text;

    #[test]
    fn imitations_become_letters() {
        for (written, read) in [
            ("cоblоs", "coblos"),
            ("ΚΑΜΡΑΝΥΕ", "kampanye"),
            ("ᴅᴜᴋᴜɴɢ", "dukung"),
            ("nomor ٢ ꧒", "nomor 2 2"),
            ("“ya” ‘ya’", "\"ya\" 'ya'"),
            ("co–blos", "co-blos"),
        ] {
            assert_eq!(Text::new(written).folded(), read, "{written}");
        }
    }

    #[test]
    fn arabic_letters_and_money_are_letters_only_inside_words() {
        assert_eq!(Text::new("cobاos m€nang").folded(), "coblos menang");
        assert_eq!(Text::new("€100 اللهم").folded(), "€100 اللهم");
    }
}
