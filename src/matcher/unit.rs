//! The state unit that a post names, in its full spelling.
//!
//! The headline and the text are asked first, then profile, name and account.
//! A kind of office (`Lapas`) is followed by its class and its place. A place
//! is taken only as far as it is known: a word with a capital after an office
//! is as often a person's name or a verb of a headline, and no person's name
//! may get into a unit.

use std::collections::HashSet;

use crate::model::{Post, PostKind};
use crate::rule::unit::{Kind, Units};

/// A unit as a text names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    kind: String,
    class: String,
    place: String,
}

/// Where a text stands, which decides how far its capitals are trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// The name of the account: an office's name begins with its kind.
    Name,
    /// A headline: every word may have a capital.
    Title,
    /// Running text.
    Text,
}

/// The unit of a post.
pub fn find(post: &Post, units: &Units) -> Option<String> {
    let is_news = post.kind == PostKind::News;
    let places = Places::of(post, units);
    let bio = post.author.bio.to_lowercase();
    let is_official = ["resmi", "official"].iter().any(|word| bio.contains(word));
    let profile = [
        (post.author.bio.as_str(), if is_official { Stand::Name } else { Stand::Text }),
        (post.author.name.as_str(), Stand::Name),
    ];
    let spoken = [(post.title.as_str(), Stand::Title), (post.text.as_str(), Stand::Text)];
    let mut named: Vec<Named> = Vec::new();
    for (text, stand) in profile.iter().filter(|_| !is_news).chain(&spoken) {
        named.extend(mentions(text, *stand, &places, units));
    }
    let account: Vec<Named> = [post.author.handle.as_str(), post.author.name.as_str()]
        .iter()
        .filter(|handle| !is_news && !handle.trim().contains(' '))
        .filter_map(|handle| account(handle, &places, units))
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

/// The words of a text, and after which of them a sentence or a phrase ends.
fn words(text: &str) -> (Vec<&str>, Vec<bool>) {
    const BREAKS: &[char] =
        &['\n', ',', ';', '(', ')', '|', '"', '“', '”', '/', '!', '?', ':', '•'];
    const MARKS: &[char] = &['.', '\'', '-', '–', '—', '’', '*', '_'];
    let (mut words, mut ends): (Vec<&str>, Vec<bool>) = (Vec::new(), Vec::new());
    for piece in text.split_inclusive(|c| c == ' ' || c == '\t' || BREAKS.contains(&c)) {
        let bare = piece.trim_end_matches([' ', '\t']);
        let word = bare.trim_matches(|c| BREAKS.contains(&c)).trim_matches(MARKS);
        // `Kab.` and `Kec.` go on, a sentence does not
        let ends_here = bare.ends_with(BREAKS) || (bare.ends_with('.') && word.len() > 4);
        if !word.is_empty() && words.len() < 4_000 {
            words.push(word);
            ends.push(ends_here);
        } else if let (false, Some(end)) = (bare.is_empty(), ends.last_mut()) {
            *end = true;
        }
    }
    (words, ends)
}

/// What a post shows to be a place.
#[derive(Default)]
struct Places {
    /// Words met in a place's position, lower case.
    shown: HashSet<String>,
    /// Hashtags and the account, lower case, without separators.
    tags: Vec<String>,
}

/// Words after which a place stands, and never a person.
const BEFORE_PLACE: &[&str] = &[
    "di",
    "kabupaten",
    "kab",
    "kota",
    "provinsi",
    "desa",
    "dusun",
    "bawaslu",
    "kpu",
    "polres",
    "polsek",
    "pemkab",
    "pemkot",
    "pemprov",
    "dprd",
    "warga",
    "wilayah",
    "stasiun",
    "terminal",
    "pasar",
    "kejari",
    "kpud",
    "panwaslih",
];

/// Words that make the word before them a place.
const SIDES: &[&str] = &[
    "kulon", "wetan", "lor", "kidul", "utara", "selatan", "barat", "timur", "tengah", "pusat",
    "tenggara",
];

impl Places {
    fn of(post: &Post, units: &Units) -> Self {
        let mut places = Self::default();
        for text in [&post.text, &post.author.bio] {
            let (words, ends) = words(text);
            for (at, word) in words.iter().enumerate() {
                if let Some(tag) = word.strip_prefix('#') {
                    places.tags.push(tag.to_lowercase());
                }
                let before = at
                    .checked_sub(1)
                    .filter(|i| !ends.get(*i).copied().unwrap_or(true))
                    .and_then(|i| words.get(i));
                if before
                    .is_some_and(|before| BEFORE_PLACE.contains(&before.to_lowercase().as_str()))
                    && is_capital(word)
                {
                    places.shown.insert(word.to_lowercase());
                }
                if let Some((_, length)) = kind_at(&words, at, units) {
                    let rest = tail(&words, &ends, at + length);
                    let (_, used) = class(rest);
                    let number = rest.get(used).is_some_and(|word| is_number(word));
                    if let Some(place) =
                        rest.get(used + usize::from(number)).filter(|_| used > 0 || number)
                        && may_be_place(place)
                        && !headed(&words, at)
                    {
                        places.shown.insert(place.to_lowercase());
                    }
                }
            }
        }
        // what the headline and the text both say after the same office, in running words
        let (title, title_ends) = words(&post.title);
        let (body, body_ends) = words(&post.text);
        let after = |words: &[&str], ends: &[bool], at: usize, plain: bool| {
            let (kind, length) = kind_at(words, at, units)?;
            let rest = tail(words, ends, at + length);
            let is_plain =
                !plain || rest.get(1).is_none_or(|next| next.chars().all(char::is_lowercase));
            rest.first()
                .filter(|word| is_plain && may_be_place(word))
                .map(|word| (kind.name.as_str(), word.to_lowercase()))
        };
        let told: HashSet<_> =
            (0..title.len()).filter_map(|at| after(&title, &title_ends, at, false)).collect();
        let agreed = (0..body.len())
            .filter_map(|at| after(&body, &body_ends, at, true))
            .filter(|named| told.contains(named));
        places.shown.extend(agreed.map(|(_, place)| place));
        // `WADASLOR –` opens a news article
        for line in post.text.lines().filter(|_| post.kind == PostKind::News) {
            let start: String = line.chars().take(40).collect();
            if let Some((place, _)) = start.split_once([',', '–', '—', '-']) {
                let words: Vec<&str> = place.split_whitespace().collect();
                if words.len() <= 3 && words.iter().all(|word| word.chars().all(char::is_uppercase))
                {
                    places.shown.insert(words.join(" ").to_lowercase());
                }
            }
        }
        if post.kind != PostKind::News {
            places.tags.extend(
                account_words(&post.author.handle)
                    .into_iter()
                    .next()
                    .map(|_| together(&post.author.handle)),
            );
        }
        places
    }

    fn shows(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        self.shown.contains(&lower)
            || (lower.len() > 3
                && self.tags.iter().any(|tag| tag.len() > lower.len() && tag.ends_with(&lower)))
    }
}

fn mentions(text: &str, stand: Stand, places: &Places, units: &Units) -> Vec<Named> {
    let (words, ends) = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((kind, length)) = kind_at(&words, at, units) else {
            at += 1;
            continue;
        };
        let rest = tail(&words, &ends, at + length);
        let (class, used) = class(rest);
        let opens =
            stand == Stand::Name && (at == 0 || used > 0 || text.to_lowercase().contains("resmi"));
        let is_kept = used > 0
            || (units.units.iter().any(|unit| kind.name.starts_with(&unit.kind)) && goes_on(rest));
        let sure = opens || (stand == Stand::Text && is_kept && !headed(&words, at));
        let place = place(rest.get(used..).unwrap_or_default(), stand, sure, places, units);
        found.push(Named { kind: kind.name.clone(), class, place });
        at += length;
    }
    found
}

/// The words from `at` to the end of the phrase that the word before belongs to.
fn tail<'w>(words: &'w [&'w str], ends: &[bool], at: usize) -> &'w [&'w str] {
    let last = at.saturating_sub(1);
    let end = ends.iter().skip(last).position(|end| *end).map_or(words.len(), |i| last + i + 1);
    words.get(at..end.max(at)).unwrap_or_default()
}

/// `Lapas Wadaslor pas ada …`: one capital, then a word that tells of nobody's
/// deed or speech. Asked only for kinds whose offices are listed: these are
/// called by their place, and their heads by a word of their own (`Kalapas`).
fn goes_on(rest: &[&str]) -> bool {
    rest.get(1).is_some_and(|next| {
        let is_deed = ["me", "ber", "di", "ter"].iter().any(|start| next.starts_with(start));
        let is_speech =
            ["kata", "ujar", "ucap", "tutur", "jelas", "bilang", "selaku", "sebagai", "yang"]
                .iter()
                .any(|word| next.starts_with(word));
        next.chars().all(char::is_lowercase) && !is_deed && !is_speech
    })
}

/// `Kepala Rutan Kelas IIB …`: the head's name may follow.
fn headed(words: &[&str], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|i| words.get(i))
        .is_some_and(|word| matches!(word.to_lowercase().as_str(), "kepala" | "ka" | "direktur"))
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
    "direktur",
    "menurut",
    "bagikan",
    "tunjangan",
    "seorang",
    "bungkam",
    "kepergok",
    "angkat",
    "rajin",
    "diduga",
    "pak",
    "bu",
    "lurah",
    "camat",
];

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit())
}

/// A word that could be a place: a capital, no shout, no initials, no common word.
fn may_be_place(word: &str) -> bool {
    let is_shout = word.chars().all(char::is_uppercase);
    is_capital(word)
        && !is_shout
        && word.chars().all(|c| c.is_alphabetic() || c == '-')
        && !NO_PLACE.contains(&word.to_lowercase().as_str())
}

/// The place at the start of these words: a known one, or one word (with the
/// side of it, `Kulon`) that the post shows to be a place or whose position is
/// `sure` to be one. A school's number goes before it.
fn place(words: &[&str], stand: Stand, sure: bool, places: &Places, units: &Units) -> String {
    let number = words.first().filter(|word| is_number(word));
    let mut rest = words.get(usize::from(number.is_some())..).unwrap_or_default();
    let region = rest.first().and_then(|word| match word.to_lowercase().as_str() {
        "kabupaten" | "kab" => Some("Kabupaten"),
        "kota" => Some("Kota"),
        "provinsi" | "prov" => Some("Provinsi"),
        _ => None,
    });
    let known = known(rest, units);
    if region.is_some() && known.is_none() {
        rest = rest.get(1..).unwrap_or_default();
    }
    let region = region.filter(|_| known.is_none());
    let named =
        known.or_else(|| self::known(rest, units)).or_else(|| dated(rest, places)).or_else(|| {
            let word = rest.first()?;
            let next = rest.get(1).copied().unwrap_or_default();
            let side = Some(next)
                .filter(|next| SIDES.contains(&next.to_lowercase().as_str()) && is_capital(next));
            // two unknown capitals after an account's office are a person
            let is_alone = stand != Stand::Name || !may_be_place(next) || region.is_some();
            let in_place = stand != Stand::Title
                && (region.is_some() || number.is_some() || side.is_some() || sure)
                && is_alone;
            let is_shown = places.shows(word)
                && is_capital(word)
                && !NO_PLACE.contains(&word.to_lowercase().as_str());
            if !(is_shown || in_place && may_be_place(word)) {
                return None;
            }
            let word = if word.chars().all(char::is_uppercase) {
                capital(&word.to_lowercase())
            } else {
                (*word).to_owned()
            };
            Some(
                side.map_or(word.clone(), |side| {
                    format!("{word} {}", capital(&side.to_lowercase()))
                }),
            )
        });
    let Some(named) = named else { return String::new() };
    [number.copied(), region, Some(named.as_str())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The longest place of several words with which an article is dated.
fn dated(words: &[&str], places: &Places) -> Option<String> {
    (2..=words.len().min(3)).rev().find_map(|length| {
        let named = words.get(..length)?;
        let is_shown = places.shown.contains(&named.join(" ").to_lowercase());
        (is_shown && named.iter().all(|word| is_capital(word))).then(|| {
            named.iter().map(|word| capital(&word.to_lowercase())).collect::<Vec<_>>().join(" ")
        })
    })
}

/// The longest known place that these words begin with, as the table spells it.
fn known(words: &[&str], units: &Units) -> Option<String> {
    if !words.first().is_some_and(|word| is_capital(word)) {
        return None;
    }
    (1..=words.len().min(3)).rev().find_map(|length| {
        let named = words.get(..length)?.join(" ");
        let same = |place: &&str| place.to_lowercase() == named.to_lowercase();
        units.units.iter().map(|unit| unit.place.as_str()).find(same).map(str::to_owned)
    })
}

/// The parts of an account's name that separators set apart, lower case.
fn account_words(handle: &str) -> Vec<String> {
    let lower = handle.trim().trim_start_matches('@').to_lowercase();
    lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// An account's name without separators and what offices add to it.
fn together(handle: &str) -> String {
    let mut bare = account_words(handle).concat();
    for tail in ["official", "ofc", "resmi", "humas", "id", "kemenkumham", "kumham", "kemenimipas"]
    {
        bare.truncate(bare.strip_suffix(tail).unwrap_or(&bare).len());
    }
    bare
}

/// `lapasbrebes_official`, `@bapaspati`, `kanim_ciputat`: the kind, then the place.
fn account(handle: &str, places: &Places, units: &Units) -> Option<Named> {
    let bare = together(handle);
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
    let rest = bare.get(start.len()..)?;
    let parts = account_words(handle);
    // `pakdelereng` is no court: a short kind is set apart, or its place is known
    let is_apart = parts.first().is_some_and(|part| part == start) || start.len() > 4;
    let spoken =
        rest.bytes().all(|b| b.is_ascii_alphabetic()) && rest.len() <= 20 && parts.len() <= 3;
    let known =
        units.units.iter().find(|unit| unit.place.to_lowercase().replace([' ', '-'], "") == rest);
    let place = match known {
        Some(unit) => unit.place.clone(),
        None if spoken && (is_apart || places.shown.contains(rest)) => capital(rest),
        None => return None,
    };
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
            kinds: vec![
                kind("Lapas", "lapas", "lapas"),
                kind("Rutan", "rutan", "rutan"),
                kind("Pengadilan Agama", "pa", "pa"),
            ],
            units: vec![Unit {
                kind: "Lapas".into(),
                place: "Suka Rejo".into(),
                class: "Kelas IIB".into(),
            }],
        }
    }

    fn news(title: &str, text: &str) -> Option<String> {
        find(&post(PostKind::News, "", title, text), &units())
    }

    fn post(kind: PostKind, name: &str, title: &str, text: &str) -> Post {
        Post {
            id: crate::model::PostId("1".into()),
            source: "s".into(),
            kind,
            platform: "x".into(),
            address: None,
            author: crate::model::Author { name: name.into(), ..Default::default() },
            title: title.into(),
            text: text.into(),
            published: None,
        }
    }

    #[test]
    fn a_unit_is_named_with_its_class_and_place() {
        assert_eq!(
            news("", "pegawai Rutan Klas II B Sukamaju, Senin pagi").as_deref(),
            Some("Rutan Kelas IIB Sukamaju")
        );
        assert_eq!(
            news("", "pegawai Lapas Suka Rejo Senin pagi").as_deref(),
            Some("Lapas Kelas IIB Suka Rejo")
        );
    }

    #[test]
    fn a_name_or_a_verb_after_an_office_is_no_place() {
        for text in [
            "Rutan Sudibyo menolak",
            "Rutan Sudibyo kata warga",
            "Pengadilan Agama Sudibyo pas ada",
            "RUTAN SUDIBYO",
            "Rutan Kelas IIB, Sudibyo, menolak",
            "Kepala Rutan Kelas IIB Sudibyo menolak",
            "Rutan DPN",
        ] {
            assert_eq!(news("Rutan Angkat Telunjuk", text), None, "{text}");
        }
        assert_eq!(
            news("", "Di Rutan Kelas IIB Sukamaju Sudibyo Hartono DPN menolak").as_deref(),
            Some("Rutan Kelas IIB Sukamaju")
        );
        assert_eq!(
            news("", "Rutan Kabupaten Sukamaju Tunjangan Naik").as_deref(),
            Some("Rutan Kabupaten Sukamaju")
        );
    }

    #[test]
    fn a_headline_names_a_place_only_if_the_text_agrees() {
        assert_eq!(
            news("Rutan Sukamaju Gelar Ikrar", "SUKAMAJU – Ikrar digelar Senin.").as_deref(),
            Some("Rutan Sukamaju")
        );
        assert_eq!(
            news("Rutan Sukamaju Gelar Ikrar", "Ikrar digelar di Sukamaju.").as_deref(),
            Some("Rutan Sukamaju")
        );
        assert_eq!(
            news("Rutan Sukamaju Gelar Ikrar", "Pegawai Rutan Sukamaju berikrar.").as_deref(),
            Some("Rutan Sukamaju")
        );
        let dated = "Pegawai berikrar\n\nLEMBAH SARI - Rutan Lembah Sari menggelar ikrar.";
        assert_eq!(news("", dated).as_deref(), Some("Rutan Lembah Sari"));
        assert_eq!(news("Rutan Sukamaju Gelar Ikrar", "Ikrar digelar Senin."), None);
    }

    #[test]
    fn an_account_is_read_as_kind_and_place() {
        let of = |name: &str| find(&post(PostKind::Post, name, "", "Selamat pagi"), &units());
        assert_eq!(of("lapassukarejo_official").as_deref(), Some("Lapas Kelas IIB Suka Rejo"));
        assert_eq!(of("rutan_sukamaju").as_deref(), Some("Rutan Sukamaju"));
        assert_eq!(of("Rutan Sukamaju").as_deref(), Some("Rutan Sukamaju"));
        assert_eq!(of("Rutan Sudibyo Hartono"), None);
        assert_eq!(of("pakdelereng"), None);
        assert_eq!(of("Pandu Sudibyo"), None);
    }
}
