//! `netra rules`: checks and tests the rules.

use std::path::PathBuf;

use clap::Subcommand;

use super::failure::{Code, Failure};
use super::{Global, Outcome, Result, next, say};
use crate::config::Config;
use crate::matcher::prove;
use crate::rule::RuleSet;

/// Commands of `netra rules`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows every problem at its place
    Check {
        /// Folders of rules and word lists; without any, those of the configuration
        folders: Vec<PathBuf>,
    },
    /// Runs every example of every rule
    Test {
        /// Folders of rules and word lists; without any, those of the configuration
        folders: Vec<PathBuf>,
    },
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        let (Self::Check { folders } | Self::Test { folders }) = self;
        let folders = folders_or_configured(folders, global)?;
        let loaded = RuleSet::load(&folders);
        for problem in &loaded.problems {
            draw(problem);
        }
        let Some(ruleset) = loaded.ruleset else {
            say(format_args!("{} problems", loaded.problems.len()));
            return Ok(Outcome::NotFine);
        };
        if ruleset.is_empty() {
            return Err(no_rule(&folders));
        }
        match self {
            Self::Check { .. } => {
                say(format_args!("{} rules: fine ({})", ruleset.len(), ruleset.digest()));
                next("netra rules test");
                Ok(Outcome::Fine)
            }
            Self::Test { .. } => Ok(test(&ruleset)),
        }
    }
}

/// The folders named, else those of the configuration, else `rules`.
pub(super) fn folders_or_configured(folders: &[PathBuf], global: &Global) -> Result<Vec<PathBuf>> {
    if !folders.is_empty() {
        return Ok(folders.to_vec());
    }
    if global.config.exists() {
        return Ok(Config::load(&global.config).map_err(Failure::from)?.rules.folders);
    }
    let default = PathBuf::from("rules");
    if default.is_dir() {
        return Ok(vec![default]);
    }
    Err(Failure::new(Code::NoInput, "there is no folder `rules` here and no configuration")
        .help("name a folder, or a configuration with -c; `netra init` makes both"))
}

#[allow(clippy::print_stderr, reason = "problems are for the person at the terminal")]
fn draw(problem: &crate::rule::Problem) {
    eprintln!("{problem}");
}

fn test(ruleset: &RuleSet) -> Outcome {
    let proof = prove::prove(ruleset);
    for failure in &proof.failures {
        say(format_args!("FAIL  {failure}"));
    }
    say(format_args!("{} examples: {} fail", proof.examples, proof.failures.len()));
    if proof.failures.is_empty() { Outcome::Fine } else { Outcome::NotFine }
}

/// Without a rule everything would seem clean.
pub(super) fn no_rule(folders: &[PathBuf]) -> Failure {
    let folders: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
    Failure::new(Code::NoInput, format!("there is no rule in {}", folders.join(", ")))
        .help("name the folder that holds the rules; `netra init` lays the shipped ones")
}
