//! The state unit that a post names, in its full spelling.
//!
//! A kind of office (`Lapas`) is followed by its class and its place
//! (`place`). Name, profile and account are asked first, then headline and
//! text; of news only these. The first unit that the post is about counts: one
//! that comes as a guest to the events of others counts last.

mod account;
mod class;
mod local;
mod office;
mod place;
mod words;

use std::collections::HashSet;

use jiff::civil::Date;

use crate::model::{Post, PostKind};
use crate::rule::unit::{Manner, Units, says_area, together};

use place::{Shown, Stand};
use words::Words;

/// A unit as a text names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    kind: String,
    /// Whether running text names the kind in so many words.
    long: bool,
    class: String,
    place: String,
    /// Whether the place is run together by an account and no list knows it.
    guessed: bool,
    /// How little it is likely to be the unit the post is about; 0 for the likeliest.
    rank: u8,
}

/// The unit of a post.
pub fn find(post: &Post, units: &Units) -> Option<String> {
    let is_news = post.kind == PostKind::News;
    let day = post.published.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let (title, text) = split(post);
    let known = [&post.text, &post.author.bio, &post.title].map(|text| (&**text, Words::of(text)));
    let mut shown = Shown::of(post, &known, units);
    let author = &post.author;
    let is_account = |name: &str| !name.trim().is_empty() && !name.trim().contains(' ');
    let name = if is_account(&author.name) { "" } else { author.name.as_str() };
    office::agree(title, text, units, day, &mut shown);
    let read = |text: &str, stand: Stand| {
        let known = known.iter().find(|(known, _)| *known == text).map(|(_, words)| words);
        known.map_or_else(
            || office::mentions(&Words::of(text), stand, &shown, units, day),
            |words| office::mentions(words, stand, &shown, units, day),
        )
    };
    let mut named: Vec<Named> = Vec::new();
    if !is_news {
        named.extend(read(name, Stand::Name));
        named.extend(read(&author.bio, Stand::Bio));
    }
    let told = [read(title, Stand::Title), read(text, Stand::Text)].concat();
    let mut accounts: Vec<Named> = Vec::new();
    if !is_news {
        let kinds: HashSet<String> =
            named.iter().chain(&told).map(|unit| unit.kind.clone()).collect();
        let bio = Words::of(&author.bio);
        let official = bio.lower.iter().any(|word| matches!(word.as_str(), "resmi" | "official"));
        let handles = [author.handle.as_str(), author.name.as_str()];
        let handles = handles.iter().filter(|name| is_account(name));
        accounts = handles
            .filter_map(|name| account::read(name, (&kinds, official), &shown, units, day))
            .collect();
    }
    // an account's name abbreviates, so its profile goes before it
    named.extend(accounts.iter().cloned());
    named.extend(told);
    let chosen = choose(&named, units)
        .or_else(|| told_apart(&named, &accounts, post, units, &shown))
        .or_else(|| official(&named, is_news))
        .or_else(|| account::tagged(text, &shown, units, day));
    match chosen {
        Some(chosen) => Some(full(&chosen, &named, (is_news, &shown), units, day)),
        None if is_news => None,
        None => as_it_stands(&author.name, units, day),
    }
}

/// The most words that an account's name has behind the kind of its office.
const MOST_BEHIND: usize = 4;

/// An account that bears the name of an office whose place no list knows: *Kelurahan Pasar Pagi*.
/// One of the words has to be an everyday one or a known place: *Rutan Sudibyo Hartono* is a person.
fn as_it_stands(name: &str, units: &Units, day: Option<Date>) -> Option<String> {
    let words = Words::of(name);
    let (kind, length) = office::kind_at(&words, 0, Stand::Name, units, day)?;
    let (class, used) = class::read(&words, length, words.len(), class::Bare::All);
    let mut rest = words.all.get(length + used..)?;
    while let [kept @ .., last] = rest
        && !kept.is_empty()
        && units.is_common(last)
        && !units.is_head(kept.last().copied().unwrap_or_default())
    {
        rest = kept;
    }
    let is_name =
        |word: &&str| word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
    let is_whole = (1..=MOST_BEHIND).contains(&rest.len())
        && rest.iter().all(is_name)
        && rest.iter().any(|word| units.is_common(word) || units.known(word).is_some())
        && (0..words.len() - 1).all(|at| !words.ends(at));
    is_whole.then(|| units.full(&kind.name, &class, &rest.join(" "), day))
}

/// The first unit with a place, a host before a guest.
fn choose(named: &[Named], units: &Units) -> Option<Named> {
    let is_whole = |unit: &Named| {
        !unit.place.is_empty() || units.kind(&unit.kind).is_some_and(|kind| kind.is(Manner::Alone))
    };
    let first = named.iter().filter(|unit| is_whole(unit)).min_by_key(|unit| unit.rank)?;
    // a headline may call the office of a regency by its town
    let is_named = |unit: &Named| says_area(&unit.place) || units.area(&unit.place).is_some();
    let is_regional = units.kind_or_generic(&first.kind).is_some_and(|k| k.is(Manner::Regional));
    let is_same = |unit: &&Named| unit.kind == first.kind && unit.rank == first.rank;
    let told = named.iter().filter(is_same).find(|unit| is_named(unit));
    told.filter(|_| is_regional && !is_named(first)).or(Some(first)).cloned()
}

/// A kind told in one place of the post, its place in another: profile and account, office and dateline.
fn told_apart(
    named: &[Named],
    accounts: &[Named],
    post: &Post,
    units: &Units,
    shown: &Shown,
) -> Option<Named> {
    let mut first = named.iter().min_by_key(|unit| unit.rank)?.clone();
    let from_account = accounts.iter().find(|other| !other.place.is_empty());
    let is_host = units.kind(&first.kind).is_none_or(|kind| !kind.is(Manner::Guest));
    let place = from_account.map(|other| other.place.clone()).or_else(|| {
        let handles = [&post.author.handle, &post.author.name];
        let mut ends = shown.all().filter_map(|place| units.known(place));
        ends.find(|place| handles.iter().any(|handle| account::ends_with(handle, place)))
            .map(str::to_owned)
            .or_else(|| {
                shown
                    .dated()
                    .filter(|_| is_host)
                    .map(|place| units.known(place).unwrap_or(place).to_owned())
            })
    })?;
    first.place = place;
    Some(first)
}

/// An office's own account is a unit even where nothing tells its place.
fn official(named: &[Named], is_news: bool) -> Option<Named> {
    named.iter().find(|unit| !is_news && unit.rank == 0).cloned()
}

/// The full spelling; class and area may stand where the unit is named again.
fn full(
    unit: &Named,
    named: &[Named],
    (is_news, shown): (bool, &Shown),
    units: &Units,
    day: Option<Date>,
) -> String {
    let at = together(&unit.place);
    let is_local = units
        .kind(&unit.kind)
        .is_some_and(|kind| kind.is(Manner::Local) || kind.is(Manner::Numbered));
    let again = || {
        named.iter().filter(|other| {
            let there = together(&other.place);
            // a headline's place may have been cut short
            let is_more = is_local && there.starts_with(&at);
            other.kind == unit.kind && (other.place.is_empty() || there.ends_with(&at) || is_more)
        })
    };
    // `Kota Baruna` says more than `Baruna`, `Lembah Sari` more than an account's `Lembahsari`
    let spelled = again().filter(|other| !other.guessed && !other.place.is_empty());
    let place = spelled
        .map(|other| other.place.as_str())
        .max_by_key(|place| place.split(' ').count())
        .unwrap_or(&unit.place);
    let class = again()
        .map(|other| other.class.as_str())
        .find(|class| !class.is_empty())
        .filter(|_| unit.class.is_empty())
        .unwrap_or(&unit.class);
    let place = with_area(&unit.kind, place, shown, units);
    let is_long = is_news && again().any(|other| other.long);
    units.spelled(&unit.kind, is_long, class, &place, day)
}

/// The place, and for an office of a regency or a city which of the two, as the post or the lists tell.
fn with_area(kind: &str, place: &str, shown: &Shown, units: &Units) -> String {
    let is_regional = units.kind_or_generic(kind).is_some_and(|kind| kind.is(Manner::Regional));
    let area = Some(place)
        .filter(|place| is_regional && !place.is_empty() && !says_area(place))
        .and_then(|place| shown.area_of(place).or_else(|| units.area(place)));
    area.map_or_else(|| place.to_owned(), |area| format!("{area} {place}"))
}

/// Headline and text; a news text without a headline of its own begins with it.
fn split(post: &Post) -> (&str, &str) {
    let whole = (post.title.as_str(), post.text.as_str());
    if post.kind != PostKind::News || !post.title.is_empty() {
        return whole;
    }
    match post.text.split_once("\n\n") {
        Some((title, text)) if title.len() < 200 && !title.trim_end().ends_with('.') => {
            (title, text)
        }
        _ => whole,
    }
}

#[cfg(test)]
mod tests;
