//! `netra store`: checks the store, or makes queue and index anew.

use clap::Subcommand;

use super::{Global, Outcome, Result, heal, house, next, say, system_clock};
use crate::store::{Settings, Store};

/// Commands of `netra store`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compares queue and index with ledger and captures; needs the daemon stopped
    Check,
    /// Makes queue and index anew from ledger and captures; needs the daemon stopped
    Rebuild,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        let config = house::config(global)?;
        match self {
            Self::Check => {
                let store = house::store(&config, &system_clock())?;
                let differences = heal::check(&config, &store)?;
                for difference in &differences {
                    say(format_args!("DIFFERENCE  {difference}"));
                }
                if differences.is_empty() {
                    say("queue and index agree with ledger and captures");
                    return Ok(Outcome::Fine);
                }
                next("netra store rebuild");
                Ok(Outcome::NotFine)
            }
            Self::Rebuild => {
                let settings = Settings { origin: config.data.origin.clone() };
                let store =
                    Store::rebuild(&config.data.folder, &settings).map_err(house::store_failure)?;
                say(heal::rebuild(&config, &store)?);
                Ok(Outcome::Fine)
            }
        }
    }
}
