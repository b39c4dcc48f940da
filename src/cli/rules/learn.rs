//! `netra rules learn`: weights of words from labelled posts.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;

use clap::Args;

use super::labelled::Line;
use super::{Code, Failure, Global, Outcome, Result, load, next, say};
use crate::matcher::Matcher;
use crate::matcher::learn::{Example, OF_RULE, learn, learn_categories, may_weigh};
use crate::model::Category;
use crate::rule::weights::{CategoryFile, WeightFile, Weights};

/// Into how many parts the posts are cut, each judged by what the others teach.
const PARTS: usize = 10;

/// Arguments of `netra rules learn`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Command {
    /// Labelled posts, one JSON object a line: as for `scan`, with a `label`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Folders of rules and word lists; without any, those of the configuration
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
    /// The folder into which `bobot.toml` and `bobot-kategori.toml` are written
    #[arg(long, value_name = "DIR", default_value = "rules")]
    out: PathBuf,
    /// Learns and tells, and writes nothing
    #[arg(long)]
    dry_run: bool,
}

impl Command {
    pub(super) fn run(&self, global: &Global) -> Result {
        let ruleset = load(&self.rules, global)?;
        let matcher = Matcher::new(&ruleset);
        let mut examples = Vec::new();
        for file in &self.files {
            read(file, &matcher, &mut examples)?;
        }
        let may_weigh = |key: &str| may_weigh(ruleset.lexicon(), key);
        let threshold = ruleset.scoring().threshold;
        let held_out = held_out(&examples, threshold, &may_weigh);
        let weights = learn(&examples, threshold, may_weigh);
        let categories = learn_categories(&examples, may_weigh);
        let learned = weights.learned;
        if weights.kata.is_empty() {
            let what = format!("{} posts teach no word", learned.posts);
            return Err(Failure::new(Code::NotFine, what)
                .help("a word must stand in three posts in which the rules see a civil servant"));
        }
        say(format_args!(
            "{} posts, {} of them linked to the civil service, {} violations: {} weights",
            learned.posts,
            learned.linked,
            learned.violations,
            weights.kata.len()
        ));
        say(format_args!("on posts held out, at {threshold}: {held_out}"));
        if !self.dry_run {
            self.write("bobot.toml", &text(&weights))?;
            self.write("bobot-kategori.toml", &text_of(&categories))?;
            next("netra rules check && netra rules parity");
        }
        Ok(Outcome::Fine)
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.out.join(name);
        std::fs::write(&path, text).map_err(|error| {
            Failure::new(Code::CannotCreate, format!("cannot write `{}`", path.display()))
                .because(error)
        })
    }
}

fn read(file: &PathBuf, matcher: &Matcher, examples: &mut Vec<Example>) -> Result<()> {
    let unread = |error| {
        Failure::new(Code::NoInput, format!("cannot read `{}`", file.display())).because(error)
    };
    for (at, line) in BufReader::new(File::open(file).map_err(unread)?).lines().enumerate() {
        let line = line.map_err(unread)?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&line).map_err(|error| {
            let place = format!("{}:{}: not a labelled post", file.display(), at + 1);
            Failure::new(Code::Io, place)
                .because(error)
                .help("a line is an object with `text`, `label` and, as far as known, `author`")
        })?;
        let Some(label) = line.label.as_deref().filter(|_| !line.text.is_empty()) else {
            let place = format!("{}:{}: not a labelled post", file.display(), at + 1);
            return Err(Failure::new(Code::Io, place).help("a line needs a `text` and a `label`"));
        };
        let is_violation = match label {
            "violation" => true,
            "not_violation" | "compliance_event" => false,
            other => {
                let what = format!("{}:{}: there is no label `{other}`", file.display(), at + 1);
                return Err(Failure::new(Code::Io, what)
                    .help("a label is `violation`, `not_violation` or `compliance_event`"));
            }
        };
        let category = category(&line.category).map_err(|_| {
            let (file, category) = (file.display(), &line.category);
            let what = format!("{file}:{}: there is no category `{category}`", at + 1);
            Failure::new(Code::Io, what)
                .help("a category is one of the guideline, `medsos_support` or another, or `none`")
        })?;
        let category = category.filter(|_| is_violation);
        examples.push(matcher.example(&line.post(), is_violation, category));
    }
    Ok(())
}

/// The category of this name, if the post has one; fails if there is no such category.
fn category(name: &str) -> serde_json::Result<Option<Category>> {
    match name {
        "" | "none" => Ok(None),
        name => serde_json::from_value(name.into()).map(Some),
    }
}

/// How well the words judge posts that they were not learned from.
fn held_out(examples: &[Example], threshold: f64, may_weigh: &dyn Fn(&str) -> bool) -> String {
    let (mut right, mut flagged, mut violations) = (0, 0, 0);
    for part in 0..PARTS {
        let is_out = |at: usize| at * PARTS / examples.len().max(1) == part;
        let taught: Vec<Example> = (examples.iter().enumerate())
            .filter(|(at, _)| !is_out(*at))
            .map(|(_, example)| example.clone())
            .collect();
        let file = learn(&taught, threshold, may_weigh);
        let weights = Weights::new(file.bias, &file.aturan, &file.kata);
        for (_, example) in examples.iter().enumerate().filter(|(at, _)| is_out(*at)) {
            let of = |key: &String| match key.strip_prefix(OF_RULE) {
                Some(rule) => weights.of_rule(rule),
                None => weights.of(key).unwrap_or(0.0),
            };
            let sum = weights.bias() + example.keys.iter().map(of).sum::<f64>();
            let score = example.score + if example.is_linked { sum } else { 0.0 };
            violations += usize::from(example.is_violation);
            flagged += usize::from(score >= threshold);
            right += usize::from(score >= threshold && example.is_violation);
        }
    }
    let share = |whole: usize| right as f64 / whole.max(1) as f64;
    format!("precision {:.3}, recall {:.3}", share(flagged), share(violations))
}

fn text(weights: &WeightFile) -> String {
    let WeightFile { learned, bias, aturan, kata } = weights;
    let mut out = format!(
        "#:schema schema/weights.schema.json\n\
         # Bobot kata, ditulis oleh `netra rules learn`: positif bila kata itu lebih sering ada dalam\n\
         # kiriman yang perlu dilihat, negatif bila sebaliknya. Hanya dihitung bila ada tautan ASN.\n\
         bias = {bias}\n\n[learned]\nposts = {}\nlinked = {}\nviolations = {}\n",
        learned.posts, learned.linked, learned.violations
    );
    table("aturan", aturan, &mut out);
    table("kata", kata, &mut out);
    out
}

fn text_of(categories: &CategoryFile) -> String {
    let mut out = "#:schema schema/categories.schema.json\n\
                   # Bobot per kategori, ditulis oleh `netra rules learn`: kategori dengan jumlah tertinggi\n\
                   # ditulis pertama pada temuan. Tidak mengubah nilai temuan.\n"
        .to_owned();
    for (category, leaning) in &categories.kategori {
        let name = format!("kategori.{}", word(*category));
        // writing to a String cannot fail
        writeln!(out, "\n[{name}]\nbias = {:.2}", leaning.bias).unwrap_or_default();
        table(&format!("{name}.aturan"), &leaning.aturan, &mut out);
        table(&format!("{name}.kata"), &leaning.kata, &mut out);
    }
    out
}

fn word(category: Category) -> String {
    let word = serde_json::to_value(category).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn table(name: &str, weights: &BTreeMap<String, f64>, out: &mut String) {
    if weights.is_empty() {
        return;
    }
    writeln!(out, "\n[{name}]").unwrap_or_default();
    for (key, weight) in weights {
        writeln!(out, "{} = {weight:.2}", toml::Value::from(key.as_str())).unwrap_or_default();
    }
}
