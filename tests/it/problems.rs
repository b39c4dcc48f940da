use std::fmt::Write as _;
use std::path::PathBuf;

use netra::rule::RuleSet;

use crate::kit_rules::path;

/// Each `fixtures/rules/NAME.toml`, and each folder `NAME` there, is broken, and `NAME.txt` beside
/// it is what its author is told.
#[test]
fn every_broken_rule_is_explained_as_written_beside_it() {
    let mut wrong = Vec::new();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(path("fixtures/rules")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let broken: Vec<PathBuf> = files
        .into_iter()
        .filter(|f| f.is_dir() || f.extension().is_some_and(|e| e == "toml"))
        .collect();
    assert!(broken.len() >= 12);
    for file in broken {
        let lists = ["rules/lexicon/bahasa.toml", "rules/lexicon/pemilu.toml"].map(path);
        let loaded = RuleSet::load(&[lists.as_slice(), std::slice::from_ref(&file)].concat());
        assert!(loaded.ruleset.is_none(), "{} was loaded", file.display());
        let mut told = String::new();
        for problem in &loaded.problems {
            let name = problem.file.file_name().unwrap().to_string_lossy();
            writeln!(
                told,
                "{name}:{}:{}: {}: {}",
                problem.line, problem.column, problem.code, problem.message
            )
            .unwrap();
            if let Some(help) = &problem.help {
                writeln!(told, "  help: {help}").unwrap();
            }
        }
        let golden = file.with_extension("txt");
        if std::env::var_os("NETRA_BLESS").is_some() {
            std::fs::write(&golden, &told).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if expected != told {
            wrong.push(format!("{}\n--- expected\n{expected}--- told\n{told}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_folder_with_one_broken_rule_is_not_loaded_at_all() {
    let loaded = RuleSet::load(&[path("rules"), path("fixtures/rules/unknown-list.toml")]);
    assert!(loaded.ruleset.is_none());
    assert!(loaded.problems.iter().all(|problem| problem.file.ends_with("unknown-list.toml")));
}

#[test]
fn a_folder_that_is_not_there_is_a_problem_and_no_panic() {
    let loaded = RuleSet::load(&[path("fixtures/rules/nowhere")]);
    assert_eq!(loaded.problems.first().unwrap().code, "unreadable");
}
