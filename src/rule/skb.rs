//! The rows of the joint decree on neutrality, as data: derived and shown, never scored.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::Problem;
use crate::model::{CandidateStatus, Category, SkbRow};

/// The file `skb.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkbFile {
    /// What the file holds and how sure it is.
    #[serde(default)]
    pub about: String,
    /// The decree.
    #[serde(default)]
    pub decree: String,
    /// Its rows, in the order in which they are shown.
    pub row: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The row's code in Netra, `D6`.
    pub code: Spanned<String>,
    /// The categories of the guideline that it covers.
    pub categories: Vec<Category>,
    /// Whether it speaks of acts toward a *bakal calon*, a *calon*, or outside the stages.
    pub status: Vec<CandidateStatus>,
    /// What it says, paraphrased in Indonesian.
    pub text: String,
    /// Whether the paraphrase was compared with the signed text.
    pub verified_against_official_text: bool,
}

impl SkbFile {
    /// The rows for acts toward somebody of this status, gravest act first.
    pub fn rows(&self, categories: &[Category], status: &[CandidateStatus]) -> Vec<SkbRow> {
        let mut rows: Vec<SkbRow> = Vec::new();
        for category in categories {
            let covers = |row: &&Row| {
                row.categories.contains(category) && row.status.iter().any(|s| status.contains(s))
            };
            for row in self.row.iter().filter(covers) {
                if rows.iter().all(|known| known.row != *row.code.as_ref()) {
                    rows.push(SkbRow {
                        row: row.code.as_ref().clone(),
                        text: row.text.clone(),
                        verified: row.verified_against_official_text,
                    });
                }
            }
        }
        rows
    }

    pub(crate) fn check(&self, path: &Path, text: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (i, row) in self.row.iter().enumerate() {
            let code = row.code.as_ref();
            let before = self.row.get(..i).unwrap_or_default();
            if before.iter().any(|known| known.code.as_ref() == code) {
                let message = format!("another row has the code `{code}` already");
                problems.push(Problem::at("double-id", path, text, row.code.span(), message));
            }
        }
        problems
    }
}
