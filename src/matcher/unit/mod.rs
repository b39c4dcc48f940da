//! The state unit that a post names, in its full spelling.
//!
//! A kind of office (`Lapas`) is followed by its class and its place
//! (`place`). Profile, name and account are asked first, then headline and
//! text; of news only these. The first unit that the post is about counts: one
//! that comes as a guest to the events of others counts last.

mod account;
mod class;
mod office;
mod place;
mod words;

use jiff::civil::Date;

use crate::model::{Post, PostKind};
use crate::rule::unit::{Manner, Units, together};

use place::{Shown, Stand};
use words::Words;

/// A unit as a text names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    kind: String,
    class: String,
    place: String,
    /// How little it is likely to be the unit the post is about; 0 for the likeliest.
    rank: u8,
}

/// The unit of a post.
pub fn find(post: &Post, units: &Units) -> Option<String> {
    let is_news = post.kind == PostKind::News;
    let day = post.published.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let (title, text) = split(post);
    let read = [&post.text, &post.author.bio, &post.title].map(|text| (&**text, Words::of(text)));
    let mut shown = Shown::of(post, &read, units);
    let author = &post.author;
    let is_account = |name: &str| !name.trim().is_empty() && !name.trim().contains(' ');
    let mut named: Vec<Named> = Vec::new();
    let mut accounts: Vec<Named> = Vec::new();
    let texts = [
        (author.bio.as_str(), Stand::Bio),
        (if is_account(&author.name) { "" } else { author.name.as_str() }, Stand::Name),
        (title, Stand::Title),
        (text, Stand::Text),
    ];
    if !is_news {
        let handles = [author.handle.as_str(), author.name.as_str()];
        accounts = handles
            .iter()
            .filter(|name| is_account(name))
            .filter_map(|name| account::read(name, &shown, units, day))
            .collect();
    }
    office::agree(title, text, units, day, &mut shown);
    for (text, stand) in texts {
        if !is_news || matches!(stand, Stand::Title | Stand::Text) {
            let again;
            let words = if let Some((_, words)) = read.iter().find(|(known, _)| *known == text) {
                words
            } else {
                again = Words::of(text);
                &again
            };
            named.extend(office::mentions(words, stand, &shown, units, day));
        }
        if stand == Stand::Name {
            named.append(&mut accounts.clone());
        }
    }
    let chosen = choose(&named, units)
        .or_else(|| told_apart(&named, &accounts, post, units, &shown))
        .or_else(|| official(&named, is_news));
    match chosen {
        Some(chosen) => Some(full(&chosen, &named, units, day)),
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
    let (class, used) = class::read(&words, length, words.len());
    let rest = words.all.get(length + used..)?;
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
    named.iter().filter(|unit| is_whole(unit)).min_by_key(|unit| unit.rank).cloned()
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
fn full(unit: &Named, named: &[Named], units: &Units, day: Option<Date>) -> String {
    let at = together(&unit.place);
    let again = || {
        named.iter().filter(|other| {
            other.kind == unit.kind
                && (other.place.is_empty() || together(&other.place).ends_with(&at))
        })
    };
    // `Kota Baruna` says more than `Baruna`, `Lembah Sari` more than an account's `Lembahsari`
    let place = again()
        .map(|other| other.place.as_str())
        .chain([unit.place.as_str()])
        .max_by_key(|place| place.split(' ').count())
        .unwrap_or_default();
    let class = again()
        .map(|other| other.class.as_str())
        .find(|class| !class.is_empty())
        .filter(|_| unit.class.is_empty())
        .unwrap_or(&unit.class);
    units.full(&unit.kind, class, place, day)
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
