//! Logs to standard error: sentences with fields, never text or names of posts.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use super::{Command, Global};

/// Starts logging. `NETRA_LOG` overrides the level, in tracing's syntax.
pub(super) fn start(global: &Global, command: &Command) {
    let is_daemon = matches!(command, Command::Run(_));
    // The demo tells in its own words what goes wrong, and much does, on purpose.
    let is_demo = matches!(command, Command::Demo(_));
    let level = match (global.quiet, global.verbose, is_daemon) {
        (_, 0, _) if is_demo => "netra=error",
        (true, _, _) | (_, 0, false) => "netra=warn",
        (_, 0, true) => "netra=info",
        (_, 1, _) => "netra=debug",
        (_, _, _) => "debug",
    };
    let filter = EnvFilter::try_from_env("NETRA_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let has_colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(has_colour)
        .with_target(false);
    if subscriber.try_init().is_err() {
        tracing::debug!("logging was started before");
    }
}
