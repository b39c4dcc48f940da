//! Logs to standard error: sentences with fields, never text or names of posts;
//! NIP and NIK in what an error quotes are masked.

use std::io::{self, IsTerminal as _, Write};

use tracing_subscriber::EnvFilter;

use super::{Command, Global};
use crate::text::identity::mask;

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
        .with_writer(|| Masked(io::stderr()))
        .with_ansi(has_colour)
        .with_target(false);
    if subscriber.try_init().is_err() {
        tracing::debug!("logging was started before");
    }
}

/// Writes lines without NIP and NIK. A line of the log comes in one piece.
struct Masked<W>(W);

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(line) {
            Ok(text) => self.0.write_all(mask(text).as_bytes())?,
            Err(_) => self.0.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_log_holds_no_number() {
        let mut line = Vec::new();
        let mut log = Masked(&mut line);
        log.write_all(b"cause=\"no field `198609262015051001`\" nik=3201014507900001\n").unwrap();
        let line = String::from_utf8(line).unwrap();
        assert_eq!(line, "cause=\"no field `••••••••••••••••••`\" nik=••••••••••••••••\n");
    }
}
