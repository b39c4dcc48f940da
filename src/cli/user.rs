//! `netra user`: adds and lists the people who sign in.

use axum::http::Method;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::door::{Door, current_unix_name};
use super::run::runtime;
use super::{Global, Outcome, Result, house, say, system_clock};

/// Commands of `netra user`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Adds a person and prints a one-time link that sets the password
    Add(Add),
    /// Lists everybody
    List,
}

/// Arguments of `netra user add`.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// The name to sign in with: a-z, 0-9, `.`, `-`, `_`
    user: String,
    /// The name that pages show
    #[arg(long, default_value = "")]
    name: String,
    /// What the person may do
    #[arg(long, value_parser = ["anggota", "ketua", "sekretaris", "analis", "operator", "pengawas"])]
    role: String,
    /// The unit the person belongs to
    #[arg(long, default_value = "")]
    unit: String,
    /// The Unix user that is this person at the command line
    #[arg(long)]
    unix: Option<String>,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        let config = house::config(global)?;
        runtime()?.block_on(async {
            let door = Door::open(&config, &system_clock(), &current_unix_name()).await?;
            match self {
                Self::Add(add) => add.run(&door).await,
                Self::List => list(&door).await,
            }
        })
    }
}

impl Add {
    async fn run(&self, door: &Door) -> Result {
        let new = json!({
            "name": self.user,
            "display": if self.name.is_empty() { &self.user } else { &self.name },
            "role": self.role,
            "unit": self.unit,
            "unix": self.unix,
        });
        let answer = door.call(Method::POST, "/api/pengguna", Some(&new)).await?;
        let link = answer.get("link").and_then(Value::as_str).unwrap_or("-");
        say(format_args!("one-time link, good for 24 hours: {link}"));
        Ok(Outcome::Fine)
    }
}

async fn list(door: &Door) -> Result {
    let answer = door.call(Method::GET, "/api/pengguna", None).await?;
    for user in answer.get("users").and_then(Value::as_array).unwrap_or(&Vec::new()) {
        let word = |key: &str| user.get(key).and_then(Value::as_str).unwrap_or("-");
        say(format_args!(
            "{:<16}{:<12}{:<24}{}",
            word("name"),
            word("role"),
            word("display"),
            word("unit")
        ));
    }
    Ok(Outcome::Fine)
}
