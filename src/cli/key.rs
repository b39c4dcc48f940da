//! `netra evidence key`: the key that signs the ledger's checkpoints.

use std::path::PathBuf;

use clap::Subcommand;

use super::door::current_unix_name;
use super::failure::{Code, Failure};
use super::init::cannot_create;
use super::{Global, Outcome, Result, house, next, say, system_clock};
use crate::config::Config;
use crate::model::Actor;
use crate::store::evidence;
use crate::store::ledger::note::Verifier;
use crate::store::{self, Store};

/// Commands of `netra evidence key`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows the public key, and whose log it signs
    Show,
    /// Writes the public key, for whoever checks a checkpoint without netra
    Export {
        /// As PEM, which `openssl` reads, and not as signed-note tools take it
        #[arg(long)]
        pem: bool,
        /// The file to write; standard output without it
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Makes a new signing key; the ledger tells it, signed by the old one
    Rotate,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        let config = house::config(global)?;
        match self {
            Self::Show => show(&config),
            Self::Export { pem, out } => {
                let key = public(&config)?;
                let text = if *pem { key.to_pem() } else { key.to_text() };
                match out {
                    Some(path) => {
                        std::fs::write(path, text).map_err(|error| cannot_create(path, error))?;
                    }
                    None => say(text.trim_end()),
                }
                Ok(Outcome::Fine)
            }
            Self::Rotate => rotate(&config),
        }
    }
}

fn public(config: &Config) -> Result<Verifier> {
    evidence::public_key(&config.data.folder).ok_or_else(|| {
        let path = config.data.folder.join("key.pub");
        Failure::new(Code::Io, format!("`{}` is missing or damaged", path.display()))
            .help("opening the store with `netra run` makes a missing one anew from the key")
    })
}

fn show(config: &Config) -> Result {
    let key = public(config)?;
    say(format_args!("log      {}", key.name()));
    say(format_args!("key      Ed25519, {}", key.to_text().trim_end()));
    say(format_args!("secret   {}", config.data.folder.join("key").display()));
    Ok(Outcome::Fine)
}

fn rotate(config: &Config) -> Result {
    let settings = store::Settings { origin: config.data.origin.clone() };
    let by = Actor::unix(&current_unix_name());
    let folder = &config.data.folder;
    let key = Store::rotate_key(folder, &settings, &by, system_clock().now())
        .map_err(house::store_failure)?;
    say(format_args!("key      Ed25519, {}", key.to_text().trim_end()));
    next(
        "back up the new key apart from the rest, and give its public half to whoever keeps checkpoints",
    );
    Ok(Outcome::Fine)
}
