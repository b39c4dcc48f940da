//! `netra evidence`: proves that no stored byte has changed, and hands evidence out.

use clap::Subcommand;

use super::export::Export;
use super::{Global, Outcome, Result, house, say};
use crate::store::evidence;

/// Commands of `netra evidence`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Reads every byte of ledger, payloads and captures; works beside a running daemon
    Verify,
    /// Hands the evidence of a finding out as one zip that a stranger can check
    Export(Export),
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        match self {
            Self::Verify => verify(global),
            Self::Export(export) => export.run(global),
        }
    }
}

fn verify(global: &Global) -> Result {
    let config = house::config(global)?;
    let report = evidence::verify(&config.data.folder);
    for problem in &report.problems {
        say(format_args!("MISMATCH  {problem}"));
    }
    let at = report.checkpoint.as_ref().map_or_else(
        || "no checkpoint holds".to_owned(),
        |checkpoint| format!("root {}", checkpoint.root),
    );
    say(format_args!(
        "{} entries, {} payloads, {} captures; {} files, {} bytes read: {}; {at}",
        report.entries,
        report.payloads,
        report.captures,
        report.files,
        report.bytes,
        if report.is_sound() { "ok" } else { "NOT as they were written" },
    ));
    if !report.unfinished.is_empty() {
        say(format_args!(
            "{} files of steps that were never acknowledged",
            report.unfinished.len()
        ));
    }
    Ok(if report.is_sound() { Outcome::Fine } else { Outcome::NotFine })
}
