//! The commands. One file per command; what they share stands first.

pub mod answer;
pub mod failure;
mod door;
mod heal;
mod house;
mod log;

mod config;
mod demo;
mod evidence;
mod export;
mod init;
mod key;
mod queue;
mod report;
mod review;
mod rules;
mod run;
mod scan;
mod source;
mod store;
mod user;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use serde_json::Value;

pub use failure::{Code, Failure};

use crate::model::Clock;
use crate::text::identity::{mask, mask_json};

/// What a command answers when it could do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer is "fine".
    Fine,
    /// The answer is "not fine": a damaged ledger, a failing example …
    NotFine,
}

type Result<T = Outcome> = std::result::Result<T, Failure>;

/// Finds public posts in which civil servants may have left election
/// neutrality, keeps the evidence, lets a Satgas decide, writes its report.
#[derive(Debug, Parser)]
#[command(name = "netra", version, arg_required_else_help = true, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 fine · 1 not fine · 2 usage · 66 no input · 69 unreachable · 70 bug · \
73 cannot write · 74 I/O or damage · 75 busy · 77 not permitted · 78 configuration

First steps: `netra demo` shows everything on invented data; `netra init` makes a configuration.";

#[derive(Debug, Args)]
struct Global {
    /// The configuration
    #[arg(
        short,
        long,
        global = true,
        env = "NETRA_CONFIG",
        default_value = "netra.toml",
        value_name = "FILE"
    )]
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
    /// Makes a configuration, a folder for data, and the rules
    Init(init::Init),
    /// Shows everything on invented data: sites, queue, findings, review pages, report
    Demo(demo::Demo),
    /// Checks or shows the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Runs the daemon: sources, matching and review pages, until SIGTERM
    Run(run::Run),
    /// Lists sources and their kinds
    #[command(subcommand)]
    Source(source::Command),
    /// Matches files or standard input once; writes nothing
    Scan(scan::Scan),
    /// What waits to be matched, and what could not be
    #[command(subcommand)]
    Queue(queue::Command),
    /// Checks and tests the rules
    #[command(subcommand)]
    Rules(rules::Command),
    /// Lists, shows and decides findings
    #[command(subcommand)]
    Review(review::Command),
    /// Proves that no stored byte has changed; hands evidence out
    #[command(subcommand)]
    Evidence(evidence::Command),
    /// Writes the half-yearly report
    #[command(subcommand)]
    Report(report::Command),
    /// Adds and lists the people who sign in
    #[command(subcommand)]
    User(user::Command),
    /// Checks the store, or makes queue and index anew
    #[command(subcommand)]
    Store(store::Command),
}

/// Runs the command of these arguments.
pub fn run(cli: Cli) -> Result {
    let Cli { global, command } = cli;
    log::start(&global, &command);
    match command {
        Command::Init(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Config(command) => command.run(&global),
        Command::Run(command) => command.run(&global),
        Command::Source(command) => command.run(&global),
        Command::Scan(command) => command.run(&global),
        Command::Queue(command) => command.run(&global),
        Command::Rules(command) => command.run(&global),
        Command::Review(command) => command.run(&global),
        Command::Evidence(command) => command.run(&global),
        Command::Report(command) => command.run(&global),
        Command::User(command) => command.run(&global),
        Command::Store(command) => command.run(&global),
    }
}

/// The system's clock: the one place that reads it.
#[allow(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
fn system_clock() -> Clock {
    Clock::new(Timestamp::now)
}

/// Prints the last line of a success: what comes next.
#[allow(clippy::print_stderr, reason = "a hint for the person at the terminal")]
fn next(hint: &str) {
    eprintln!("next: {}", mask(hint));
}

/// Prints an answer, NIP and NIK masked.
fn say(line: impl std::fmt::Display) {
    say_as_it_is(masked(line.to_string()));
}

/// The answer without NIP and NIK; of JSON the texts only, its numbers stay.
fn masked(answer: String) -> String {
    let json: Option<Value> =
        answer.starts_with(['{', '[']).then(|| serde_json::from_str(&answer).ok()).flatten();
    match json {
        Some(mut json) => {
            if mask_json(&mut json) {
                json.to_string()
            } else {
                answer
            }
        }
        None => mask(&answer).into_owned(),
    }
}

/// Prints an answer. Nobody reading on (`netra rules list | head`) is no failure.
#[allow(clippy::print_stderr, reason = "that the answer cannot be written is told where it can")]
fn say_as_it_is(line: impl std::fmt::Display) {
    use std::io::Write as _;
    if let Err(error) = writeln!(std::io::stdout().lock(), "{line}")
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        eprintln!("cannot write the answer: {error}");
    }
}
