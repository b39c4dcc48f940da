//! `field`: phrases in some fields, wherever else the rule looks.

use toml::Value;

use super::{Builder, Clause, Shape, Wrong, any, key, only_keys, shape, strings};
use crate::rule::seen::Places;

/// The fields by the names that rules give them, in their order.
pub const FIELDS: &[&str] = &["title", "text", "author_name", "author_handle", "author_bio"];

/// Which fields these names mean.
pub fn fields<'n>(names: impl Iterator<Item = &'n str>) -> Result<[bool; 5], Wrong> {
    let mut fields = [false; 5];
    for name in names {
        let place = FIELDS.iter().position(|field| *field == name);
        match place.and_then(|at| fields.get_mut(at)) {
            Some(field) => *field = true,
            None => {
                return Err(Wrong {
                    code: "unknown-field",
                    message: format!("`{name}` is no field: {}", FIELDS.join(", ")),
                    word: Some(name.to_owned()),
                    help: crate::rule::problem::nearest(name, FIELDS.iter().copied())
                        .map(|near| format!("did you mean `{near}`?")),
                });
            }
        }
    }
    Ok(fields)
}

/// `field = { in = ["title"], any = […] }`: one of these phrases there.
pub fn build(value: &Value, builder: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    only_keys(value, &["in", "any"])?;
    let fields = fields(strings(key(value, "in")?)?.into_iter())?;
    let outside = builder.places;
    builder.places = Places { fields, ..outside };
    let clause = any::any(key(value, "any")?, builder);
    builder.places = outside;
    clause
}

/// Its shape.
pub const SHAPE: Shape =
    Shape::Table(&[("in", Shape::OneOf(FIELDS), true), ("any", Shape::Phrases, true)]);

/// The clause in words.
pub fn said(value: &Value) -> String {
    let fields = value.get("in").map(shape::words).unwrap_or_default();
    format!("{} in {fields}", shape::any_of(value, "any"))
}
