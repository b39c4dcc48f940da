//! From rule files to rules: the head checked, the clauses built.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Value;

use super::Loader;
use super::read::Source;
use crate::rule::clause::{self, Builder, Clause, Wrong, field, stage};
use crate::rule::file::{RuleFile, Sign};
use crate::rule::problem::nearest;
use crate::rule::seen::{Places, SCOPES, Scope};
use crate::rule::{Problem, Rule};

impl Loader {
    /// Rules in an order in which each is asked after those it asks for.
    pub(super) fn build(&mut self) -> Vec<Rule> {
        let files = std::mem::take(&mut self.rules);
        let mut ids: BTreeMap<String, usize> = BTreeMap::new();
        for (i, (source, file)) in files.iter().enumerate() {
            let id = file.id.as_ref();
            if ids.insert(id.clone(), i).is_some() {
                let message = format!("another rule has the id `{id}` already");
                self.problems.push(source.problem("double-id", file.id.span(), message));
            }
        }
        let order = self.order(&files, &ids);
        let asked: Vec<&RuleFile> =
            order.iter().filter_map(|i| files.get(*i)).map(|(_, file)| file).collect();
        let names: Vec<String> = asked.iter().map(|file| file.id.as_ref().clone()).collect();
        let stages: Vec<(String, usize)> = asked
            .iter()
            .enumerate()
            .filter_map(|(at, file)| Some((file.stage.as_ref()?.as_ref().clone(), at)))
            .collect();
        let mut rules = Vec::new();
        let mut files: Vec<Option<(Source, RuleFile)>> = files.into_iter().map(Some).collect();
        for (at, i) in order.iter().enumerate() {
            if let Some((source, file)) = files.get_mut(*i).and_then(Option::take) {
                let before = stages.partition_point(|(_, rule)| *rule < at);
                let stages = stages.get(..before).unwrap_or_default();
                rules.push(self.rule(&source, file, names.get(..at).unwrap_or_default(), stages));
            }
        }
        // those of a circle are not asked, but their heads are read all the same
        for (source, file) in files.into_iter().flatten() {
            self.check(&source, &file);
        }
        rules
    }

    fn rule(
        &mut self,
        source: &Source,
        file: RuleFile,
        before: &[String],
        stages: &[(String, usize)],
    ) -> Rule {
        let id = file.id.as_ref().clone();
        self.check(source, &file);
        let places = self.places(source, &file);
        let (mut when, mut keys, mut said) = (Vec::new(), Vec::new(), Vec::new());
        for table in file.alternatives() {
            let (mut clauses, mut named, mut told) = (Vec::new(), Vec::new(), Vec::new());
            for (key, value) in table {
                let mut builder = Builder {
                    lexicon: &mut self.lexicon,
                    places,
                    rules: before,
                    stages,
                    lost: &self.lost,
                    rule: &id,
                };
                match build(key, value, &mut builder) {
                    Ok(built) => {
                        for (words, clause) in built {
                            named.push(key.clone());
                            told.push(words);
                            clauses.push(clause);
                        }
                    }
                    Err(wrong) => self.problems.push(place(source, file.when.span(), key, wrong)),
                }
            }
            when.push(clauses);
            keys.push(named);
            said.push(told);
        }
        Rule {
            id,
            title: file.title.into_inner(),
            dasar: file.dasar.into_inner(),
            sign: file.sign,
            weight: file.weight,
            state: file.state,
            category: file.category,
            event: file.event,
            evidence: file.evidence,
            stage: file.stage.map(toml::Spanned::into_inner),
            when,
            keys,
            said,
            tests: file.test,
            file: source.path.clone(),
        }
    }

    /// What every rule must have, whatever it asks.
    fn check(&mut self, source: &Source, file: &RuleFile) {
        if let Some(named) = file.stage.as_ref().filter(|s| !stage::STAGES.contains(&&**s.as_ref()))
        {
            let wrong = stage::unknown(named.as_ref());
            let problem = source.problem(wrong.code, named.span(), wrong.message);
            self.problems.push(problem.nearest(named.as_ref(), stage::STAGES.iter().copied()));
        }
        let mut say = |code, span: Range<usize>, message: String| {
            self.problems.push(source.problem(code, span, message));
        };
        let id = file.id.as_ref();
        if id.is_empty()
            || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            let message = format!("`{id}` is no id: lower-case letters, digits and hyphens");
            say("bad-id", file.id.span(), message);
        }
        for (key, value) in [("title", &file.title), ("dasar", &file.dasar)] {
            if value.as_ref().trim().is_empty() {
                say("empty-metadata", value.span(), format!("`{key}` says nothing"));
            }
        }
        let hits = file.test.iter().filter(|test| test.hit).count();
        let misses = file.test.len() - hits;
        if hits < 2 || misses < 2 {
            let message = format!(
                "`{id}` has {hits} examples that hit and {misses} that do not; two of each are wanted"
            );
            say("too-few-examples", file.id.span(), message);
        }
        let right = match file.sign {
            Sign::Penjaga => file.weight <= 0.0,
            Sign::Asn | Sign::Peserta | Sign::Aksi => file.weight > 0.0,
            Sign::Konteks | Sign::Kepatuhan => true,
        };
        if !right || !file.weight.is_finite() || file.weight.abs() > 10.0 {
            let message = format!(
                "the weight {} does not fit: a guard takes, a sign gives, at most 10",
                file.weight
            );
            say("bad-weight", file.id.span(), message);
        }
        if (file.sign == Sign::Kepatuhan) != file.event.is_some() {
            let message = "a rule of the sign `kepatuhan` names its `event`, and no other does";
            say("missing-event", file.id.span(), message.into());
        }
        if file.alternatives().is_empty() {
            say("no-condition", file.id.span(), format!("`{id}` has no condition"));
        }
    }

    fn places(&mut self, source: &Source, file: &RuleFile) -> Places {
        let fields = match &file.field {
            None => Places::TEXT,
            Some(names) => match field::fields(names.iter().map(String::as_str)) {
                Ok(fields) => fields,
                Err(wrong) => {
                    self.problems.push(place(source, 0..0, "field", wrong));
                    Places::TEXT
                }
            },
        };
        let default = if matches!(file.sign, Sign::Aksi) { Scope::Asserted } else { Scope::Any };
        let known = |name: &str| SCOPES.iter().find(|(known, _)| *known == name);
        let scope = match file.scope.as_deref() {
            None => default,
            Some(name) => known(name).map_or_else(
                || {
                    let names = SCOPES.iter().map(|(known, _)| *known);
                    let wrong = Wrong {
                        code: "unknown-scope",
                        message: format!("`{name}` is no scope"),
                        word: Some(name.to_owned()),
                        help: nearest(name, names).map(|near| format!("did you mean `{near}`?")),
                    };
                    self.problems.push(place(source, 0..0, "scope", wrong));
                    default
                },
                |(_, scope)| *scope,
            ),
        };
        Places { fields, scope, lead: file.lead.unwrap_or(file.sign == Sign::Penjaga) }
    }
}

/// A clause with its wording.
type Built = (String, Box<dyn Clause>);

/// The clauses of one key: a list of tables is several clauses of the kind.
fn build(key: &str, value: &Value, builder: &mut Builder<'_>) -> Result<Vec<Built>, Wrong> {
    let Some(kind) = clause::kind_of(key) else {
        let names = clause::KINDS.iter().map(|kind| kind.key);
        return Err(Wrong {
            code: "unknown-clause",
            message: format!("`{key}` is no kind of clause"),
            word: Some(key.to_owned()),
            help: nearest(key, names).map(|near| format!("did you mean `{near}`?")),
        });
    };
    let mut one = |value: &Value| Ok(((kind.said)(value), (kind.build)(value, builder)?));
    match value {
        Value::Array(tables) if tables.first().is_some_and(Value::is_table) => {
            tables.iter().map(one).collect()
        }
        value => Ok(vec![one(value)?]),
    }
}

/// The problem at the wrong word, or else at its clause's key.
fn place(source: &Source, when: Range<usize>, key: &str, wrong: Wrong) -> Problem {
    let text = &source.text;
    let after = |start: usize, word: &str| {
        text.get(start..).and_then(|rest| rest.find(word)).map(|at| start + at)
    };
    let key_at =
        after(when.start.min(text.len()), key).or_else(|| text.find(key)).unwrap_or(when.start);
    let span = wrong
        .word
        .as_deref()
        .and_then(|word| after(key_at, word).map(|at| at..at + word.len()))
        .unwrap_or(key_at..key_at + key.len());
    let problem = source.problem(wrong.code, span, wrong.message);
    match wrong.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}
