//! `netra rules`: what an analyst works with. One file per verb.

mod answer;
mod check;
mod explain;
mod fmt;
mod labelled;
mod learn;
mod list;
mod new;
mod parity;
mod schema;
mod watch;

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::failure::{Code, Failure};
use super::{Global, Outcome, Result, next, say};
use crate::config::Config;
use crate::rule::{Problem, RuleSet};

pub(super) use schema::lay as lay_schemas;

/// Commands of `netra rules`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows every problem at its place
    Check(check::Check),
    /// Runs every example of every rule
    Test(check::Test),
    /// Says what a rule, a list or the code of a problem means
    Explain(explain::Explain),
    /// Writes rule files in one style; comments and meaning stay
    Fmt(fmt::Fmt),
    /// Prints the JSON Schema of rule files, for editors
    Schema(schema::Command),
    /// Begins a rule: a draft with everything a rule must have
    New(new::New),
    /// Lists the rules, or the word lists
    List(list::List),
    /// Learns the weights of words from labelled posts
    Learn(learn::Command),
    /// Exchanges contestants and parties in every example and fixture: no verdict may change
    Parity(parity::Command),
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        match self {
            Self::Check(command) => command.run(global),
            Self::Test(command) => command.run(global),
            Self::Explain(command) => command.run(global),
            Self::Fmt(command) => command.run(global),
            Self::Schema(command) => command.run(),
            Self::New(command) => command.run(),
            Self::List(command) => command.run(global),
            Self::Learn(command) => command.run(global),
            Self::Parity(command) => command.run(global),
        }
    }
}

/// How the problems of `check` and `test` are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: each problem drawn at its place
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

/// The folders named, else those of the configuration, else `rules`.
pub(super) fn folders_or_configured(folders: &[PathBuf], global: &Global) -> Result<Vec<PathBuf>> {
    let folders = named_or_configured(folders, global)?;
    match folders.iter().find(|folder| !folder.exists()) {
        None => Ok(folders),
        Some(missing) => {
            Err(Failure::new(Code::NoInput, format!("there is no `{}`", missing.display()))
                .help("name the folder that holds the rules; `netra init` lays the shipped ones"))
        }
    }
}

fn named_or_configured(folders: &[PathBuf], global: &Global) -> Result<Vec<PathBuf>> {
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

/// The rules of these folders; a broken or empty set is a failure.
fn load(folders: &[PathBuf], global: &Global) -> Result<RuleSet> {
    let folders = folders_or_configured(folders, global)?;
    let loaded = RuleSet::load(&folders);
    let Some(ruleset) = loaded.ruleset else { return Err(broken(&loaded.problems)) };
    if ruleset.is_empty() { Err(no_rule(&folders)) } else { Ok(ruleset) }
}

/// What a command says that needs whole rules and got broken ones.
pub(super) fn broken(problems: &[Problem]) -> Failure {
    let first = problems.first().map(ToString::to_string).unwrap_or_default();
    let count = problems.len();
    Failure::new(Code::Config, format!("the rules have {count} errors; the first is\n{first}"))
        .help("`netra rules check` shows each at its place")
}

/// Without a rule everything would seem clean.
pub(super) fn no_rule(folders: &[PathBuf]) -> Failure {
    let folders: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
    Failure::new(Code::NoInput, format!("there is no rule in {}", folders.join(", ")))
        .help("name the folder that holds the rules; `netra init` lays the shipped ones")
}
