//! Report: what was counted. Integers only; shares are made where they are shown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::Settings;
use crate::model::{Category, ComplianceKind, Period, PostKind, Priority, Reason};

/// The report of a half-year: the one value that all formats write.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The half-year.
    pub period: Period,
    /// Its figures.
    pub figures: Figures,
    /// Those of the half-year before, to stand beside them.
    pub before: Figures,
    /// One row per finding of the half-year; no text, name or address.
    pub rows: Vec<Row>,
    /// How many entries the ledger had when it was counted.
    pub entries: u64,
    /// The time of the last entry counted; none if there was none.
    pub as_of: Option<Timestamp>,
    /// The ledger's signed checkpoint, which proves all that was counted.
    pub checkpoint: String,
    /// Head, addressee and signatory.
    pub settings: Settings,
    /// The unit's time zone.
    #[serde(skip)]
    pub zone: TimeZone,
}

/// What was counted in a half-year.
///
/// `carried + flagged + reopened == settled() + open()`: no finding is lost
/// between two reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Posts matched.
    pub checked: u64,
    /// Findings open when the half-year began.
    pub carried: u64,
    /// Findings flagged for the first time.
    pub flagged: u64,
    /// Findings that were settled before and became open again.
    pub reopened: u64,
    /// Findings settled as dugaan by two people.
    pub dugaan: u64,
    /// Findings settled as no violation.
    pub bukan: u64,
    /// Findings that wait for a person, at the end.
    pub waiting: u64,
    /// Findings with the Ketua Tim, at the end.
    pub escalated: u64,
    /// Findings put off, at the end.
    pub put_off: u64,
    /// Month by month, January or July first.
    pub months: Vec<Month>,
    /// Source by source.
    pub sources: BTreeMap<String, Source>,
    /// By the gravest act that the rules saw.
    pub categories: BTreeMap<Category, Outcome>,
    /// By the rules that gave weight; a finding counts at each.
    pub rules: BTreeMap<String, Outcome>,
    /// By the unit that the post names; an empty name is none.
    pub units: BTreeMap<String, Outcome>,
    /// Why findings were no violation.
    pub reasons: BTreeMap<&'static str, u64>,
    /// Compliance events by unit and kind; an empty name is none.
    pub compliance: BTreeMap<String, BTreeMap<ComplianceKind, u64>>,
    /// Half of the findings were settled within so many minutes; none without any.
    pub median_minutes: Option<u64>,
    /// Findings that two people judged, one blind to the other.
    pub judged_twice: u64,
    /// How many of these both held for dugaan.
    pub agreed: u64,
}

/// A month of the half-year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Month {
    /// 1 to 12.
    pub month: i8,
    /// Posts matched.
    pub checked: u64,
    /// Findings flagged for the first time.
    pub flagged: u64,
    /// Settled as dugaan.
    pub dugaan: u64,
    /// Settled as no violation.
    pub bukan: u64,
}

/// What became of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Flagged for the first time in the half-year.
    pub flagged: u64,
    /// Settled as dugaan in the half-year, whenever flagged.
    pub dugaan: u64,
    /// Settled as no violation likewise.
    pub bukan: u64,
}

/// A source in the half-year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Posts matched.
    pub checked: u64,
    /// Findings flagged for the first time.
    pub flagged: u64,
    /// How often it stopped answering.
    pub failures: u64,
    /// How long it did not answer, in minutes.
    pub silent_minutes: u64,
}

/// A finding of the half-year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its number.
    pub number: String,
    /// When it was flagged, latest version.
    pub flagged: Timestamp,
    /// The source.
    pub source: String,
    /// What kind of item.
    pub kind: PostKind,
    /// How urgent.
    pub priority: Priority,
    /// The score.
    pub score: f64,
    /// The acts that the rules saw, gravest first.
    pub categories: Vec<Category>,
    /// The rules that gave weight.
    pub rules: Vec<String>,
    /// The unit that the post names.
    pub unit: Option<String>,
    /// What became of it; whatever is open says no more than that.
    pub outcome: Settled,
    /// When it was settled.
    pub settled: Option<Timestamp>,
    /// Why it was no violation.
    pub code: Option<Reason>,
}

/// What became of a finding. An open one does not tell whether a first person
/// has judged: the second one may read this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Settled {
    /// Two people agreed on dugaan.
    Dugaan,
    /// No violation.
    Bukan,
    /// Not settled.
    Terbuka,
}

impl Settled {
    /// The word used in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dugaan => "dugaan",
            Self::Bukan => "bukan",
            Self::Terbuka => "terbuka",
        }
    }
}

impl Figures {
    /// Findings settled.
    pub const fn settled(&self) -> u64 {
        self.dugaan + self.bukan
    }

    /// Findings open at the end.
    pub const fn open(&self) -> u64 {
        self.waiting + self.escalated + self.put_off
    }

    /// Compliance events of this kind, all units together.
    pub fn complied(&self, kind: ComplianceKind) -> u64 {
        self.compliance.values().filter_map(|kinds| kinds.get(&kind)).sum()
    }
}

impl Outcome {
    /// Findings that a person settled: what precision is counted of.
    pub const fn judged(&self) -> u64 {
        self.dugaan + self.bukan
    }
}
