//! What a rule author is told: what is wrong, in which file, at which place,
//! and the nearest thing that would be right.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// One thing that is wrong in a folder of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A name for the kind of problem, such as `unknown-list`.
    pub code: &'static str,
    /// The file.
    pub file: PathBuf,
    /// The line of the place, from 1.
    pub line: usize,
    /// The column of the place in characters, from 1.
    pub column: usize,
    /// The place in bytes of the file.
    pub span: Range<usize>,
    /// What is wrong in this case.
    pub message: String,
    /// What to do, often the nearest valid name.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at these bytes of `source`.
    pub fn at(
        code: &'static str,
        file: &std::path::Path,
        source: &str,
        span: Range<usize>,
        message: String,
    ) -> Self {
        let before = source.get(..span.start).unwrap_or(source);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { code, file: file.to_owned(), line, column, span, message, help: None }
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with the nearest of `names`, if one is near.
    #[must_use]
    pub fn nearest<'n>(self, wrong: &str, names: impl Iterator<Item = &'n str>) -> Self {
        match nearest(wrong, names) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}: {}",
            self.file.display(),
            self.line,
            self.column,
            self.code,
            self.message
        )?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n  help: {help}"))
    }
}

/// The name most like `wrong`, if any is like it at all.
pub fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
