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
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
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
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
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
    /// How many took part, where the text tells.
    #[serde(default)]
    pub signers: Option<u32>,
}

/// How a post is linked to the civil service; the stronger one is the greater.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AsnEvidence {
    /// Not at all.
    #[default]
    None,
    /// Working life gives it away.
    Implicit,
    /// It is said in profile, name or text.
    Explicit,
}

impl AsnEvidence {
    /// The word used in rule files and scan output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Implicit => "implicit",
            Self::Explicit => "explicit",
        }
    }
}

/// Whether the person supported is a candidate yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CandidateStatus {
    /// Before the candidates were determined.
    BakalCalon,
    /// From the determination on.
    Calon,
    /// While no election runs.
    DiLuarTahapan,
}

impl CandidateStatus {
    /// The word used in rule files and scan output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BakalCalon => "bakal_calon",
            Self::Calon => "calon",
            Self::DiLuarTahapan => "di_luar_tahapan",
        }
    }
}

/// The stage of one election on the day of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageAt {
    /// The election, by id.
    pub election: String,
    /// The stage, as in the guideline.
    pub stage: String,
    /// Whether its contestants were candidates yet.
    pub status: CandidateStatus,
}

/// A row of the joint decree under which a reviewer may look; never part of the score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkbRow {
    /// The code of the row, `D6`.
    pub row: String,
    /// What it says, paraphrased in Indonesian.
    pub text: String,
    /// Whether the paraphrase was compared with the signed text.
    pub verified: bool,
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
    /// The acts the text speaks of: of a flagged post first the likeliest, then gravest first; empty if none.
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
    /// The stage of each election that ran on the day of publication.
    #[serde(default)]
    pub stages: Vec<StageAt>,
    /// How the post is linked to the civil service; its rules are among the hits.
    #[serde(default)]
    pub asn_evidence: AsnEvidence,
    /// The rows of the joint decree for its categories.
    #[serde(default)]
    pub skb: Vec<SkbRow>,
}
