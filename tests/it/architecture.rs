//! The floors of the house, the home of each dependency, the ends of the clock.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A module may use modules on lower floors only; modules of one floor do not
/// know each other. A new top-level module fails here until it has a floor.
const FLOORS: &[(&str, u8)] = &[
    ("model", 0),
    ("text", 1),
    ("rule", 2),
    ("fetch", 3),
    ("queue", 3),
    ("matcher", 3),
    ("store", 3),
    ("review", 3),
    ("report", 3),
    ("pipeline", 4),
    ("web", 4),
    ("config", 5),
    ("cli", 6),
];

/// Where a dependency may be named: paths under `src/`.
const HOMES: &[(&str, &[&str])] = &[
    ("reqwest", &["fetch/gate"]),
    ("governor", &["fetch/gate"]),
    ("ipnet", &["fetch/gate", "config"]),
    ("texting_robots", &["fetch/gate"]),
    ("scraper", &["fetch/page"]),
    ("feed_rs", &["fetch/feed"]),
    ("encoding_rs", &["fetch/"]),
    ("chardetng", &["fetch/"]),
    ("aho_corasick", &["matcher/literal"]),
    ("regex", &["rule/clause/pattern"]),
    ("sled", &["queue/", "store/index/sled"]),
    ("sha2", &["model/digest"]),
    ("hmac", &["model/digest"]),
    ("ed25519_dalek", &["store/ledger/"]),
    ("flate2", &["store/"]),
    ("zip", &["store/bag"]),
    ("der", &["fetch/timestamp"]),
    ("axum", &["web/", "cli/"]),
    ("maud", &["web/", "report/"]),
    ("similar", &["web/difference"]),
    ("argon2", &["web/"]),
    ("csv", &["report/csv"]),
    ("clap", &["cli/", "main.rs"]),
    ("miette", &["rule/problem", "cli/", "main.rs", "config"]),
    ("tokio", &["fetch/gate", "pipeline", "web/", "cli/"]),
    ("tracing", &["fetch/gate", "pipeline", "web/", "cli/"]),
    ("toml", &["rule/", "config", "cli/"]),
    ("toml_edit", &["rule/format"]),
    ("schemars", &["rule/", "model/"]),
    ("notify_debouncer_mini", &["cli/rules/watch"]),
    ("indicatif", &["cli/evidence"]),
];

struct Source {
    path: String,
    text: String,
}

/// Every file of `src/`, without comments and without its unit tests.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.retain(|file| !file.ends_with("tests.rs"));
    files.sort();
    let read = |file: PathBuf| Source {
        path: file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"),
        text: code_of(&fs::read_to_string(&file).unwrap()),
    };
    files.into_iter().map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn code_of(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = before_tests.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

fn module_of(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or_default()
}

/// The top-level modules that this code names as `crate::module`.
fn used_modules(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        if let Some(group) = after.strip_prefix('{') {
            used.extend(top_names(group));
        } else {
            used.insert(name_at(after));
        }
    }
    used
}

fn name_at(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn top_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut at_start = true;
    for (place, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            c if at_start && !c.is_whitespace() => {
                names.push(name_at(&group[place..]));
                at_start = false;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn a_module_uses_lower_floors_only() {
    let mut broken = Vec::new();
    for source in sources() {
        let own = module_of(&source.path);
        if matches!(own, "lib" | "main") {
            continue;
        }
        let own_floor = floor(own).unwrap_or_else(|| panic!("`{own}` has no floor: give it one"));
        for used in used_modules(&source.text) {
            if used == own {
                continue;
            }
            let Some(used_floor) = floor(&used) else { continue };
            if used_floor >= own_floor {
                broken.push(format!("src/{}: {own} ──► {used}", source.path));
            }
        }
    }
    assert!(broken.is_empty(), "these edges go up or sideways:\n{}", broken.join("\n"));
}

#[test]
fn a_dependency_stays_at_home() {
    let mut strays = Vec::new();
    for source in sources() {
        for (name, homes) in HOMES {
            let named = source.text.contains(&format!("{name}::"))
                && source.text.match_indices(&format!("{name}::")).any(|(place, _)| {
                    let before = source.text[..place].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
                });
            if named && !homes.iter().any(|home| source.path.starts_with(home)) {
                strays.push(format!(
                    "src/{}: {name} (its home: {})",
                    source.path,
                    homes.join(", ")
                ));
            }
        }
    }
    assert!(strays.is_empty(), "these dependencies left home:\n{}", strays.join("\n"));
}

#[test]
fn only_the_edge_reads_the_clock() {
    for source in sources().iter().filter(|source| !source.path.starts_with("cli/")) {
        for call in ["Timestamp::now(", "Zoned::now(", "SystemTime::now("] {
            assert!(!source.text.contains(call), "src/{} reads the clock: {call}", source.path);
        }
    }
}

#[test]
fn the_floors_test_sees_grouped_imports() {
    let code = "use crate::{model::{Post, Entry}, store};\nuse crate::web::router;";
    let names: Vec<_> = used_modules(code).into_iter().collect();
    assert_eq!(names, ["model", "store", "web"]);
}
