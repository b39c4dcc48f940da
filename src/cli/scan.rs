//! `netra scan`: matches once, writes nothing.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::answer::{self, Format, Input, Options};
use super::failure::{Code, Failure};
use super::rules::{broken, folders_or_configured, no_rule};
use super::{Global, Outcome, Result};
use crate::matcher::Matcher;
use crate::rule::RuleSet;

/// Arguments of `netra scan`.
#[derive(Debug, Args)]
pub(super) struct Scan {
    /// Files, or `-` for standard input
    #[arg(default_value = "-", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How the input is to be read
    #[arg(long, value_enum, default_value_t = InputKind::Auto)]
    input: InputKind,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = FormatKind::Text)]
    format: FormatKind,
    /// Says also what nearly matched, what was missing, and the folded form
    #[arg(long)]
    why: bool,
    /// Exits with 1 if anything was flagged
    #[arg(long)]
    exit_code: bool,
    /// Folders of rules and word lists; without any, those of the configuration, else `rules`
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum InputKind {
    Auto,
    Text,
    Html,
    Ndjson,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatKind {
    Text,
    Ndjson,
}

impl Scan {
    pub(super) fn run(&self, global: &Global) -> Result {
        let matcher = self.matcher(global)?;
        let options = Options {
            input: match self.input {
                InputKind::Auto => Input::Auto,
                InputKind::Text => Input::Text,
                InputKind::Html => Input::Html,
                InputKind::Ndjson => Input::Ndjson,
            },
            format: match self.format {
                FormatKind::Text => Format::Text,
                FormatKind::Ndjson => Format::Ndjson,
            },
            why: self.why,
        };
        let (mut bad, mut flagged) = (0, 0);
        let mut out = BufWriter::new(io::stdout().lock());
        for file in &self.files {
            let outcome = scan(&matcher, file, options, &mut out)?;
            bad += outcome.bad;
            flagged += outcome.flagged;
        }
        match out.flush() {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                return Err(Failure::new(Code::Io, "cannot write the answer").because(error));
            }
            _ => {}
        }
        let is_fine = bad == 0 && !(self.exit_code && flagged > 0);
        Ok(if is_fine { Outcome::Fine } else { Outcome::NotFine })
    }

    fn matcher(&self, global: &Global) -> Result<Matcher> {
        let folders = folders_or_configured(&self.rules, global)?;
        let loaded = RuleSet::load(&folders);
        let ruleset = loaded.ruleset.ok_or_else(|| broken(&loaded.problems))?;
        if ruleset.is_empty() {
            return Err(no_rule(&folders));
        }
        Ok(Matcher::new(&ruleset))
    }
}

fn scan(
    matcher: &Matcher,
    file: &Path,
    options: Options,
    out: &mut dyn io::Write,
) -> Result<answer::Outcome> {
    let mut errors = io::stderr().lock();
    let scanned = if file == Path::new("-") {
        answer::scan(matcher, "<stdin>", &mut io::stdin().lock(), options, out, &mut errors)
    } else {
        let open = File::open(file).map_err(|error| {
            Failure::new(Code::NoInput, format!("cannot read `{}`", file.display())).because(error)
        })?;
        let name = file.display().to_string();
        answer::scan(matcher, &name, &mut BufReader::new(open), options, out, &mut errors)
    };
    match scanned {
        // `netra scan … | head` is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(answer::Outcome::default()),
        scanned => scanned.map_err(|error| {
            Failure::new(Code::NoInput, format!("cannot scan `{}`", file.display())).because(error)
        }),
    }
}
