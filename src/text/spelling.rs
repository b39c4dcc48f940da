//! The words of a list entry, spelt as those of a post are read.

use super::fold;

/// The words of a phrase as a list entry gives it, folded; a `~` stays at the
/// stem it follows, an emoji is a word of its own.
pub fn spellings(phrase: &str) -> Vec<String> {
    let mut folded = String::with_capacity(phrase.len());
    phrase.chars().for_each(|c| fold::char(c, &mut folded));
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for c in folded.chars() {
        let continues = c.is_alphanumeric() || c == '\'' || c == '~';
        match words.last_mut() {
            Some(word) if open && (continues || c == '\u{20e3}') => word.push(c),
            _ if continues => words.push(c.to_string()),
            _ if !c.is_ascii() && !c.is_whitespace() => words.push(c.to_string()),
            _ => {}
        }
        open = continues;
    }
    for word in &mut words {
        word.retain(|c| c != '\'');
    }
    words.retain(|word| !word.is_empty() && word != "~");
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_spelt_as_a_post_is_read() {
        assert_eq!(
            spellings("Dukung~ no. 2️⃣ Ka'bah-ku ✌️"),
            ["dukung~", "no", "2\u{20e3}", "kabah", "ku", "✌"]
        );
    }
}
