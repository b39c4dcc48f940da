//! The shape of the files under `rules/`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::model::{AsnEvidence, Category, ComplianceKind, PostKind};

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// Its id: lower case and hyphens, the name of its file.
    pub id: Spanned<String>,
    /// What it finds, in Indonesian.
    pub title: String,
    /// The law, decree or line of the guideline that makes it worth finding.
    pub dasar: String,
    /// What kind of sign it is.
    pub sign: Sign,
    /// What it gives to the score; what a guard takes is negative.
    #[serde(default)]
    pub weight: f64,
    /// How far it counts.
    pub state: State,
    /// The act it speaks of.
    pub category: Option<Category>,
    /// The compliance event it recognises.
    pub event: Option<ComplianceKind>,
    /// Whether its sign is a plain link to the civil service or one that working life gives away;
    /// of a guard, `none`: it puts the speaker out of scope.
    pub evidence: Option<AsnEvidence>,
    /// The stage of an election it points to.
    pub stage: Option<String>,
    /// In which fields it looks; headline and text if not said.
    pub field: Option<Vec<String>>,
    /// In which scope; acts count only where asserted if not said.
    pub scope: Option<String>,
    /// Whether of a news text only the lead counts; guards do so if not said.
    pub lead: Option<bool>,
    /// The conditions, all of which must hold; several tables are alternatives.
    pub when: Spanned<Value>,
    /// Examples.
    #[serde(default)]
    pub test: Vec<Test>,
}

/// What kind of sign a rule finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// A link to the civil service.
    Asn,
    /// A contestant.
    Peserta,
    /// A partisan act or statement.
    Aksi,
    /// Circumstances that make either more or less likely.
    Konteks,
    /// A guard: why the words are harmless here.
    Penjaga,
    /// A compliance event.
    Kepatuhan,
}

impl Sign {
    /// The word under which its marks are drawn.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Asn => "asn",
            Self::Peserta => "peserta",
            Self::Aksi => "aksi",
            Self::Konteks | Self::Penjaga | Self::Kepatuhan => "konteks",
        }
    }
}

/// How far a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Being written: neither asked nor counted.
    Draft,
    /// Asked and shown by `--why`, but counts nothing.
    Shadow,
    /// Counts.
    Live,
    /// Kept for the record only.
    Retired,
}

/// An example of a rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Test {
    /// The text.
    pub text: String,
    /// The headline.
    pub title: String,
    /// The author's profile.
    pub bio: String,
    /// The author's name.
    pub name: String,
    /// The author's handle.
    pub handle: String,
    /// What kind of item it is.
    pub kind: PostKind,
    /// Whether the rule must hold.
    pub hit: bool,
    /// Whether the post must be flagged, if the example says.
    pub flag: Option<bool>,
}

/// A file of word lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LexiconFile {
    /// What the lists are for.
    #[serde(default)]
    pub about: String,
    /// The lists by name.
    #[serde(default)]
    pub list: BTreeMap<String, Vec<Spanned<Entry>>>,
    /// Spellings of chat, and the words they stand for.
    #[serde(default)]
    pub slang: BTreeMap<String, String>,
}

/// An entry of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Entry {
    /// A phrase, or another list, `@aksi.dukung`.
    Plain(String),
    /// A phrase that counts only on certain days.
    Dated {
        /// The phrase.
        text: String,
        /// The first day.
        from: Option<Date>,
        /// The last day.
        until: Option<Date>,
    },
}

/// How signs add up.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scoring {
    /// A post of this score is flagged.
    pub threshold: f64,
    /// A flagged post of this score is of middle priority.
    pub sedang: f64,
    /// A flagged post of this score is of high priority.
    pub tinggi: f64,
    /// The most that links to the civil service can give; below the threshold, for a link alone is no finding.
    pub most_asn: f64,
    /// The most that contestants and acts can give; below the threshold, for a citizen may campaign.
    pub most_act: f64,
}
