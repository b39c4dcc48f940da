//! From files to a rule set: read all, then contests and lists, then rules.

mod lists;
mod order;
pub(crate) mod read;
mod rules;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::calendar::{Calendar, CalendarFile};
use super::contest::{self, ContestFile};
use super::file::{LexiconFile, RuleFile, Scoring};
use super::lexicon::Lexicon;
use super::skb::SkbFile;
use super::unit::{UnitFile, Units};
use super::weights::{CategoryFile, WeightFile, Weights};
use super::{Inner, Loaded, Problem, RuleSet};
use crate::model::{Category, Digest};
use read::Source;

struct Loader {
    problems: Vec<Problem>,
    lexicon: Lexicon,
    units: Units,
    calendar: Calendar,
    skb: SkbFile,
    scoring: Option<Scoring>,
    weights: Weights,
    leanings: Vec<(Category, Weights)>,
    contests: Vec<ContestFile>,
    rules: Vec<(Source, RuleFile)>,
    /// Ids of rules and names of files that could not be read. Who asks for
    /// them is not told so: one slip of the pen is one problem.
    lost: BTreeSet<String>,
}

pub(super) fn load(paths: &[PathBuf]) -> Loaded {
    let mut problems = Vec::new();
    let sources = read::sources(paths, &mut problems);
    take_in(sources, problems)
}

pub(super) fn texts(texts: Vec<(PathBuf, String)>) -> Loaded {
    let sources = texts.into_iter().map(|(path, text)| Source { path, text });
    take_in(sources.collect(), Vec::new())
}

fn take_in(sources: Vec<Source>, problems: Vec<Problem>) -> Loaded {
    let mut loader = Loader {
        problems,
        lexicon: Lexicon::default(),
        units: Units::default(),
        calendar: Calendar::default(),
        skb: SkbFile::default(),
        scoring: None,
        weights: Weights::default(),
        leanings: Vec::new(),
        contests: Vec::new(),
        rules: Vec::new(),
        lost: BTreeSet::new(),
    };
    let unread = loader.problems.iter().filter_map(|problem| problem.file.file_stem());
    loader.lost.extend(unread.map(|stem| stem.to_string_lossy().into_owned()));
    let parts: Vec<&[u8]> = sources.iter().map(|source| source.text.as_bytes()).collect();
    let digest = Digest::of_parts(&parts).short(16);
    contest::add_numbers(&mut loader.lexicon);
    loader.sort(sources);
    let rules = loader.build();
    contest::add_spellings(&loader.contests, &mut loader.lexicon);
    let mut problems = loader.problems;
    problems.sort_by(|a, b| (&a.file, a.span.start).cmp(&(&b.file, b.span.start)));
    let scoring = loader.scoring.unwrap_or(Scoring {
        threshold: 6.0,
        sedang: 7.0,
        tinggi: 8.5,
        most_asn: 4.9,
        most_act: 5.0,
    });
    let ruleset = problems.is_empty().then(|| RuleSet {
        inner: Arc::new(Inner {
            rules,
            lexicon: loader.lexicon,
            units: loader.units,
            calendar: loader.calendar,
            skb: loader.skb,
            scoring,
            weights: loader.weights,
            leanings: loader.leanings,
            contests: loader.contests,
            digest,
        }),
    });
    Loaded { ruleset, problems }
}

/// What a file under `rules/` is, told by the keys it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Contest,
    Lexicon,
    Units,
    Calendar,
    Skb,
    Scoring,
    Weights,
    Categories,
    Rule,
}

/// The kind of a file that holds this table.
pub(crate) fn kind_of(table: &toml::Table) -> FileKind {
    let has = |keys: &[&str]| keys.iter().any(|key| table.contains_key(*key));
    if has(&["contest", "contestant", "party"]) {
        FileKind::Contest
    } else if has(&["list", "slang"]) {
        FileKind::Lexicon
    } else if has(&["unit", "kind", "region", "places"]) && !has(&["id"]) {
        FileKind::Units
    } else if has(&["election"]) {
        FileKind::Calendar
    } else if has(&["row"]) {
        FileKind::Skb
    } else if has(&["threshold"]) {
        FileKind::Scoring
    } else if has(&["kata"]) {
        FileKind::Weights
    } else if has(&["kategori"]) {
        FileKind::Categories
    } else {
        FileKind::Rule
    }
}

impl Loader {
    /// Tells the kinds of files apart by what they hold, and takes in all but the rules.
    fn sort(&mut self, sources: Vec<Source>) {
        let (mut lists, mut units, mut elections) = (Vec::new(), Vec::new(), Vec::new());
        let (mut weights, mut categories) = (Vec::new(), Vec::new());
        for source in sources {
            let table: toml::Table = match toml::from_str(&source.text) {
                Ok(table) => table,
                Err(error) => {
                    self.refuse(&source, &error);
                    continue;
                }
            };
            match kind_of(&table) {
                FileKind::Contest => {
                    if let Some(file) = self.parse::<ContestFile>(&source) {
                        contest::add(&file, &mut self.lexicon);
                        self.even(&source, &file);
                        self.contests.push(file);
                    }
                }
                FileKind::Lexicon => {
                    if let Some(file) = self.parse::<LexiconFile>(&source) {
                        lists.push((source, file));
                    }
                }
                FileKind::Units => {
                    if let Some(file) = self.parse::<UnitFile>(&source) {
                        units.push((source.path, source.text, file));
                    }
                }
                FileKind::Calendar => {
                    if let Some(file) = self.parse::<CalendarFile>(&source) {
                        elections.push((source.path, source.text, file));
                    }
                }
                FileKind::Skb => {
                    if let Some(file) = self.parse::<SkbFile>(&source) {
                        self.problems.extend(file.check(&source.path, &source.text));
                        self.skb = file;
                    }
                }
                FileKind::Scoring => {
                    self.scoring = self.parse::<Scoring>(&source).or(self.scoring);
                }
                FileKind::Weights => {
                    if let Some(file) = self.parse::<WeightFile>(&source) {
                        weights.push((source, file));
                    }
                }
                FileKind::Categories => {
                    if let Some(file) = self.parse::<CategoryFile>(&source) {
                        categories.push((source, file));
                    }
                }
                FileKind::Rule => {
                    if let Some(file) = self.parse::<RuleFile>(&source) {
                        self.rules.push((source, file));
                    }
                }
            }
        }
        self.lists(&lists);
        self.weights(&weights);
        self.categories(&categories);
        self.problems.extend(self.units.take_in(units.into_iter()));
        self.problems.extend(self.calendar.take_in(elections.into_iter()));
        self.calendar.name_contests(&self.contests);
    }

    /// Weights of words: those of the last file.
    fn weights(&mut self, files: &[(Source, WeightFile)]) {
        for (source, file) in files {
            self.of_no_contestant(source, file.kata.keys().chain(file.kata_hanya_tautan.keys()));
            self.weights = Weights::from(file);
        }
    }

    /// Weights by category: those of the last file.
    fn categories(&mut self, files: &[(Source, CategoryFile)]) {
        for (source, file) in files {
            let leanings = file.kategori.iter();
            self.leanings = leanings.map(|(category, of)| (*category, Weights::from(of))).collect();
            self.of_no_contestant(source, file.kategori.values().flat_map(|of| of.kata.keys()));
        }
    }

    /// No word that has a weight may be a form of a contestant.
    fn of_no_contestant<'k>(&mut self, source: &Source, keys: impl Iterator<Item = &'k String>) {
        for key in keys {
            let Some(form) = self.lexicon.names_contestant(key) else { continue };
            let at = source.text.find(&format!("\"{key}\"")).map_or(0, |at| at + 1);
            let message = lists::named(key, &form);
            let problem = source.problem("names-contestant", at..at + key.len(), message);
            self.problems.push(problem.help("`netra rules learn` writes the file without it"));
        }
    }

    /// A kind of entry that one contestant or party has, every rival has.
    fn even(&mut self, source: &Source, file: &ContestFile) {
        let contestants = file.contestant.iter().map(|c| (c.id.as_str(), c.kinds().to_vec()));
        let parties = file.party.iter().map(|p| (p.id.as_str(), p.kinds().to_vec()));
        for rivals in [contestants.collect::<Vec<_>>(), parties.collect()] {
            for (id, kinds) in &rivals {
                for (kind, _) in kinds.iter().filter(|(_, entries)| entries.is_empty()) {
                    let has = |(_, kinds): &&(&str, Vec<(&str, &[String])>)| {
                        kinds.iter().any(|(k, entries)| k == kind && !entries.is_empty())
                    };
                    let Some((rival, _)) = rivals.iter().find(has) else { continue };
                    let message = format!("`{id}` has no `{kind}`, but its rival `{rival}` has");
                    let at = source.text.find(&format!("\"{id}\"")).map_or(0, |at| at + 1);
                    let problem = source.problem("uneven-contest", at..at + id.len(), message);
                    let help = "give every contestant of a contest the same kinds of entries";
                    self.problems.push(problem.help(help));
                }
            }
        }
    }

    fn parse<T: DeserializeOwned>(&mut self, source: &Source) -> Option<T> {
        match toml::from_str(&source.text) {
            Ok(file) => Some(file),
            Err(error) => {
                self.refuse(source, &error);
                None
            }
        }
    }

    fn refuse(&mut self, source: &Source, error: &toml::de::Error) {
        self.lost.insert(source.stem());
        self.lost.extend(source.id().map(str::to_owned));
        let message = error.message().to_owned();
        let span = error.span().unwrap_or(0..0);
        let (code, problem_span) = if message.starts_with("unknown field") {
            ("unknown-key", span)
        } else if message.starts_with("missing field") {
            ("missing-key", span.start..span.start)
        } else if message.starts_with("unknown variant") {
            ("unknown-value", span)
        } else {
            ("bad-toml", span)
        };
        let mut words = message.split('`').skip(1).step_by(2);
        let wrong = words.next().unwrap_or_default().to_owned();
        let first_line = message.lines().next().unwrap_or_default().to_owned();
        let problem = source.problem(code, problem_span, first_line);
        let problem =
            if code.starts_with("unknown") { problem.nearest(&wrong, words) } else { problem };
        self.problems.push(problem);
    }

    fn is_lost(&self, list: &str) -> bool {
        let file = list.trim_start_matches('@').split('.').next().unwrap_or_default();
        self.lost.contains(file)
    }
}
