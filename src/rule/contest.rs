//! Contests: who stands for election, and every form in which they are named.
//!
//! A rule never names a contestant. It speaks of `@peserta.names`,
//! `@nomor.urut` or `@partai.short`, and those lists are filled here, for all
//! contestants by the same steps: that is how one party or candidate cannot
//! be treated otherwise than another.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::lexicon::Lexicon;
use crate::text::spelling;

/// A file under `lexicon/contest/`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A contest and its contestants")]
pub struct ContestFile {
    /// The contest; a file of parties has none.
    pub contest: Option<Contest>,
    /// The contestants, each with the same kinds of entries.
    #[serde(default)]
    pub contestant: Vec<Contestant>,
    /// The parties.
    #[serde(default)]
    pub party: Vec<Party>,
}

/// An election.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contest {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it is held.
    #[serde(default)]
    pub region: String,
    /// The first day on which its forms count.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

/// A candidate or a pair.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contestant {
    /// Its id.
    pub id: String,
    /// The ballot number.
    pub number: u8,
    /// The pair's names.
    pub pair: Vec<String>,
    /// The persons' names, whole and short.
    pub names: Vec<String>,
    /// What people call them.
    pub nicknames: Vec<String>,
    /// Tags.
    pub hashtags: Vec<String>,
    /// Slogans.
    pub slogans: Vec<String>,
    /// Hand signs.
    pub signs: Vec<String>,
    /// Campaign colours.
    pub colours: Vec<String>,
}

/// A party.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its id.
    pub id: String,
    /// The ballot number.
    pub number: u8,
    /// Its names in full.
    pub names: Vec<String>,
    /// Short names; each demands company.
    pub short: Vec<String>,
}

impl Contestant {
    /// The kinds of entries, by name.
    pub fn kinds(&self) -> [(&'static str, &[String]); 7] {
        [
            ("pair", &self.pair),
            ("names", &self.names),
            ("nicknames", &self.nicknames),
            ("hashtags", &self.hashtags),
            ("slogans", &self.slogans),
            ("signs", &self.signs),
            ("colours", &self.colours),
        ]
    }
}

/// Whether an entry of this kind is a name of one word, which is looked for otherwise than a longer one.
pub fn is_short(kind: &str, entry: &str) -> bool {
    matches!(kind, "pair" | "names" | "nicknames" | "slogans")
        && spelling::spellings(entry).len() == 1
}

impl Party {
    /// The kinds of entries, by name.
    pub fn kinds(&self) -> [(&'static str, &[String]); 2] {
        [("names", &self.names), ("short", &self.short)]
    }
}

/// Whether a name or nickname is a title and one word, *Gus Imin*. Every contestant has titles
/// before his short names, so these stand in the list of those, whoever's they are.
pub fn is_honoured(kind: &str, form: &str) -> bool {
    matches!(kind, "names" | "nicknames")
        && form
            .split_once(' ')
            .is_some_and(|(title, name)| is_title(title) && spelling::spellings(name).len() == 1)
}

/// Whether a word is a title before a name.
pub fn is_title(word: &str) -> bool {
    HONORIFICS.iter().any(|title| title.eq_ignore_ascii_case(word))
}

/// The titles before a contestant's short name that make it plain a person is meant.
const HONORIFICS: &[&str] = &[
    "pak", "bu", "mas", "mbak", "bang", "kang", "gus", "cak", "kak", "prof", "bapak", "ibu",
    "pakde", "jenderal", "abah", "teh", "bung", "habib", "kyai", "kiai", "ning", "om", "tante",
    "bpk", "ust", "ustaz", "bunda", "mba", "capres", "cawapres", "cagub", "cawagub", "cabup",
    "cawabup", "cawalkot", "kakak", "abangda", "pakdhe", "tuan", "umi", "ummi", "miq", "uda",
    "uni", "daeng", "bli", "dokter", "profesor", "pendeta", "paman", "kaka",
];

/// The lists of contestants, whether or not any contest is loaded.
pub const LISTS: &[&str] = &[
    "@peserta.pair",
    "@peserta.names",
    "@peserta.short",
    "@peserta.sapaan",
    "@peserta.nicknames",
    "@peserta.hashtags",
    "@peserta.slogans",
    "@peserta.signs",
    "@peserta.colours",
    "@partai.names",
    "@partai.short",
    "@nomor.urut",
    "@nomor.nol",
    "@nomor.paslon",
    "@nomor.emoji",
    "@nomor.jari",
    "@nomor.angka",
    "@nomor.kata",
];

/// Adds the forms of a contest's contestants and parties.
pub fn add(file: &ContestFile, lexicon: &mut Lexicon) {
    let valid = file.contest.as_ref().map_or((None, None), |contest| (contest.from, contest.until));
    for contestant in &file.contestant {
        let owner = Some(lexicon.owner(&contestant.id));
        for (kind, entries) in contestant.kinds() {
            for entry in entries {
                if !matches!(kind, "signs" | "colours") {
                    lexicon.contestant(entry);
                }
                let words = spelling::spellings(entry);
                let kind = match kind {
                    _ if is_short(kind, entry) => "short",
                    _ if is_honoured(kind, entry) => "sapaan",
                    _ => kind,
                };
                let set = lexicon.set(&format!("@peserta.{kind}"));
                lexicon.add(set, entry, owner, valid);
                match kind {
                    "short" => honoured(entry, owner, valid, lexicon),
                    "hashtags" => tag(entry, owner, valid, lexicon),
                    "pair" => joined(&words, owner, valid, lexicon),
                    _ => {}
                }
            }
        }
    }
    for party in &file.party {
        let owner = Some(lexicon.owner(&party.id));
        for (kind, entries) in party.kinds() {
            let set = lexicon.set(&format!("@partai.{kind}"));
            let named = lexicon.set("@partai.names");
            for entry in entries {
                lexicon.contestant(entry);
                lexicon.add(set, entry, owner, valid);
                if kind == "short" {
                    for before in [
                        "partai", "caleg", "kader", "dpc", "dpd", "dpw", "dpp", "pac", "ranting",
                        "dprt", "fraksi",
                    ] {
                        lexicon.add(named, &format!("{before} {entry}"), owner, valid);
                    }
                }
            }
        }
    }
}

/// Lets the hasty spellings of all names stand for them. Done when every list
/// and rule is read: a spelling that is a word of its own stays that word.
pub fn add_spellings(files: &[ContestFile], lexicon: &mut Lexicon) {
    for contestant in files.iter().flat_map(|file| &file.contestant) {
        for entries in [&contestant.pair, &contestant.names, &contestant.nicknames] {
            for word in entries.iter().flat_map(|entry| spelling::spellings(entry)) {
                hasty(&word, lexicon);
            }
        }
    }
}

type Valid = (Option<Date>, Option<Date>);

/// A short name behind a title.
fn honoured(name: &str, owner: Option<u16>, valid: Valid, lexicon: &mut Lexicon) {
    let set = lexicon.set("@peserta.sapaan");
    for honorific in HONORIFICS {
        lexicon.add(set, &format!("{honorific} {name}"), owner, valid);
    }
}

/// Hasty spellings of a name, the same for every contestant: a vowel left
/// out, a double letter written once.
fn hasty(word: &str, lexicon: &mut Lexicon) {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < 5 || !word.is_ascii() {
        return;
    }
    for (i, window) in letters.windows(2).enumerate() {
        let [left, right] = window else { continue };
        let vowel = i > 0 && matches!(left, 'a' | 'i' | 'u' | 'e' | 'o');
        if vowel || left == right {
            let form: String =
                letters.iter().enumerate().filter(|(at, _)| *at != i).map(|(_, c)| c).collect();
            if lexicon.vocabulary.form(&form).is_none() {
                lexicon.vocabulary.also(&form, word);
            }
        }
    }
}

/// A tag is also met in lower case, as one word.
fn tag(entry: &str, owner: Option<u16>, valid: Valid, lexicon: &mut Lexicon) {
    let set = lexicon.set("@peserta.hashtags");
    let bare = entry.trim_start_matches('#');
    lexicon.add(set, &bare.to_lowercase(), owner, valid);
    let parts: Vec<&str> =
        crate::text::fold::hashtag::words(bare).filter_map(|range| bare.get(range)).collect();
    if parts.len() > 1 {
        lexicon.add(set, &parts.join(" "), owner, valid);
    }
}

/// `Andika-Hendi` is also written as one word.
fn joined(words: &[String], owner: Option<u16>, valid: Valid, lexicon: &mut Lexicon) {
    if words.len() == 2 {
        let set = lexicon.set("@peserta.pair");
        lexicon.add(set, &words.concat(), owner, valid);
        lexicon.add(set, &words.join(" & "), owner, valid);
        lexicon.add(set, &words.join(" dan "), owner, valid);
    }
}

/// How the numbers 1 to 9 are said.
const NUMBERS: &[&[&str]] = &[
    &["1", "satu", "siji", "hiji", "setunggal", "sada", "situnggal"],
    &["2", "dua", "loro", "kalih", "duo"],
    &["3", "tiga", "telu", "tilu", "tigo", "tallu"],
    &["4", "empat", "papat", "opat", "ampek"],
    &["5", "lima", "limo"],
    &["6", "enam"],
    &["7", "tujuh"],
    &["8", "delapan"],
    &["9", "sembilan"],
];

/// How many ballot numbers are known; they are the first owners of a lexicon.
const MOST_NUMBERS: u8 = 24;

/// Whether an owner is a ballot number rather than a contestant.
pub fn is_number(owner: u16) -> bool {
    owner < u16::from(MOST_NUMBERS)
}

/// How a ballot number is said, digits first.
pub fn said(number: u8) -> Vec<String> {
    match NUMBERS.get(usize::from(number).wrapping_sub(1)) {
        Some(said) => said.iter().map(|n| (*n).to_owned()).collect(),
        None => vec![number.to_string()],
    }
}

/// The forms of a ballot number said as `n`, with the list each stands in:
/// the same forms in the same order for every number.
pub fn number_forms(n: &str) -> Vec<(&'static str, String)> {
    const URUT: &[&str] = &["nomor", "nomer", "nmr", "no", "nomr", "nmer", "numero", "n0"];
    const PASLON: &[&str] = &[
        "paslon",
        "paslon no",
        "paslon nomor",
        "pasangan nomor",
        "pasangan no",
        "capres",
        "calon",
        "calon nomor",
        "calon no",
        "pasangan calon nomor",
        "kandidat nomor",
        "cagub",
        "cabup",
        "kubu",
        "tim",
        "pasangan",
        "paslon nomor urut",
        "pasangan nomor urut",
    ];
    const JARI: &[&str] = &[
        "{} jari",
        "jari {}",
        "salam {} jari",
        "{} jempol",
        "pose {}",
        "pose {} jari",
        "simbol {} jari",
        "kode {}",
    ];
    let mut forms = Vec::new();
    for before in URUT {
        forms.push(("@nomor.urut", format!("{before} {n}")));
        forms.push(("@nomor.urut", format!("{before} urut {n}")));
        forms.push(("@nomor.urut", format!("{before} 0{n}")));
    }
    forms.push(("@nomor.urut", format!("urut {n}")));
    for before in PASLON {
        forms.push(("@nomor.paslon", format!("{before} {n}")));
        forms.push(("@nomor.paslon", format!("{before} 0{n}")));
    }
    forms.extend(JARI.iter().map(|form| ("@nomor.jari", form.replace("{}", n))));
    forms
}

/// Adds the forms of ballot numbers: the same for every number.
pub fn add_numbers(lexicon: &mut Lexicon) {
    for name in LISTS {
        lexicon.set(name);
    }
    for number in 1_u8..=MOST_NUMBERS {
        let owner = Some(lexicon.owner(&format!("nomor/{number}")));
        let digits = number.to_string();
        let mut put = |list: &str, entry: &str| {
            let set = lexicon.set(list);
            lexicon.add(set, entry, owner, (None, None));
        };
        for n in said(number) {
            let forms = number_forms(&n);
            let is_kata = n != digits && number <= 5;
            let (jari, others): (Vec<_>, Vec<_>) =
                forms.into_iter().partition(|(list, _)| *list == "@nomor.jari");
            for (list, form) in &others {
                put(list, form);
            }
            if is_kata {
                put("@nomor.kata", &n);
            }
            if number <= 5 {
                for (list, form) in &jari {
                    put(list, form);
                }
            }
        }
        put("@nomor.angka", &digits);
        if number <= 9 {
            put("@nomor.nol", &format!("0{number}"));
            put("@nomor.emoji", &format!("{number}\u{20e3}"));
        }
    }
}
