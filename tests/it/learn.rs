//! Weights of words: where they come from, what they may hold, how they are told.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use netra::matcher::Matcher;
use netra::matcher::learn::{Example, learn, learn_categories, may_weigh};
use netra::rule::RuleSet;
use netra::rule::weights::{CategoryFile, WeightFile};

use crate::kit_rules::{labelled, matcher, path, post};

/// The labelled posts from which the shipped weights are learned, in this order.
const TAUGHT: &[&str] = &[
    "posts.jsonl",
    "tuned.jsonl",
    "tuned2.jsonl",
    "tuned3.jsonl",
    "tuned4.jsonl",
    "ordinary.jsonl",
];

fn output(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netra"));
    command.args(args).current_dir(path("")).env("NO_COLOR", "1");
    command.env_remove("NETRA_CONFIG").env_remove("NETRA_LOG").output().unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn shipped() -> RuleSet {
    RuleSet::load(&[path("rules")]).ruleset.unwrap()
}

fn examples(ruleset: &RuleSet) -> Vec<Example> {
    let matcher = Matcher::new(ruleset);
    let posts = TAUGHT.iter().flat_map(|name| labelled(&format!("fixtures/posts/{name}")));
    let example = |one: crate::kit_rules::Labelled| {
        let is_violation = one.label.as_deref() == Some("violation");
        let category = serde_json::from_value(one.category.clone().into()).ok();
        matcher.example(&one.post(), is_violation, category.filter(|_| is_violation))
    };
    posts.map(example).collect()
}

/// The last digit may differ from one machine's arithmetic to the other's.
fn are_near(shipped: &BTreeMap<String, f64>, learned: &BTreeMap<String, f64>) {
    let all = shipped.keys().chain(learned.keys());
    let weight = |of: &BTreeMap<String, f64>, key: &str| of.get(key).copied().unwrap_or(0.0);
    let off: Vec<&String> =
        all.filter(|key| (weight(shipped, key) - weight(learned, key)).abs() > 0.06).collect();
    assert!(off.is_empty(), "run `netra rules learn` as the README says; first off: {:?}", off[0]);
}

#[test]
fn the_shipped_weights_are_what_the_labelled_posts_teach() {
    let ruleset = shipped();
    let examples = examples(&ruleset);
    let may_weigh = |key: &str| may_weigh(ruleset.lexicon(), key);
    let text = std::fs::read_to_string(path("rules/bobot.toml")).unwrap();
    let shipped: WeightFile = toml::from_str(&text).unwrap();
    let learned = learn(&examples, ruleset.scoring().threshold, may_weigh);
    assert_eq!(shipped.learned, learned.learned);
    are_near(&shipped.kata, &learned.kata);
    are_near(&shipped.kata_hanya_tautan, &learned.kata_hanya_tautan);
    are_near(&shipped.aturan, &learned.aturan);
    if std::env::var_os("NETRA_LONG").is_some() {
        let text = std::fs::read_to_string(path("rules/bobot-kategori.toml")).unwrap();
        let shipped: CategoryFile = toml::from_str(&text).unwrap();
        let learned = learn_categories(&examples, may_weigh);
        for (category, leaning) in &shipped.kategori {
            are_near(&leaning.kata, &learned.kategori[category].kata);
        }
    }
}

#[test]
fn the_parts_add_up_to_the_score() {
    let mut weighed = 0;
    for one in labelled("fixtures/posts/unseen.jsonl") {
        let verdict = matcher().scan(&one.post());
        let sum: f64 = verdict.parts.iter().map(|part| part.weight).sum();
        assert!((sum - verdict.score).abs() < 0.002 || sum >= verdict.threshold, "{}", one.id);
        weighed += usize::from(verdict.parts.iter().any(|part| part.rule == "pilihan-kata"));
    }
    assert!(weighed > 100, "{weighed}");
}

#[test]
fn why_tells_each_word_and_its_weight() {
    let post =
        post("PNS di kantor kecamatan", "Yang lain boleh istirahat, yang ini harus kita kawal");
    let why = matcher().why(&post);
    assert!(!why.words.is_empty());
    let parts = matcher().scan(&post).parts;
    let part = parts.iter().find(|part| part.rule == "pilihan-kata").unwrap();
    let told: f64 = why.words.iter().map(|(_, weight)| weight).sum();
    assert!((told - part.weight).abs() < 0.002, "{told} is told of {part:?}");
    let told = output(&["rules", "explain", "pilihan-kata"]);
    assert!(String::from_utf8_lossy(&told.stdout).contains("bobot.toml"));
    // without a link to the civil service words weigh nothing
    let mut citizen = post;
    citizen.author.bio.clear();
    assert!(matcher().why(&citizen).words.is_empty());
}

#[test]
fn no_contestant_has_a_weight() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let contest = std::fs::read_to_string(path("fixtures/demo/contest.toml")).unwrap();
    write("contest.toml", &contest);
    write(
        "bobot.toml",
        "bias = 0.0\n[learned]\nposts = 1\nlinked = 1\nviolations = 1\n[kata]\n\"bramantya\" = 1.0\n",
    );
    let loaded = RuleSet::load(&[folder.path().to_owned()]);
    assert!(loaded.ruleset.is_none());
    assert_eq!(loaded.problems[0].code, "names-contestant");
}

fn learn_from(lines: &str, out: &Path, more: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("posts.jsonl");
    std::fs::write(&file, lines).unwrap();
    let (file, out) = (file.display().to_string(), out.display().to_string());
    let mut args = vec!["rules", "learn", &file, "--rules", "rules", "--out", &out];
    args.extend(more);
    output(&args)
}

#[test]
fn what_is_no_labelled_post_is_told_with_its_line() {
    let out = tempfile::tempdir().unwrap();
    for (line, said) in [
        (r#"{"text":"a","label":"jelek"}"#, "there is no label `jelek`"),
        (r#"{"text":"a"}"#, "not a labelled post"),
        (r#"{"text":"a","label":"violation","category":"salah"}"#, "there is no category `salah`"),
        (r#"{"text":"dukung","label":"violation"}"#, "teach no word"),
    ] {
        let told = learn_from(line, out.path(), &[]);
        assert!(!told.status.success());
        assert!(errors(&told).contains(said), "{}", errors(&told));
    }
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn posts_teach_words_and_categories() {
    let mut lines = String::new();
    for _ in 0..6 {
        for (text, label, category) in [
            ("kawal terus sampai menang", "violation", "medsos_support"),
            ("amplop sudah siap dibagi", "violation", "money_bansos"),
            ("lembur rekap sampai malam", "not_violation", "none"),
        ] {
            let author = serde_json::json!({ "name": "Sari", "bio": "PNS kecamatan" });
            let line = serde_json::json!({
                "text": text, "label": label, "category": category, "author": author,
            });
            lines += &format!("{line}\n");
        }
    }
    let out = tempfile::tempdir().unwrap();
    let told = learn_from(&lines, out.path(), &["--dry-run"]);
    assert!(told.status.success(), "{}", errors(&told));
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    let told = learn_from(&lines, out.path(), &[]);
    assert!(told.status.success(), "{}", errors(&told));
    assert!(String::from_utf8_lossy(&told.stdout).contains("18 posts, 18 of them linked"));
    let text = |name: &str| std::fs::read_to_string(out.path().join(name)).unwrap();
    let weights: WeightFile = toml::from_str(&text("bobot.toml")).unwrap();
    assert!(weights.kata["kawal"] > 0.0 && weights.kata["lembur"] < 0.0, "{weights:?}");
    let categories: CategoryFile = toml::from_str(&text("bobot-kategori.toml")).unwrap();
    assert_eq!(categories.kategori.len(), 2);
}
