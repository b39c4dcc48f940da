//! `netra config`: checks or shows the configuration.

use clap::Subcommand;

use super::failure::{Code, Failure};
use super::{Global, Outcome, Result, house, next, say};

/// Commands of `netra config`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Checks configuration, legal ground, rules and sources; starts nothing
    Check,
    /// Prints the settings in force, defaults included
    Show,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        let config = house::config(global)?;
        match self {
            Self::Show => {
                let text = toml::to_string_pretty(&config).map_err(|error| {
                    Failure::new(Code::Internal, "cannot print the configuration").because(error)
                })?;
                say(text.trim_end());
            }
            Self::Check => {
                config.require_ground(&global.config)?;
                let sources = house::sources(&config)?;
                let rules = house::rules(&config)?;
                house::gate(&config, &super::system_clock())?;
                house::listens_at(&config)?;
                house::recheck(&config, true)?;
                if config.fetch.contact.is_empty() {
                    tracing::warn!(
                        "[fetch] contact is empty: sites cannot tell who asks, and some refuse"
                    );
                }
                say(format_args!(
                    "{}: fine; {} sources, {} rules ({})",
                    global.config.display(),
                    sources.len(),
                    rules.len(),
                    rules.digest(),
                ));
                if sources.is_empty() {
                    next("add a [[source.feed]] to watch something");
                } else {
                    next(&format!("netra run -c {}", global.config.display()));
                }
            }
        }
        Ok(Outcome::Fine)
    }
}
