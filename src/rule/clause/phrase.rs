//! `phrase`: these very words, in this order, and nothing between them.

use toml::Value;

use super::{Builder, Clause, Wrong, any, shape, strings};

/// One of these phrases. A list has no place here, so that what a rule asks
/// for word for word can be read in the rule itself.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    if let Some(list) = strings(value)?.into_iter().find(|entry| entry.starts_with('@')) {
        return Err(Wrong {
            code: "no-list-here",
            message: format!("`{list}` is a list, and `phrase` takes phrases only"),
            word: Some(list.to_owned()),
            help: Some("use `any` for lists".into()),
        });
    }
    any::any(value, builder)
}

/// The clause in words.
pub fn said(value: &Value) -> String {
    format!("the phrase {}", shape::entries(Some(value)))
}
