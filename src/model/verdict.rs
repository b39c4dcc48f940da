//! Verdict: what the matcher says of one post. Never more than a request to look.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How urgent it is that a person looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Low.
    Rendah,
    /// Middle.
    Sedang,
    /// High.
    Tinggi,
}

impl Priority {
    /// The word used in files, scan output and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rendah => "rendah",
            Self::Sedang => "sedang",
            Self::Tinggi => "tinggi",
        }
    }
}

/// What kind of act a text speaks of: the categories of the labelling
/// guideline, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Social aid, money or groceries tied to a choice.
    MoneyBansos,
    /// Transfers, permits, grants or contracts by allegiance.
    FavouringDecision,
    /// Directing staff, teachers, contractors, beneficiaries.
    MobiliseSubordinates,
    /// Candidate list, party card, party office, team office.
    BacalegPartyMembership,
    /// Seeking a party's ticket while serving.
    ApproachParty,
    /// Vehicle, hall, account, data, time or money of the office.
    UseStateFacility,
    /// Banners, stickers, shirts; reading a declaration of support.
    DeclareSupportAlatPeraga,
    /// Witness, campaign staff, leaking data, influence at the TPS.
    Other,
    /// Being at a rally, declaration or party event.
    AttendCampaign,
    /// Photo with a contestant or a ballot-number hand sign.
    FotoBersamaSimbolJari,
    /// Attack on a contestant, or a call not to vote for one.
    Smear,
    /// Post, comment, share, like, follow, emoji vote, hashtag.
    MedsosSupport,
}

/// Which field of a post a span lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The headline.
    Title,
    /// The text.
    Text,
    /// The author's name.
    AuthorName,
    /// The author's handle.
    AuthorHandle,
    /// The author's public profile text.
    AuthorBio,
}

/// Words of a post that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// The rule's id.
    pub rule: String,
    /// The kind of sign, which decides the mark's colour and underline:
    /// `peserta`, `aksi`, `asn` or `konteks`.
    pub sign: String,
    /// Which field of the post.
    pub field: Field,
    /// First character, counted in Unicode scalar values of the original field.
    pub start: u32,
    /// One past the last character, counted likewise.
    pub end: u32,
    /// The words as they stand in the original.
    pub text: String,
}

/// One part of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The rule that gave or took it.
    pub rule: String,
    /// Its title, in Indonesian, for the page.
    pub title: String,
    /// How much; negative where a guard lowered the score.
    pub weight: f64,
}

/// What a unit did for neutrality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComplianceKind {
    /// The pledge was read or signed.
    Ikrar,
    /// Staff were taught the rules.
    Sosialisasi,
    /// The integrity pact was signed.
    PaktaIntegritas,
    /// A Satgas was sworn in.
    Pengukuhan,
    /// A coordination meeting was held.
    Rakor,
    /// Monitoring, evaluation or a periodic report.
    Monev,
}

impl ComplianceKind {
    /// The word used in scan output and in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ikrar => "ikrar",
            Self::Sosialisasi => "sosialisasi",
            Self::PaktaIntegritas => "pakta_integritas",
            Self::Pengukuhan => "pengukuhan",
            Self::Rakor => "rakor",
            Self::Monev => "monev",
        }
    }
}

/// A compliance event recognised in a text; offered to the register, never a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compliance {
    /// What was done.
    pub event: ComplianceKind,
    /// The unit named, in its full spelling.
    pub unit: Option<String>,
    /// The date the text names, if it does.
    pub date: Option<Date>,
}

/// What the matcher says of a post. Every post has one, flagged or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether the score reaches the shipped threshold.
    pub flagged: bool,
    /// The sum of the parts.
    pub score: f64,
    /// The threshold it was compared with.
    pub threshold: f64,
    /// How urgent it is that a person looks.
    pub priority: Priority,
    /// The acts the text speaks of, gravest first; empty if none.
    pub categories: Vec<Category>,
    /// The stage of an election the text's cues point to, as in the guideline; `unspecified` if none.
    pub stage: String,
    /// Compliance events recognised.
    pub compliance: Vec<Compliance>,
    /// The words found, in order of field and place.
    pub hits: Vec<Hit>,
    /// The parts of the score, in order of weight.
    pub parts: Vec<Part>,
    /// The guards that spared or lowered it, by rule id.
    pub spared_by: Vec<String>,
    /// The state unit named by the text or the author, if any; sought only in posts that are flagged or tell a compliance event.
    pub unit: Option<String>,
    /// Why, in one Indonesian sentence.
    pub reason: String,
    /// The digest of the rule set that said so.
    pub ruleset: String,
}
