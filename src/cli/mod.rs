//! The commands. One file per command; what they share stands first.

pub mod answer;
pub mod failure;
mod log;

mod rules;
mod scan;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use failure::{Code, Failure};

/// What a command answers when it could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer is "fine".
    Fine,
    /// The answer is "not fine": a damaged ledger, a failing example …
    NotFine,
}

type Result<T = Outcome> = std::result::Result<T, Failure>;

/// Finds public posts in which civil servants may have left election neutrality.
#[derive(Debug, Parser)]
#[command(name = "netra", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Global {
    /// The configuration
    #[arg(short, long, global = true, env = "NETRA_CONFIG", default_value = "netra.toml", value_name = "FILE")]
    config: PathBuf,
    /// Says less: warnings and errors only
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Says more; twice: everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Matches files or standard input once; writes nothing
    Scan(scan::Scan),
    /// Checks and tests the rules
    #[command(subcommand)]
    Rules(rules::Command),
}

/// Runs the command of these arguments.
pub fn run(cli: Cli) -> Result {
    let Cli { global, command } = cli;
    log::start(&global);
    match command {
        Command::Scan(command) => command.run(&global),
        Command::Rules(command) => command.run(&global),
    }
}

/// Prints the last line of a success: what comes next.
#[allow(clippy::print_stderr, reason = "a hint for the person at the terminal")]
fn next(hint: &str) {
    eprintln!("next: {hint}");
}

/// Prints an answer.
#[allow(clippy::print_stdout, reason = "stdout carries the answer")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}
