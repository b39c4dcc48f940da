//! The problems of `check` and `test`, for people and for programs.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use super::Format;
use crate::rule::{Problem, codes};
use crate::text::identity::mask;

/// What was found.
pub(super) struct Answer {
    /// The name and version of the JSON form.
    schema: &'static str,
    /// How many rules there are, and the set's digest; none if it could not be loaded.
    pub(super) rules: Option<(usize, String)>,
    /// How many examples were run.
    pub(super) examples: Option<usize>,
    /// What is wrong, in order of file and place.
    pub(super) problems: Vec<Problem>,
}

impl Answer {
    pub(super) fn new(schema: &'static str, problems: Vec<Problem>) -> Self {
        Self { schema, rules: None, examples: None, problems }
    }
}

/// Writes the answer to standard output; that nobody reads on is no failure.
pub(super) fn print(answer: &Answer, format: Format) -> io::Result<()> {
    let text = match format {
        Format::Text => text(answer),
        Format::Json => line(&json(answer)),
        Format::Sarif => line(&sarif(&answer.problems)),
        Format::Github => github(&answer.problems),
    };
    let mut out = io::stdout().lock();
    match out.write_all(mask(&text).as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn text(answer: &Answer) -> String {
    let mut sources = BTreeMap::new();
    let mut text = String::new();
    for problem in &answer.problems {
        text += &drawn(problem, source(&problem.file, &mut sources));
    }
    let count = answer.problems.len();
    text += &match (&answer.rules, answer.examples) {
        (None, _) => format!("{count} {}\n", if count == 1 { "error" } else { "errors" }),
        (Some(_), Some(examples)) => format!("{examples} examples: {count} fail\n"),
        (Some((rules, digest)), None) => format!("{rules} rules: fine ({digest})\n"),
    };
    text
}

fn source<'s>(path: &Path, sources: &'s mut BTreeMap<PathBuf, String>) -> &'s str {
    sources
        .entry(path.to_owned())
        .or_insert_with(|| std::fs::read_to_string(path).unwrap_or_default())
}

/// How much of a line is shown around a place: lists fill lines of thousands of characters.
const AROUND: usize = 40;

/// A problem at its place, as compilers draw it.
fn drawn(problem: &Problem, source: &str) -> String {
    let Problem { code, line, column, message, .. } = problem;
    let mut text = format!("error[{code}]: {message}\n");
    let gutter = " ".repeat(line.to_string().len());
    text += &format!("{gutter}--> {}:{line}:{column}\n", problem.file.display());
    if let Some(shown) = source.lines().nth(line - 1) {
        let all: Vec<char> = shown.chars().collect();
        let spanned = source.get(problem.span.clone()).unwrap_or_default();
        let width = spanned.lines().next().unwrap_or_default().chars().count().max(1);
        let start = (column - 1).saturating_sub(AROUND);
        let end = (column - 1 + width.min(2 * AROUND) + AROUND).min(all.len());
        let part: String = all.get(start..end).unwrap_or_default().iter().collect();
        let (before, after) =
            (if start > 0 { "…" } else { "" }, if end < all.len() { "…" } else { "" });
        let indent = " ".repeat(column - 1 - start + before.chars().count());
        let marks = "^".repeat(width.min(end.saturating_sub(column - 1)).max(1));
        text +=
            &format!("{gutter} |\n{line} | {before}{part}{after}\n{gutter} | {indent}{marks}\n");
    }
    if let Some(help) = &problem.help {
        text += &format!("{gutter} = help: {help}\n");
    }
    text + "\n"
}

#[derive(Serialize)]
struct JsonProblem<'p> {
    code: &'p str,
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: &'p str,
    help: Option<&'p str>,
}

#[derive(Serialize)]
struct JsonAnswer<'p> {
    schema: &'p str,
    rules: Option<usize>,
    ruleset: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    examples: Option<usize>,
    problems: Vec<JsonProblem<'p>>,
}

fn json(answer: &Answer) -> JsonAnswer<'_> {
    let mut sources = BTreeMap::new();
    let mut problems = Vec::new();
    for problem in &answer.problems {
        let (end_line, end_column) = end(problem, source(&problem.file, &mut sources));
        problems.push(JsonProblem {
            code: problem.code,
            file: problem.file.display().to_string(),
            line: problem.line,
            column: problem.column,
            end_line,
            end_column,
            message: &problem.message,
            help: problem.help.as_deref(),
        });
    }
    JsonAnswer {
        schema: answer.schema,
        rules: answer.rules.as_ref().map(|(count, _)| *count),
        ruleset: answer.rules.as_ref().map(|(_, digest)| digest.as_str()),
        examples: answer.examples,
        problems,
    }
}

/// One past the place: line and column, both from 1.
fn end(problem: &Problem, source: &str) -> (usize, usize) {
    let after =
        Problem::at("", &problem.file, source, problem.span.end..problem.span.end, String::new());
    (after.line, after.column)
}

/// The subset of SARIF 2.1.0 that code hosts read.
fn sarif(problems: &[Problem]) -> serde_json::Value {
    let mut sources = BTreeMap::new();
    let mut results = Vec::new();
    for problem in problems {
        let (end_line, end_column) = end(problem, source(&problem.file, &mut sources));
        let message = match &problem.help {
            Some(help) => format!("{}\n{help}", problem.message),
            None => problem.message.clone(),
        };
        results.push(json!({
            "ruleId": problem.code,
            "level": "error",
            "message": { "text": message },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": problem.file.display().to_string().replace('\\', "/") },
                "region": {
                    "startLine": problem.line,
                    "startColumn": problem.column,
                    "endLine": end_line,
                    "endColumn": end_column,
                },
            } }],
        }));
    }
    let rules: Vec<_> = codes::CODES
        .iter()
        .map(|code| {
            json!({
                "id": code.code,
                "shortDescription": { "text": code.meaning },
                "help": { "text": code.remedy },
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "netra",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// One annotation a line; what has a meaning in that format is escaped.
fn github(problems: &[Problem]) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut text = String::new();
    for problem in problems {
        let help = problem.help.as_deref().map(|help| format!("\n{help}")).unwrap_or_default();
        text += &format!(
            "::error file={},line={},col={},title={}::{}\n",
            property(&problem.file.display().to_string()),
            problem.line,
            problem.column,
            property(problem.code),
            data(&format!("{}{help}", problem.message)),
        );
    }
    text
}
