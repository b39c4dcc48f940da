//! `author`, `not_author`: who is speaking, by name, handle and profile.

use toml::Value;

use super::{Builder, Clause, Need, Wrong, shape};
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
        if !self.wanted {
            return seen.any(&self.sets, PLACES).is_none();
        }
        let before = marks.len();
        marks.extend(seen.each(&self.sets, PLACES).map(|o| o.mark));
        marks.len() > before
    }

    fn needs(&self) -> Vec<Need<'_>> {
        if self.wanted { vec![Need::List(&self.sets, PLACES)] } else { Vec::new() }
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

/// `author` in words.
pub fn said_some(value: &Value) -> String {
    format!("any of {} in the author's name, handle or profile", shape::entries(Some(value)))
}

/// `not_author` in words.
pub fn said_none(value: &Value) -> String {
    format!("none of {} in the author's name, handle or profile", shape::entries(Some(value)))
}
