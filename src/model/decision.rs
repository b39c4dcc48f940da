//! Decision: what a person decides of a finding; Role: who may do what.

use serde::{Deserialize, Serialize};

use super::Category;

/// What a person decides of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// Deserves following up; takes effect when a second person agrees.
    Dugaan,
    /// Not a violation.
    Bukan,
    /// For the Ketua Tim to decide.
    Eskalasi,
    /// Put off until there is more evidence.
    Tunda,
}

impl Choice {
    /// All, in the order of the page and of the keys 1 to 4.
    pub const ALL: [Self; 4] = [Self::Dugaan, Self::Bukan, Self::Eskalasi, Self::Tunda];

    /// The word used on the command line and in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dugaan => "dugaan",
            Self::Bukan => "bukan",
            Self::Eskalasi => "eskalasi",
            Self::Tunda => "tunda",
        }
    }
}

/// Why a finding is not a violation: the label that tunes the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// News, or a quotation.
    Berita,
    /// Not a civil servant.
    BukanPegawai,
    /// An account that imitates somebody.
    AkunTiruan,
    /// Satire.
    Satire,
    /// A word with another meaning.
    KataLain,
    /// Something else, said in the reason.
    Lainnya,
}

impl Reason {
    /// All, in the order of the page.
    pub const ALL: [Self; 6] = [
        Self::Berita,
        Self::BukanPegawai,
        Self::AkunTiruan,
        Self::Satire,
        Self::KataLain,
        Self::Lainnya,
    ];

    /// The word used on the command line and in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Berita => "berita",
            Self::BukanPegawai => "bukan_pegawai",
            Self::AkunTiruan => "akun_tiruan",
            Self::Satire => "satire",
            Self::KataLain => "kata_lain",
            Self::Lainnya => "lainnya",
        }
    }
}

/// A decision as a person makes it, before the ledger takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub choice: Choice,
    /// Why it is not a violation; for `bukan` only.
    pub code: Option<Reason>,
    /// The kind of act; for `dugaan` only.
    pub category: Option<Category>,
    /// The unit concerned, if known; for `dugaan` only.
    pub unit: Option<String>,
    /// The reason in words.
    pub reason: String,
}

/// What a Netra user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Member of the Satgas: reviews.
    Anggota,
    /// Head of the team: reviews, decides what was escalated, builds reports.
    Ketua,
    /// Secretary: builds reports.
    Sekretaris,
    /// Tunes rules; sees no identities, decides nothing.
    Analis,
    /// Runs the server; sees sources, no content.
    Operator,
    /// Reads everything.
    Pengawas,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::Anggota,
        Self::Ketua,
        Self::Sekretaris,
        Self::Analis,
        Self::Operator,
        Self::Pengawas,
    ];

    /// The word used on the command line and in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anggota => "anggota",
            Self::Ketua => "ketua",
            Self::Sekretaris => "sekretaris",
            Self::Analis => "analis",
            Self::Operator => "operator",
            Self::Pengawas => "pengawas",
        }
    }

    /// Whether it may see posts and the findings made of them.
    pub const fn reads_findings(self) -> bool {
        matches!(self, Self::Anggota | Self::Ketua | Self::Sekretaris | Self::Pengawas)
    }

    /// Whether it may decide a finding.
    pub const fn decides(self) -> bool {
        matches!(self, Self::Anggota | Self::Ketua)
    }

    /// Whether it may hand the evidence of a finding out: those who answer
    /// letters for the Satgas, and those who check it.
    pub const fn exports(self) -> bool {
        matches!(self, Self::Ketua | Self::Sekretaris | Self::Pengawas)
    }

    /// Whether it may build a report.
    pub const fn reports(self) -> bool {
        matches!(self, Self::Ketua | Self::Sekretaris)
    }
}
