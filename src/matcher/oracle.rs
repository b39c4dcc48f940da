//! The slow, obvious way to match, and that the fast way agrees with it on
//! random posts and random rules.
//!
//! Phrases are sought one by one at every word, and every clause of every
//! rule is asked of every post.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::model::{Author, PostId, PostKind};
use crate::text::{Flags, WordId};

/// All phrases in a text, sought one by one at each of its words, but for
/// those that only say which words are common.
fn spans_one_by_one(ruleset: &RuleSet, tokens: &[Token]) -> Vec<(u32, u32, u32)> {
    let lexicon = ruleset.lexicon();
    let wanted = phrases::wanted(lexicon);
    let mut spans = Vec::new();
    for (first, token) in tokens.iter().enumerate() {
        if token.flags.has(Flags::TAIL) {
            continue;
        }
        let phrases = (0..).zip(&lexicon.phrases);
        for (number, phrase) in phrases.filter(|(_, phrase)| phrases::counts(&wanted, phrase)) {
            let Some((word, further)) = phrase.words.split_first() else { continue };
            if may_be(ruleset, token, *word) {
                let mut ends = Vec::new();
                goes_on(ruleset, tokens, first + 1, further, &mut ends);
                let place = |at: usize| u32::try_from(at).unwrap();
                spans.extend(ends.iter().map(|end| (number, place(first), place(*end))));
            }
        }
    }
    spans.sort_unstable();
    spans.dedup();
    spans
}

fn may_be(ruleset: &RuleSet, token: &Token, word: WordId) -> bool {
    let vocabulary = &ruleset.lexicon().vocabulary;
    token.readings().any(|form| vocabulary.meanings(form).contains(&word))
}

/// Where a phrase ends of which these words are left, if they follow from `at` on.
fn goes_on(
    ruleset: &RuleSet,
    tokens: &[Token],
    at: usize,
    words: &[WordId],
    ends: &mut Vec<usize>,
) {
    let Some((word, further)) = words.split_first() else { return ends.push(at) };
    let Some(token) = tokens.get(at) else { return };
    if may_be(ruleset, token, *word) {
        goes_on(ruleset, tokens, at + 1, further, ends);
    }
    if token.flags.has(Flags::SKIPPED)
        && tokens.get(at + 1).is_some_and(|next| may_be(ruleset, next, *word))
    {
        goes_on(ruleset, tokens, at + 2, further, ends);
    }
}

/// The verdict when every rule is asked.
fn scan_all(matcher: &Matcher, post: &Post) -> Verdict {
    matcher.with(post, Ask::All, |read| matcher.verdict(read))
}

fn agree(matcher: &Matcher, post: &Post) -> Result<(), TestCaseError> {
    for (_, text) in fields(post) {
        let text = Text::new(text);
        let mut tokens = Vec::new();
        word::tokens(&text, &matcher.ruleset.lexicon().vocabulary, &mut tokens);
        let mut spans = Vec::new();
        matcher.literals.spans(&tokens, &mut spans);
        let mut spans: Vec<_> = spans.iter().map(|s| (s.phrase, s.first, s.after)).collect();
        spans.sort_unstable();
        spans.dedup();
        prop_assert_eq!(spans, spans_one_by_one(&matcher.ruleset, &tokens));
    }
    prop_assert_eq!(matcher.scan(post), scan_all(matcher, post));
    Ok(())
}

fn post(kind: PostKind, [title, text, name, handle, bio]: [String; 5]) -> Post {
    Post {
        id: PostId("1".to_owned()),
        source: "s".to_owned(),
        kind,
        platform: String::new(),
        address: None,
        author: Author { name, handle, bio },
        title,
        text,
        published: None,
    }
}

fn kind() -> impl Strategy<Value = PostKind> {
    prop::sample::select(vec![PostKind::Post, PostKind::Comment, PostKind::News, PostKind::Bio])
}

/// Texts of these words, with marks, capitals and other characters between them.
fn text(words: Vec<String>, most: usize) -> impl Strategy<Value = String> {
    let word = (prop::sample::select(words), 0..12_u8).prop_map(|(word, change)| match change {
        0 => format!("#{word}"),
        1 => format!("@{word}"),
        2 => word.to_uppercase(),
        3 => format!(
            "{}{}",
            word.get(..1).unwrap_or("A").to_uppercase(),
            word.get(1..).unwrap_or_default()
        ),
        4 => word.replace('o', "0").replace('a', "4"),
        5 => word.chars().map(|c| format!("{c}.")).collect(),
        6 => word.replace('a', "aaa"),
        _ => word,
    });
    let mark = prop::sample::select(vec![
        " ", " ", " ", " ", " ", " ", ", ", ". ", "? ", " \"", "\" ", "\n", "-", " 😂 ", " é ",
    ]);
    prop::collection::vec((word, mark), 0..most)
        .prop_map(|parts| parts.iter().map(|(word, mark)| format!("{word}{mark}")).collect())
}

static SHIPPED: LazyLock<Matcher> = LazyLock::new(|| {
    Matcher::new(&RuleSet::load(&["rules".into()]).ruleset.expect("the shipped rules load"))
});

/// The words of the examples of the shipped rules: no random letters would ever make a rule hold.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let tests = SHIPPED.ruleset().rules().iter().flat_map(|rule| &rule.tests);
    let texts = tests.flat_map(|test| [&test.title, &test.text, &test.bio, &test.name]);
    let mut words: Vec<String> =
        texts.flat_map(|text| text.split_whitespace()).map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
});

const LISTS: [&str; 5] = ["@satu.a", "@satu.b", "@satu.c", "@dua.a", "@dua"];
const PLAIN: [&str; 6] = ["kopi", "teh manis", "gula", "roti bakar", "nasi", "sambal~"];

/// An array of lists and phrases.
fn entries() -> impl Strategy<Value = String> {
    let all: Vec<&str> = LISTS.into_iter().chain(PLAIN).collect();
    prop::collection::vec(prop::sample::select(all), 1..4)
        .prop_map(|entries| format!("[\"{}\"]", entries.join("\", \"")))
}

/// Rules asked before the rule `number`.
fn earlier(number: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(0..number.max(1), 1..3).prop_map(|rules| {
        let names: Vec<String> = rules.iter().map(|rule| format!("\"r{rule}\"")).collect();
        format!("[{}]", names.join(", "))
    })
}

fn clause(number: usize) -> impl Strategy<Value = (&'static str, String)> {
    let simple =
        (prop::sample::select(vec!["any", "all", "none", "author", "not_author"]), entries());
    let near = (entries(), entries(), prop::option::of(0..6_u8)).prop_map(|(a, b, words)| {
        let words = words.map(|words| format!(", words = {words}")).unwrap_or_default();
        ("near", format!("{{ a = {a}, b = {b}{words} }}"))
    });
    let ordered = (prop::collection::vec(entries(), 2..4), 0..6_u8).prop_map(|(steps, words)| {
        ("ordered", format!("{{ steps = [{}], words = {words} }}", steps.join(", ")))
    });
    let count = (entries(), 1..4_u8)
        .prop_map(|(of, least)| ("count", format!("{{ of = {of}, least = {least} }}")));
    let pattern =
        entries().prop_map(|start| ("pattern", format!("{{ regex = 'a\\w*', start = {start} }}")));
    let lists = || prop::option::of(entries());
    let name = (lists(), lists(), lists(), any::<bool>(), any::<bool>()).prop_map(
        |(after, before, near, pair, anywhere)| {
            let anywhere = anywhere && near.is_some();
            let pair = pair || (after.is_none() && before.is_none() && !anywhere);
            let mut table = format!("pair = {pair}, anywhere = {anywhere}");
            for (key, lists) in [("after", after), ("before", before), ("near", near)] {
                if let Some(lists) = lists {
                    write!(table, ", {key} = {lists}").unwrap();
                }
            }
            ("name", format!("{{ {table} }}"))
        },
    );
    let quoted = (entries(), entries())
        .prop_map(|(what, by)| ("quoted", format!("{{ what = {what}, by = {by} }}")));
    let kind = prop::sample::select(vec!["[\"post\"]", "[\"news\", \"bio\"]"])
        .prop_map(|kinds| ("kind", kinds.to_owned()));
    let others = (prop::sample::select(vec!["rule", "rules", "no_rule"]), earlier(number))
        // the first rule has none before it
        .prop_map(
            move |(key, rules)| {
                if number == 0 { ("kind", "[\"post\"]".to_owned()) } else { (key, rules) }
            },
        );
    prop_oneof![5 => simple, 2 => near, 2 => ordered, 1 => count, 1 => pattern, 1 => name, 1 => quoted, 1 => kind, 2 => others]
}

fn rule(number: usize) -> impl Strategy<Value = String> {
    let alternative = prop::collection::vec(clause(number), 1..4).prop_map(|clauses| {
        let clauses: std::collections::BTreeMap<_, _> = clauses.into_iter().collect();
        let lines: String =
            clauses.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        format!("[[when]]\n{lines}\n")
    });
    let signs =
        vec![("asn", 4.0), ("aksi", 4.0), ("peserta", 2.0), ("penjaga", -3.0), ("konteks", 1.0)];
    let head = (
        prop::sample::select(signs),
        prop::sample::select(vec!["live", "live", "shadow", "draft"]),
        prop::sample::select(vec![
            "any",
            "asserted",
            "negated",
            "quoted",
            "conditional",
            "reported",
        ]),
        any::<bool>(),
    );
    (head, prop::collection::vec(alternative, 1..4)).prop_map(
        move |(((sign, weight), state, scope, lead), when)| {
            let examples = "[[test]]\ntext = \"x\"\nhit = true\n[[test]]\ntext = \"x\"\nhit = false\n";
            format!(
                "id = \"r{number}\"\ntitle = \"Aturan\"\ndasar = \"Pedoman\"\nsign = \"{sign}\"\n\
                 weight = {weight:.1}\nstate = \"{state}\"\nscope = \"{scope}\"\nlead = {lead}\n\n{}{}",
                when.concat(),
                examples.repeat(2)
            )
        },
    )
}

fn rules() -> impl Strategy<Value = Vec<String>> {
    (rule(0), rule(1), rule(2), rule(3), rule(4)).prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e])
}

/// A matcher of these rules over two small lists.
fn matcher(rules: &[String]) -> Matcher {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let scoring = Path::new("rules/score.toml");
    write("score.toml", &std::fs::read_to_string(scoring).unwrap());
    write(
        "lexicon/satu.toml",
        "about = \"x\"\n[list]\na = [\"kopi\", \"teh\", \"kopi susu\"]\nb = [\"susu\", \"gula~\", \"nas*\"]\nc = [\"roti\", \"teh\"]\n",
    );
    write(
        "lexicon/dua.toml",
        "about = \"x\"\n[list]\na = [\"bakar\", \"roti bakar\", \"es teh manis\"]\n",
    );
    write(
        "lexicon/bahasa.toml",
        "about = \"x\"\n[list]\ningkar = [\"tidak\", \"bukan\"]\nlarang = [\"dilarang\"]\najak = [\"jangan lupa\"]\nlepas = [\"tapi\"]\nandai = [\"kalau\"]\nlapor = [\"ujar\"]\n",
    );
    for (number, rule) in rules.iter().enumerate() {
        write(&format!("r{number}.toml"), rule);
    }
    let loaded = RuleSet::load(&[folder.path().to_owned()]);
    let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    Matcher::new(
        &loaded.ruleset.unwrap_or_else(|| panic!("{}\n{}", problems.join("\n"), rules.join("\n"))),
    )
}

fn small_words() -> Vec<String> {
    "kopi teh manis susu gula gulanya nasi roti bakar es sambal tidak bukan dilarang tapi kalau ujar jangan lupa rumah Budi Sari nasional"
        .split(' ')
        .map(str::to_owned)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_fast_way_agrees_on_the_shipped_rules(
        kind in kind(),
        title in text(WORDS.clone(), 8),
        body in text(WORDS.clone(), 60),
        name in text(WORDS.clone(), 3),
        handle in text(WORDS.clone(), 2),
        bio in text(WORDS.clone(), 6),
    ) {
        agree(&SHIPPED, &post(kind, [title, body, name, handle, bio]))?;
    }

    #[test]
    fn the_fast_way_agrees_on_any_rules(
        rules in rules(),
        posts in prop::collection::vec((kind(), text(small_words(), 10), text(small_words(), 30), text(small_words(), 4)), 8),
    ) {
        let matcher = matcher(&rules);
        for (kind, title, body, bio) in posts {
            agree(&matcher, &post(kind, [title, body, String::new(), "@kopisusu".to_owned(), bio]))?;
        }
    }

    #[test]
    fn the_fast_way_agrees_on_any_text(body in "\\PC{0,200}", bio in "\\PC{0,40}") {
        agree(&SHIPPED, &post(PostKind::Post, [String::new(), body, String::new(), String::new(), bio]))?;
    }
}
