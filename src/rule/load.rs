//! From files to a rule set: read all, then lists, then contests, then rules.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use toml::Value;

use super::clause::{self, Builder, Clause, Wrong};
use super::contest::{self, ContestFile};
use super::file::{Entry, LexiconFile, RuleFile, Scoring, Sign};
use super::lexicon::Lexicon;
use super::seen::{Places, SCOPES, Scope};
use super::calendar::{Calendar, CalendarFile};
use super::skb::SkbFile;
use super::unit::{UnitFile, Units};
use super::{Inner, Loaded, Problem, Rule, RuleSet};
use crate::model::Digest;

/// The most files a set may have, and the largest one: a folder given by
/// mistake must not hold up the start.
const MAX_FILES: usize = 5_000;
const MAX_FILE_BYTES: u64 = 1024 * 1024;

struct Source {
    path: PathBuf,
    text: String,
}

struct Loader {
    problems: Vec<Problem>,
    lexicon: Lexicon,
    units: Units,
    calendar: Calendar,
    skb: SkbFile,
    scoring: Option<Scoring>,
    contests: Vec<ContestFile>,
    rules: Vec<(Source, RuleFile)>,
}

pub(super) fn load(paths: &[PathBuf]) -> Loaded {
    let mut loader = Loader {
        problems: Vec::new(),
        lexicon: Lexicon::default(),
        units: Units::default(),
        calendar: Calendar::default(),
        skb: SkbFile::default(),
        scoring: None,
        contests: Vec::new(),
        rules: Vec::new(),
    };
    let sources = loader.read(paths);
    let parts: Vec<&[u8]> = sources.iter().map(|source| source.text.as_bytes()).collect();
    let digest = Digest::of_parts(&parts).short(16);
    contest::add_numbers(&mut loader.lexicon);
    loader.sort(sources);
    let rules = loader.build();
    contest::add_spellings(&loader.contests, &mut loader.lexicon);
    let mut problems = loader.problems;
    problems.sort_by(|a, b| (&a.file, a.span.start).cmp(&(&b.file, b.span.start)));
    let scoring = loader.scoring.unwrap_or(Scoring {
        threshold: 6.0,
        sedang: 7.0,
        tinggi: 8.5,
        most_asn: 4.9,
        most_act: 5.0,
    });
    let ruleset = problems.is_empty().then(|| RuleSet {
        inner: Arc::new(Inner {
            rules,
            lexicon: loader.lexicon,
            units: loader.units,
            calendar: loader.calendar,
            skb: loader.skb,
            scoring,
            contests: loader.contests,
            digest,
        }),
    });
    Loaded { ruleset, problems }
}

impl Loader {
    fn problem(&mut self, code: &'static str, path: &Path, message: String) {
        self.problems.push(Problem::at(code, path, "", 0..0, message));
    }

    fn read(&mut self, paths: &[PathBuf]) -> Vec<Source> {
        let mut files = Vec::new();
        for path in paths {
            if let Err(error) = collect(path, &mut files) {
                self.problem("unreadable", path, format!("cannot be read: {error}"));
            }
        }
        if files.len() > MAX_FILES {
            self.problem(
                "too-many-files",
                Path::new(""),
                format!("{} files, at most {MAX_FILES} are read", files.len()),
            );
            files.truncate(MAX_FILES);
        }
        let mut sources = Vec::new();
        for path in files {
            let size = std::fs::metadata(&path).map_or(0, |meta| meta.len());
            if size > MAX_FILE_BYTES {
                self.problem(
                    "too-large",
                    &path,
                    format!("{size} bytes, at most {MAX_FILE_BYTES} are read"),
                );
                continue;
            }
            match std::fs::read_to_string(&path) {
                Ok(text) => sources.push(Source { path, text }),
                Err(error) => self.problem("unreadable", &path, format!("cannot be read: {error}")),
            }
        }
        sources
    }

    /// Tells the kinds of files apart by what they hold, and takes in all but the rules.
    fn sort(&mut self, sources: Vec<Source>) {
        let (mut lists, mut units, mut elections) = (Vec::new(), Vec::new(), Vec::new());
        for source in sources {
            let table: toml::Table = match toml::from_str(&source.text) {
                Ok(table) => table,
                Err(error) => {
                    self.refuse(&source, &error);
                    continue;
                }
            };
            let has = |keys: &[&str]| keys.iter().any(|key| table.contains_key(*key));
            if has(&["contest", "contestant", "party"]) {
                if let Some(file) = self.parse::<ContestFile>(&source) {
                    contest::add(&file, &mut self.lexicon);
                    self.even(&source, &file);
                    self.contests.push(file);
                }
            } else if has(&["list", "slang"]) {
                if let Some(file) = self.parse::<LexiconFile>(&source) {
                    lists.push((source, file));
                }
            } else if has(&["unit", "kind", "region", "places"]) && !has(&["id"]) {
                if let Some(file) = self.parse::<UnitFile>(&source) {
                    units.push((source.path, source.text, file));
                }
            } else if has(&["election"]) {
                if let Some(file) = self.parse::<CalendarFile>(&source) {
                    elections.push((source.path, source.text, file));
                }
            } else if has(&["row"]) {
                if let Some(file) = self.parse::<SkbFile>(&source) {
                    self.problems.extend(file.check(&source.path, &source.text));
                    self.skb = file;
                }
            } else if has(&["threshold"]) {
                self.scoring = self.parse::<Scoring>(&source).or(self.scoring);
            } else if let Some(file) = self.parse::<RuleFile>(&source) {
                self.rules.push((source, file));
            }
        }
        self.lists(&lists);
        self.problems.extend(self.units.take_in(units.into_iter()));
        self.problems.extend(self.calendar.take_in(elections.into_iter()));
        self.calendar.name_contests(&self.contests);
        // contests that came after a list that includes their entries
        for (_, file) in &lists {
            for (form, standard) in &file.slang {
                self.lexicon.vocabulary.word(standard);
                self.lexicon.vocabulary.also(form, standard);
            }
        }
    }

    /// Fills the lists, then resolves lists of lists until nothing changes.
    fn lists(&mut self, files: &[(Source, LexiconFile)]) {
        let mut includes = Vec::new();
        for (source, file) in files {
            let stem = source.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let all = self.lexicon.set(&format!("@{stem}"));
            for (name, entries) in &file.list {
                let set = self.lexicon.set(&format!("@{stem}.{name}"));
                includes.push((all, set));
                for entry in entries {
                    let (text, valid) = match entry.as_ref() {
                        Entry::Plain(text) => (text, (None, None)),
                        Entry::Dated { text, from, until } => (text, (*from, *until)),
                    };
                    if text.starts_with('@') {
                        includes.push((set, self.lexicon.set(text)));
                    } else if !self.lexicon.add(set, text, None, valid) {
                        let message = format!("`{text}` holds no word, or more than twelve");
                        self.problems.push(Problem::at(
                            "empty-phrase",
                            &source.path,
                            &source.text,
                            entry.span(),
                            message,
                        ));
                    }
                }
            }
        }
        let known: Vec<String> = self.lexicon.names().map(str::to_owned).collect();
        for (source, file) in files {
            for entry in file.list.values().flatten() {
                if let Entry::Plain(text) = entry.as_ref()
                    && text.starts_with('@')
                    && !Self::is_defined(text, files)
                {
                    let problem = Problem::at(
                        "unknown-list",
                        &source.path,
                        &source.text,
                        entry.span(),
                        format!("there is no list `{text}`"),
                    );
                    let others = known.iter().map(String::as_str).filter(|name| name != text);
                    self.problems.push(problem.nearest(text, others));
                }
            }
        }
        // lists nest a few levels deep at most
        for _ in 0..4 {
            for (to, from) in &includes {
                self.lexicon.include(*to, *from);
            }
        }
    }

    fn is_defined(name: &str, files: &[(Source, LexiconFile)]) -> bool {
        contest::LISTS.contains(&name)
            || files.iter().any(|(source, file)| {
                let stem = source.path.file_stem().unwrap_or_default().to_string_lossy();
                name.strip_prefix('@').is_some_and(|n| {
                    n == stem
                        || n.strip_prefix(&*stem)
                            .and_then(|n| n.strip_prefix('.'))
                            .is_some_and(|n| file.list.contains_key(n))
                })
            })
    }

    /// A kind of entry that one contestant has, every rival has.
    fn even(&mut self, source: &Source, file: &ContestFile) {
        for contestant in &file.contestant {
            for (kind, entries) in contestant.kinds() {
                let rival = file
                    .contestant
                    .iter()
                    .find(|rival| rival.kinds().iter().any(|(k, e)| *k == kind && !e.is_empty()));
                if let (true, Some(rival)) = (entries.is_empty(), rival) {
                    let message = format!(
                        "`{}` has no `{kind}`, but its rival `{}` has",
                        contestant.id, rival.id
                    );
                    let at = source.text.find(&contestant.id).unwrap_or(0);
                    let problem = Problem::at(
                        "uneven-contest",
                        &source.path,
                        &source.text,
                        at..at + contestant.id.len(),
                        message,
                    );
                    self.problems.push(
                        problem
                            .help("give every contestant of a contest the same kinds of entries"),
                    );
                }
            }
        }
    }

    fn parse<T: DeserializeOwned>(&mut self, source: &Source) -> Option<T> {
        match toml::from_str(&source.text) {
            Ok(file) => Some(file),
            Err(error) => {
                self.refuse(source, &error);
                None
            }
        }
    }

    fn refuse(&mut self, source: &Source, error: &toml::de::Error) {
        let message = error.message().to_owned();
        let span = error.span().unwrap_or(0..0);
        let (code, problem_span) = if message.starts_with("unknown field") {
            ("unknown-key", span)
        } else if message.starts_with("missing field") {
            ("missing-key", span.start..span.start)
        } else if message.starts_with("unknown variant") {
            ("unknown-value", span)
        } else {
            ("bad-toml", span)
        };
        let mut words = message.split('`').skip(1).step_by(2);
        let wrong = words.next().unwrap_or_default().to_owned();
        let problem = Problem::at(
            code,
            &source.path,
            &source.text,
            problem_span,
            message.lines().next().unwrap_or_default().to_owned(),
        );
        let problem =
            if code.starts_with("unknown") { problem.nearest(&wrong, words) } else { problem };
        self.problems.push(problem);
    }

    /// Rules in an order in which each is asked after those it asks for.
    fn build(&mut self) -> Vec<Rule> {
        let files = std::mem::take(&mut self.rules);
        let mut ids: BTreeMap<String, usize> = BTreeMap::new();
        for (i, (source, file)) in files.iter().enumerate() {
            let id = file.id.as_ref();
            if ids.insert(id.clone(), i).is_some() {
                let message = format!("another rule has the id `{id}` already");
                self.problems.push(Problem::at(
                    "double-id",
                    &source.path,
                    &source.text,
                    file.id.span(),
                    message,
                ));
            }
        }
        let order = self.order(&files, &ids);
        let names: Vec<String> = order
            .iter()
            .filter_map(|i| files.get(*i))
            .map(|(_, f)| f.id.as_ref().clone())
            .collect();
        let mut rules = Vec::new();
        let mut files: Vec<Option<(Source, RuleFile)>> = files.into_iter().map(Some).collect();
        for (asked, i) in order.iter().enumerate() {
            if let Some((source, file)) = files.get_mut(*i).and_then(Option::take) {
                rules.push(self.rule(&source, file, names.get(..asked).unwrap_or_default()));
            }
        }
        rules
    }

    fn order(&mut self, files: &[(Source, RuleFile)], ids: &BTreeMap<String, usize>) -> Vec<usize> {
        let wants: Vec<Vec<usize>> = files
            .iter()
            .map(|(_, file)| {
                let mut named = Vec::new();
                for table in alternatives(file.when.as_ref()) {
                    for key in ["rule", "rules", "no_rule"] {
                        let entries =
                            table.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                        named.extend(
                            entries
                                .iter()
                                .filter_map(Value::as_str)
                                .filter_map(|id| ids.get(id))
                                .copied(),
                        );
                    }
                }
                named
            })
            .collect();
        let mut order: Vec<usize> = Vec::with_capacity(files.len());
        let mut placed = vec![false; files.len()];
        loop {
            let before = order.len();
            for i in ids.values().copied() {
                let ready = wants
                    .get(i)
                    .is_some_and(|w| w.iter().all(|j| placed.get(*j).copied().unwrap_or(false)));
                if ready && !placed.get(i).copied().unwrap_or(true) {
                    order.push(i);
                    if let Some(place) = placed.get_mut(i) {
                        *place = true;
                    }
                }
            }
            if order.len() == before {
                break;
            }
        }
        for i in ids.values() {
            if let (false, Some((source, file))) =
                (placed.get(*i).copied().unwrap_or(true), files.get(*i))
            {
                let message = format!("`{}` asks for a rule that asks for it", file.id.as_ref());
                self.problems.push(Problem::at(
                    "circle",
                    &source.path,
                    &source.text,
                    file.id.span(),
                    message,
                ));
            }
        }
        order
    }

    fn rule(&mut self, source: &Source, file: RuleFile, before: &[String]) -> Rule {
        let id = file.id.as_ref().clone();
        self.check(source, &file);
        let places = self.places(source, &file);
        let mut when = Vec::new();
        let mut keys = Vec::new();
        for table in alternatives(file.when.as_ref()) {
            let mut clauses = Vec::new();
            let mut named = Vec::new();
            for (key, value) in table {
                let mut builder =
                    Builder { lexicon: &mut self.lexicon, places, rules: before, rule: &id };
                match build(key, value, &mut builder) {
                    Ok(built) => {
                        named.extend(built.iter().map(|_| key.clone()));
                        clauses.extend(built);
                    }
                    Err(wrong) => self.problems.push(place(source, file.when.span(), key, wrong)),
                }
            }
            when.push(clauses);
            keys.push(named);
        }
        Rule {
            id,
            title: file.title,
            dasar: file.dasar,
            sign: file.sign,
            weight: file.weight,
            state: file.state,
            category: file.category,
            event: file.event,
            evidence: file.evidence,
            stage: file.stage,
            when,
            keys,
            tests: file.test,
            file: source.path.clone(),
        }
    }

    fn check(&mut self, source: &Source, file: &RuleFile) {
        let mut say = |code, message: String| {
            self.problems.push(Problem::at(
                code,
                &source.path,
                &source.text,
                file.id.span(),
                message,
            ));
        };
        let id = file.id.as_ref();
        if id.is_empty()
            || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            say("bad-id", format!("`{id}` is no id: lower-case letters, digits and hyphens"));
        }
        let hits = file.test.iter().filter(|test| test.hit).count();
        if hits < 2 || file.test.len() - hits < 2 {
            say(
                "too-few-examples",
                format!(
                    "`{id}` has {hits} examples that hit and {} that do not; two of each are wanted",
                    file.test.len() - hits
                ),
            );
        }
        let right = match file.sign {
            Sign::Penjaga => file.weight <= 0.0,
            Sign::Asn | Sign::Peserta | Sign::Aksi => file.weight > 0.0,
            Sign::Konteks | Sign::Kepatuhan => true,
        };
        if !right || !file.weight.is_finite() || file.weight.abs() > 10.0 {
            say(
                "bad-weight",
                format!(
                    "the weight {} does not fit: a guard takes, a sign gives, at most 10",
                    file.weight
                ),
            );
        }
        if (file.sign == Sign::Kepatuhan) != file.event.is_some() {
            say(
                "missing-event",
                "a rule of the sign `kepatuhan` names its `event`, and no other does".into(),
            );
        }
        if alternatives(file.when.as_ref()).is_empty() {
            say("no-condition", format!("`{id}` has no condition"));
        }
    }

    fn places(&mut self, source: &Source, file: &RuleFile) -> Places {
        const FIELDS: [&str; 5] = ["title", "text", "author_name", "author_handle", "author_bio"];
        let mut fields = Places::TEXT;
        if let Some(names) = &file.field {
            fields = [false; 5];
            for name in names {
                match FIELDS.iter().position(|field| field == name).and_then(|i| fields.get_mut(i))
                {
                    Some(field) => *field = true,
                    None => {
                        self.unknown(
                            source,
                            "unknown-field",
                            "field",
                            name,
                            FIELDS.iter().copied(),
                        );
                    }
                }
            }
        }
        let default = if matches!(file.sign, Sign::Aksi) { Scope::Asserted } else { Scope::Any };
        let scope = file.scope.as_deref().map_or(default, |name| {
            SCOPES.iter().find(|(known, _)| *known == name).map_or_else(
                || {
                    self.unknown(
                        source,
                        "unknown-scope",
                        "scope",
                        name,
                        SCOPES.iter().map(|(known, _)| *known),
                    );
                    default
                },
                |(_, scope)| *scope,
            )
        });
        Places { fields, scope, lead: file.lead.unwrap_or(file.sign == Sign::Penjaga) }
    }

    fn unknown<'n>(
        &mut self,
        source: &Source,
        code: &'static str,
        what: &str,
        name: &str,
        names: impl Iterator<Item = &'n str>,
    ) {
        let at = source.text.find(&format!("\"{name}\"")).map_or(0, |at| at + 1);
        let message = format!("`{name}` is no {what}");
        let problem = Problem::at(code, &source.path, &source.text, at..at + name.len(), message);
        self.problems.push(problem.nearest(name, names));
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for entry in entries {
        if files.len() > MAX_FILES {
            break;
        }
        if entry.is_dir() {
            collect(&entry, files)?;
        } else if entry.extension().is_some_and(|extension| extension == "toml") {
            files.push(entry);
        }
    }
    Ok(())
}

fn alternatives(when: &Value) -> Vec<&toml::Table> {
    match when {
        Value::Table(table) if !table.is_empty() => vec![table],
        Value::Array(tables) => {
            tables.iter().filter_map(Value::as_table).filter(|table| !table.is_empty()).collect()
        }
        _ => Vec::new(),
    }
}

/// The clauses of one key: a list of tables is several clauses of the kind.
fn build(
    key: &str,
    value: &Value,
    builder: &mut Builder<'_>,
) -> Result<Vec<Box<dyn Clause>>, Wrong> {
    let Some((_, _, build)) = clause::KINDS.iter().find(|(name, _, _)| *name == key) else {
        let names = clause::KINDS.iter().map(|(name, _, _)| *name);
        return Err(Wrong {
            code: "unknown-clause",
            message: format!("`{key}` is no kind of clause"),
            word: Some(key.to_owned()),
            help: super::problem::nearest(key, names).map(|near| format!("did you mean `{near}`?")),
        });
    };
    match value {
        Value::Array(tables) if tables.first().is_some_and(Value::is_table) => {
            tables.iter().map(|table| build(table, builder)).collect()
        }
        one => Ok(vec![build(one, builder)?]),
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
    let problem = Problem::at(wrong.code, &source.path, text, span, wrong.message);
    match wrong.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}
