//! `netra rules parity`: no verdict may hang on which contestant is meant.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use include_dir::{Dir, include_dir};
use serde::Serialize;

use super::labelled::{Line, post};
use super::{Code, Failure, Global, Outcome, Result, load, next, say};
use crate::matcher::parity::{self, Difference, Parity};
use crate::matcher::{Matcher, prove};
use crate::model::Post;
use crate::rule::RuleSet;

/// The labelled posts, inside the binary, so that every check of a rule set is the same.
static FIXTURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures");

/// Arguments of `netra rules parity`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Command {
    /// Folders of rules and word lists; without any, those of the configuration
    folders: Vec<PathBuf>,
    /// A text to try as well, one post a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Shows every difference, not the first of each kind
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        let ruleset = load(&self.folders, global)?;
        let mut posts = examples(&ruleset);
        posts.extend(fixtures());
        posts.extend(self.given()?);
        let parity = parity::check(&Matcher::new(&ruleset), &posts);
        match self.format {
            Format::Json => say(json(&parity)),
            Format::Text => self.text(&parity, posts.len()),
        }
        let is_fine = parity.differences.is_empty();
        Ok(if is_fine { Outcome::Fine } else { Outcome::NotFine })
    }

    fn given(&self) -> Result<Vec<(String, Post)>> {
        let Some(path) = &self.text else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        let read = if path.as_os_str() == "-" {
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
        } else {
            std::fs::read(path).map(|read| bytes = read)
        };
        read.map_err(|error| {
            Failure::new(Code::NoInput, format!("cannot read `{}`", path.display())).because(error)
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let place = |at: usize| format!("{}:{}", path.display(), at + 1);
        Ok(lines.map(|(at, line)| (place(at), post(line))).collect())
    }

    fn text(&self, parity: &Parity, posts: usize) {
        let mut kinds: BTreeMap<String, Vec<&Difference>> = BTreeMap::new();
        for difference in &parity.differences {
            kinds.entry(kind(difference)).or_default().push(difference);
        }
        for alike in kinds.values() {
            let shown = if self.all { alike.len() } else { 1 };
            for difference in alike.iter().take(shown) {
                say(told(difference).trim_end());
            }
            match alike.len() - shown {
                0 => say(""),
                more => say(format_args!("  and {more} more of this kind\n")),
            }
        }
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for (rule, _, _) in parity.differences.iter().flat_map(|d| &d.parts) {
            *rules.entry(rule).or_default() += 1;
        }
        let mut rules: Vec<(&str, usize)> = rules.into_iter().collect();
        rules.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
        for (rule, count) in rules {
            say(format_args!("{count:>6}  {rule}"));
        }
        let (compared, different) = (parity.compared, parity.differences.len());
        say(format_args!("{posts} posts, {compared} exchanges: {different} differ"));
        if different > 0 {
            next("netra rules explain uneven-verdict");
        }
    }
}

/// What differences have in common: the rules that give otherwise, and which way.
fn kind(difference: &Difference) -> String {
    let parts = difference
        .parts
        .iter()
        .map(|(rule, here, there)| format!("{rule}{}", if here > there { "-" } else { "+" }));
    parts.collect::<Vec<_>>().join(" ")
}

fn told(difference: &Difference) -> String {
    let Difference { origin, from, to, text, other, flagged, score, .. } = difference;
    let flag = |flagged| if flagged { "flagged" } else { "clean" };
    let forms: Vec<String> =
        difference.forms.iter().map(|(form, other)| format!("“{form}” → “{other}”")).collect();
    let mut told = format!(
        "{origin}: {from} → {to}\n  {}\n  {:>6} {:<7}  {text}\n  {:>6} {:<7}  {other}\n",
        forms.join(", "),
        score.0,
        flag(flagged.0),
        score.1,
        flag(flagged.1),
    );
    for (rule, here, there) in &difference.parts {
        told += &format!("  {here:+6.2} → {there:+6.2}  {rule}\n");
    }
    told
}

#[derive(Serialize)]
struct Answer<'p> {
    schema: &'static str,
    exchanges: usize,
    differences: Vec<AnswerDifference<'p>>,
}

#[derive(Serialize)]
struct AnswerDifference<'p> {
    origin: &'p str,
    from: &'p str,
    to: &'p str,
    forms: &'p [(String, String)],
    text: [&'p str; 2],
    flagged: (bool, bool),
    score: (f64, f64),
    parts: Vec<AnswerPart<'p>>,
}

#[derive(Serialize)]
struct AnswerPart<'p> {
    rule: &'p str,
    weight: [f64; 2],
}

fn json(parity: &Parity) -> String {
    let part = |(rule, here, there): &'_ (String, f64, f64)| (rule.clone(), [*here, *there]);
    let parts: Vec<Vec<(String, [f64; 2])>> =
        parity.differences.iter().map(|d| d.parts.iter().map(part).collect()).collect();
    let differences = parity.differences.iter().zip(&parts).map(|(d, parts)| AnswerDifference {
        origin: &d.origin,
        from: &d.from,
        to: &d.to,
        forms: &d.forms,
        text: [&d.text, &d.other],
        flagged: d.flagged,
        score: d.score,
        parts: parts.iter().map(|(rule, weight)| AnswerPart { rule, weight: *weight }).collect(),
    });
    let answer = Answer {
        schema: "netra.rules-parity/1",
        exchanges: parity.compared,
        differences: differences.collect(),
    };
    serde_json::to_string_pretty(&answer).unwrap_or_default()
}

/// The examples of all rules.
fn examples(ruleset: &RuleSet) -> Vec<(String, Post)> {
    let of = |rule: &crate::rule::Rule| {
        let tests = rule.tests.iter().enumerate();
        let origin = |at: usize| format!("rule {}, example {}", rule.id, at + 1);
        tests.map(|(at, test)| (origin(at), prove::post(test))).collect::<Vec<_>>()
    };
    ruleset.rules().iter().flat_map(of).collect()
}

/// The labelled posts. Those of the demo speak of an invented contest: without
/// it they name nobody, and nothing is exchanged.
pub(crate) fn fixtures() -> Vec<(String, Post)> {
    let mut posts = Vec::new();
    for folder in ["posts", "demo"] {
        let files = FIXTURES.get_dir(folder).into_iter().flat_map(Dir::files);
        for file in files.filter(|file| file.path().extension().is_some_and(|e| e == "jsonl")) {
            let name = format!("fixtures/{}", file.path().display());
            let lines = file.contents_utf8().unwrap_or_default().lines();
            for line in lines.filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
                let origin = format!("{name} {}", line.id);
                posts.push((origin, line.post()));
            }
        }
    }
    posts
}
