//! `netra report`: writes the half-yearly report.

use std::path::PathBuf;

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use serde_json::{Value, json};

use super::door::{Door, current_unix_name};
use super::failure::{Code, Failure};
use super::init::cannot_create;
use super::run::runtime;
use super::{Global, Outcome, Result, house, next, say, system_clock};
use crate::model::Period;
use crate::report::FORMATS;

/// Commands of `netra report`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Builds the report of a half-year, in every format, from the ledger
    Build {
        /// The half-year: 2026-S1 or 2026-S2
        #[arg(long)]
        period: Period,
        /// The folder to write it to
        #[arg(long, default_value = "laporan", value_name = "DIR")]
        out: PathBuf,
    },
    /// Lists the formats
    Formats,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        match self {
            Self::Formats => {
                for format in FORMATS {
                    say(format_args!("{:<8}{}", format.name, format.caption));
                }
                Ok(Outcome::Fine)
            }
            Self::Build { period, out } => {
                let config = house::config(global)?;
                runtime()?.block_on(async {
                    let door = Door::open(&config, &system_clock(), &current_unix_name()).await?;
                    build(&door, *period, out).await
                })
            }
        }
    }
}

async fn build(door: &Door, period: Period, out: &PathBuf) -> Result {
    let path = format!("/api/laporan?period={period}");
    let answer = door.call(Method::POST, &path, Some(&json!({}))).await?;
    std::fs::create_dir_all(out).map_err(|error| cannot_create(out, error))?;
    let files = answer
        .get("files")
        .and_then(Value::as_array)
        .ok_or_else(|| Failure::new(Code::Internal, "the report came without files"))?;
    for file in files {
        let word = |key: &str| file.get(key).and_then(Value::as_str).unwrap_or_default();
        // A name from the answer never leaves the folder.
        let name = word("name").replace(['/', '\\'], "-");
        let path = out.join(&name);
        let content = STANDARD.decode(word("content_base64")).map_err(|error| {
            Failure::new(Code::Internal, "the report came garbled").because(error)
        })?;
        std::fs::write(&path, content).map_err(|error| cannot_create(&path, error))?;
        say(format_args!("{}  sha256 {}", path.display(), word("sha256")));
    }
    next("open the .html in a browser and print it");
    Ok(Outcome::Fine)
}
