//! `netra rules list`: the rules, or the word lists, one a line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Global, Outcome, Result, load, next, say};

/// Arguments of `netra rules list`.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Folders of rules and word lists; without any, those of the configuration
    folders: Vec<PathBuf>,
    /// The word lists instead of the rules
    #[arg(long)]
    lists: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Serialize)]
struct Answer<'r> {
    schema: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<ListedRule<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lists: Vec<ListedList<'r>>,
}

#[derive(Serialize)]
struct ListedRule<'r> {
    id: &'r str,
    sign: &'static str,
    weight: f64,
    state: &'static str,
    title: &'r str,
    examples: usize,
    file: String,
}

#[derive(Serialize)]
struct ListedList<'r> {
    name: &'r str,
    entries: usize,
}

impl List {
    pub(super) fn run(&self, global: &Global) -> Result {
        let ruleset = load(&self.folders, global)?;
        let mut answer =
            Answer { schema: "netra.rules-list/1", rules: Vec::new(), lists: Vec::new() };
        if self.lists {
            let lexicon = ruleset.lexicon();
            let listed = |name| ListedList { name, entries: lexicon.entries(name).len() };
            answer.lists = lexicon.names().map(listed).collect();
        } else {
            answer.rules.extend(ruleset.rules().iter().map(|rule| ListedRule {
                id: &rule.id,
                sign: rule.sign.as_str(),
                weight: rule.weight,
                state: rule.state.as_str(),
                title: &rule.title,
                examples: rule.tests.len(),
                file: rule.file.display().to_string(),
            }));
            answer.rules.sort_by_key(|rule| rule.id);
        }
        if self.format == Format::Json {
            say(serde_json::to_string_pretty(&answer).unwrap_or_default());
            return Ok(Outcome::Fine);
        }
        for rule in &answer.rules {
            let ListedRule { id, sign, weight, state, title, .. } = rule;
            say(format_args!("{id:<28} {sign:<9} {weight:>+5.2}  {state:<7} {title}"));
        }
        for list in &answer.lists {
            say(format_args!("{:<28} {:>5} entries", list.name, list.entries));
        }
        next("netra rules explain ID");
        Ok(Outcome::Fine)
    }
}
