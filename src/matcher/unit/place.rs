//! The place behind the name of an office, taken only as far as it is known.
//!
//! A word with a capital there is as often a person's name or a verb of a
//! headline. So a place is one that the lists know, one that the post shows
//! elsewhere (dateline, account, tag, `di …`, `Kabupaten …`), one formed like a
//! place, or one that the position leaves no doubt about.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Post, PostKind};
use crate::rule::unit::{Kind, Manner, Units, together};

use super::local;
use super::words::{Words, capital, is_capital, is_number, is_shout};

/// Where a text stands, which decides how far its capitals are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// The name of the account.
    Name,
    /// The profile.
    Bio,
    /// A headline: every word may have a capital.
    Title,
    /// Running text.
    Text,
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
    "kecamatan",
    "kelurahan",
    "se",
    "kodim",
    "polresta",
];

/// Sides of a place.
pub(super) const SIDES: &[&str] = &[
    "kulon", "wetan", "lor", "kidul", "utara", "selatan", "barat", "timur", "tengah", "pusat",
    "tenggara",
];

/// What a post shows to be a place.
#[derive(Default)]
pub(super) struct Shown {
    /// Places, lower case.
    names: BTreeSet<String>,
    /// Hashtags and the account, lower case, without separators.
    tags: Vec<String>,
    /// The place of the dateline.
    dated: Option<String>,
    /// By place, lower case, the kind of area that the post calls it.
    areas: BTreeMap<String, &'static str>,
}

impl Shown {
    /// What a post shows; `read` are its text, its author's profile and its headline, cut into words.
    pub(super) fn of(post: &Post, read: &[(&str, Words<'_>); 3], units: &Units) -> Self {
        let mut shown = Self::default();
        for (text, words) in read {
            for at in 0..words.len() {
                if let Some(tag) = words.word(at).strip_prefix('#') {
                    shown.tags.push(together(tag));
                }
                let follows = at > 0
                    && !words.ends(at - 1)
                    && BEFORE_PLACE.contains(&words.low(at - 1))
                    && is_capital(words.word(at));
                if follows && !units.is_common(words.word(at)) {
                    shown.area(words, at);
                    shown.names.insert(words.low(at).to_owned());
                    let next = words.word(at + 1);
                    let is_two = units.known(words.word(at)).is_none()
                        && !units.like_person(next)
                        && (units.is_head(words.word(at))
                            || units.is_tail(next)
                            || words.ends(at + 1));
                    if is_two && !words.ends(at) && units.may_be_place(next) && *text != post.title
                    {
                        shown.names.insert(format!("{} {}", words.low(at), words.low(at + 1)));
                    }
                }
            }
        }
        shown.dateline(post);
        if post.kind != PostKind::News {
            for account in [&post.author.handle, &post.author.name] {
                if !account.is_empty() && !account.trim().contains(' ') {
                    shown.tags.push(account_bare(account));
                }
            }
        }
        shown
    }

    /// `Kota Wadaslor`: what kind of area the place at this word is.
    fn area(&mut self, words: &Words<'_>, at: usize) {
        let area = region(words.low(at - 1)).filter(|area| matches!(*area, "Kabupaten" | "Kota"));
        for length in (1..=3).filter(|_| area.is_some()) {
            let name: Vec<&str> = (at..at + length).map(|i| words.low(i)).collect();
            self.areas.entry(name.join(" ")).or_insert(area.unwrap_or_default());
        }
    }

    /// The kind of area that the post calls a place.
    pub(super) fn area_of(&self, place: &str) -> Option<&'static str> {
        self.areas.get(&place.to_lowercase()).copied()
    }

    /// `WADASLOR –` opens a news article.
    fn dateline(&mut self, post: &Post) {
        for line in post.text.lines().filter(|_| post.kind == PostKind::News) {
            let start: String = line.chars().take(40).collect();
            if let Some((place, _)) = start.split_once([',', '–', '—', '-', '|', '(']) {
                let words: Vec<&str> = place.split_whitespace().collect();
                // some papers open with their own name
                let is_paper = place.trim().eq_ignore_ascii_case(post.author.name.trim());
                if words.len() <= 3 && !is_paper && words.iter().all(|word| is_shout(word)) {
                    self.names.insert(words.join(" ").to_lowercase());
                    let place: Vec<String> = words.iter().map(|word| capital(word)).collect();
                    self.dated.get_or_insert(place.join(" "));
                }
            }
        }
    }

    /// The places named as such and the office words that headline and text agree on.
    pub(super) fn agree(&mut self, place: &str) {
        self.names.insert(place.to_lowercase());
    }

    /// All places shown, lower case.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The place in whose name a news article is dated.
    pub(super) fn dated(&self) -> Option<&str> {
        self.dated.as_deref()
    }

    /// Whether the post shows this place.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(&name.to_lowercase())
    }

    fn shows(&self, name: &str) -> bool {
        let bare = together(name);
        self.has(name)
            || (bare.len() > 3
                && self.tags.iter().any(|tag| tag.len() > bare.len() && tag.ends_with(&bare)))
    }
}

/// An account's name without separators and without what offices add to it.
pub(super) fn account_bare(account: &str) -> String {
    const ADDED: &[&str] = &[
        "official",
        "ofc",
        "resmi",
        "humas",
        "info",
        "id",
        "kemenkumham",
        "kumham",
        "kemenimipas",
        "imipas",
        "ditjenpas",
        "kemenag",
        "goid",
        "offcl",
        "real",
        "media",
        "pemkab",
        "pemkot",
    ];
    let mut bare = together(account);
    for added in ADDED.iter().chain(ADDED) {
        let kept = bare.strip_suffix(added).filter(|kept| kept.len() > 3);
        bare.truncate(kept.unwrap_or(&bare).len());
    }
    bare
}

/// What is known where a place is looked for.
pub(super) struct Site<'a> {
    pub(super) units: &'a Units,
    pub(super) shown: &'a Shown,
    pub(super) stand: Stand,
    /// Whether the position leaves no doubt that one unknown word is a place.
    pub(super) sure: bool,
    /// Whether the name of a person is as likely: behind `Kepala …`.
    pub(super) doubt: bool,
    /// Whether the kind of office goes without capitals too.
    pub(super) lower: bool,
}

/// The place at the words from `at` to `end`, and how many words it takes; a school's number goes before it.
pub(super) fn read(
    site: &Site<'_>,
    kind: &Kind,
    words: &Words<'_>,
    at: usize,
    end: usize,
) -> (String, usize) {
    let mut from = at;
    let number = Some(words.word(from))
        .filter(|word| from < end && is_number(word) && kind.is(Manner::Numbered))
        .inspect(|_| from += 1);
    if words.low(from) == "di" && from < end && site.stand != Stand::Name {
        from += 1;
    }
    let said = if from < end { region(words.low(from)) } else { None };
    // `Kecamatan Kota Sumenep`: below the regency it is part of the name
    let said =
        said.filter(|said| !(kind.is(Manner::Local) && matches!(*said, "Kota" | "Kabupaten")));
    // the city of Kotabaru is a city, but `Kota Agung` is a place of that name
    let whole = said.and_then(|_| known(site, words, from, end).filter(|(_, used)| *used > 1));
    let said = said.filter(|_| whole.is_none());
    if said.is_some() {
        from += 1;
    }
    let is_local = kind.is(Manner::Local) || number.is_some() && said.is_none();
    let named = whole
        .or_else(|| is_local.then(|| local::read(site, words, from, end)).flatten())
        .or_else(|| name(site, words, from, end, said.is_some() || number.is_some()));
    let named = named.or_else(|| person(kind, site, words, from, end));
    let Some((name, used)) = named else { return (String::new(), 0) };
    let said = said.filter(|said| !name.starts_with(said) && !name.starts_with("Daerah Istimewa"));
    let full = [number, said, Some(name.as_str())].into_iter().flatten().collect::<Vec<_>>();
    (full.join(" "), from + used - at)
}

/// The full word for a kind of area.
pub(super) fn region(lower: &str) -> Option<&'static str> {
    match lower {
        "kabupaten" | "kab" => Some("Kabupaten"),
        "kota" => Some("Kota"),
        "provinsi" | "prov" => Some("Provinsi"),
        "kecamatan" | "kec" => Some("Kecamatan"),
        "kapanewon" => Some("Kapanewon"),
        "kemantren" => Some("Kemantren"),
        "distrik" => Some("Distrik"),
        _ => None,
    }
}

/// A place without what kind of area it is.
fn name(
    site: &Site<'_>,
    words: &Words<'_>,
    at: usize,
    end: usize,
    said: bool,
) -> Option<(String, usize)> {
    let known = known(site, words, at, end);
    if let Some((_, 2..)) = known {
        return known;
    }
    let word = words.word(at);
    if at >= end || !is_capital(word) || site.units.is_common(word) {
        return known;
    }
    for length in (2..=3).rev().filter(|length| at + length <= end) {
        let named: Vec<&str> = (at..at + length).map(|i| words.word(i)).collect();
        if site.shown.shows(&named.join(" ")) && named.iter().all(|word| is_capital(word)) {
            return Some((
                named.iter().map(|word| capital(word)).collect::<Vec<_>>().join(" "),
                length,
            ));
        }
    }
    if let Some(both) = of_two(site, words, at, end, known.is_some()) {
        return Some(both);
    }
    if known.is_some() {
        return known;
    }
    let is_shown = site.shown.shows(word);
    let is_whole = at + 1 >= end;
    let sure = match site.stand {
        Stand::Title => false,
        Stand::Text => {
            let is_certain = site.sure || !site.doubt && (said || site.units.like_place(word));
            is_certain && !site.units.like_person(word)
        }
        // two unknown capitals after an account's office are a person
        Stand::Name | Stand::Bio => {
            (said || site.sure || site.units.like_place(word))
                && (is_whole || !site.units.may_be_place(words.word(at + 1)))
                && !site.units.like_person(word)
        }
    };
    (is_shown || sure && site.units.may_be_place(word)).then(|| (capital(word), 1))
}

/// `Lembah Sari`, `Kalibening Kulon`.
fn of_two(
    site: &Site<'_>,
    words: &Words<'_>,
    at: usize,
    end: usize,
    known: bool,
) -> Option<(String, usize)> {
    let (first, second) = (words.word(at), words.word(at + 1));
    if at + 2 > end
        || !is_capital(second)
        || site.units.is_common(second)
        || site.units.is_common(first)
    {
        return None;
    }
    let is_side = SIDES.contains(&words.low(at + 1));
    let is_head = site.units.is_head(first);
    let is_tail = site.units.is_tail(second);
    let is_even = is_shout(first) == is_shout(second);
    // after a headline's office the next word is more likely a verb
    let fits = match site.stand {
        Stand::Title => is_side && (known || site.shown.shows(first)) || is_head && is_tail,
        Stand::Name | Stand::Bio | Stand::Text => {
            is_side
                || (is_head && is_tail)
                || (is_head && !known && !site.units.like_person(second))
                || (is_tail && !known && !site.units.like_person(first))
                || (is_head && known && words.ends(at + 1) && site.stand == Stand::Bio)
        }
    };
    (fits && is_even).then(|| (format!("{} {}", capital(first), capital(second)), 2))
}

/// The longest known place that these words begin with, as the lists spell it.
fn known(site: &Site<'_>, words: &Words<'_>, at: usize, end: usize) -> Option<(String, usize)> {
    let fits = |i: usize| is_capital(words.word(i)) || site.lower;
    (1..=5usize).rev().filter(|length| at + length <= end).find_map(|length| {
        if !(at..at + length).all(|i| fits(i) || matches!(words.low(i), "dan")) {
            return None;
        }
        let name = words.lower.get(at..at + length)?.join(" ");
        // an abbreviation of two or three letters is also a word
        let is_long = name.len() > 3 || is_capital(words.word(at));
        site.units.known(&name).filter(|_| is_long).map(|place| (place.to_owned(), length))
    })
}

/// `RSUD dr. Contoh`: a hospital called after a person.
fn person(
    kind: &Kind,
    site: &Site<'_>,
    words: &Words<'_>,
    at: usize,
    end: usize,
) -> Option<(String, usize)> {
    let is_doctor = matches!(words.low(at), "dr" | "prof" | "drs" | "ir" | "kh" | "h");
    if !kind.is(Manner::Named) || site.doubt || site.stand == Stand::Title && !is_doctor {
        return None;
    }
    let mut used = 0;
    while at + used < end && used < 5 {
        let word = words.word(at + used);
        let is_title =
            matches!(words.low(at + used), "dr" | "prof" | "drs" | "ir" | "kh" | "h" | "m" | "r");
        if !is_title && (!is_capital(word) || site.units.is_common(word)) {
            break;
        }
        used += 1;
        if words.ends(at + used - 1) && !is_title {
            break;
        }
    }
    let said: Vec<String> = (at..at + used)
        .map(|i| match words.low(i) {
            "dr" => "dr.".to_owned(),
            "prof" => "Prof.".to_owned(),
            "h" => "H.".to_owned(),
            "m" => "M.".to_owned(),
            "r" => "R.".to_owned(),
            _ => words.word(i).to_owned(),
        })
        .collect();
    (used > usize::from(is_doctor)).then(|| (said.join(" "), used))
}
