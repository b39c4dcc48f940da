//! A tag or an account name is several words written as one: `#SatuPutaran`,
//! `#Coblos02`, `lapas_brebes.official`.

use std::ops::Range;

/// The words of `tag`, as byte ranges: cut at a lower letter followed by an
/// upper one, between letters and digits, and before the last of several
/// capitals (`ASNNetral` is `ASN`, `Netral`).
pub fn words(tag: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let mut cuts = Vec::new();
    let chars: Vec<(usize, char)> = tag.char_indices().collect();
    for (i, window) in chars.windows(2).enumerate() {
        let [(_, left), (at, right)] = window else { continue };
        let next_is_lower = chars.get(i + 2).is_some_and(|(_, c)| c.is_lowercase());
        let cut = (left.is_lowercase() && right.is_uppercase())
            || (left.is_uppercase() && right.is_uppercase() && next_is_lower)
            || (left.is_alphabetic() && right.is_ascii_digit())
            || (left.is_ascii_digit() && right.is_alphabetic());
        if cut {
            cuts.push(start..*at);
            start = *at;
        }
    }
    cuts.push(start..tag.len());
    cuts.into_iter().filter(|range| !range.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_cut_by_case_and_digits() {
        for (tag, parts) in [
            ("SatuPutaran", vec!["Satu", "Putaran"]),
            ("Coblos02", vec!["Coblos", "02"]),
            ("03Menang", vec!["03", "Menang"]),
            ("ASNNetral", vec!["ASN", "Netral"]),
            ("netral", vec!["netral"]),
        ] {
            let cut: Vec<&str> = words(tag).filter_map(|range| tag.get(range)).collect();
            assert_eq!(cut, parts);
        }
    }
}
