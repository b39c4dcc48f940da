//! `rule`, `rules`, `no_rule`: what other rules found.

use toml::Value;

use super::{Builder, Clause, Need, Wrong, shape};
use crate::rule::seen::{Mark, Seen};

#[derive(Debug)]
struct Other {
    rules: Vec<usize>,
    wanted: Wanted,
}

#[derive(Debug)]
enum Wanted {
    One,
    All,
    None,
}

impl Clause for Other {
    fn holds(&self, seen: &Seen<'_>, _: &mut Vec<Mark>) -> bool {
        let mut held =
            self.rules.iter().map(|rule| seen.holds.get(*rule).copied().unwrap_or(false));
        match self.wanted {
            Wanted::One => held.any(|h| h),
            Wanted::All => held.all(|h| h),
            Wanted::None => !held.any(|h| h),
        }
    }

    fn needs(&self) -> Vec<Need<'_>> {
        match self.wanted {
            Wanted::One => vec![Need::Rule(&self.rules)],
            Wanted::All => self.rules.chunks(1).map(Need::Rule).collect(),
            Wanted::None => Vec::new(),
        }
    }
}

/// One of the rules of these numbers holds.
pub fn one_of(rules: Vec<usize>) -> Box<dyn Clause> {
    Box::new(Other { rules, wanted: Wanted::One })
}

/// One of these rules holds.
pub fn some(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    Ok(Box::new(Other { rules: builder.rules(value)?, wanted: Wanted::One }))
}

/// Each of these rules holds.
pub fn all(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    Ok(Box::new(Other { rules: builder.rules(value)?, wanted: Wanted::All }))
}

/// None of these rules holds.
pub fn none(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    Ok(Box::new(Other { rules: builder.rules(value)?, wanted: Wanted::None }))
}

/// `rule` in words.
pub fn said_some(value: &Value) -> String {
    format!("one of the rules {}", shape::words(value))
}

/// `rules` in words.
pub fn said_all(value: &Value) -> String {
    format!("each of the rules {}", shape::words(value))
}

/// `no_rule` in words.
pub fn said_none(value: &Value) -> String {
    format!("none of the rules {}", shape::words(value))
}
