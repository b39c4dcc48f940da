//! `netra review`: lists, shows and decides findings, as the browser does.

use axum::http::Method;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::door::{Door, current_unix_name};
use super::run::runtime;
use super::{Global, Outcome, Result, house, next, say, say_as_it_is, system_clock};

/// Commands of `netra review`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists findings, the most urgent first
    List(List),
    /// Shows a finding: where it comes from, its text, why it was flagged
    Show {
        /// The finding's number: T-2026-00412
        number: String,
        /// How the answer is written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Shows NIP and NIK, which are masked otherwise; an entry of the ledger says who saw them
        #[arg(long, requires = "reason")]
        identity: bool,
        /// For `--identity`: what they are needed for, at least 20 characters
        #[arg(long, requires = "identity")]
        reason: Option<String>,
    },
    /// Decides a finding
    Decide(Decide),
    /// Takes back your own decision, within ten minutes
    Undo {
        /// The finding's number: T-2026-00412
        number: String,
    },
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs: a versioned schema.
    Json,
}

/// Arguments of `netra review list`.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only findings that stand here; without it, those that wait for you
    #[arg(long, value_parser = ["semua", "baru", "eskalasi", "ditunda", "dugaan", "bukan"])]
    status: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 25)]
    limit: u32,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Arguments of `netra review decide`.
#[derive(Debug, Args)]
pub(super) struct Decide {
    /// The finding's number: T-2026-00412
    number: String,
    /// What is decided
    #[arg(long, value_parser = ["dugaan", "bukan", "eskalasi", "tunda"])]
    choice: String,
    /// The reason in words, at least 20 characters
    #[arg(long)]
    reason: String,
    /// For `bukan`: why not
    #[arg(long, value_parser = ["berita", "bukan_pegawai", "akun_tiruan", "satire", "kata_lain", "lainnya"])]
    code: Option<String>,
    /// For `dugaan`: the kind of act, such as `medsos_support`
    #[arg(long)]
    category: Option<String>,
    /// For `dugaan`: the unit concerned
    #[arg(long)]
    unit: Option<String>,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        let config = house::config(global)?;
        runtime()?.block_on(async {
            let door = Door::open(&config, &system_clock(), &current_unix_name()).await?;
            match self {
                Self::List(list) => list.run(&door).await,
                Self::Show { number, format, reason: Some(reason), .. } => {
                    identify(&door, number, *format, reason).await
                }
                Self::Show { number, format, .. } => show(&door, number, *format).await,
                Self::Decide(decide) => decide.run(&door).await,
                Self::Undo { number } => undo(&door, number).await,
            }
        })
    }
}

impl List {
    async fn run(&self, door: &Door) -> Result {
        let mut path = format!("/api/temuan?limit={}", self.limit);
        if let Some(status) = &self.status {
            let status: String = url::form_urlencoded::byte_serialize(status.as_bytes()).collect();
            path.push_str(&format!("&status={status}"));
        }
        let answer = door.call(Method::GET, &path, None).await?;
        if self.format == Format::Json {
            say(answer);
            return Ok(Outcome::Fine);
        }
        for finding in list_of(&answer, "findings") {
            let word = |key: &str| finding.get(key).and_then(Value::as_str).unwrap_or("-");
            let score = finding.get("score").and_then(Value::as_f64).unwrap_or_default();
            say(format_args!(
                "{}  {:<7} {score:>5.1}  {:<15} {:<24} {}",
                word("number"),
                word("priority"),
                word("status"),
                word("source"),
                word("unit"),
            ));
        }
        Ok(Outcome::Fine)
    }
}

impl Decide {
    async fn run(&self, door: &Door) -> Result {
        let decision = json!({
            "choice": self.choice,
            "reason": self.reason,
            "code": self.code.as_deref().unwrap_or_default(),
            "category": self.category.as_deref().unwrap_or_default(),
            "unit": self.unit.as_deref().unwrap_or_default(),
        });
        let path = format!("/api/temuan/{}/keputusan", segment(&self.number));
        let answer = door.call(Method::POST, &path, Some(&decision)).await?;
        let status = answer.get("status").and_then(Value::as_str).unwrap_or("recorded");
        say(format_args!("{}  {status}", self.number));
        next(&format!("netra review undo {} takes it back, for ten minutes", self.number));
        Ok(Outcome::Fine)
    }
}

async fn undo(door: &Door, number: &str) -> Result {
    let path = format!("/api/temuan/{}/batalkan", segment(number));
    let answer = door.call(Method::POST, &path, Some(&json!({}))).await?;
    let status = answer.get("status").and_then(Value::as_str).unwrap_or("taken back");
    say(format_args!("{number}  {status}"));
    Ok(Outcome::Fine)
}

async fn show(door: &Door, number: &str, format: Format) -> Result {
    let path = format!("/api/temuan/{}", segment(number));
    let answer = door.call(Method::GET, &path, None).await?;
    match format {
        Format::Json => say(answer),
        Format::Text => say(in_words(&answer)),
    }
    Ok(Outcome::Fine)
}

/// The same with NIP and NIK.
async fn identify(door: &Door, number: &str, format: Format, reason: &str) -> Result {
    let path = format!("/api/temuan/{}/identitas", segment(number));
    let answer = door.call(Method::POST, &path, Some(&json!({ "reason": reason }))).await?;
    match format {
        Format::Json => say_as_it_is(answer),
        Format::Text => say_as_it_is(in_words(&answer)),
    }
    Ok(Outcome::Fine)
}

/// A finding for a person at a terminal: provenance, text, why, history.
fn in_words(finding: &Value) -> String {
    let word = |path: &str| match finding.pointer(path) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => "-".to_owned(),
    };
    let mut text = format!(
        "{}  {}  {}  score {}\n\naddress    {}\npublished  {}\ncaptured   {}\nsha256     {}\nledger     entry {}\nauthor     {} {}\nunit       {}\n\n",
        word("/number"),
        word("/priority"),
        word("/status"),
        word("/score"),
        word("/post/address"),
        word("/published"),
        word("/captured"),
        word("/sha256"),
        word("/seq"),
        word("/post/author/name"),
        word("/post/author/handle"),
        word("/unit"),
    );
    for part in ["/post/title", "/post/text"] {
        if let Some(words) =
            finding.pointer(part).and_then(Value::as_str).filter(|it| !it.is_empty())
        {
            text.push_str(&visible(words));
            text.push_str("\n\n");
        }
    }
    text.push_str(&visible(&word("/verdict/reason")));
    text.push('\n');
    for part in list_of(finding.get("verdict").unwrap_or(&Value::Null), "parts") {
        let weight = part.get("weight").and_then(Value::as_f64).unwrap_or_default();
        let title = part.get("title").and_then(Value::as_str).unwrap_or_default();
        text.push_str(&format!("  {weight:+.1}  {title}\n"));
    }
    for look in list_of(finding, "rechecks") {
        let word = |key: &str| look.get(key).and_then(Value::as_str).unwrap_or_default();
        text.push_str(&format!("{}  page {} {}\n", word("at"), word("fate"), word("ailment")));
    }
    for judged in list_of(finding, "history") {
        let word = |key: &str| judged.get(key).and_then(Value::as_str).unwrap_or("-");
        let undone = judged.get("undone").and_then(Value::as_bool).unwrap_or_default();
        let undone = if undone { " (taken back)" } else { "" };
        let reason = visible(word("reason"));
        text.push_str(&format!(
            "{}  {}  {}{undone}: {reason}\n",
            word("at"),
            word("by"),
            word("choice")
        ));
    }
    text.trim_end().to_owned()
}

/// Text of strangers on a terminal: no escape sequence, no hidden direction.
fn visible(text: &str) -> String {
    let is_hidden = |c: char| {
        c != '\n' && c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect()
}

fn list_of<'a>(answer: &'a Value, key: &str) -> &'a [Value] {
    answer.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// One segment of an address: what a person typed can be anything.
fn segment(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
