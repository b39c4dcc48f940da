//! The offices that a text names, in order.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::rule::unit::{Kind, Manner, Units};

use super::Named;
use super::class::{self, Bare};
use super::place::{self, Shown, Site, Stand};
use super::words::{Words, is_capital, is_market, is_number, is_shout};

/// The most words that belong to the name of an office before its place.
const MOST_NAME: usize = 7;

/// The offices of a text.
pub(super) fn mentions(
    words: &Words<'_>,
    stand: Stand,
    shown: &Shown,
    units: &Units,
    day: Option<Date>,
) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (named, used) = match kind_at(words, at, stand, units, day) {
            Some((_, length)) if spoken_for(words, at) => (None, length),
            Some(kind) => office(words, at, kind, stand, shown, units),
            None => match acronym(words, at, stand, shown, units) {
                Some((named, used)) => (Some(named), used),
                None => (None, 1),
            },
        };
        found.extend(named);
        at += used.max(1);
    }
    found
}

/// What headline and text both say after the same office is a place.
pub(super) fn agree(title: &str, text: &str, units: &Units, day: Option<Date>, shown: &mut Shown) {
    let title = Words::of(title);
    let after = |words: &Words<'_>, at: usize, plain: bool| {
        let (kind, length) = kind_at(words, at, Stand::Title, units, day)?;
        let next = at + length;
        let is_plain =
            !plain || words.ends(next) || words.word(next + 1).chars().all(char::is_lowercase);
        (next < words.phrase_end(next) && is_plain && units.may_be_place(words.word(next)))
            .then(|| (kind.name.clone(), words.low(next).to_owned()))
    };
    let told: HashSet<_> = (0..title.len()).filter_map(|at| after(&title, at, false)).collect();
    if told.is_empty() {
        return;
    }
    let body = Words::of(text);
    for (_, place) in
        (0..body.len()).filter_map(|at| after(&body, at, true)).filter(|n| told.contains(n))
    {
        shown.agree(&place);
    }
}

/// The kind of office at this word; a short abbreviation counts only in capitals.
pub(super) fn kind_at<'u>(
    words: &Words<'_>,
    at: usize,
    stand: Stand,
    units: &'u Units,
    day: Option<Date>,
) -> Option<(&'u Kind, usize)> {
    let end = (at + 8).min(words.len());
    let (kind, length) = units.kind_at(words.lower.get(at..end)?, day)?;
    let word = words.word(at);
    let is_short = length == 1 && word.chars().count() <= 4;
    // Kel. Besar: keluarga besar
    if words.low(at) == "kel" && words.low(at + 1) == "besar" {
        return None;
    }
    let stands = match stand {
        Stand::Name | Stand::Bio => is_capital(word) || !is_short,
        Stand::Title | Stand::Text => {
            !is_short
                || is_shout(word)
                || is_capital(word)
                    && (matches!(words.low(at), "kec" | "kel") || kind.is(Manner::Numbered))
                || is_before_place(words, at, at + length, kind, units)
        }
    };
    stands.then_some((kind, length))
}

/// `pegawai rsud contoh`: a short abbreviation without capitals, which a known place or the staff tells from a word.
fn is_before_place(words: &Words<'_>, at: usize, next: usize, kind: &Kind, units: &Units) -> bool {
    let is_school = kind.is(Manner::Numbered);
    let place = if is_school { next + 1 } else { next };
    let is_spoken = words.low(at).len() < 4 && words.low(at).contains(['a', 'e', 'i', 'o', 'u']);
    (!is_spoken || of_staff(words, at))
        && !words.ends(at)
        && (!is_school || is_number(words.word(next)))
        && (1..=3).any(|length| {
            let name = words.lower.get(place..place + length).unwrap_or_default();
            !name.is_empty() && units.known(&name.join(" ")).is_some()
        })
}

/// `Kepala Rutan Kelas IIB …`: the head's name may follow.
fn headed(words: &Words<'_>, at: usize) -> bool {
    at > 0
        && !words.ends(at - 1)
        && matches!(
            words.low(at - 1),
            "kepala"
                | "ka"
                | "kepsek"
                | "direktur"
                | "direktris"
                | "plt"
                | "plh"
                | "pj"
                | "ketua"
                | "mantan"
                | "eks"
        )
}

/// `pegawai PN …`: whose staff acts, so that no name of a head follows.
fn of_staff(words: &Words<'_>, at: usize) -> bool {
    const STAFF: &[&str] = &[
        "pegawai",
        "jajaran",
        "petugas",
        "seluruh",
        "segenap",
        "aparatur",
        "staf",
        "karyawan",
        "guru",
        "dokter",
        "perawat",
        "nakes",
        "hakim",
        "asn",
        "di",
        "halaman",
        "aula",
        "lingkungan",
    ];
    at > 0 && !words.ends(at - 1) && STAFF.contains(&words.low(at - 1))
}

/// `pengamat politik Universitas …`: where somebody who is asked comes from.
fn spoken_for(words: &Words<'_>, at: usize) -> bool {
    const ASKED: &[&str] = &[
        "peneliti",
        "pengamat",
        "dosen",
        "akademisi",
        "rektor",
        "mahasiswa",
        "alumni",
        "pakar",
        "lulusan",
        "alumnus",
    ];
    let from = at.saturating_sub(4);
    (from..at).any(|i| ASKED.contains(&words.low(i)) && (i..at).all(|i| !words.ends(i)))
}

/// Whether a word begins a phrase or follows what an office's account puts before its name.
fn opens(words: &Words<'_>, at: usize) -> bool {
    words.opens(at)
        || matches!(
            words.low(at - 1),
            "resmi"
                | "official"
                | "akun"
                | "humas"
                | "instagram"
                | "media"
                | "satgas"
                | "info"
                | "ppid"
        )
}

/// `Lapas Wadaslor menggelar …`: one capital, then a word that tells of nobody's
/// speech. A deed may be a person's behind the kinds whose heads have no word
/// of their own, unlike `Kalapas`.
fn goes_on(words: &Words<'_>, at: usize, end: usize, own: bool) -> bool {
    if at + 1 >= end {
        return at < end;
    }
    let next = words.word(at + 1);
    let is_deed = !own && ["me", "ber", "ter"].iter().any(|start| next.starts_with(start));
    let is_speech =
        ["kata", "ujar", "ucap", "tutur", "jelas", "bilang", "selaku", "sebagai", "yang"]
            .iter()
            .any(|word| next.starts_with(word));
    next.chars().all(char::is_lowercase) && !is_deed && !is_speech
}

/// The office whose kind stands at this word, and how many words it takes.
fn office(
    words: &Words<'_>,
    at: usize,
    (kind, length): (&Kind, usize),
    stand: Stand,
    shown: &Shown,
    units: &Units,
) -> (Option<Named>, usize) {
    let start = at + length;
    let end = words.phrase_end(start);
    let (name, named) = if kind.is(Manner::Generic) {
        name(words, start, end, stand, units)
    } else {
        (String::new(), 0)
    };
    if kind.is(Manner::Generic) && named == 0 {
        return (None, length);
    }
    let mut next = start + named;
    let is_classed = ![Manner::Local, Manner::Numbered, Manner::Named].iter().any(|m| kind.is(*m));
    let bare = if is_classed { Bare::All } else { Bare::Lettered };
    let (mut class, used) = class::read(words, next, end, bare);
    next += used;
    // `Bea Cukai TMP B …`: a type is no part of the name
    while next < end
        && matches!(words.low(next), "tmp" | "tipe" | "type" | "madya" | "pabean" | "tmpc" | "tmpb")
        || next < end
            && next > start
            && words.low(next - 1).starts_with('t')
            && words.word(next).len() == 1
    {
        next += 1;
    }
    let is_head = headed(words, at);
    let is_listed = units.units().iter().any(|unit| kind.name.starts_with(&unit.kind));
    let is_number = words.word(next).bytes().all(|b| b.is_ascii_digit()) && next < end;
    // what an account adds to its name: `… Official`, `… Berkabar`
    let is_last = next < end
        && (next + 1..end).all(|i| units.is_common(words.word(i)) && !is_market(words.word(i - 1)));
    let sure = match stand {
        Stand::Name => used > 0 || is_last,
        Stand::Bio => !is_head && (used > 0 || is_last || opens(words, at)),
        Stand::Title => false,
        Stand::Text => {
            let is_own = !kind.is(Manner::Generic);
            let is_told = is_listed || of_staff(words, at);
            !is_head && (used > 0 || is_number || is_own && goes_on(words, next, end, is_told))
        }
    };
    let lower = words.low(at).chars().count() > 4
        || length > 1
        || words.word(at).chars().all(char::is_lowercase);
    let site = Site { units, shown, stand, sure, lower, doubt: is_head };
    // `UPT Puskesmas …`: the next office is no place of this one
    let is_office = kind_at(words, next, stand, units, None).is_some()
        && place::region(words.low(next)).is_none()
        && units.known(words.word(next)).is_none();
    let (place, taken) = if is_office && next < end || kind.is(Manner::Alone) {
        (String::new(), 0)
    } else {
        place::read(&site, kind, words, next, end)
    };
    next += taken;
    if class.is_empty() {
        let (after, used) = class::read(words, next, end, Bare::Lettered);
        class = after;
        next += used;
    }
    let kind_name =
        if name.is_empty() { kind.name.clone() } else { format!("{} {name}", kind.name) };
    // an unknown name behind the office makes it a person's account
    let is_added = || (next..end).all(|i| units.is_common(words.word(i)));
    let is_named = !place.is_empty() || next >= end || stand == Stand::Name && is_added();
    let rank = rank(kind, stand, opens(words, at) && !is_head && is_named);
    let is_bare =
        kind.is(Manner::Generic) && place.is_empty() && !matches!(stand, Stand::Bio | Stand::Name);
    let in_words = (at..start).map(|i| words.low(i)).collect::<Vec<_>>().join(" ");
    let long = stand == Stand::Text && in_words == kind.long.to_lowercase();
    let found = Named { kind: kind_name, long, class, place, guessed: false, rank };
    ((!is_bare).then_some(found), next - at)
}

/// How little likely a post is about this unit: its own account first, guests last.
fn rank(kind: &Kind, stand: Stand, opens: bool) -> u8 {
    match stand {
        Stand::Name | Stand::Bio if opens => 0,
        _ if kind.is(Manner::Guest) => 3,
        Stand::Name | Stand::Bio => 1,
        Stand::Title | Stand::Text => 2,
    }
}

/// `Dinas Tata Ruang …`: the words of an office's own name, up to the area it serves.
fn name(words: &Words<'_>, at: usize, end: usize, stand: Stand, units: &Units) -> (String, usize) {
    let mut used = 0;
    while at + used < end && used < MOST_NAME {
        let (word, low) = (words.word(at + used), words.low(at + used));
        let goes_on = matches!(low, "dan" | "dan/atau" | "&") && used > 0;
        let is_area =
            place::region(low).is_some() || class::read(words, at + used, end, Bare::All).1 > 0;
        let is_place = used > 0 && units.known(word).is_some() && stand != Stand::Title;
        if is_area || is_place || !goes_on && (!is_capital(word) || units.is_common(word)) {
            break;
        }
        used += 1;
    }
    while used > 0 && words.low(at + used - 1) == "dan" {
        used -= 1;
    }
    let is_closed = at + used < end && place::region(words.low(at + used)).is_some();
    // in a headline the verb has a capital too
    if stand == Stand::Title && !is_closed {
        return (String::new(), 0);
    }
    let said: Vec<&str> = (at..at + used).map(|i| words.word(i)).collect();
    (said.join(" "), used)
}

/// An office that no list knows, by its abbreviation in capitals before a class, an area or, in a profile, a known place.
fn acronym(
    words: &Words<'_>,
    at: usize,
    stand: Stand,
    shown: &Shown,
    units: &Units,
) -> Option<(Named, usize)> {
    let word = words.word(at);
    let is_abbreviation = (3..=12).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        && word.bytes().filter(u8::is_ascii_uppercase).count() >= 3
        && units.known(word).is_none()
        && !units.is_no_office(word);
    let end = words.phrase_end(at + 1);
    if !is_abbreviation || at + 1 >= end {
        return None;
    }
    // among capitals throughout none stands out
    let is_shouted = is_shout(words.word(at + 1)) && words.word(at + 1).len() > 4;
    let (class, used) = class::read(words, at + 1, end, Bare::All);
    let next = at + 1 + used;
    let is_area = matches!(words.low(next), "kabupaten" | "kab" | "kota" | "provinsi");
    let is_own = matches!(stand, Stand::Name | Stand::Bio) && opens(words, at);
    if is_shouted || !(used > 0 || is_area || is_own) {
        return None;
    }
    let site = Site { units, shown, stand, sure: used > 0 || is_area, lower: false, doubt: false };
    let (place, taken) = place::read(&site, &Kind::default(), words, next, end);
    let rank = if is_own { 0 } else { 4 };
    let named = Named { kind: word.to_owned(), long: false, class, place, guessed: false, rank };
    (!named.place.is_empty()).then_some((named, next + taken - at))
}
