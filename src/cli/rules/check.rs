//! `netra rules check` and `netra rules test`, once or at every save.

use std::path::{Path, PathBuf};

use clap::Args;

use super::answer::{Answer, print};
use super::{
    Failure, Format, Global, Outcome, Result, folders_or_configured, next, no_rule, watch,
};
use crate::matcher::prove::{self, Broken};
use crate::rule::{Problem, RuleSet};

#[derive(Debug, Args)]
struct Shared {
    /// Folders of rules and word lists; without any, those of the configuration
    folders: Vec<PathBuf>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Does it again whenever a file is saved, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// Exits with 0 whatever was found, for editors
    #[arg(long)]
    exit_zero: bool,
}

/// Arguments of `netra rules check`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    #[command(flatten)]
    shared: Shared,
}

/// Arguments of `netra rules test`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Test {
    #[command(flatten)]
    shared: Shared,
}

impl Check {
    pub(super) fn run(&self, global: &Global) -> Result {
        self.shared.run(global, "netra.rules-check/1", |_| None)
    }
}

impl Test {
    pub(super) fn run(&self, global: &Global) -> Result {
        self.shared.run(global, "netra.rules-test/1", |ruleset| {
            let proof = prove::prove(ruleset);
            Some((proof.examples, proof.failures.iter().map(|f| failure(ruleset, f)).collect()))
        })
    }
}

/// How many examples there are, and those that fail.
type Tested = Option<(usize, Vec<Problem>)>;

impl Shared {
    fn run(
        &self,
        global: &Global,
        schema: &'static str,
        test: impl Fn(&RuleSet) -> Tested,
    ) -> Result {
        let folders = folders_or_configured(&self.folders, global)?;
        let once = || self.once(&folders, schema, &test);
        let outcome = if self.watch { watch::watch(&folders, once)? } else { once()? };
        Ok(if self.exit_zero { Outcome::Fine } else { outcome })
    }

    fn once(
        &self,
        folders: &[PathBuf],
        schema: &'static str,
        test: &impl Fn(&RuleSet) -> Tested,
    ) -> Result {
        let loaded = RuleSet::load(folders);
        if loaded.ruleset.as_ref().is_some_and(RuleSet::is_empty) {
            return Err(no_rule(folders));
        }
        let mut answer = Answer::new(schema, loaded.problems);
        if let Some(ruleset) = &loaded.ruleset {
            answer.rules = Some((ruleset.len(), ruleset.digest().to_owned()));
            if let Some((examples, failures)) = test(ruleset) {
                answer.examples = Some(examples);
                answer.problems = failures;
            }
        }
        print(&answer, self.format)?;
        if self.format == Format::Text && !self.watch {
            next(&hint(&answer));
        }
        Ok(if answer.problems.is_empty() { Outcome::Fine } else { Outcome::NotFine })
    }
}

fn hint(answer: &Answer) -> String {
    match answer.problems.first() {
        Some(problem) => format!("netra rules explain {}", problem.code),
        None if answer.examples.is_some() => "netra rules parity".to_owned(),
        None => "netra rules test".to_owned(),
    }
}

/// An example that fails, at its place in the rule's file.
fn failure(ruleset: &RuleSet, broken: &Broken) -> Problem {
    let rule = ruleset.rules().iter().find(|rule| rule.id == broken.rule);
    let path = rule.map_or(Path::new(""), |rule| rule.file.as_path());
    let source = std::fs::read_to_string(path).unwrap_or_default();
    let table = source.find("[[test]]").unwrap_or(0);
    let text = broken.text.lines().next().unwrap_or_default();
    let found = source.get(table..).and_then(|tests| tests.find(text)).filter(|_| !text.is_empty());
    let span = found.map_or(table..table, |at| table + at..table + at + text.len());
    let message = format!("{}: {}", broken.rule, broken.message);
    let text = broken.text.replace('\n', " ");
    Problem::at("example-fails", path, &source, span, message)
        .help(format!("see what the rule lacks: echo '{text}' | netra scan - --why"))
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(super::Code::Io, "cannot write the answer").because(error)
    }
}
