//! `netra evidence`: proves that no stored byte has changed, and hands evidence out.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::{SignedDuration, Timestamp};

use super::export::Export;
use super::failure::{Code, Failure};
use super::{Global, Outcome, Result, house, key, say, system_clock};
use crate::model::Clock;
use crate::store::evidence::{self, Check, Report, Subject};
use crate::store::ledger::note::is_like_a_copy;

/// The most bytes of a file that holds a checkpoint.
const MAX_CHECKPOINT: u64 = 64 << 10;
/// How often a line is told where no bar can be drawn.
const EVERY: SignedDuration = SignedDuration::from_secs(10);

/// Commands of `netra evidence`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Reads every byte of ledger, payloads and captures; works beside a running daemon
    Verify(Verify),
    /// Hands the evidence of a finding out as one zip that a stranger can check
    Export(Export),
    /// Shows, exports or changes the key that signs the ledger
    #[command(subcommand)]
    Key(key::Command),
}

/// Arguments of `netra evidence verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Verifies everything; so it does without an ID
    #[arg(long, conflicts_with = "id")]
    all: bool,
    /// Only what belongs to a finding (T-2026-00001), an entry (17) or a capture (its digest)
    id: Option<Subject>,
    /// An earlier signed checkpoint, as a report prints it, or `-` for standard input: it must be a beginning of the ledger
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        match self {
            Self::Verify(verify) => verify.run(global),
            Self::Export(export) => export.run(global),
            Self::Key(command) => command.run(global),
        }
    }
}

impl Verify {
    fn run(&self, global: &Global) -> Result {
        let data = house::config(global)?.data.folder;
        let against = self.against.as_deref().map(checkpoint).transpose()?;
        let watch = Watch::new(evidence::size(&data), global.quiet, system_clock());
        let hear = |bytes| watch.hear(bytes);
        let check = Check { only: self.id.clone(), against: against.as_deref(), hear: Some(&hear) };
        let report = check.run(&data);
        watch.end();
        for problem in &report.problems {
            say(format_args!("MISMATCH  {problem}"));
        }
        if self.id.is_some() && report.entries + report.captures == 0 && report.is_sound() {
            return Err(Failure::new(
                Code::NoInput,
                "no entry and no capture of this name is there",
            )
            .help("`netra review list` shows the numbers of findings"));
        }
        say(summary(&report));
        if against.is_some() && report.is_sound() {
            say("the earlier checkpoint is a beginning of this ledger");
        }
        if !report.unfinished.is_empty() {
            say(format_args!(
                "{} files of steps that were never acknowledged",
                report.unfinished.len()
            ));
        }
        Ok(if report.is_sound() { Outcome::Fine } else { Outcome::NotFine })
    }
}

fn summary(report: &Report) -> String {
    let at = report.checkpoint.as_ref().map_or_else(
        || "no checkpoint holds".to_owned(),
        |checkpoint| format!("{} entries signed, root {}", checkpoint.size, checkpoint.root),
    );
    format!(
        "{} entries, {} payloads, {} captures; {} files, {} bytes read: {}; {at}",
        report.entries,
        report.payloads,
        report.captures,
        report.files,
        report.bytes,
        if report.is_sound() { "ok" } else { "NOT as they were written" },
    )
}

/// Reads the file that holds an earlier checkpoint.
fn checkpoint(path: &Path) -> Result<String> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(MAX_CHECKPOINT).read_to_string(&mut text)
    } else {
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_CHECKPOINT).read_to_string(&mut text))
    };
    read.map_err(|error| {
        Failure::new(Code::NoInput, format!("cannot read `{}`", path.display()))
            .help("give a text file that holds the five lines of a checkpoint")
            .because(error)
    })?;
    if !is_like_a_copy(&text) {
        let what = format!("`{}` holds no signed checkpoint", path.display());
        return Err(Failure::new(Code::NoInput, what)
            .help("copy all its lines out of a report, from the log's name to the signature"));
    }
    Ok(text)
}

/// Tells how far the reading is: a bar on a terminal, a line now and then elsewhere.
struct Watch {
    bar: ProgressBar,
    clock: Clock,
    total: u64,
    read: AtomicU64,
    /// When the last line was told; none where a bar is drawn, or nothing is told.
    told: Option<Mutex<Timestamp>>,
}

impl Watch {
    fn new(total: u64, is_quiet: bool, clock: Clock) -> Self {
        let draws = std::io::stderr().is_terminal() && !is_quiet;
        let bar = ProgressBar::with_draw_target(
            Some(total),
            if draws { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() },
        );
        let style = "{bar:40} {bytes} of {total_bytes}, {eta} left";
        // a template that does not hold is a bar of the default looks
        bar.set_style(
            ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        let told = (!draws && !is_quiet).then(|| Mutex::new(clock.now()));
        Self { bar, clock, total, read: AtomicU64::new(0), told }
    }

    fn hear(&self, bytes: u64) {
        self.bar.inc(bytes);
        let read = self.read.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if let Some(told) = &self.told {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            let now = self.clock.now();
            if now.duration_since(*told) >= EVERY {
                *told = now;
                tell(&format!("{read} of {} bytes read", self.total));
            }
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}

#[allow(clippy::print_stderr, reason = "how far it is, for who waits at the terminal")]
fn tell(line: &str) {
    eprintln!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_every_ten_seconds_and_never_to_the_quiet() {
        let start = Timestamp::UNIX_EPOCH;
        let now = std::sync::Arc::new(Mutex::new(start));
        let clock = {
            let now = now.clone();
            Clock::new(move || *now.lock().unwrap())
        };
        let watch = Watch { told: Some(Mutex::new(start)), ..Watch::new(10, true, clock.clone()) };
        let told = |watch: &Watch| *watch.told.as_ref().unwrap().lock().unwrap();
        *now.lock().unwrap() = start + SignedDuration::from_secs(9);
        watch.hear(4);
        assert_eq!(told(&watch), start);
        *now.lock().unwrap() = start + SignedDuration::from_secs(11);
        watch.hear(4);
        assert_eq!(told(&watch), start + SignedDuration::from_secs(11));
        assert_eq!(watch.read.load(Ordering::Relaxed), 8);
        assert!(Watch::new(10, true, clock).told.is_none());
    }
}
