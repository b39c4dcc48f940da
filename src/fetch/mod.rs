//! Stage 1: pulls public posts and news.
//!
//! A [`Source`] says what to ask and how to read the answer; it never asks.
//! The [`Gate`] is the one door to the network: it keeps every host's pace,
//! obeys robots.txt, refuses private addresses and bounds what comes in. The
//! [`Schedule`] says when a source is due. So a source is tested with a file, and
//! whatever is rude or dangerous about fetching is in one place.
//!
//! A new kind of source is one file with `Settings` and a [`Source`], its
//! `mod` line, and one captioned line in the table below.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Bookmark, Capture};

pub mod request;
pub mod address;
pub mod gate;
pub mod schedule;
pub mod timestamp;
pub mod date;
mod charset;
mod setting;
pub mod feed;
pub mod page;
pub mod error;

pub use error::{FetchError, ReadError, SettingsError};
pub use gate::{Fetched, Gate, GateSettings};
pub use request::{Page, Request, RequestKind, Validators};
pub use schedule::Schedule;

/// A place where public posts can be read. Knows addresses and formats, does
/// no input or output; the reading of an answer is a pure function.
pub trait Source: Send + Sync {
    /// Its name in the configuration.
    fn name(&self) -> &str;

    /// The kind, as the table of kinds calls it.
    fn kind(&self) -> &'static str;

    /// How often it wants to be asked.
    fn every(&self) -> Duration;

    /// What to ask first in a poll, given how far it was read.
    fn first(&self, bookmark: &Bookmark) -> Request;

    /// Reads an answer, whether to the first request or to one that an
    /// earlier answer asked to follow. Takes as long as its size wants:
    /// call it where blocking is allowed.
    fn read(&self, capture: &Capture) -> Result<Page, ReadError>;
}

/// Writes the settings with one list per kind, the function that makes sources
/// of them, and the table of names and captions.
macro_rules! source_kinds {
    ($($(#[doc = $caption:literal])+ $kind:ident,)+) => {
        /// The sources to watch: one list of tables per kind, `[[source.feed]]`.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct SourceSettings {
            $($(#[doc = $caption])+ pub $kind: Vec<$kind::Settings>,)+
        }

        /// The kinds of source: name and caption.
        pub const KINDS: &[(&str, &str)] =
            &[$((stringify!($kind), concat!($($caption,)+).trim_ascii())),+];

        /// Makes the enabled sources; fails at the first setting that cannot
        /// be, also of a source that is not enabled.
        pub fn sources(settings: &SourceSettings) -> Result<Vec<Box<dyn Source>>, SettingsError> {
            let mut sources: Vec<Box<dyn Source>> = Vec::new();
            let mut names = std::collections::BTreeSet::new();
            $(for settings in &settings.$kind {
                let source = $kind::source(settings)?;
                if !names.insert(settings.name.as_str()) {
                    return Err(SettingsError::Twice { name: settings.name.clone() });
                }
                if settings.enabled {
                    sources.push(source);
                }
            })+
            Ok(sources)
        }
    };
}

source_kinds! {
    /// RSS, Atom and JSON feeds.
    feed,
    /// News pages, read with CSS selectors.
    page,
}
