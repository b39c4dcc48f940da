//! Runs the command, prints the error, picks the exit code.

use std::process::ExitCode;

use clap::Parser as _;
use netra::cli::{self, Cli, Outcome};

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::NotFine) => ExitCode::FAILURE,
        Err(failure) => {
            let code = failure.code as u8;
            print_failure(failure);
            ExitCode::from(code)
        }
    }
}

#[allow(clippy::print_stderr, reason = "the edge is where errors are shown")]
fn print_failure(failure: cli::Failure) {
    let told = format!("{:?}", miette::Report::new(failure));
    eprintln!("{}", netra::text::identity::mask(&told));
}
