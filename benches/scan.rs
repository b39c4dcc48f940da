//! The whole scan (fold, match, scopes, guards, score) with the shipped rules,
//! one thread, against a bare aho-corasick DFA pass for the same literals over
//! the same bytes in the same run.
//!
//! The posts are generated. Their shares are those of a measured corpus of
//! short posts, and are checked: a bench on other posts would say nothing.
//! The two passes take turns, so that a busy minute slows both.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on stops")]
#![allow(clippy::print_stdout, reason = "a bench speaks")]

#[path = "scan/corpus.rs"]
mod corpus;
#[path = "scan/literals.rs"]
mod literals;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use netra::matcher::Matcher;
use netra::model::Post;
use netra::rule::RuleSet;

/// How often the two passes take turns.
const ROUNDS: usize = 15;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let loaded = RuleSet::load(&[root.join("rules")]);
    loaded.problems.iter().for_each(|problem| println!("{problem}"));
    let ruleset = loaded.ruleset.unwrap();
    let matcher = Matcher::new(&ruleset);
    let literals = literals::of(root);
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(&literals)
        .unwrap();
    println!("{} rules, {} literals", ruleset.len(), literals.len());
    let alone = corpus::posts(false);
    corpus::check(&alone);
    compare("text alone", &matcher, &automaton, &alone);
    compare("with authors", &matcher, &automaton, &corpus::posts(true));
}

fn compare(caption: &str, matcher: &Matcher, automaton: &AhoCorasick, posts: &[Post]) {
    let scan = || {
        for post in posts {
            black_box(matcher.scan(post));
        }
    };
    let bare = || {
        for text in posts.iter().flat_map(fields) {
            black_box(automaton.find_overlapping_iter(text).count());
        }
    };
    // once for the caches
    scan();
    bare();
    let mut rounds: Vec<(Duration, Duration)> =
        (0..ROUNDS).map(|_| (time(scan), time(bare))).collect();
    rounds.sort_unstable_by(|a, b| ratio(*a).total_cmp(&ratio(*b)));
    let (least, middle, most) = (rounds[0], rounds[ROUNDS / 2], rounds[ROUNDS - 1]);
    let bytes: usize = posts.iter().flat_map(fields).map(str::len).sum();
    println!("{caption}: {} posts, {bytes} bytes", posts.len());
    for (name, took) in [("whole scan", middle.0), ("bare DFA", middle.1)] {
        let seconds = took.as_secs_f64();
        println!(
            "  {name:<11} {:6.1} MB/s {:10.0} posts/s",
            bytes as f64 / 1e6 / seconds,
            posts.len() as f64 / seconds
        );
    }
    println!(
        "  ratio       {:.2} of the bare pass (median of {ROUNDS} rounds; {:.2} to {:.2})",
        ratio(middle),
        ratio(least),
        ratio(most)
    );
    effort(matcher, posts);
}

fn time(pass: impl Fn()) -> Duration {
    let start = Instant::now();
    pass();
    start.elapsed()
}

/// How fast the scan is, the bare pass being 1.
fn ratio((scan, bare): (Duration, Duration)) -> f64 {
    bare.as_secs_f64() / scan.as_secs_f64()
}

fn fields(post: &Post) -> impl Iterator<Item = &str> {
    [&post.title, &post.text, &post.author.name, &post.author.handle, &post.author.bio]
        .into_iter()
        .map(String::as_str)
}

fn effort(matcher: &Matcher, posts: &[Post]) {
    let (mut phrases, mut hits, mut findings, mut asked, mut guards) = (0, 0, 0, 0, 0);
    for post in posts {
        let effort = matcher.effort(post);
        let verdict = matcher.scan(post);
        phrases += usize::from(effort.phrases > 0);
        asked += effort.asked;
        guards += effort.guards;
        hits += usize::from(!verdict.hits.is_empty());
        findings += usize::from(verdict.flagged);
    }
    println!(
        "  {phrases} posts with a word of some list, {hits} with a hit, \
         {asked} rules asked, {guards} guards run, {findings} findings"
    );
}
