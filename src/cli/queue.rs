//! `netra queue`: what waits to be matched, and what could not be.

use axum::http::Method;
use clap::Subcommand;
use serde_json::{Value, json};

use super::door::{Door, current_unix_name};
use super::run::runtime;
use super::{Global, Outcome, Result, house, next, say, system_clock};

/// Commands of `netra queue`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Counts, what waits, and what was set aside after its last try
    List {
        /// How many waiting posts are listed at most
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Shows where a post lies and why it was set aside
    Show {
        /// The number that `list` shows
        id: u64,
    },
    /// Puts a post that was set aside back in line
    Retry {
        /// The number that `list` shows
        id: u64,
    },
    /// Takes a post that was set aside out for good; an entry of the ledger says so
    Drop {
        /// The number that `list` shows
        id: u64,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        let config = house::config(global)?;
        runtime()?.block_on(async {
            let door = Door::open(&config, &system_clock(), &current_unix_name()).await?;
            match self {
                Self::List { limit } => list(&door, *limit).await,
                Self::Show { id } => show(&door, *id).await,
                Self::Retry { id } => {
                    door.call(Method::POST, &format!("/api/queue/{id}/retry"), Some(&json!({})))
                        .await?;
                    say(format_args!("{id}  waits again"));
                    Ok(Outcome::Fine)
                }
                Self::Drop { id, reason } => {
                    let body = json!({ "reason": reason });
                    door.call(Method::POST, &format!("/api/queue/{id}/drop"), Some(&body)).await?;
                    say(format_args!("{id}  dropped"));
                    Ok(Outcome::Fine)
                }
            }
        })
    }
}

async fn list(door: &Door, limit: u32) -> Result {
    let answer = door.call(Method::GET, &format!("/api/queue?limit={limit}"), None).await?;
    let count = |key: &str| answer.get(key).and_then(Value::as_u64).unwrap_or_default();
    say(format_args!(
        "{} waiting, {} on loan, {} set aside",
        count("waiting_count"),
        count("leased_count"),
        count("quarantined_count"),
    ));
    for (key, word) in [("waiting", "waits"), ("quarantined", "set aside")] {
        for item in answer.get(key).and_then(Value::as_array).unwrap_or(&Vec::new()) {
            say(line(item, word));
        }
    }
    if count("quarantined_count") > 0 {
        next("netra queue show ID, then retry or drop");
    }
    Ok(Outcome::Fine)
}

async fn show(door: &Door, id: u64) -> Result {
    let item = door.call(Method::GET, &format!("/api/queue/{id}"), None).await?;
    let word = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or("-");
    let number = |key: &str| item.get(key).and_then(Value::as_u64).unwrap_or_default();
    say(format_args!("id       {id}"));
    say(format_args!("state    {}", word("state")));
    say(format_args!("source   {}", word("source")));
    say(format_args!("capture  {}", word("capture")));
    say(format_args!("place    {}", number("index")));
    say(format_args!("tries    {}", number("tries")));
    say(format_args!("reason   {}", word("reason")));
    Ok(Outcome::Fine)
}

fn line(item: &Value, word: &str) -> String {
    let text = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
    let number = |key: &str| item.get(key).and_then(Value::as_u64).unwrap_or_default();
    let reason = match text("reason") {
        "" => String::new(),
        reason => format!("  {reason}"),
    };
    format!(
        "{:>8}  {word:<9}  {:<24}  tries {}{reason}",
        number("id"),
        text("source"),
        number("tries")
    )
}
