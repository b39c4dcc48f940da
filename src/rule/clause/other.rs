//! `rule`, `rules`, `no_rule`: what other rules found.

use toml::Value;

use super::{Builder, Clause, Wrong};
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
