//! The class of an office: `Kelas IIB`, `Kelas I Khusus Non TPI`.

use super::words::Words;

/// Which numerals are a class without `Kelas` before them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    /// All: `Rutan I …`.
    All,
    /// Those that nothing but a class is called: `IIB`. A Puskesmas may be the second of its place.
    Lettered,
}

/// The class at this word and how many words say it.
pub(super) fn read(words: &Words<'_>, at: usize, end: usize, bare: Bare) -> (String, usize) {
    let first = if at < end { words.word(at) } else { "" };
    if matches!(first, "IIA" | "IIB") || bare == Bare::All && matches!(first, "I" | "II" | "III") {
        let (tail, used) = tail(words, at + 1, end);
        return (format!("Kelas {first}{tail}"), 1 + used);
    }
    if !matches!(words.low(at), "kelas" | "klas" | "kls") || at >= end {
        return (String::new(), 0);
    }
    let roman = if at + 1 < end { words.word(at + 1).to_uppercase() } else { String::new() };
    let roman = match roman.as_str() {
        "1" => "I".to_owned(),
        "2" => "II".to_owned(),
        "3" => "III".to_owned(),
        "2A" => "IIA".to_owned(),
        "2B" => "IIB".to_owned(),
        _ => roman,
    };
    if roman.is_empty() || !roman.bytes().all(|b| matches!(b, b'I' | b'A' | b'B' | b'V')) {
        return (String::new(), 0);
    }
    let letter = if at + 2 < end { words.word(at + 2).to_uppercase() } else { String::new() };
    let is_apart = matches!(letter.as_str(), "A" | "B") && !roman.ends_with(['A', 'B']);
    let head = if is_apart { format!("{roman}{letter}") } else { roman };
    let used = 2 + usize::from(is_apart);
    let (tail, more) = tail(words, at + used, end);
    (format!("Kelas {head}{tail}"), used + more)
}

/// `Khusus Non TPI`.
fn tail(words: &Words<'_>, at: usize, end: usize) -> (String, usize) {
    let mut said = String::new();
    let mut used = 0;
    while at + used < end {
        said.push_str(match words.low(at + used) {
            "khusus" => " Khusus",
            "non" => " Non",
            "tpi" => " TPI",
            "nontpi" | "non-tpi" => " Non TPI",
            _ => break,
        });
        used += 1;
    }
    (said, used)
}
