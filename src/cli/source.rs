//! `netra source`: lists sources and their kinds.

use clap::Subcommand;

use super::{Global, Outcome, Result, house, say};
use crate::fetch::KINDS;

/// Commands of `netra source`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists the kinds of source
    Kinds,
    /// Lists the sources of the configuration
    List,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        match self {
            Self::Kinds => {
                for (name, caption) in KINDS {
                    say(format_args!("{name:<8}{caption}"));
                }
            }
            Self::List => {
                for source in house::sources(&house::config(global)?)? {
                    let every = match source.every().as_secs() {
                        seconds @ 0..60 => format!("{seconds} s"),
                        seconds => format!("{} min", seconds.div_ceil(60)),
                    };
                    say(format_args!("{:<32}{:<8}every {every}", source.name(), source.kind()));
                }
            }
        }
        Ok(Outcome::Fine)
    }
}
