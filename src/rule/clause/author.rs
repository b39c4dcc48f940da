//! `author`, `not_author`: who is speaking, by name, handle and profile.

use toml::Value;

use super::{Builder, Clause, Wrong};
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Mark, Places, Scope, Seen};

#[derive(Debug)]
struct Author {
    sets: Vec<SetId>,
    wanted: bool,
}

const PLACES: Places = Places { fields: Places::AUTHOR, scope: Scope::Any, lead: false };

impl Clause for Author {
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool {
        let found = seen.all(&self.sets, PLACES);
        if self.wanted {
            marks.extend(found.iter().map(|o| o.mark));
        }
        found.is_empty() != self.wanted
    }
}

/// One of these.
pub fn some(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    Ok(Box::new(Author { sets: builder.sets(value)?, wanted: true }))
}

/// None of these.
pub fn none(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    Ok(Box::new(Author { sets: builder.sets(value)?, wanted: false }))
}
