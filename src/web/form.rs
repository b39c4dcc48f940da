//! The decision as a form or as JSON, before it is understood.

use serde::Deserialize;

use super::failure::Failure;
use crate::model::{Category, Choice, Decision, Reason};
use crate::report::words::{CATEGORIES, category_id};

/// What the form sends; a field left alone comes empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    /// `dugaan`, `bukan`, `eskalasi` or `tunda`.
    #[serde(alias = "choice")]
    pub(super) pilihan: String,
    /// Why it is not a violation.
    #[serde(alias = "code")]
    pub(super) kode: String,
    /// The kind of act.
    #[serde(alias = "category")]
    pub(super) jenis: String,
    /// The unit concerned.
    #[serde(alias = "unit")]
    pub(super) unit: String,
    /// The reason in words.
    #[serde(alias = "reason")]
    pub(super) alasan: String,
    /// How the finding looked when the form was made.
    #[serde(alias = "state")]
    pub(super) keadaan: String,
    /// Set when the next finding is wanted after this.
    pub(super) lanjut: String,
    /// Set when a dugaan was looked at once more.
    pub(super) pasti: String,
    /// Set when the form is wanted back.
    pub(super) ubah: String,
}

impl Filled {
    /// The decision; none when no choice was made.
    pub(super) fn decision(&self) -> Result<Option<Decision>, Failure> {
        let Some(choice) = pick(&self.pilihan, Choice::ALL, |it| it.as_str() == self.pilihan)?
        else {
            return Ok(None);
        };
        Ok(Some(Decision {
            choice,
            code: pick(&self.kode, Reason::ALL, |it| it.as_str() == self.kode)?,
            category: pick(&self.jenis, CATEGORIES, |it| category_id(it) == self.jenis)?,
            unit: Some(self.unit.trim().to_owned()).filter(|unit| !unit.is_empty()),
            reason: self.alasan.replace("\r\n", "\n").trim().to_owned(),
        }))
    }
}

fn pick<T: Copy, const N: usize>(
    word: &str,
    all: [T; N],
    is: impl Fn(T) -> bool,
) -> Result<Option<T>, Failure> {
    if word.is_empty() {
        return Ok(None);
    }
    let found = all.into_iter().find(|it| is(*it));
    found.map(Some).ok_or_else(|| {
        let word: String = word.chars().take(40).collect();
        Failure::Unreadable(format!("`{word}` is none of the words that can stand here"))
    })
}

/// The identifiers of all categories, for the form's list.
pub(super) fn categories() -> impl Iterator<Item = (String, Category)> {
    CATEGORIES.into_iter().map(|category| (category_id(category), category))
}
