//! The office that the name of an account tells: `lapasbrebes_official`, `@bapaspati`, `ksop.contoh`.

use jiff::civil::Date;

use crate::rule::unit::{Manner, Units, together};

use super::Named;
use super::place::{Shown, account_bare};
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

/// The kind and the place, as far as lists or post know it.
pub(super) fn read(
    account: &str,
    shown: &Shown,
    units: &Units,
    day: Option<Date>,
) -> Option<Named> {
    let bare = account_bare(account);
    let parts = parts(account);
    // `humas.rutan_contoh`: what stands before the office
    let before = ["humas", "info", "ppid", "satgas", "official", "akun", "kabar", "warta", "media"];
    let starts = [bare.as_str()].into_iter().chain(
        before.iter().filter_map(|added| bare.strip_prefix(added).filter(|rest| rest.len() > 3)),
    );
    for bare in starts {
        for (kind, start) in units.by_handle(bare, day) {
            let rest = bare.get(start.len()..).unwrap_or_default();
            let rest = ["kab", "kota", "kec", "kelas2a", "kelas2b", "kelas1", "kelas2"]
                .iter()
                .find_map(|said| rest.strip_prefix(said).filter(|rest| rest.len() > 2))
                .unwrap_or(rest);
            // `pakdelereng` is no court: a short kind is set apart, or its place is known
            let joined: Vec<String> = (1..=parts.len())
                .map(|upto| parts.get(..upto).unwrap_or_default().concat())
                .collect();
            let is_apart = joined.iter().any(|said| said.ends_with(start)) || start.len() > 4;
            let is_spoken = rest.bytes().all(|b| b.is_ascii_alphabetic())
                && (3..=20).contains(&rest.len())
                && parts.len() <= 4;
            let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let place = match units.known_together(rest) {
                Some(place) => place.to_owned(),
                None if kind.is(Manner::Numbered) && !number.is_empty() => {
                    let place = rest.get(number.len()..).unwrap_or_default();
                    let known =
                        units.known_together(place).map_or_else(|| capital(place), str::to_owned);
                    format!("{number} {known}").trim_end().to_owned()
                }
                None if rest.is_empty() && is_apart => String::new(),
                None if is_spoken && (is_apart || shown.has(rest)) => {
                    let set_apart: Vec<&str> = parts
                        .iter()
                        .map(String::as_str)
                        .filter(|part| rest.contains(part) && *part != rest)
                        .collect();
                    // `ksop.pasir.laut` has its words set apart
                    let is_whole = !set_apart.is_empty() && set_apart.concat() == rest;
                    if is_whole {
                        set_apart.iter().map(|part| capital(part)).collect::<Vec<_>>().join(" ")
                    } else {
                        capital(rest)
                    }
                }
                None => continue,
            };
            return Some(Named { kind: kind.name.clone(), class: String::new(), place, rank: 0 });
        }
    }
    None
}

/// Whether an account's name ends with this place.
pub(super) fn ends_with(account: &str, place: &str) -> bool {
    let bare = together(place);
    bare.len() > 3 && account_bare(account).ends_with(&bare)
}
