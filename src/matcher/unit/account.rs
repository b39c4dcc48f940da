//! The office that the name of an account tells: `lapasbrebes_official`, `@bapaspati`, `ksop.contoh`.

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

/// What stands before the office: `humas.rutan_contoh`.
const BEFORE: &[&str] =
    &["humas", "info", "ppid", "satgas", "official", "akun", "kabar", "warta", "media"];

/// Before the place, the kind of area: `bpn_kotacontoh`.
const AREAS: &[(&str, &str)] = &[("kabupaten", "Kabupaten"), ("kab", "Kabupaten"), ("kota", "Kota")];

/// Before the place, what says nothing about it.
const FILLERS: &[&str] = &["kecamatan", "kec", "kelas2a", "kelas2b", "kelas1", "kelas2"];

/// The kind and the place, as far as lists or post know it.
pub(super) fn read(
    account: &str,
    shown: &Shown,
    units: &Units,
    day: Option<Date>,
) -> Option<Named> {
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
        let Some((named, is_known)) = reading(&bare, parts, shown, units, day) else { continue };
        if is_known {
            return Some(named);
        }
        first.get_or_insert(named);
    }
    first
}

/// An office and whether its place is known.
fn reading(
    bare: &str,
    parts: &[String],
    shown: &Shown,
    units: &Units,
    day: Option<Date>,
) -> Option<(Named, bool)> {
    let starts = std::iter::once(bare).chain(
        BEFORE.iter().filter_map(|added| bare.strip_prefix(added).filter(|rest| rest.len() > 3)),
    );
    for bare in starts {
        for (kind, start) in units.by_handle(bare, day) {
            let rest = bare.get(start.len()..).unwrap_or_default();
            // `pakdelereng` is no court: a short kind is set apart, or its place is known
            let joined: Vec<String> = (1..=parts.len())
                .map(|upto| parts.get(..upto).unwrap_or_default().concat())
                .collect();
            let is_apart = joined.iter().any(|said| said.ends_with(start)) || start.len() > 4;
            let (place, is_known) = match place(rest, kind, units) {
                Some(place) => (place, true),
                None if rest.is_empty() && is_apart => (String::new(), false),
                None => match unknown(without_filler(rest), parts, is_apart, shown, units) {
                    Some(place) => (place, false),
                    None => continue,
                },
            };
            let kind = kind.name.clone();
            let named = Named { kind, long: false, class: String::new(), place, rank: 0 };
            return Some((named, is_known));
        }
    }
    None
}

/// The rest without what says nothing about the place.
fn without_filler(rest: &str) -> &str {
    let strip = |said: &str| rest.strip_prefix(said).filter(|rest| rest.len() > 2);
    let fillers = FILLERS.iter().chain(AREAS.iter().map(|(said, _)| said));
    fillers.copied().find_map(strip).unwrap_or(rest)
}

/// A place that the lists know, its area before it if the account says it, or a school's number.
fn place(rest: &str, kind: &Kind, units: &Units) -> Option<String> {
    if let Some(place) = units.known_together(rest) {
        return Some(place.to_owned());
    }
    let area = AREAS.iter().find_map(|(said, area)| {
        Some((units.known_together(rest.strip_prefix(said)?)?, *area))
    });
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
        let known = units.known_together(place).map_or_else(|| capital(place), str::to_owned);
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
    Some(units.apart(rest, SIDES).map_or_else(
        || capital(rest),
        |(head, tail)| format!("{} {}", capital(&head), capital(&tail)),
    ))
}

/// Whether an account's name ends with this place.
pub(super) fn ends_with(account: &str, place: &str) -> bool {
    let bare = together(place);
    bare.len() > 3 && account_bare(account).ends_with(&bare)
}
