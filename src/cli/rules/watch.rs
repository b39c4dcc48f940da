//! `--watch`: a command again whenever a file is saved, until Ctrl-C.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use notify_debouncer_mini::new_debouncer;
use notify_debouncer_mini::notify::{self, RecursiveMode};

use super::{Code, Failure, Outcome, Result};

/// How long after the last change a save counts as done: editors write a file in steps.
const QUIET: Duration = Duration::from_millis(150);

/// Runs `once` now and after every change under the folders. What a run
/// answers is for the eyes of the one who watches; a failure of one run, such
/// as an empty folder, is told and the next save is waited for. Ctrl-C ends
/// the process, as it ends any other.
pub(super) fn watch(folders: &[PathBuf], once: impl Fn() -> Result) -> Result {
    let failure = |error: notify::Error| {
        Failure::new(Code::NoInput, "the folders cannot be watched").because(error)
    };
    let (tell, told) = mpsc::channel();
    let mut debouncer = new_debouncer(QUIET, tell).map_err(failure)?;
    for folder in folders {
        debouncer.watcher().watch(folder, RecursiveMode::Recursive).map_err(failure)?;
    }
    let names: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    loop {
        if let Err(failure) = once() {
            note(&format!("{failure}"));
        }
        note(&format!("watching {} - Ctrl-C to stop", names.join(", ")));
        loop {
            match told.recv() {
                Ok(Ok(events)) if events.iter().any(|event| is_rule(&event.path)) => break,
                Ok(Ok(_)) => {}
                Ok(Err(error)) => note(&format!("{error}")),
                // the watcher is gone: nothing more will be told
                Err(mpsc::RecvError) => return Ok(Outcome::NotFine),
            }
        }
    }
}

fn is_rule(path: &std::path::Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

#[allow(clippy::print_stderr, reason = "a note for the person at the terminal")]
fn note(text: &str) {
    eprintln!("{text}");
}
