//! `netra rules explain`: a rule, a list or a code in words.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use toml::Value;

use super::{Code, Failure, Global, Outcome, Result, load, next, say};
use crate::matcher::weigh;
use crate::rule::problem::nearest;
use crate::rule::{Lexicon, Rule, RuleSet, codes};

/// How many entries of a list are shown before the rest is counted.
const SHOWN: usize = 12;

/// Arguments of `netra rules explain`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Explain {
    /// The id of a rule, the name of a list (`@aksi.dukung`) or the code of a problem
    what: String,
    /// Folders of rules and word lists; without any, those of the configuration
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
}

impl Explain {
    pub(super) fn run(&self, global: &Global) -> Result {
        if let Some(code) = codes::find(&self.what) {
            say(coded(code).trim_end());
            return Ok(Outcome::Fine);
        }
        let ruleset = load(&self.rules, global)?;
        if self.what.starts_with('@') && ruleset.lexicon().find(&self.what).is_some() {
            let entries = ruleset.lexicon().entries(&self.what);
            say(format_args!("{}: {} entries", self.what, entries.len()));
            say(entries.join(", "));
            return Ok(Outcome::Fine);
        }
        if self.what == weigh::ID {
            say(learned(&ruleset));
            next("echo 'TEXT' | netra scan - --why");
            return Ok(Outcome::Fine);
        }
        let Some(rule) = ruleset.rules().iter().find(|rule| rule.id == self.what) else {
            return Err(self.unknown(&ruleset));
        };
        say(told(rule, ruleset.lexicon()).trim_end());
        next("echo 'TEXT' | netra scan - --why");
        Ok(Outcome::Fine)
    }

    fn unknown(&self, ruleset: &RuleSet) -> Failure {
        let ids = ruleset.rules().iter().map(|rule| rule.id.as_str());
        let names =
            ids.chain(ruleset.lexicon().names()).chain(codes::CODES.iter().map(|code| code.code));
        let help = match nearest(&self.what, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`netra rules list` has all rules, `netra rules list --lists` all lists".into(),
        };
        let what = format!("there is no rule, list or code `{}`", self.what);
        Failure::new(Code::NotFine, what).help(help)
    }
}

/// What the part of the words is.
fn learned(ruleset: &RuleSet) -> String {
    format!(
        "{}: {}\n  no rule: the sum of {} weights in `bobot.toml`, written by `netra rules learn`;\n  \
         counted where the rules see a civil servant; `--why` lists the words of a post",
        weigh::ID,
        weigh::TITLE,
        ruleset.weights().len(),
    )
}

fn coded(code: &codes::Code) -> String {
    let example: String = code.example.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "{}\n\n{}\n\nfor example:\n\n{example}\nwhat to do: {}\n",
        code.code, code.meaning, code.remedy
    )
}

fn told(rule: &Rule, lexicon: &Lexicon) -> String {
    let mut out = format!("{}: {}\n", rule.id, rule.title);
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            // writing to a String cannot fail
            writeln!(out, "  {name:<9} {value}").unwrap_or_default();
        }
    };
    line("dasar", &rule.dasar);
    line("sign", rule.sign.as_str());
    line("weight", &format!("{:+}", rule.weight));
    line("state", rule.state.as_str());
    line("category", &word(&rule.category));
    line("event", rule.event.map_or("", crate::model::ComplianceKind::as_str));
    line("stage", rule.stage.as_deref().unwrap_or_default());
    line("file", &rule.file.display().to_string());
    out += "\nholds if\n";
    for (number, clauses) in rule.said.iter().enumerate() {
        for (at, clause) in clauses.iter().enumerate() {
            let joint = match (number, at) {
                (0, 0) => "      ",
                (_, 0) => "  or  ",
                _ => "  and ",
            };
            out += &format!("{joint}{clause}\n");
        }
    }
    let lists = lists(rule);
    if !lists.is_empty() {
        out += "\nlists\n";
    }
    for name in lists {
        let entries = lexicon.entries(&name);
        let shown: Vec<&str> = entries.iter().take(SHOWN).map(String::as_str).collect();
        let more = match entries.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(", {more} more"),
        };
        out += &format!("  {name} ({}): {}{more}\n", entries.len(), shown.join(", "));
    }
    out += "\nexamples\n";
    for test in &rule.tests {
        let mark = if test.hit { "hit " } else { "miss" };
        let bio = match (test.name.as_str(), test.bio.as_str()) {
            ("", "") => String::new(),
            (name, "") => format!("  (name: {name})"),
            (_, bio) => format!("  (bio: {bio})"),
        };
        let title = if test.title.is_empty() { "" } else { " / " };
        out += &format!("  {mark}  {}{title}{}{bio}\n", test.title, test.text.replace('\n', " "));
    }
    out
}

/// The word of a value as JSON writes it.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// The lists that a rule speaks of, each once, in order.
fn lists(rule: &Rule) -> Vec<String> {
    let text = std::fs::read_to_string(&rule.file).unwrap_or_default();
    let table: toml::Table = toml::from_str(&text).unwrap_or_default();
    let mut names = Vec::new();
    let mut open: Vec<&Value> = table.get("when").into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::String(name) if name.starts_with('@') => names.push(name.clone()),
            Value::Array(all) => open.extend(all),
            Value::Table(all) => open.extend(all.values()),
            _ => {}
        }
    }
    names.sort();
    names.dedup();
    names
}
