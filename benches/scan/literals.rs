//! All phrases of the shipped rules and lists, as plain strings.

use std::path::Path;

use toml::Value;

/// Keys whose strings are no phrases.
const OTHER: &[&str] = &[
    "about", "regex", "rule", "rules", "no_rule", "kind", "stage", "in", "fields", "scope", "from",
    "until", "region", "source", "id", "title", "dasar",
];

/// The literals of the rules under this folder, lower case, each once.
pub(crate) fn of(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    walk(&root.join("rules"), &mut found);
    found.sort_unstable();
    found.dedup();
    found.retain(|literal| literal.len() > 1);
    found
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("units") {
                walk(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let table: toml::Table =
                toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            // a rule's phrases stand in its clauses, a list's anywhere
            let value = match table.get("when") {
                Some(when) => when.clone(),
                None => Value::Table(table),
            };
            strings(&value, found);
        }
    }
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if !text.starts_with('@') => {
            found.push(text.trim_end_matches(['~', '*']).to_lowercase());
        }
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Table(table) => {
            let phrases = table.iter().filter(|(key, _)| !OTHER.contains(&key.as_str()));
            phrases.for_each(|(_, value)| strings(value, found));
        }
        _ => {}
    }
}
