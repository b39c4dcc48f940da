//! `netra rules fmt`: one style for all rule files.

use std::path::PathBuf;

use clap::Args;

use super::{Code, Failure, Global, Outcome, Result, folders_or_configured, next, say};
use crate::cli::init::cannot_create;
use crate::rule::{self, format};

/// Arguments of `netra rules fmt`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Fmt {
    /// Files or folders; without any, those of the configuration
    paths: Vec<PathBuf>,
    /// Writes nothing: names the files that are not in the style, and exits with 1 if there are any
    #[arg(long)]
    check: bool,
}

impl Fmt {
    pub(super) fn run(&self, global: &Global) -> Result {
        let mut files = Vec::new();
        for path in folders_or_configured(&self.paths, global)? {
            rule::files(&path, &mut files).map_err(|error| {
                Failure::new(Code::NoInput, format!("cannot read `{}`", path.display()))
                    .because(error)
            })?;
        }
        let (mut changed, mut refused) = (0, 0);
        for file in &files {
            let unread = |error: std::io::Error| {
                Failure::new(Code::NoInput, format!("cannot read `{}`", file.display()))
                    .because(error)
            };
            let text = std::fs::read_to_string(file).map_err(unread)?;
            match format::format(&text) {
                Ok(styled) if styled == text => {}
                Ok(styled) => {
                    changed += 1;
                    let verb = if self.check { "would write" } else { "wrote" };
                    if !self.check {
                        std::fs::write(file, styled).map_err(|error| cannot_create(file, error))?;
                    }
                    say(format_args!("{verb} {}", file.display()));
                }
                Err(error) => {
                    refused += 1;
                    say(format_args!("left  {}: {error}", file.display()));
                }
            }
        }
        let verb = if self.check { "to write" } else { "written" };
        say(format_args!("{} files: {changed} {verb}, {refused} refused", files.len()));
        if refused > 0 {
            next("netra rules check");
        }
        let is_fine = refused == 0 && !(self.check && changed > 0);
        Ok(if is_fine { Outcome::Fine } else { Outcome::NotFine })
    }
}
