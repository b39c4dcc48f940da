//! `netra evidence export`: hands the evidence of a finding out as one file.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use axum::http::{HeaderMap, Method};
use clap::Args;
use serde_json::json;

use super::door::{Door, current_unix_name};
use super::failure::{Code, Failure};
use super::init::cannot_create;
use super::run::runtime;
use super::{Global, Outcome, Result, house, next, say, system_clock};
use crate::model::Digest;

/// Arguments of `netra evidence export`.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The finding's number: T-2026-00412
    number: String,
    /// The file to write, which must not be there yet; without it, the number with .zip
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Who asked for it and what for, at least 20 characters; goes into the ledger
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Export {
    pub(super) fn run(&self, global: &Global) -> Result {
        let out = match &self.out {
            Some(out) => out.clone(),
            None => PathBuf::from(format!("{}.zip", self.number.replace(['/', '\\'], "-"))),
        };
        // looked at first: an export is recorded, whether or not its file can be written
        if out.exists() {
            return Err(Failure::new(
                Code::CannotCreate,
                format!("`{}` is there already", out.display()),
            )
            .help(
                "evidence that was handed out is not overwritten: choose another name by --out",
            ));
        }
        let config = house::config(global)?;
        let (headers, file) = runtime()?.block_on(async {
            let door = Door::open(&config, &system_clock(), &current_unix_name()).await?;
            let number: String =
                url::form_urlencoded::byte_serialize(self.number.as_bytes()).collect();
            let path = format!("/api/temuan/{number}/ekspor");
            door.download(Method::POST, &path, &json!({ "reason": self.reason })).await
        })?;
        write(&out, &file)?;
        let (bytes, digest) = (file.len(), Digest::of(&file));
        say(format_args!("{}  {bytes} bytes  sha256 {digest}", out.display()));
        say(format_args!("recorded as entry {} of the ledger", told(&headers, "x-netra-entry")));
        match told(&headers, "x-netra-timestamp") {
            "none" => say("no timestamp: `[evidence] tsa` names no authority"),
            stamp if stamp.starts_with("failed") => say(format_args!("no timestamp: {stamp}")),
            stamp => say(format_args!("timestamp of the checkpoint: {stamp}")),
        }
        next("unzip it and read BACA-SAYA.txt: it is checked without netra");
        Ok(Outcome::Fine)
    }
}

/// Only its owner may read it, as everything that holds names and texts.
fn write(out: &Path, file: &[u8]) -> Result<()> {
    let mut options = OpenOptions::new();
    let written = options.write(true).create_new(true).mode(0o600).open(out);
    let written = written.and_then(|mut to| to.write_all(file).and_then(|()| to.sync_all()));
    written.map_err(|error| cannot_create(out, error))
}

fn told<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-")
}
