//! No rule that an analyst can write makes a scan grow faster than its text:
//! every kind of clause at its worst, over texts that are nothing but what it
//! looks for, with the steps counted.

use std::path::PathBuf;

use super::*;
use crate::model::{Author, PostId, PostKind};
use crate::rule::seen::SCOPES;
use crate::rule::work;

/// How many words the shortest text has.
const WORDS: usize = 250;

/// How many entries a long list has.
const ENTRIES: usize = 5_000;

/// The longest phrase, in words.
const PHRASE: usize = 12;

/// The conditions of a rule, by the clause that they try.
const CLAUSES: &[(&str, &str)] = &[
    ("any", "any = [\"@kata.awal\", \"@kata.banyak\", \"@kata.dalam\"]"),
    ("all", "all = [\"@kata.awal\", \"@kata.banyak\", \"@kata.dalam\", \"kopi\"]"),
    ("none", "none = [\"@kata.awal\", \"@kata.sepi\"]"),
    ("phrase", "phrase = [\"kopi kopi kopi kopi kopi kopi kopi\", \"k1 k2\", \"kopi\"]"),
    (
        "near",
        "near = { a = [\"@kata.banyak\"], b = [\"@kata.awal\", \"@kata.banyak\"], words = 30 }",
    ),
    ("near", "near = { a = [\"@kata.awal\"], b = [\"@kata.banyak\", \"sepi\"], words = 60 }"),
    ("near", "near = { a = [\"@kata.awal\", \"@kata.banyak\"], b = [\"@kata.awal\"] }"),
    (
        "ordered",
        "ordered = { steps = [[\"@kata.awal\"], [\"@kata.awal\"], [\"@kata.banyak\", \"kopi\"], [\"@kata.awal\"], [\"@kata.awal\", \"@kata.banyak\"]], words = 60 }",
    ),
    (
        "ordered",
        "ordered = { steps = [[\"@kata.awal\"], [\"kopi\"], [\"@kata.sepi\"]], words = 60 }",
    ),
    ("count", "count = { of = [\"@kata.awal\", \"@kata.banyak\"], least = 20 }"),
    (
        "pattern",
        "pattern = { regex = '(kopi ?|k[0-9]+ ?){1,30}x', start = [\"@kata.awal\", \"@kata.banyak\"] }",
    ),
    (
        "name",
        "name = { after = [\"@kata.awal\"], before = [\"@kata.banyak\", \"kopi\"], near = [\"@kata.awal\", \"@kata.banyak\"], words = 60 }",
    ),
    (
        "name",
        "name = { near = [\"@kata.awal\", \"@kata.banyak\"], words = 60, anywhere = true, not_after = [\"@kata.awal\", \"@kata.sepi\"] }",
    ),
    ("name", "name = { pair = true }"),
    (
        "quoted",
        "quoted = { what = [\"@kata.awal\", \"@kata.banyak\"], by = [\"@kata.awal\", \"@kata.banyak\"] }",
    ),
    ("quoted", "quoted = { what = [\"@kata.awal\"], by = [\"@kata.sepi\"] }"),
    ("field", "field = { in = [\"title\", \"author_bio\"], any = [\"@kata.awal\"] }"),
    ("author", "author = [\"@kata.awal\", \"@kata.dalam\"]"),
    ("not_author", "not_author = [\"@kata.sepi\"]"),
    ("kind", "kind = [\"post\"]\nany = [\"@kata.awal\"]"),
    ("stage", "stage = [\"masa_tenang\"]\nany = [\"@kata.awal\"]"),
    ("rule", "rule = [\"dasar\"]\nany = [\"@kata.awal\"]"),
    ("rules", "rules = [\"dasar\"]\nany = [\"@kata.awal\"]"),
    ("no_rule", "no_rule = [\"dasar\"]\nany = [\"@kata.awal\"]"),
];

fn array(entries: impl Iterator<Item = String>) -> String {
    format!("[{}]", entries.collect::<Vec<_>>().join(", "))
}

/// Lists at their worst: thousands of entries that begin with one word, one
/// within another; hundreds of single words; literals inside words; entries on
/// terms that are met, and not met.
fn lists() -> String {
    let repeated =
        [1, 2, 6, PHRASE].map(|length| format!("\"{}\"", ["kopi"; PHRASE][..length].join(" ")));
    let long = (0..ENTRIES).map(|number| format!("\"kopi k{number}\""));
    let many = (0..300).map(|number| format!("\"k{number}\""));
    let inside = (1..9).map(|length| format!("\"{}*\"", "a".repeat(4 * length)));
    let on_terms = ["here", "away"].map(|region| {
        format!("{{ text = \"kopi\", region = \"{region}\" }}, {{ text = \"gula {region}\", ambiguous = true }}")
    });
    format!(
        "[list]\nawal = {}\nbanyak = {}\ndalam = {}\nsyarat = [{}]\nsepi = [\"tiada\"]\n",
        array(repeated.into_iter().chain(long)),
        array(many),
        array(inside.chain(["\"kopi*\"".to_owned()])),
        on_terms.join(", "),
    )
}

const SPEECH: &str = "[list]\ningkar = [\"tidak\"]\nlarang = [\"dilarang\"]\najak = [\"jangan lupa\"]\n\
    andai = [\"kalau\"]\nlapor = [\"ujar\"]\nlepas = [\"tapi\"]\n";

fn rule(id: &str, head: &str, when: &str) -> String {
    let example = |hit| format!("[[test]]\ntext = \"x\"\nhit = {hit}\n");
    let examples = [true, true, false, false].map(example).concat();
    format!(
        "id = \"{id}\"\ntitle = \"Contoh\"\ndasar = \"Pedoman\"\nsign = \"konteks\"\nweight = 1.0\n\
         state = \"live\"\n{head}\n[when]\n{when}\n{examples}"
    )
}

/// A matcher of a rule for each of these conditions and each scope.
fn matcher() -> Matcher {
    let mut files = vec![
        ("kata.toml".to_owned(), lists()),
        ("bahasa.toml".to_owned(), SPEECH.to_owned()),
        ("pemilu.toml".to_owned(), "[list]\numum = [\"kopi\"]\n".to_owned()),
    ];
    let mut add = |id: &str, head: &str, when: &str| {
        files.push((format!("{id}.toml"), rule(id, head, when)));
    };
    add("dasar", "stage = \"masa_tenang\"", "any = [\"kopi\", \"@kata.syarat\"]");
    for (number, (_, when)) in CLAUSES.iter().enumerate() {
        add(&format!("contoh-{number}"), "", when);
    }
    for (scope, _) in SCOPES {
        add(scope, &format!("scope = \"{scope}\""), "any = [\"@kata.awal\", \"@kata.banyak\"]");
    }
    let files = files.into_iter().map(|(name, text)| (PathBuf::from(name), text));
    let loaded = RuleSet::of_texts(files.collect());
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    Matcher::new(&loaded.ruleset.unwrap_or_else(|| panic!("{}", problems.join("\n"))))
}

/// Texts of so many words of the worst content.
fn texts(words: usize) -> Vec<(&'static str, String)> {
    let over = |one: &str| one.repeat(words.div_ceil(one.split_whitespace().count()));
    let numbered: Vec<String> = (0..words).map(|number| format!("k{}", number % 300)).collect();
    vec![
        ("one word", over("kopi ")),
        ("one clause each", over("kopi, ")),
        ("one sentence each", over("kopi. ")),
        ("hundreds of entries", numbered.join(" ")),
        ("entries by turns", over("kopi k1 kopi k2 gula away ")),
        ("names", over("kopi Budi kopi Sari ")),
        ("pairs", over("Budi-Sari Sari-Budi kopi ")),
        ("quotations", over("\"kopi kopi kopi\" kopi k1 \"k1 k2 kopi!\" ")),
        ("one quotation", format!("kopi \"{}\" k1", over("kopi k1. "))),
        ("scopes", over("kalau kopi ujar kopi tidak kopi dilarang k1 ")),
        ("reports", over("kopi, ujar kopi, ujar k1 ")),
        ("conditions", over("kalau kopi kalau k1 ")),
        ("tags", over("#kopikopi #aaaaaaaaaaaaaaaaaaaa @kopisusu ")),
        ("one long tag", format!("#{}", "a".repeat(8 * words))),
        ("regions", over("here kopi gula away ")),
    ]
}

fn post(text: &str) -> Post {
    let text = text.to_owned();
    Post {
        id: PostId("1".to_owned()),
        source: "s".to_owned(),
        kind: PostKind::Post,
        platform: String::new(),
        address: None,
        author: Author { bio: text.clone(), ..Author::default() },
        title: String::new(),
        text,
        published: None,
    }
}

/// The steps that it takes to read a text, and those of each rule's clauses
/// with the marks that they leave, by name.
fn work(matcher: &Matcher, text: &str) -> Vec<(String, usize)> {
    let post = post(text);
    let Scratch { tokens, spans, within, found, ground, .. } = &mut Scratch::default();
    let (fields, literals) = (fields(&post), &matcher.literals);
    let texts = fields.map(|(_, text)| Text::new(text));
    let reading = work::of(|| {
        let each = fields.iter().zip(&texts).zip(tokens.iter_mut()).zip(spans).zip(within);
        for (((((field, _), text), tokens), spans), within) in each {
            word::tokens(text, &matcher.ruleset.lexicon().vocabulary, tokens);
            literals.spans(tokens, spans);
            literals.within(*field, text, tokens, within);
            matcher.scopes.mark(spans, tokens);
            literals.names(tokens);
            literals.contestants(spans, tokens);
            work::done(tokens.len() + spans.len() + within.len());
            literals.find(*field, (tokens, spans, within), None, found);
        }
        work::done(found.len());
        matcher.company.keep(literals, found);
        ground.lay(found, literals, &matcher.plan);
    });
    let mut read = fields.iter().zip(&texts).zip(tokens.iter());
    let cuts: Vec<Cut<'_>> = read
        .by_ref()
        .map(|(((field, _), text), tokens)| Cut { field: *field, folded: text.folded(), tokens })
        .collect();
    let rules = matcher.ruleset.rules();
    let holds = vec![true; rules.len()];
    let mut steps = vec![("reading".to_owned(), reading)];
    for rule in rules {
        let said = rule.said.concat().join("; ");
        let seen = ground.seen(post.kind, &cuts, &holds);
        let mut marks = Vec::new();
        let asked = work::of(|| {
            for clause in rule.when.iter().flatten() {
                clause.holds(&seen, &mut marks);
            }
        });
        steps.push((format!("{}: {said}", rule.id), asked + marks.len()));
    }
    steps
}

#[test]
fn every_kind_of_clause_is_tried() {
    for kind in crate::rule::clause::KINDS {
        assert!(CLAUSES.iter().any(|(key, _)| *key == kind.key), "{} is not", kind.key);
    }
}

#[test]
fn the_work_grows_with_the_text_and_not_with_its_square() {
    let matcher = matcher();
    let few: Vec<_> = texts(WORDS).iter().map(|(_, text)| work(&matcher, text)).collect();
    let mut wrong = Vec::new();
    for times in [2, 4, 8] {
        for ((name, text), few) in texts(WORDS * times).iter().zip(&few) {
            for ((what, often), (_, once)) in work(&matcher, text).iter().zip(few) {
                // a quarter more, because what a window holds is less at the edges of a text
                if 4 * often > 5 * times * once + 4 * WORDS {
                    wrong.push(format!("{name}, {times} times: {once} to {often} steps, {what}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
