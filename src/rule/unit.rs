//! Units: kinds of offices, how they are written, the offices known, and what
//! tells a place from a person behind the name of an office.
//!
//! The tree is told by `parents`: a kind of office stands below others, each
//! for some days, because ministries are split and joined.

mod file;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use jiff::civil::Date;

use super::Problem;
pub use file::{Kind, Manner, Parent, Region, Unit, UnitFile};

/// All kinds, units and places loaded, ready to be looked up.
#[derive(Clone, Debug, Default)]
pub struct Units {
    kinds: Vec<Kind>,
    offices: Vec<Unit>,
    regions: Vec<Region>,
    /// From the first word of an alias to the rest of it and its kind.
    aliases: HashMap<String, Vec<(Vec<String>, usize)>>,
    /// Beginnings of account names, the longest first.
    handles: Vec<(String, usize)>,
    /// Known places by lower case and by lower case without separators.
    places: HashMap<String, String>,
    joined: HashMap<String, String>,
    heads: HashSet<String>,
    tails: HashSet<String>,
    starts: Vec<String>,
    ends: Vec<String>,
    endings: Vec<String>,
    names: HashSet<String>,
    name_endings: Vec<String>,
    common: HashSet<String>,
    not_offices: HashSet<String>,
}

/// Whether a day lies in a span; a post without a day lies in every span.
pub(crate) fn holds(day: Option<Date>, from: Option<Date>, until: Option<Date>) -> bool {
    day.is_none_or(|day| from.is_none_or(|from| from <= day) && until.is_none_or(|u| day <= u))
}

/// A name in lower case without what may separate its words.
pub(crate) fn together(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether the name of a place begins with the kind of its area.
pub(crate) fn says_area(place: &str) -> bool {
    const AREAS: &[&str] =
        &["Kecamatan ", "Kabupaten ", "Kota ", "Provinsi ", "Kapanewon ", "Kemantren ", "Distrik "];
    AREAS.iter().any(|area| place.starts_with(area))
}

impl Units {
    /// Takes in a file.
    pub fn add(&mut self, file: UnitFile) {
        for kind in file.kind {
            let at = self.kinds.len();
            for alias in kind.aliases.iter().chain([&kind.long]) {
                let mut words = alias
                    .split([' ', '/', ','])
                    .filter(|word| !word.is_empty())
                    .map(str::to_lowercase);
                if let Some(first) = words.next() {
                    self.aliases.entry(first).or_default().push((words.collect(), at));
                }
            }
            self.handles.extend(kind.handles.iter().map(|start| (start.clone(), at)));
            self.kinds.push(kind);
        }
        self.handles.sort_by_key(|(start, _)| std::cmp::Reverse(start.len()));
        for region in file.region {
            for name in region.regencies.iter().chain(&region.cities).chain([&region.name]) {
                self.place(name, name);
            }
            for alias in &region.aliases {
                self.place(alias, &region.name);
            }
            self.regions.push(region);
        }
        for name in &file.places {
            self.place(name, name);
        }
        for (alias, name) in &file.short {
            self.place(alias, name);
        }
        for unit in file.unit {
            for name in unit.aliases.iter().chain([&unit.place]) {
                self.place(name, name);
            }
            self.offices.push(unit);
        }
        let lower = |words: Vec<String>| words.into_iter().map(|word| word.to_lowercase());
        self.heads.extend(lower(file.place_heads));
        self.tails.extend(lower(file.place_tails));
        self.starts.extend(lower(file.place_starts));
        self.ends.extend(lower(file.place_ends));
        self.endings.extend(lower(file.place_endings));
        self.names.extend(lower(file.names));
        self.name_endings.extend(lower(file.name_endings));
        self.common.extend(lower(file.common));
        self.not_offices.extend(lower(file.not_offices));
    }

    fn place(&mut self, alias: &str, name: &str) {
        self.places.entry(alias.to_lowercase()).or_insert_with(|| name.to_owned());
        self.joined.entry(together(alias)).or_insert_with(|| name.to_owned());
    }

    /// The kinds.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The known offices.
    pub fn units(&self) -> &[Unit] {
        &self.offices
    }

    /// The kind of this full spelling.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// The kind of this full spelling, or the one whose offices have names of their own behind it.
    pub fn kind_or_generic(&self, name: &str) -> Option<&Kind> {
        self.kind(name).or_else(|| {
            let begins = |kind: &&Kind| {
                kind.is(Manner::Generic)
                    && name.strip_prefix(kind.name.as_str()).is_some_and(|r| r.starts_with(' '))
            };
            self.kinds.iter().find(begins)
        })
    }

    /// The kind whose alias these lower-case words begin with, the longest alias first, and its length in words.
    pub fn kind_at(&self, words: &[String], day: Option<Date>) -> Option<(&Kind, usize)> {
        let known = self.aliases.get(words.first()?)?;
        known
            .iter()
            .filter(|(rest, _)| words.get(1..).is_some_and(|words| words.starts_with(rest)))
            .filter_map(|(rest, kind)| Some((self.kinds.get(*kind)?, rest.len() + 1)))
            .filter(|(kind, _)| holds(day, kind.from, kind.until))
            .max_by_key(|(_, length)| *length)
    }

    /// The kinds whose accounts begin so, the longest beginning first, with what begins them.
    pub fn by_handle<'u>(
        &'u self,
        bare: &'u str,
        day: Option<Date>,
    ) -> impl Iterator<Item = (&'u Kind, &'u str)> {
        self.handles
            .iter()
            .filter(move |(start, _)| bare.starts_with(start.as_str()))
            .filter_map(|(start, kind)| Some((self.kinds.get(*kind)?, start.as_str())))
            .filter(move |(kind, _)| holds(day, kind.from, kind.until))
    }

    /// The place of this name or abbreviation, as it is spelled.
    pub fn known(&self, name: &str) -> Option<&str> {
        self.places.get(&name.to_lowercase()).map(String::as_str)
    }

    /// The place whose name, written together, is this.
    pub fn known_together(&self, bare: &str) -> Option<&str> {
        self.joined.get(bare).map(String::as_str)
    }

    /// Whether a place of two words begins with this word.
    pub fn is_head(&self, word: &str) -> bool {
        self.heads.contains(&word.to_lowercase())
    }

    /// Whether a place of two words ends with this word.
    pub fn is_tail(&self, word: &str) -> bool {
        self.tails.contains(&word.to_lowercase())
    }

    /// A place that an account runs together, with its words apart: `kuala kapuas`, `pulau laut utara`.
    pub fn apart(&self, bare: &str) -> Option<String> {
        const LEAST: usize = 3;
        let long = |rest: &&str| rest.len() >= LEAST;
        let head = self
            .starts
            .iter()
            .find_map(|head| Some((head.as_str(), bare.strip_prefix(head.as_str()).filter(long)?)));
        let rest = head.map_or(bare, |(_, rest)| rest);
        let tail = self
            .ends
            .iter()
            .find_map(|end| Some((rest.strip_suffix(end.as_str()).filter(long)?, end.as_str())));
        let (rest, tail) = tail.map_or((rest, None), |(rest, end)| (rest, Some(end)));
        let words = [head.map(|(head, _)| head), Some(rest), tail].into_iter().flatten();
        (head.is_some() || tail.is_some()).then(|| words.collect::<Vec<_>>().join(" "))
    }

    /// Whether this is a regency or a city.
    pub fn is_regency(&self, name: &str) -> bool {
        let bare = together(name);
        let is = |known: &String| together(known) == bare;
        self.regions.iter().any(|region| region.regencies.iter().chain(&region.cities).any(is))
    }

    /// What kind of area bears this name, if only one does.
    pub fn area(&self, name: &str) -> Option<&'static str> {
        let bare = together(name);
        let of = |list: &[String]| list.iter().any(|known| together(known) == bare);
        let regency = self.regions.iter().any(|region| of(&region.regencies));
        let city = self.regions.iter().any(|region| of(&region.cities));
        let province = self.regions.iter().find(|region| region.name == name);
        match (regency, city, province) {
            (true, false, None) => Some("Kabupaten"),
            (false, true, None) => Some("Kota"),
            (false, false, Some(province)) if !province.alone => Some("Provinsi"),
            _ => None,
        }
    }

    /// Whether a word is formed like the name of a place.
    pub fn like_place(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        self.endings.iter().any(|end| lower.len() > end.len() + 1 && lower.ends_with(end))
    }

    /// Whether a word is known as the name of a person.
    pub fn is_given_name(&self, word: &str) -> bool {
        self.names.contains(&word.to_lowercase())
    }

    /// Whether a word is, or is formed like, the name of a person.
    pub fn like_person(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        self.names.contains(&lower)
            || !self.like_place(word)
                && self.name_endings.iter().any(|end| lower.ends_with(end.as_str()))
    }

    /// Whether a word with a capital is known to be no place.
    pub fn is_common(&self, word: &str) -> bool {
        self.common.contains(&word.to_lowercase())
    }

    /// Whether a word could be a place: a capital, no shout, no initials, no common word.
    pub fn may_be_place(&self, word: &str) -> bool {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().any(char::is_lowercase)
            && word.chars().count() > 2
            && word.chars().all(|c| c.is_alphabetic() || c == '-')
            && !self.is_common(word)
    }

    /// Whether this abbreviation in capitals is known to be no state office.
    pub fn is_no_office(&self, word: &str) -> bool {
        self.not_offices.contains(&word.to_lowercase())
    }

    /// The listed office of this kind at this place, by any of its names, as of a day.
    pub fn listed(&self, kind: &str, place: &str, day: Option<Date>) -> Option<&Unit> {
        let at = together(place);
        // of several spans the last one counts for a post without a day
        self.offices.iter().rev().find(|unit| {
            unit.kind.eq_ignore_ascii_case(kind)
                && holds(day, unit.from, unit.until)
                && unit.aliases.iter().chain([&unit.place]).any(|name| together(name) == at)
        })
    }

    /// The full spelling of a unit of this kind at this place.
    pub fn full(&self, kind: &str, class: &str, place: &str, day: Option<Date>) -> String {
        self.spelled(kind, false, class, place, day)
    }

    /// The full spelling, with the kind in so many words where it has such a name.
    pub fn spelled(
        &self,
        kind: &str,
        long: bool,
        class: &str,
        place: &str,
        day: Option<Date>,
    ) -> String {
        let listed = self.listed(kind, place, day);
        let of_kind = self.kind(kind);
        let rest = of_kind.map_or("", |kind| kind.rest.as_str());
        let class = match (class, listed) {
            ("", Some(unit)) => &unit.class,
            ("", None) if !place.is_empty() => rest,
            _ => class,
        };
        let place = listed.map_or(place, |unit| &unit.place);
        let of = of_kind.map_or("", |kind| kind.of.as_str());
        let is_local = of_kind.is_some_and(|kind| kind.is(Manner::Local));
        let is_said = says_area(place) && !(is_local && place.starts_with("Kota "));
        let of = if is_said || place.is_empty() { "" } else { of };
        let said = of_kind.map(|kind| kind.long.as_str()).filter(|said| long && !said.is_empty());
        let parts: Vec<&str> = [said.unwrap_or(kind), class, of, place]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(" ")
    }

    /// What a unit, by full spelling, stood below on a day: the kind above and, where it is known, the province.
    pub fn above(&self, full: &str, day: Option<Date>) -> Option<String> {
        let kind = self
            .kinds
            .iter()
            .filter(|kind| {
                full.strip_prefix(kind.name.as_str()).is_some_and(|rest| rest.starts_with(' '))
            })
            .max_by_key(|kind| kind.name.len())?;
        let parent = kind.parents.iter().rev().find(|p| holds(day, p.from, p.until))?;
        let rest = full.get(kind.name.len()..).unwrap_or_default();
        let listed = self.offices.iter().find(|unit| {
            unit.kind == kind.name && !unit.province.is_empty() && rest.ends_with(&unit.place)
        });
        let province = listed.map(|unit| unit.province.as_str()).or_else(|| self.province(rest));
        Some(
            province.map_or_else(
                || parent.kind.clone(),
                |province| format!("{} {province}", parent.kind),
            ),
        )
    }

    /// The province in which a text names a regency, a city or the province itself at its end.
    pub fn province(&self, place: &str) -> Option<&str> {
        let ends = |name: &String| {
            place.strip_suffix(name.as_str()).is_some_and(|r| r.is_empty() || r.ends_with(' '))
        };
        self.regions
            .iter()
            .find(|region| {
                ends(&region.name) || region.regencies.iter().chain(&region.cities).any(ends)
            })
            .map(|region| region.name.as_str())
    }

    /// Takes in files and says what is wrong with them.
    pub(crate) fn take_in(
        &mut self,
        files: impl Iterator<Item = (std::path::PathBuf, String, UnitFile)>,
    ) -> Vec<Problem> {
        let files: Vec<_> = files.collect();
        for (_, _, file) in &files {
            self.add(file.clone());
        }
        files.iter().flat_map(|(path, text, file)| self.check(path, text, file)).collect()
    }

    /// What is wrong with a file once all are taken in: kinds that are not there, spans that end before they begin.
    fn check(&self, path: &Path, text: &str, file: &UnitFile) -> Vec<Problem> {
        let mut problems = Vec::new();
        let at = |word: &str| {
            let start = text.find(&format!("\"{word}\"")).map_or(0, |at| at + 1);
            start..start + if start == 0 { 0 } else { word.len() }
        };
        let known: Vec<&str> = self.kinds.iter().map(|kind| kind.name.as_str()).collect();
        let mut span = |word: &str, from: Option<Date>, until: Option<Date>| {
            if let (Some(from), Some(until)) = (from, until)
                && until < from
            {
                let message = format!("`{word}` ends on {until}, before it begins on {from}");
                problems.push(Problem::at("until-before-from", path, text, at(word), message));
            }
        };
        for kind in &file.kind {
            span(&kind.name, kind.from, kind.until);
            kind.parents.iter().for_each(|parent| span(&parent.kind, parent.from, parent.until));
        }
        file.unit.iter().for_each(|unit| span(&unit.place, unit.from, unit.until));
        let named = file.kind.iter().flat_map(|kind| &kind.parents).map(|p| &p.kind);
        for kind in named.chain(file.unit.iter().map(|unit| &unit.kind)) {
            if !known.contains(&kind.as_str()) {
                let message = format!("there is no kind of office `{kind}`");
                let problem = Problem::at("unknown-office", path, text, at(kind), message);
                problems.push(problem.nearest(kind, known.iter().copied()));
            }
        }
        problems
    }
}
