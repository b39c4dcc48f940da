//! The office that the name of an account tells: `lapasbrebes_official`, `@bapaspati`, `ksop.contoh`.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::rule::unit::{Kind, Manner, Units, together};

use super::Named;
use super::place::{SIDES, Shown, account_bare};
use super::words::capital;

/// The parts of an account's name that separators set apart, lower case.
fn parts(account: &str) -> Vec<String> {
    account
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The most tags of a text that are read.
const MOST_TAGS: usize = 20;

/// What stands before the office: `humas.rutan_contoh`.
const BEFORE: &[&str] =
    &["humas", "info", "ppid", "satgas", "official", "akun", "kabar", "warta", "media"];

/// Before the place, the kind of area: `bpn_kotacontoh`.
const AREAS: &[(&str, &str)] =
    &[("kabupaten", "Kabupaten"), ("kab", "Kabupaten"), ("kota", "Kota")];

/// Before the place, what says nothing about it.
const FILLERS: &[&str] = &["kecamatan", "kec", "kelas2a", "kelas2b", "kelas1", "kelas2"];

/// The kind and the place, as far as lists or post know it. `kinds` are those that the post names, and the
/// profile may say that the account is an official one.
pub(super) fn read(
    account: &str,
    (kinds, official): (&HashSet<String>, bool),
    shown: &Shown,
    units: &Units,
    day: Option<Date>,
) -> Option<Named> {
    let site = Site { kinds, official, shown, units, day };
    let parts = parts(account);
    let whole = account_bare(account);
    let mut first = None;
    // `rutan_contoh_kabar`: what is set apart behind a known place is no part of it
    let is_added = |part: &String| !units.is_tail(part) && !SIDES.contains(&part.as_str());
    let added = parts.iter().rev().take_while(|part| is_added(part)).count();
    let least = parts.len().saturating_sub(added).max(1);
    let shorter = (least..parts.len()).rev().map(|upto| parts.get(..upto).unwrap_or_default());
    for (bare, parts) in std::iter::once((whole, parts.as_slice()))
        .chain(shorter.map(|parts| (account_bare(&parts.concat()), parts)))
    {
        let (known, unknown) = site.readings(&bare, parts);
        if known.is_some() {
            return known;
        }
        first = first.or(unknown);
    }
    first
}

/// The office that a text names by its tag or account, if the lists know its place: `#RutanContoh`.
pub(super) fn tagged(text: &str, shown: &Shown, units: &Units, day: Option<Date>) -> Option<Named> {
    let kinds = HashSet::new();
    let site = Site { kinds: &kinds, official: false, shown, units, day };
    text.split_whitespace()
        .filter(|word| word.starts_with(['#', '@']))
        .take(MOST_TAGS)
        .filter_map(|word| site.readings(&account_bare(word), &parts(word)).0)
        .find(|named| !named.place.is_empty())
}

/// What is known where an account is read.
struct Site<'a> {
    kinds: &'a HashSet<String>,
    official: bool,
    shown: &'a Shown,
    units: &'a Units,
    day: Option<Date>,
}

impl Site<'_> {
    /// The first office whose place is known, and the first whose is not.
    fn readings(&self, bare: &str, parts: &[String]) -> (Option<Named>, Option<Named>) {
        let mut first = None;
        let starts = std::iter::once(bare).chain(
            BEFORE
                .iter()
                .filter_map(|added| bare.strip_prefix(added).filter(|rest| rest.len() > 3)),
        );
        for bare in starts {
            for (kind, start) in self.units.by_handle(bare, self.day) {
                let rest = bare.get(start.len()..).unwrap_or_default();
                let named = |place: String, guessed: bool| Named {
                    kind: kind.name.clone(),
                    long: false,
                    class: String::new(),
                    place,
                    guessed,
                    rank: 0,
                };
                let set_apart = || bare == start || parts.first().is_some_and(|part| part == start);
                if kind.is(Manner::Alone) {
                    if set_apart() {
                        return (Some(named(String::new(), false)), first);
                    }
                    continue;
                }
                if let Some(place) = place(rest, kind, self.units) {
                    return (Some(named(place, kind.is(Manner::Numbered))), first);
                }
                // `pakdelereng` is no court: a short kind is set apart, or the post names it
                let joined: Vec<String> = (1..=parts.len())
                    .map(|upto| parts.get(..upto).unwrap_or_default().concat())
                    .collect();
                let is_apart = joined.iter().any(|said| said.ends_with(start))
                    || start.len() > 4
                    || self.kinds.contains(&kind.name)
                    || is_unspoken(start)
                    || self.official && start.len() > 2;
                let is_school = kind.is(Manner::Numbered) && start.len() < 4;
                let place = if rest.is_empty() {
                    is_apart.then(String::new)
                } else {
                    self.unknown(rest, kind, parts, is_apart)
                };
                first = first.or(place.filter(|_| !is_school).map(|place| named(place, true)));
            }
        }
        (None, first)
    }

    /// A place that no list knows, its area before it if the account says it.
    fn unknown(&self, rest: &str, kind: &Kind, parts: &[String], is_apart: bool) -> Option<String> {
        let area = AREAS.iter().filter(|_| !kind.is(Manner::Local)).find_map(|(said, area)| {
            Some((rest.strip_prefix(said).filter(|rest| rest.len() > 2)?, *area))
        });
        let (rest, area) = area.map_or((rest, None), |(rest, area)| (rest, Some(area)));
        let place = unknown(without_filler(rest), parts, is_apart, self.shown, self.units)?;
        let area = area.filter(|_| kind.is(Manner::Regional));
        Some(area.map_or_else(|| place.clone(), |area| format!("{area} {place}")))
    }
}

/// Whether an abbreviation cannot begin a name: `bps…`, `kppn…`.
fn is_unspoken(start: &str) -> bool {
    start.len() > 2 && !start.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// The rest without what says nothing about the place.
fn without_filler(rest: &str) -> &str {
    let strip = |said: &str| rest.strip_prefix(said).filter(|rest| rest.len() > 2);
    FILLERS.iter().copied().find_map(strip).unwrap_or(rest)
}

/// A place that the lists know, its area before it if the account says it, or a school's number.
fn place(rest: &str, kind: &Kind, units: &Units) -> Option<String> {
    if let Some(place) = units.known_together(rest) {
        return Some(place.to_owned());
    }
    let area = AREAS
        .iter()
        .find_map(|(said, area)| Some((units.known_together(rest.strip_prefix(said)?)?, *area)));
    if let Some((place, area)) = area {
        let is_told = kind.is(Manner::Regional) && units.is_regency(place);
        return Some(if is_told { format!("{area} {place}") } else { place.to_owned() });
    }
    if let Some(place) = units.known_together(without_filler(rest)) {
        return Some(place.to_owned());
    }
    let digits = |c: char| c.is_ascii_digit();
    let (number, place) = match rest.trim_start_matches(digits) {
        same if same == rest => {
            let place = rest.trim_end_matches(digits);
            (rest.get(place.len()..).unwrap_or_default(), place)
        }
        place => (rest.get(..rest.len() - place.len()).unwrap_or_default(), place),
    };
    let is_numbered = kind.is(Manner::Numbered) && (1..=3).contains(&number.len());
    is_numbered.then(|| {
        let known = units.known_together(place);
        let known = known.map_or_else(|| spelled(place, units), str::to_owned);
        format!("{number} {known}").trim_end().to_owned()
    })
}

/// A place that no list knows, spelled as far apart as can be told.
fn unknown(
    rest: &str,
    parts: &[String],
    is_apart: bool,
    shown: &Shown,
    units: &Units,
) -> Option<String> {
    let is_spoken = rest.bytes().all(|b| b.is_ascii_alphabetic())
        && (3..=20).contains(&rest.len())
        && parts.len() <= 4;
    if !is_spoken || !(is_apart || shown.has(rest)) {
        return None;
    }
    let set_apart: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| rest.contains(part) && *part != rest)
        .collect();
    // `ksop.pasir.laut` has its words set apart
    let is_whole = !set_apart.is_empty() && set_apart.concat() == rest;
    if is_whole {
        return Some(set_apart.iter().map(|part| capital(part)).collect::<Vec<_>>().join(" "));
    }
    Some(spelled(rest, units))
}

/// A place no list knows, its words apart as far as can be told.
fn spelled(place: &str, units: &Units) -> String {
    let apart = units.apart(place).unwrap_or_else(|| place.to_owned());
    apart.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

/// Whether an account's name ends with this place.
pub(super) fn ends_with(account: &str, place: &str) -> bool {
    let bare = together(place);
    bare.len() > 3 && account_bare(account).ends_with(&bare)
}
