//! Failure: what a command says when it cannot do its work, and the exit code.

use std::error::Error;
use std::fmt;

/// Exit codes; after `sysexits.h` where one fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Code {
    /// Done, and the answer is "not fine".
    NotFine = 1,
    /// Wrong usage.
    Usage = 2,
    /// An input file cannot be read.
    NoInput = 66,
    /// The daemon or a remote source cannot be reached.
    Unavailable = 69,
    /// A bug.
    Internal = 70,
    /// An output cannot be written.
    CannotCreate = 73,
    /// Input, output or the store is damaged.
    Io = 74,
    /// The store is in use.
    Busy = 75,
    /// Not permitted.
    NotPermitted = 77,
    /// The configuration is wrong.
    Config = 78,
}

/// A command's failure: what, why, and what to do next.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub code: Code,
    what: String,
    help: Option<String>,
    cause: Option<Box<dyn Error + Send + Sync>>,
    drawn: Option<Box<dyn miette::Diagnostic + Send + Sync>>,
}

impl Failure {
    /// A failure that says this.
    pub fn new(code: Code, what: impl Into<String>) -> Self {
        Self { code, what: what.into(), help: None, cause: None, drawn: None }
    }

    /// A failure that is drawn at its place in a file.
    pub fn drawn(code: Code, problem: impl miette::Diagnostic + Send + Sync + 'static) -> Self {
        Self { drawn: Some(Box::new(problem)), ..Self::new(code, "") }
    }

    /// With what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With its cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.drawn {
            Some(problem) => problem.fmt(f),
            None => f.write_str(&self.what),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.drawn {
            Some(problem) => Error::source(&**problem),
            None => self.cause.as_ref().map(|cause| &**cause as &(dyn Error + 'static)),
        }
    }
}

impl miette::Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        match &self.drawn {
            Some(problem) => problem.help(),
            None => self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>),
        }
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.drawn.as_ref()?.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        self.drawn.as_ref()?.labels()
    }
}
