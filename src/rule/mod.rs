//! What to look for: a folder of rules, loaded whole or explained.
//!
//! A rule is one TOML file with its own examples. It speaks of word lists by
//! name (`@aksi.dukung`), and of contestants only through lists
//! ([`contest`]). Its conditions are clauses ([`clause`]). What goes wrong is
//! a [`Problem`] with its place, and a folder with a problem is not loaded.

pub mod file;
pub mod lexicon;
pub mod contest;
pub mod unit;
pub mod calendar;
pub mod skb;
pub mod weights;
pub mod seen;
pub(crate) mod work;
pub mod clause;
pub mod problem;
pub mod codes;
pub mod schema;
pub mod format;
mod load;

use std::path::PathBuf;
use std::sync::Arc;

pub use clause::Clause;
pub use file::{Scoring, Sign, State, Test};
pub use lexicon::Lexicon;
pub use problem::Problem;

use crate::model::{AsnEvidence, Category, ComplianceKind};

/// One rule, ready to be asked.
#[derive(Debug)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// What it finds, in Indonesian.
    pub title: String,
    /// What makes it worth finding.
    pub dasar: String,
    /// What kind of sign it is.
    pub sign: Sign,
    /// What it gives or takes.
    pub weight: f64,
    /// How far it counts.
    pub state: State,
    /// The act it speaks of.
    pub category: Option<Category>,
    /// The compliance event it recognises.
    pub event: Option<ComplianceKind>,
    /// How plain the link to the civil service is that it finds.
    pub evidence: Option<AsnEvidence>,
    /// The stage it points to.
    pub stage: Option<String>,
    /// Alternatives, each a list of clauses that must all hold.
    pub when: Vec<Vec<Box<dyn Clause>>>,
    /// The keys of its clauses, to say what was missing.
    pub keys: Vec<Vec<String>>,
    /// Its clauses in words, in the same order.
    pub said: Vec<Vec<String>>,
    /// Its examples.
    pub tests: Vec<Test>,
    /// The file it came from.
    pub file: PathBuf,
}

/// A set of rules with their lists. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RuleSet {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) rules: Vec<Rule>,
    pub(crate) lexicon: Lexicon,
    pub(crate) units: unit::Units,
    pub(crate) calendar: calendar::Calendar,
    pub(crate) skb: skb::SkbFile,
    pub(crate) scoring: Scoring,
    pub(crate) weights: weights::Weights,
    pub(crate) leanings: Vec<(Category, weights::Weights)>,
    pub(crate) contests: Vec<contest::ContestFile>,
    pub(crate) digest: String,
}

/// What came of loading a folder.
#[derive(Debug)]
pub struct Loaded {
    /// The rules, if nothing was wrong.
    pub ruleset: Option<RuleSet>,
    /// What was wrong, in order of file and place.
    pub problems: Vec<Problem>,
}

impl RuleSet {
    /// Loads folders or single files; later ones add to earlier ones.
    pub fn load(paths: &[PathBuf]) -> Loaded {
        load::load(paths)
    }

    /// Loads files that have been read already, each a path and its text.
    pub fn of_texts(texts: Vec<(PathBuf, String)>) -> Loaded {
        load::texts(texts)
    }

    /// The rules in the order in which they are asked.
    pub fn rules(&self) -> &[Rule] {
        &self.inner.rules
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.inner.rules.len()
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.inner.rules.is_empty()
    }

    /// The word lists.
    pub fn lexicon(&self) -> &Lexicon {
        &self.inner.lexicon
    }

    /// The units.
    pub fn units(&self) -> &unit::Units {
        &self.inner.units
    }

    /// The elections.
    pub fn calendar(&self) -> &calendar::Calendar {
        &self.inner.calendar
    }

    /// The rows of the joint decree.
    pub fn skb(&self) -> &skb::SkbFile {
        &self.inner.skb
    }

    /// How signs add up.
    pub fn scoring(&self) -> Scoring {
        self.inner.scoring
    }

    /// The weights of words.
    pub fn weights(&self) -> &weights::Weights {
        &self.inner.weights
    }

    /// By category, what speaks for it.
    pub fn leanings(&self) -> &[(Category, weights::Weights)] {
        &self.inner.leanings
    }

    /// The contests and their contestants.
    pub fn contests(&self) -> &[contest::ContestFile] {
        &self.inner.contests
    }

    /// The digest of all files, which names the set.
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }
}

/// The rule files of a folder, and of the folders in it, by name; a file that
/// is named itself is one whatever it is called.
pub fn files(path: &std::path::Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    load::read::collect(path, files)
}
