use netra::matcher::prove;

use crate::kit_rules::{path, ruleset};

#[test]
fn every_example_of_every_rule_does_what_the_rule_says() {
    let proof = prove::prove(ruleset());
    let failures: Vec<String> = proof.failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(proof.examples > 200);
}

#[test]
fn a_rule_lies_in_the_file_of_its_name() {
    for rule in ruleset().rules() {
        assert_eq!(rule.file.file_stem().unwrap().to_string_lossy(), rule.id);
    }
}

#[test]
fn no_rule_names_a_contestant() {
    let contestants = ruleset().contests().iter().flat_map(|file| &file.contestant);
    let names: Vec<String> = contestants
        .flat_map(|c| c.names.iter().chain(&c.pair))
        .map(|name| name.to_lowercase())
        .collect();
    for rule in ruleset().rules() {
        let source = std::fs::read_to_string(&rule.file).unwrap();
        let conditions = source
            .split("[[test]]")
            .next()
            .unwrap()
            .split("when]")
            .skip(1)
            .collect::<String>()
            .to_lowercase();
        for name in &names {
            assert!(!conditions.contains(&format!("\"{name}\"")), "{} names {name}", rule.id);
        }
    }
}

#[test]
fn the_invented_contest_is_no_part_of_the_shipped_rules() {
    let loaded = netra::rule::RuleSet::load(&[path("rules")]);
    let shipped = loaded.ruleset.unwrap();
    assert!(
        shipped
            .contests()
            .iter()
            .all(|file| file.contest.as_ref().is_none_or(|c| !c.id.contains("randukuning")))
    );
    assert_ne!(shipped.digest(), ruleset().digest());
}
