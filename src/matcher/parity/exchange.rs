//! Two contestants who change places in a text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::model::{Author, Post, Verdict};
use crate::rule::Sign;
use crate::rule::contest::{self, ContestFile, Contestant, Party};

/// All fields of a post in one text.
pub(super) fn whole(post: &Post) -> String {
    let Author { name, handle, bio } = &post.author;
    [post.title.as_str(), &post.text, name, handle, bio].join("\u{1f}")
}

/// The words of a post, lower case, and its other characters: what cannot
/// stand in it need not be looked for.
pub(super) struct Words {
    words: HashSet<String>,
    text: String,
}

impl Words {
    pub(super) fn of(post: &Post) -> Self {
        let text: String =
            whole(post).chars().filter(|c| !is_shade(*c)).collect::<String>().to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self { words: words.map(str::to_owned).collect(), text }
    }

    fn has(&self, word: &str) -> bool {
        if word.chars().all(char::is_alphanumeric) {
            self.words.contains(word)
        } else {
            self.text.contains(word)
        }
    }
}

/// A contestant or party with its forms by kind.
pub(super) struct Rival {
    pub(super) id: String,
    kinds: Vec<(Kind, Vec<String>)>,
}

/// A kind of form, and whether these are its forms of one word.
type Kind = (&'static str, bool);

/// The kind of a number with words around it.
const NUMBER: &str = "number";

/// The same of a party, which has no number without them: the rest of *nomor 01, 02* stays.
const PARTY_NUMBER: &str = "number of a party";

/// The kind of a name of one word behind a title.
const HONOURED: &str = "sapaan";

/// The kinds whose forms are everyday words: theirs only where a rule says so.
const EVERYDAY: &[&str] = &["colours", "bare number"];

/// The contestants of a contest, and the parties, each among themselves.
pub(super) fn rivals(file: &ContestFile) -> [Vec<Rival>; 2] {
    [file.contestant.iter().map(contestant).collect(), file.party.iter().map(party).collect()]
}

fn contestant(contestant: &Contestant) -> Rival {
    let mut kinds: Vec<(Kind, Vec<String>)> = Vec::new();
    for (kind, entries) in contestant.kinds() {
        let (short, long): (Vec<&String>, Vec<&String>) = (entries.iter())
            .filter(|entry| !contest::is_honoured(kind, entry))
            .partition(|entry| contest::is_short(kind, entry));
        let long = long.into_iter().flat_map(|entry| match kind {
            "pair" => pair(entry),
            "hashtags" => tag(entry),
            _ => vec![entry.clone()],
        });
        kinds.push(((kind, false), long.collect()));
        kinds.push(((kind, true), short.into_iter().cloned().collect()));
    }
    kinds.push(((HONOURED, false), honoured(contestant)));
    kinds.extend(numbers(contestant.number));
    Rival { id: contestant.id.clone(), kinds }
}

/// The names of one word behind a title; who has none in his lists has one all the same.
fn honoured(contestant: &Contestant) -> Vec<String> {
    let entries = || {
        let kinds = contestant.kinds().into_iter();
        kinds.flat_map(|(kind, entries)| entries.iter().map(move |entry| (kind, entry)))
    };
    let listed = entries().filter(|(kind, entry)| contest::is_honoured(kind, entry));
    let listed: Vec<String> = listed.map(|(_, entry)| entry.clone()).collect();
    if !listed.is_empty() {
        return listed;
    }
    let names =
        entries().filter(|(kind, entry)| *kind == "names" && contest::is_short(kind, entry));
    names.map(|(_, name)| format!("Pak {name}")).collect()
}

/// A party is named by its number as a number; pairs and fingers are a contestant's.
fn party(party: &Party) -> Rival {
    let kinds = party.kinds().into_iter().map(|(kind, entries)| ((kind, false), entries.to_vec()));
    let number = ((PARTY_NUMBER, false), around(party.number, &["@nomor.urut"]));
    Rival { id: party.id.clone(), kinds: kinds.chain([number]).collect() }
}

/// The ways in which a pair is written, always in this order.
fn pair(entry: &str) -> Vec<String> {
    let Some((left, right)) = entry.split_once('-') else { return vec![entry.to_owned()] };
    let together = [left, right].concat().replace(' ', "");
    vec![
        entry.to_owned(),
        format!("{left} {right}"),
        format!("{left} & {right}"),
        format!("{left} dan {right}"),
        format!("{left}/{right}"),
        together,
    ]
}

/// A tag, and its words without the sign.
fn tag(entry: &str) -> Vec<String> {
    let bare = entry.trim_start_matches('#');
    let words: Vec<&str> =
        crate::text::fold::hashtag::words(bare).filter_map(|range| bare.get(range)).collect();
    vec![format!("#{bare}"), bare.to_owned(), words.join(" ")]
}

/// How often a number is said at most: once in digits, then in words.
const SPOKEN: usize = 7;

/// The ways to say a number; one that is not said in a dialect is said in Indonesian.
fn spoken(number: u8) -> Vec<String> {
    let said = contest::said(number);
    let nth = |at: usize| said.get(at).or(said.get(1)).or(said.first()).cloned();
    (0..SPOKEN).filter_map(nth).collect()
}

/// The forms of a number with words around it, in the same order for every number.
fn around(number: u8, lists: &[&str]) -> Vec<String> {
    let forms = spoken(number).into_iter().flat_map(|n| contest::number_forms(&n));
    let forms = forms.filter(|(list, _)| lists.contains(list)).map(|(_, form)| form);
    // nobody writes 012
    if number < 10 { forms.collect() } else { forms.map(|form| form.replace(" 0", " ")).collect() }
}

/// The forms of a contestant's ballot number.
fn numbers(number: u8) -> Vec<(Kind, Vec<String>)> {
    let keycaps = number.to_string().chars().map(|digit| format!("{digit}\u{20e3}")).collect();
    vec![
        ((NUMBER, false), around(number, &["@nomor.urut", "@nomor.paslon", "@nomor.jari"])),
        (("number of two digits", false), vec![format!("{number:02}")]),
        (("number in keycaps", false), vec![keycaps]),
        (("bare number", false), spoken(number)),
    ]
}

impl Rival {
    fn of(&self, kind: Kind) -> &[String] {
        let found = self.kinds.iter().find(|(k, _)| *k == kind);
        found.map_or(&[], |(_, forms)| forms.as_slice())
    }

    /// The rival's form of the same kind at the same place. Where it has none of
    /// one word, a name of one word will do, and else its longer forms.
    fn same(&self, kind: Kind, at: usize) -> Option<&str> {
        let others = [kind, ("names", true), (kind.0, false)];
        let others = others.get(..if kind.1 { 3 } else { 1 }).unwrap_or_default();
        let forms = others.iter().map(|kind| self.of(*kind)).find(|forms| !forms.is_empty())?;
        forms.get(at.checked_rem(forms.len())?).map(String::as_str)
    }

    /// Whether the words of any of its forms stand in the post.
    pub(super) fn may_stand_in(&self, words: &Words) -> bool {
        self.kinds
            .iter()
            .flat_map(|(_, forms)| forms)
            .any(|form| split(form).all(|word| words.has(&word)))
    }
}

/// The words of a form, lower case.
fn split(form: &str) -> impl Iterator<Item = String> {
    form.split([' ', '-'])
        .map(|word| word.chars().filter(|c| !is_shade(*c)).collect::<String>().to_lowercase())
        .filter(|word| !word.is_empty())
}

/// The words that a rule took for a contestant's, lower case.
pub(super) fn marked(before: &Verdict) -> Vec<String> {
    let hits = before.hits.iter().filter(|hit| hit.sign == Sign::Peserta.mark());
    hits.map(|hit| hit.text.to_lowercase()).collect()
}

/// A form in words, and what stands in its place.
struct Form {
    everyday: bool,
    /// A title and a name of one word, which may be the beginning of a longer one.
    honoured: bool,
    /// The number of a party, which is none at the head of a list of numbers.
    of_party: bool,
    /// As its contestant's list writes it.
    own: String,
    words: Vec<String>,
    length: usize,
    other: String,
}

impl Form {
    fn new(kind: &str, form: &str, other: String) -> Self {
        let words: Vec<String> = split(form).collect();
        let length = words.iter().map(|word| word.chars().count() + 1).sum();
        Self {
            everyday: EVERYDAY.contains(&kind),
            honoured: kind == HONOURED,
            of_party: kind == PARTY_NUMBER,
            own: form.to_owned(),
            words,
            length,
            other,
        }
    }

    /// The places of its words at the beginning of `rest`, which follows `last`. Inside a tag
    /// a capital begins another word.
    fn at(
        &self,
        rest: &str,
        (last, is_tag): (char, bool),
        marked: &[String],
    ) -> Option<Vec<Range<usize>>> {
        // `2` in `2,5 juta` and in `1.2` is no number of its own
        let is_digit = self.words.first()?.bytes().all(|b| b.is_ascii_digit());
        if is_digit && matches!(last, ',' | '.' | '/' | ':') {
            return None;
        }
        let mut pieces = Vec::with_capacity(self.words.len());
        let mut at = 0;
        for (number, word) in self.words.iter().enumerate() {
            if number > 0 {
                let after = rest.get(at..)?;
                let follows = is_tag && after.starts_with(char::is_uppercase);
                at += gap(after).or(follows.then_some(0))?;
            }
            let length = same(rest.get(at..)?, word)?;
            pieces.push(at..at + length);
            at += length;
        }
        let after = rest.get(at..)?;
        let next = after.chars().find(|c| !is_shade(*c));
        let ends_in_tag = is_tag && next.is_some_and(char::is_uppercase);
        let word_goes_on = !ends_in_tag
            && next.is_some_and(|c| c.is_alphanumeric() || c == '\u{20e3}')
            && self.words.last()?.chars().next_back()?.is_alphanumeric();
        let number_goes_on = is_digit
            && after.starts_with([',', '.', ':', '/'])
            && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        let heads_a_list = self.of_party
            && after
                .strip_prefix([',', '/'])
                .is_some_and(|more| more.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        if word_goes_on || number_goes_on || heads_a_list {
            return None;
        }
        let met = rest.get(..at)?.to_lowercase();
        (!self.everyday || marked.contains(&met)).then_some(pieces)
    }
}

/// Two contestants who change places.
#[derive(Default)]
pub(super) struct Exchange {
    /// The longest first; of two as long the one whose kind stands first.
    forms: Vec<Form>,
    /// By the beginning of its first word, the numbers of the forms, ascending.
    begins: HashMap<String, Vec<usize>>,
}

/// What a text is looked up by: letters and digits up to what is neither, or one other
/// character; inside a tag up to the next capital.
fn key(text: &str, is_tag: bool) -> String {
    let mut small = false;
    let mut goes_on = |c: char| {
        let ends = is_tag && small && c.is_uppercase();
        small = c.is_lowercase();
        c.is_alphanumeric() && !ends
    };
    let word: String = text.chars().take_while(|c| goes_on(*c)).collect();
    if word.is_empty() {
        text.chars().next().map(String::from).unwrap_or_default()
    } else {
        word.to_lowercase()
    }
}

impl Exchange {
    pub(super) fn new(from: &Rival, to: &Rival) -> Self {
        let mut forms = Vec::new();
        for (here, there) in [(from, to), (to, from)] {
            for (kind, entries) in &here.kinds {
                for (at, entry) in entries.iter().enumerate() {
                    if let Some(other) = there.same(*kind, at) {
                        forms.push(Form::new(kind.0, entry, other.to_owned()));
                    }
                }
            }
        }
        Self::of(forms)
    }

    fn of(mut forms: Vec<Form>) -> Self {
        forms.sort_by_key(|form| std::cmp::Reverse(form.length));
        let mut begins: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, form) in forms.iter().enumerate() {
            if let Some(word) = form.words.first() {
                begins.entry(key(word, false)).or_default().push(number);
            }
        }
        Self { forms, begins }
    }

    /// The post with the two exchanged, and the forms that were.
    ///
    /// What stands inside a longer form of another contest, `others`, is that contest's.
    pub(super) fn post(
        &self,
        post: &Post,
        marked: &[String],
        others: &Others,
    ) -> (Post, Vec<(String, String)>) {
        let mut forms = Vec::new();
        let mut field = |text: &str| self.text(text, (marked, others), &mut forms);
        let other = Post {
            title: field(&post.title),
            text: field(&post.text),
            author: Author {
                name: field(&post.author.name),
                handle: field(&post.author.handle),
                bio: field(&post.author.bio),
            },
            ..post.clone()
        };
        (other, forms)
    }

    /// The longest form at the beginning of `rest`, with the places of its words.
    fn find(
        &self,
        rest: &str,
        before: (char, bool),
        marked: &[String],
    ) -> Option<(&Form, Vec<Range<usize>>)> {
        let numbers = self
            .begins
            .get(&key(rest, before.1))
            .or_else(|| before.1.then(|| self.begins.get(&key(rest, false))).flatten());
        let mut forms = numbers.into_iter().flatten().filter_map(|at| self.forms.get(*at));
        forms.find_map(|form| Some((form, form.at(rest, before, marked)?)))
    }

    /// Whether a longer form begins with the name behind the title: *Pak Edy Rahmayadi*.
    fn goes_on(
        &self,
        rest: &str,
        (form, pieces): &(&Form, Vec<Range<usize>>),
        is_tag: bool,
        marked: &[String],
    ) -> bool {
        let (Some(name), true) = (pieces.get(1), form.honoured) else { return false };
        let behind = rest.get(name.start..).unwrap_or_default();
        let longer = self.find(behind, (' ', is_tag), marked);
        longer
            .and_then(|(_, pieces)| pieces.last().map(|piece| name.start + piece.end))
            .is_some_and(|end| end > name.end)
    }

    fn text(
        &self,
        text: &str,
        (marked, others): (&[String], &Others),
        exchanged: &mut Vec<(String, String)>,
    ) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = (' ', false);
        while let Some(c) = rest.chars().next() {
            let (last, is_tag) = before;
            let begins = !last.is_alphanumeric()
                || !c.is_alphanumeric()
                || is_tag && last.is_lowercase() && c.is_uppercase();
            let found = if begins { self.find(rest, before, marked) } else { None };
            let found = found.filter(|found| !self.goes_on(rest, found, is_tag, marked));
            let own = found.as_ref().and_then(|(_, pieces)| pieces.last()).map_or(0, |p| p.end);
            let other = if begins { others.length(rest, before) } else { 0 };
            let length = own.max(other).max(c.len_utf8());
            let met = rest.get(..length).unwrap_or_default();
            match found {
                Some((form, pieces)) if own >= other => {
                    let put = put(form, rest, &pieces);
                    if put.to_lowercase() != met.to_lowercase() {
                        exchanged.push((met.to_owned(), put.clone()));
                    }
                    out.push_str(&put);
                }
                _ => out.push_str(met),
            }
            let last = met.chars().next_back().unwrap_or(' ');
            before = (last, last == '#' || is_tag && (last.is_alphanumeric() || last == '_'));
            rest = rest.get(length..).unwrap_or_default();
        }
        out
    }
}

/// The forms of several words of all other contests.
#[derive(Default)]
pub(super) struct Others(Exchange);

impl Others {
    /// The forms of these contestants.
    pub(super) fn new<'r>(rivals: impl Iterator<Item = &'r Rival>) -> Self {
        let named = rivals.flat_map(|rival| &rival.kinds);
        let entries = named
            .filter(|((kind, is_short), _)| !is_short && ![NUMBER, PARTY_NUMBER].contains(kind))
            .flat_map(|((kind, _), entries)| entries.iter().map(move |entry| (*kind, entry)));
        let forms = entries.map(|(kind, entry)| Form::new(kind, entry, String::new()));
        Self(Exchange::of(forms.filter(|form| !form.everyday && form.words.len() > 1).collect()))
    }

    /// How many bytes the longest of them takes at the beginning of `rest`; 0 if there is none.
    fn length(&self, rest: &str, before: (char, bool)) -> usize {
        let found = self.0.find(rest, before, &[]);
        found.and_then(|(_, pieces)| pieces.last().map(|piece| piece.end)).unwrap_or(0)
    }
}

/// The rival's form for what was met: word by word where both have as many
/// words, so that hyphens, dots and spaces stay as they were.
fn put(form: &Form, rest: &str, pieces: &[Range<usize>]) -> String {
    let end = pieces.last().map_or(0, |piece| piece.end);
    let met = rest.get(..end).unwrap_or_default();
    // written as in the list, it becomes what the rival's list writes
    let cased = |word: &str, like: &str| {
        if met == form.own { word.to_owned() } else { cased(word, like) }
    };
    let words: Vec<&str> = form.other.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    if words.len() != pieces.len() {
        return cased(&form.other, met);
    }
    let mut out = String::new();
    let mut last = 0;
    for (piece, word) in pieces.iter().zip(words) {
        out.push_str(rest.get(last..piece.start).unwrap_or_default());
        out.push_str(&cased(word, rest.get(piece.clone()).unwrap_or_default()));
        last = piece.end;
    }
    out
}

/// A word in the letter case of another: `ANIES` is `PRABOWO`, `anies` is `prabowo`.
fn cased(word: &str, like: &str) -> String {
    let letters = || like.chars().filter(|c| c.is_alphabetic());
    if letters().next().is_none() {
        word.to_owned()
    } else if letters().all(char::is_lowercase) {
        word.to_lowercase()
    } else if letters().count() > 1 && letters().all(char::is_uppercase) {
        word.to_uppercase()
    } else if word.chars().all(char::is_lowercase) {
        // `Nomor`, `Dua`: as a sentence begins
        let mut all = word.chars();
        all.next().map_or_else(String::new, |c| c.to_uppercase().chain(all).collect())
    } else {
        word.to_owned()
    }
}

/// How many bytes of `text` are this lower-case word.
fn same(text: &str, word: &str) -> Option<usize> {
    let mut wanted = word.chars();
    let mut next = wanted.next();
    let mut length = 0;
    for c in text.chars() {
        let Some(want) = next else {
            if !is_shade(c) {
                break;
            }
            length += c.len_utf8();
            continue;
        };
        if !is_shade(c) {
            if c != want && !c.to_lowercase().eq(std::iter::once(want)) {
                return None;
            }
            next = wanted.next();
        }
        length += c.len_utf8();
    }
    next.is_none().then_some(length)
}

/// How many bytes lie between two words of one form.
fn gap(text: &str) -> Option<usize> {
    const GAPS: &[&str] = &[" - ", " – ", ". ", "  ", " ", "-", "–", ".", "\n"];
    GAPS.iter().find(|gap| text.starts_with(**gap)).map(|gap| gap.len())
}

/// What varies an emoji without changing it: presentation, skin.
fn is_shade(c: char) -> bool {
    c == '\u{fe0f}' || ('\u{1f3fb}'..='\u{1f3ff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contestants() -> Vec<Rival> {
        let text = include_str!("../../../fixtures/demo/contest.toml");
        let file: ContestFile = toml::from_str(text).unwrap();
        let [contestants, _] = rivals(&file);
        contestants
    }

    fn exchanged(text: &str) -> String {
        let all = contestants();
        Exchange::new(&all[0], &all[1]).text(
            text,
            (&["2".to_owned()], &Others::default()),
            &mut Vec::new(),
        )
    }

    #[test]
    fn a_form_becomes_the_form_of_its_kind_and_place_in_the_case_it_was_met_in() {
        assert_eq!(exchanged("ayo Bram-Laras!"), "ayo Danang-Maesaroh!");
        assert_eq!(exchanged("ayo BRAM-LARAS!"), "ayo DANANG-MAESAROH!");
        assert_eq!(exchanged("bram & laras menang"), "danang & maesaroh menang");
        assert_eq!(exchanged("#BramLaras"), "#DanangMae");
        assert_eq!(exchanged("pak bram"), "pak danang");
        assert_eq!(exchanged("☝️ kerja rampung"), "✌️ randukuning bersemi");
    }

    #[test]
    fn both_change_places_so_that_a_text_about_both_stays_one() {
        assert_eq!(exchanged("bukan Pak Bram, tapi Pak Danang"), "bukan Pak Danang, tapi Pak Bram");
    }

    #[test]
    fn a_number_is_exchanged_as_it_is_said() {
        assert_eq!(exchanged("coblos no. 2"), "coblos no. 1");
        assert_eq!(exchanged("nomor urut dua"), "nomor urut satu");
        assert_eq!(exchanged("gas 02, jam 12"), "gas 01, jam 12");
        assert_eq!(exchanged("2️⃣ ya"), "1\u{20e3} ya");
        assert_eq!(exchanged("paslon loro"), "paslon siji");
    }

    #[test]
    fn an_everyday_word_is_a_form_only_where_a_rule_took_it_for_one() {
        assert_eq!(exchanged("coblos 2 untuk dua periode"), "coblos 1 untuk dua periode");
        assert_eq!(exchanged("sejam 2,5 liter hijau"), "sejam 2,5 liter hijau");
    }

    #[test]
    fn a_longer_form_goes_before_a_shorter_one_and_words_before_letters() {
        assert_eq!(exchanged("Bramantya Suwirya"), "Danang Kertapati");
        assert_eq!(exchanged("Bramantyaku"), "Bramantyaku");
    }
}
