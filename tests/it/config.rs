//! The example configuration cannot rot: it loads, holds every setting, and
//! the defaults it shows are the defaults.

use std::collections::BTreeSet;

use netra::config::Config;

const EXAMPLE: &str = include_str!("../../config.example.toml");

/// The example with every setting in force.
fn uncommented() -> String {
    let is_setting = |line: &str| {
        let key: String =
            line.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
        !key.is_empty() && line[key.len()..].starts_with(" = ") || line.starts_with("[[source.")
    };
    let uncomment = |line: &'static str| match line.strip_prefix("# ") {
        Some(setting) if is_setting(setting) => setting,
        _ => line,
    };
    EXAMPLE.lines().map(uncomment).collect::<Vec<_>>().join("\n")
}

/// The keys that a table knows, by what it says of a key it does not know.
fn known_keys(table: &str) -> BTreeSet<String> {
    let text = match table.strip_prefix("source.") {
        Some(_) => format!("[[{table}]]\nno_such_key = 1\n"),
        None => format!("[{table}]\nno_such_key = 1\n"),
    };
    let error = Config::parse(&text, "test").unwrap_err().to_string();
    assert!(error.starts_with("unknown field `no_such_key`"), "{table}: {error}");
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

fn keys(table: &toml::Value) -> BTreeSet<String> {
    table.as_table().unwrap().keys().cloned().collect()
}

#[test]
fn the_example_loads_as_it_stands() {
    Config::parse(EXAMPLE, "config.example.toml").unwrap();
}

#[test]
fn the_example_loads_with_every_setting_in_force() {
    Config::parse(&uncommented(), "config.example.toml").unwrap();
}

#[test]
fn the_example_holds_every_setting() {
    let example: toml::Value = toml::from_str(&uncommented()).unwrap();
    let tables = known_tables();
    assert_eq!(keys(&example), tables);
    for table in tables.iter().filter(|table| *table != "source") {
        assert_eq!(keys(&example[table]), known_keys(table), "[{table}]");
    }
    for kind in keys(&example["source"]) {
        let first = &example["source"][&kind][0];
        assert_eq!(keys(first), known_keys(&format!("source.{kind}")), "[[source.{kind}]]");
    }
    let kinds = netra::fetch::KINDS.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    assert_eq!(keys(&example["source"]), kinds);
}

fn known_tables() -> BTreeSet<String> {
    let error = Config::parse("no_such_key = 1", "test").unwrap_err().to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_defaults_that_the_example_shows_are_the_defaults() {
    let mut example: toml::Value = toml::from_str(&uncommented()).unwrap();
    let mut defaults = toml::Value::try_from(Config::default()).unwrap();
    example.as_table_mut().unwrap().remove("source");
    defaults.as_table_mut().unwrap().remove("source");
    assert_eq!(example, defaults);
}
