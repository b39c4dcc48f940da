//! The state unit that a post names, in its full spelling.
//!
//! The headline and the text are asked first, then profile, name and account.
//! A kind of office (`Lapas`) is followed by its class and its place; what the
//! table of units knows is filled in, what it does not know stays as written.

use crate::model::{Post, PostKind};
use crate::rule::unit::{Kind, Units};

/// A unit as a text names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    kind: String,
    class: String,
    place: String,
}

/// The unit of a post.
pub fn find(post: &Post, units: &Units) -> Option<String> {
    let spoken = [post.title.as_str(), post.text.as_str()];
    let author = [post.author.bio.as_str(), post.author.name.as_str()];
    let mut named: Vec<Named> = Vec::new();
    let order: Vec<&str> = if post.kind == PostKind::News {
        spoken.to_vec()
    } else {
        author.iter().chain(&spoken).copied().collect()
    };
    for text in order {
        named.extend(mentions(text, units));
    }
    let account: Vec<Named> = [post.author.handle.as_str(), post.author.name.as_str()]
        .iter()
        .filter(|_| post.kind != PostKind::News)
        .filter_map(|handle| account(handle, units))
        .collect();
    let best = named.iter().chain(&account).max_by_key(|n| {
        (!n.place.is_empty(), !n.class.is_empty(), std::cmp::Reverse(n.place.len() > 40))
    });
    let first = named
        .iter()
        .chain(&account)
        .find(|n| !n.place.is_empty() && !n.class.is_empty())
        .or_else(|| named.iter().chain(&account).find(|n| !n.place.is_empty()))
        .or(best)?;
    let mut first = first.clone();
    if first.place.is_empty() {
        // a kind told by the profile, a place told by the account
        if let Some(other) = account.iter().find(|other| !other.place.is_empty()) {
            first.place.clone_from(&other.place);
        }
    }
    let alone = units.kinds.iter().any(|kind| kind.name == first.kind && kind.alone);
    if first.place.is_empty() && !alone {
        return None;
    }
    Some(units.full(&first.kind, &first.class, &first.place))
}

/// Words with their place, as they stand.
fn words(text: &str) -> Vec<&str> {
    text.split([' ', '\n', '\t', ',', ';', '(', ')', '|', '"', '“', '”', '/', '!', '?', ':', '•'])
        .map(|word| word.trim_matches(['.', '\'', '-', '’', '*', '_']))
        .filter(|word| !word.is_empty())
        .take(4_000)
        .collect()
}

fn mentions(text: &str, units: &Units) -> Vec<Named> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((kind, length)) = kind_at(&words, at, units) else {
            at += 1;
            continue;
        };
        let rest = words.get(at + length..).unwrap_or_default();
        let (class, used) = class(rest);
        let place = place(rest.get(used..).unwrap_or_default());
        found.push(Named { kind: kind.name.clone(), class, place });
        at += length;
    }
    found
}

/// The kind of office whose alias begins at this word, the longest first.
fn kind_at<'u>(words: &[&str], at: usize, units: &'u Units) -> Option<(&'u Kind, usize)> {
    let mut best: Option<(&Kind, usize)> = None;
    let here = words.get(at)?.to_lowercase();
    for kind in &units.kinds {
        for alias in &kind.aliases {
            let mut parts = alias.split(' ');
            if parts.next() != Some(here.as_str()) {
                continue;
            }
            let length = alias.split(' ').count();
            let whole = parts.enumerate().all(|(i, part)| {
                words.get(at + 1 + i).is_some_and(|word| word.to_lowercase() == part)
            });
            if whole && best.is_none_or(|(_, longest)| length > longest) {
                best = Some((kind, length));
            }
        }
    }
    best
}

/// `Kelas IIB`, `Klas II B`, `Kelas I TPI`, `Kelas I Khusus Non TPI`.
fn class(words: &[&str]) -> (String, usize) {
    let Some(first) = words.first() else { return (String::new(), 0) };
    if matches!(*first, "IIA" | "IIB" | "I" | "II" | "III") {
        return (format!("Kelas {first}"), 1);
    }
    if !matches!(first.to_lowercase().as_str(), "kelas" | "klas" | "kls") {
        return (String::new(), 0);
    }
    let mut class = vec!["Kelas".to_owned()];
    let mut used = 1;
    if let Some(roman) = words
        .get(1)
        .map(|w| w.to_uppercase())
        .filter(|w| w.bytes().all(|b| matches!(b, b'I' | b'A' | b'B' | b'V')))
    {
        used = 2;
        match words.get(2).map(|w| w.to_uppercase()) {
            Some(letter)
                if matches!(letter.as_str(), "A" | "B") && !roman.ends_with(['A', 'B']) =>
            {
                class.push(format!("{roman}{letter}"));
                used = 3;
            }
            _ => class.push(roman),
        }
    }
    while let Some(word) =
        words.get(used).filter(|w| matches!(w.to_lowercase().as_str(), "khusus" | "non" | "tpi"))
    {
        class.push(match word.to_lowercase().as_str() {
            "tpi" => "TPI".to_owned(),
            "non" => "Non".to_owned(),
            _ => "Khusus".to_owned(),
        });
        used += 1;
    }
    if class.len() == 1 { (String::new(), 0) } else { (class.join(" "), used) }
}

/// Words that continue a place although they are no names.
const JOINTS: &[&str] = &["kabupaten", "kota", "provinsi", "kab", "prov", "negeri", "no"];

/// Words with a capital that no place is called.
const NO_PLACE: &[&str] = &[
    "kelas",
    "official",
    "resmi",
    "netral",
    "netralitas",
    "asn",
    "siap",
    "hari",
    "pegawai",
    "tahun",
    "dan",
    "yang",
    "ini",
    "kita",
    "kami",
    "ikrar",
    "satgas",
    "dr",
    "bersama",
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "sabtu",
    "minggu",
    "saya",
    "juga",
    "gelar",
    "ucapkan",
    "deklarasi",
    "baca",
    "bacakan",
    "tanda",
    "teken",
    "kukuhkan",
    "ulang",
    "laksanakan",
    "sosialisasikan",
    "kompak",
    "rampung",
    "kanwil",
    "kemenkumham",
    "ditjenpas",
    "kumham",
    "pns",
    "pppk",
    "sosialisasi",
    "lapas",
    "rutan",
    "tandatangani",
    "perkuat",
    "kembali",
    "lantik",
    "bentuk",
    "bangun",
    "tegaskan",
    "pastikan",
    "jelang",
    "wajib",
    "undang",
    "gandeng",
    "diingatkan",
    "berikrar",
    "bersumpah",
    "petugas",
    "pasti",
    "lagi",
    "resmikan",
    "gelorakan",
    "tanamkan",
    "apel",
    "kepala",
    "kalapas",
    "karutan",
    "sudah",
    "telah",
    "akan",
    "menggelar",
    "membacakan",
    "jalani",
    "ikuti",
    "kuatkan",
    "teguhkan",
    "komitmen",
    "kukuh",
    "nyatakan",
    "sepakat",
    "satukan",
    "janji",
];

/// Up to four capitalised words that name a place.
fn place(words: &[&str]) -> String {
    let mut place: Vec<&str> = Vec::new();
    for word in words.iter().take(4) {
        let lower = word.to_lowercase();
        let capital = word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
        let shouted = place.is_empty() || !word.chars().all(char::is_uppercase) || word.len() <= 5;
        if !(capital || JOINTS.contains(&lower.as_str()))
            || NO_PLACE.contains(&lower.as_str())
            || word.starts_with('#')
            || !shouted
        {
            break;
        }
        place.push(word);
    }
    while place.last().is_some_and(|last| JOINTS.contains(&last.to_lowercase().as_str())) {
        place.pop();
    }
    place.join(" ")
}

/// `lapasbrebes_official`, `@bapaspati`, `kanim_ciputat`: the kind, then the place.
fn account(handle: &str, units: &Units) -> Option<Named> {
    let lower = handle.trim_start_matches('@').to_lowercase();
    let bare: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut best: Option<(&Kind, &str)> = None;
    for kind in &units.kinds {
        for start in &kind.handles {
            if bare.starts_with(start.as_str())
                && best.is_none_or(|(_, longest)| start.len() > longest.len())
            {
                best = Some((kind, start));
            }
        }
    }
    let (kind, start) = best?;
    let mut rest = bare.get(start.len()..)?;
    for tail in ["official", "ofc", "resmi", "humas", "id", "kemenkumham", "kumham", "kemenimipas"]
    {
        rest = rest.strip_suffix(tail).unwrap_or(rest);
    }
    let known = units.place(&kind.name, rest);
    let place = known.map_or_else(|| capital(rest), |unit| unit.place.clone());
    Some(Named { kind: kind.name.clone(), class: String::new(), place })
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::unit::Unit;

    fn units() -> Units {
        let kind = |name: &str, alias: &str, handle: &str| Kind {
            name: name.into(),
            aliases: vec![alias.into()],
            handles: vec![handle.into()],
            alone: false,
        };
        Units {
            kinds: vec![kind("Lapas", "lapas", "lapas"), kind("Rutan", "rutan", "rutan")],
            units: vec![Unit {
                kind: "Lapas".into(),
                place: "Suka Rejo".into(),
                class: "Kelas IIB".into(),
            }],
        }
    }

    #[test]
    fn a_unit_is_named_with_its_class_and_place() {
        let named = mentions("pegawai Rutan Klas II B Suka Maju, Senin pagi", &units());
        assert_eq!(
            named,
            [Named { kind: "Rutan".into(), class: "Kelas IIB".into(), place: "Suka Maju".into() }]
        );
    }

    #[test]
    fn an_account_is_read_as_kind_and_known_place() {
        let named = account("lapassukarejo_official", &units()).unwrap();
        assert_eq!(
            units().full(&named.kind, &named.class, &named.place),
            "Lapas Kelas IIB Suka Rejo"
        );
    }
}
