use std::collections::BTreeMap;

use netra::matcher::prove;
use netra::model::Post;
use netra::rule::contest::{ContestFile, Contestant};

use crate::kit_rules::{labelled, matcher, path, ruleset};

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

/// The forms of one contestant by kind; names of one word are a kind of their own.
fn forms(contestant: &Contestant) -> BTreeMap<String, Vec<String>> {
    let mut forms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (kind, entries) in contestant.kinds() {
        for entry in entries {
            let single = !entry.contains([' ', '-']) && matches!(kind, "names" | "pair");
            forms
                .entry(if single { "short".to_owned() } else { kind.to_owned() })
                .or_default()
                .push(entry.clone());
        }
    }
    let n = contestant.number;
    forms.insert(
        "number".to_owned(),
        vec![format!("nomor {n}"), format!("0{n}"), format!("{n}\u{fe0f}\u{20e3}")],
    );
    forms
}

/// `text` with the two contestants' forms of the same kind and place exchanged.
fn swapped(text: &str, from: &Contestant, to: &Contestant) -> String {
    let (from, to) = (forms(from), forms(to));
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (here, there) in [(&from, &to), (&to, &from)] {
        for (kind, entries) in here {
            let Some(others) = there.get(kind).filter(|others| !others.is_empty()) else {
                continue;
            };
            pairs.extend(
                entries
                    .iter()
                    .enumerate()
                    .map(|(i, entry)| (entry.as_str(), others[i % others.len()].as_str())),
            );
        }
    }
    pairs.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.len()));
    let mut swapped = String::new();
    let mut rest = text;
    'text: while let Some(c) = rest.chars().next() {
        let begins = swapped.chars().last().is_none_or(|last| !last.is_alphanumeric());
        if begins {
            for (entry, other) in &pairs {
                if let Some(tail) = rest.strip_prefix(entry)
                    && tail.chars().next().is_none_or(|next| !next.is_alphanumeric())
                {
                    swapped.push_str(other);
                    rest = tail;
                    continue 'text;
                }
            }
        }
        swapped.push(c);
        rest = &rest[c.len_utf8()..];
    }
    swapped
}

/// Every post of the examples and fixtures that names the contestant, with and without the swap.
fn differences(posts: &[Post], contests: &str) -> (usize, Vec<String>) {
    let mut compared = 0;
    let mut differences = Vec::new();
    let named = |file: &&ContestFile| {
        file.contest.as_ref().is_some_and(|contest| contest.id.contains(contests))
    };
    for contest in ruleset().contests().iter().filter(named) {
        for from in &contest.contestant {
            for to in contest.contestant.iter().filter(|to| to.id != from.id) {
                for post in posts {
                    let text = swapped(&post.text, from, to);
                    let title = swapped(&post.title, from, to);
                    let kinds = (forms(from).len(), forms(to).len());
                    if (text == post.text && title == post.title) || kinds.0 != kinds.1 {
                        continue;
                    }
                    compared += 1;
                    let other = Post { text, title, ..post.clone() };
                    let (here, there) = (matcher().scan(post), matcher().scan(&other));
                    if here.flagged != there.flagged || (here.score - there.score).abs() > 1e-9 {
                        differences.push(format!(
                            "{} -> {}: {} {} | {} {}",
                            from.id, to.id, here.score, post.text, there.score, other.text
                        ));
                    }
                }
            }
        }
    }
    (compared, differences)
}

#[test]
fn swapping_contestants_changes_nothing_in_the_demo() {
    let posts: Vec<Post> = ["fixtures/demo/social.jsonl", "fixtures/demo/news.jsonl"]
        .iter()
        .flat_map(|f| labelled(f))
        .map(|l| l.post())
        .collect();
    let demo: Vec<Post> = posts.into_iter().filter(|post| !post.text.is_empty()).collect();
    let (compared, differences) = differences(&demo, "randukuning");
    assert!(compared > 100, "{compared}");
    assert!(
        differences.is_empty(),
        "{} of {compared}:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn swapping_contestants_changes_nothing_in_the_examples() {
    let tests = ruleset().rules().iter().flat_map(|rule| &rule.tests);
    let posts: Vec<Post> = tests.map(prove::post).collect();
    let (compared, differences) = differences(&posts, "20");
    assert!(compared > 50, "{compared}");
    assert!(
        differences.is_empty(),
        "{} of {compared}:\n{}",
        differences.len(),
        differences.join("\n")
    );
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
