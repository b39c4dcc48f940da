//! The shape of the files under `rules/`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error as DeError, MapAccess, Visitor};
use toml::{Spanned, Value};

use super::schema;
use crate::model::{AsnEvidence, Category, ComplianceKind, PostKind};

/// One rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A rule of Netra")]
pub struct RuleFile {
    /// Its id: lower case and hyphens, the name of its file.
    #[schemars(with = "String", regex(pattern = "^[a-z0-9-]+$"))]
    pub id: Spanned<String>,
    /// What it finds, in Indonesian.
    #[schemars(with = "String", length(min = 1))]
    pub title: Spanned<String>,
    /// The law, decree or line of the guideline that makes it worth finding.
    #[schemars(with = "String", length(min = 1))]
    pub dasar: Spanned<String>,
    /// What kind of sign it is.
    pub sign: Sign,
    /// What it gives to the score; what a guard takes is negative.
    #[serde(default)]
    #[schemars(range(min = -10.0, max = 10.0))]
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
    #[serde(default)]
    #[schemars(schema_with = "schema::stage")]
    pub stage: Option<Spanned<String>>,
    /// In which fields it looks; headline and text if not said.
    #[serde(default)]
    #[schemars(schema_with = "schema::fields")]
    pub field: Option<Vec<String>>,
    /// In which scope; acts count only where asserted if not said.
    #[serde(default)]
    #[schemars(schema_with = "schema::scope")]
    pub scope: Option<String>,
    /// Whether of a news text only the lead counts; guards do so if not said.
    pub lead: Option<bool>,
    /// The conditions, all of which must hold; several tables are alternatives.
    #[schemars(schema_with = "schema::when")]
    pub when: Spanned<Value>,
    /// Examples: at least two that hit and two that do not.
    #[serde(default)]
    pub test: Vec<Test>,
}

impl RuleFile {
    /// The alternatives of `when`, each a table of clauses.
    pub fn alternatives(&self) -> Vec<&toml::Table> {
        match self.when.as_ref() {
            Value::Table(table) if !table.is_empty() => vec![table],
            Value::Array(tables) => tables
                .iter()
                .filter_map(Value::as_table)
                .filter(|table| !table.is_empty())
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// What kind of sign a rule finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
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

    /// The word that rule files write.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asn => "asn",
            Self::Peserta => "peserta",
            Self::Aksi => "aksi",
            Self::Konteks => "konteks",
            Self::Penjaga => "penjaga",
            Self::Kepatuhan => "kepatuhan",
        }
    }
}

/// How far a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
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

impl State {
    /// The word that rule files write.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Shadow => "shadow",
            Self::Live => "live",
            Self::Retired => "retired",
        }
    }
}

/// An example of a rule.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
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
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Word lists of Netra")]
pub struct LexiconFile {
    /// What the lists are for.
    #[serde(default)]
    pub about: String,
    /// The lists by name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<Entry>>")]
    pub list: BTreeMap<String, Vec<Spanned<Entry>>>,
    /// Spellings of chat, and the words they stand for.
    #[serde(default)]
    pub slang: BTreeMap<String, String>,
}

/// An entry of a list.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Entry {
    /// A phrase, or another list, `@aksi.dukung`.
    Plain(String),
    /// A phrase that counts only on terms.
    Told(Told),
}

/// A phrase with the terms on which it counts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The phrase.
    pub text: String,
    /// The first day on which it counts.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// The region, by name or as a list of its names: the entry counts only
    /// where headline, text or author name it.
    pub region: Option<String>,
    /// Whether the phrase also means something else. Such an entry counts only
    /// in company: where an unmarked phrase of one of the lists [`COMPANY`](super::lexicon::COMPANY)
    /// stands in the same post.
    #[serde(default)]
    pub ambiguous: bool,
}

impl Entry {
    /// The phrase, or the name of the list.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Told(told) => &told.text,
        }
    }
}

// by hand and not `untagged`: so a wrong key of the table is named
impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Entry;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a phrase or a table with `text`")
            }

            fn visit_str<E: DeError>(self, text: &str) -> Result<Entry, E> {
                Ok(Entry::Plain(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Entry, A::Error> {
                Told::deserialize(serde::de::value::MapAccessDeserializer::new(map))
                    .map(Entry::Told)
            }
        }

        deserializer.deserialize_any(Either)
    }
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
