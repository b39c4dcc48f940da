//! Where the rules see a civil servant, and whether they see an act.

use crate::model::{AsnEvidence, Field};
use crate::rule::Sign;

use super::{Matcher, Read, legal};

/// Where the link to the civil service stands: an act told in the text is
/// another one beside a profile than beside an office in the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// In name, handle or profile.
    Author,
    /// In headline or text.
    Text,
    /// In both.
    Both,
}

impl Link {
    pub(super) const ALL: [Self; 3] = [Self::Author, Self::Text, Self::Both];

    /// The word used in files of weights.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Author => "penulis",
            Self::Text => "teks",
            Self::Both => "keduanya",
        }
    }
}

impl Matcher {
    /// Whether any rule sees a contestant or an act.
    pub(super) fn has_act(&self, read: &Read<'_>) -> bool {
        let mut counted = read.confirmed.counted(self.ruleset.rules());
        counted.any(|rule| matches!(rule.sign, Sign::Peserta | Sign::Aksi))
    }

    /// Where the link to the civil service stands.
    pub(super) fn link(&self, read: &Read<'_>) -> Link {
        let rules = self.ruleset.rules();
        let is_asn = |rule: &usize| {
            rules.get(*rule).is_some_and(|rule| rule.sign == Sign::Asn)
                && read.confirmed.counts(*rule)
        };
        let marks = read.confirmed.marks.iter().filter(|(rule, _)| is_asn(rule));
        let (mut author, mut text) = (false, false);
        for (_, mark) in marks {
            match mark.field {
                Field::Title | Field::Text => text = true,
                _ => author = true,
            }
        }
        match (author, text) {
            (true, true) => Link::Both,
            (true, false) => Link::Author,
            (false, _) => Link::Text,
        }
    }

    /// Whether the rules see a civil servant in it.
    pub(super) fn is_linked(&self, read: &Read<'_>) -> bool {
        let counted = read.confirmed.counted(self.ruleset.rules());
        legal::evidence(counted, legal::Outcome::Clean) != AsnEvidence::None
    }
}
