//! The shape of a clause's value: what the JSON Schema says of it, and what
//! the explanations read from it.

use toml::Value;

/// The shape of a value in a rule file.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// An array of phrases and `@lists`.
    Phrases,
    /// An array of phrases without `@lists`.
    Bare,
    /// An array of ids of rules.
    Rules,
    /// An array of these words.
    OneOf(&'static [&'static str]),
    /// Two to five arrays of phrases and `@lists`.
    Steps,
    /// A whole number within these bounds.
    Number(u32, u32),
    /// A regular expression.
    Regex,
    /// `true` or `false`.
    Flag,
    /// A table of these keys, or an array of such tables: key, shape, whether it must be there.
    Table(&'static [(&'static str, Shape, bool)]),
}

/// How many entries of an array are said before the rest is counted.
const SAID: usize = 4;

/// The entries of an array as a person reads them: `@aksi.dukung, “pilih” or 3 more`.
pub fn entries(value: Option<&Value>) -> String {
    let Some(Value::Array(all)) = value else { return String::new() };
    let said: Vec<String> = all
        .iter()
        .take(SAID)
        .filter_map(Value::as_str)
        .map(|entry| if entry.starts_with('@') { entry.to_owned() } else { format!("“{entry}”") })
        .collect();
    match all.len().saturating_sub(SAID) {
        0 => said.join(", "),
        more => format!("{}, {more} more", said.join(", ")),
    }
}

/// The words of an array, as they are.
pub fn words(value: &Value) -> String {
    let all = value.as_array().map_or(&[][..], Vec::as_slice);
    all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

/// `any of …`: the entries of one key of a table.
pub fn any_of(value: &Value, key: &str) -> String {
    format!("any of {}", entries(value.get(key)))
}
