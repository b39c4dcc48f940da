//! `any`, `all`, `none`: whether phrases stand in the text.

use toml::Value;

use super::{Builder, Clause, Need, Wrong, shape};
use crate::rule::lexicon::SetId;
use crate::rule::seen::{Mark, Places, Seen};

#[derive(Debug)]
struct Any(Vec<SetId>, Places);

impl Clause for Any {
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool {
        let before = marks.len();
        marks.extend(seen.each(&self.0, self.1).map(|occurrence| occurrence.mark));
        marks.len() > before
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::List(&self.0, self.1)]
    }
}

#[derive(Debug)]
struct All(Vec<SetId>, Places);

impl Clause for All {
    fn holds(&self, seen: &Seen<'_>, marks: &mut Vec<Mark>) -> bool {
        if !self.0.iter().all(|set| seen.any(&[*set], self.1).is_some()) {
            return false;
        }
        marks.extend(seen.each(&self.0, self.1).map(|occurrence| occurrence.mark));
        true
    }

    fn needs(&self) -> Vec<Need<'_>> {
        self.0.chunks(1).map(|set| Need::List(set, self.1)).collect()
    }
}

#[derive(Debug)]
struct None(Vec<SetId>, Places);

impl Clause for None {
    fn holds(&self, seen: &Seen<'_>, _: &mut Vec<Mark>) -> bool {
        seen.any(&self.0, self.1).is_none()
    }
}

/// At least one of these.
pub fn any(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    Ok(Box::new(Any(builder.sets(value)?, builder.places)))
}

/// Each of these lists; a bare phrase counts as a list of its own.
pub fn all(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    let Value::Array(entries) = value else { return Err(Wrong::shape("a list", value)) };
    let mut sets = Vec::new();
    for entry in entries {
        sets.extend(builder.sets(&Value::Array(vec![entry.clone()]))?);
    }
    Ok(Box::new(All(sets, builder.places)))
}

/// None of these, in any scope.
pub fn none(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    let places = Places { scope: crate::rule::seen::Scope::Any, ..builder.places };
    Ok(Box::new(None(builder.sets(value)?, places)))
}

/// `any` in words.
pub fn said_any(value: &Value) -> String {
    format!("any of {}", shape::entries(Some(value)))
}

/// `all` in words.
pub fn said_all(value: &Value) -> String {
    format!("each of {}", shape::entries(Some(value)))
}

/// `none` in words.
pub fn said_none(value: &Value) -> String {
    format!("none of {}", shape::entries(Some(value)))
}
