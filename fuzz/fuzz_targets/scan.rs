//! Any post is judged by the shipped rules without a panic, and every hit lies
//! in its field and quotes it. The input is kind, title, text, name, handle
//! and profile, parted by zero bytes.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use netra::matcher::Matcher;
use netra::model::{Author, Field, Post, PostId, PostKind};
use netra::rule::RuleSet;

static MATCHER: LazyLock<Matcher> = LazyLock::new(|| {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/../rules");
    Matcher::new(&RuleSet::load(&[rules.into()]).ruleset.expect("the shipped rules load"))
});

/// The post that an input means; an input without a zero byte is a text.
fn post(input: &str) -> Post {
    let mut parts = input.split('\0');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let part = |at: usize| rest.get(at).copied().unwrap_or_default().to_owned();
    let (kind, text) = if rest.is_empty() { ("", first.to_owned()) } else { (first, part(1)) };
    let kind = match kind.len() % 4 {
        0 => PostKind::Post,
        1 => PostKind::Comment,
        2 => PostKind::News,
        _ => PostKind::Bio,
    };
    Post {
        id: PostId("1".to_owned()),
        source: "fuzz".to_owned(),
        kind,
        platform: String::new(),
        address: None,
        author: Author { name: part(2), handle: part(3), bio: part(4) },
        title: part(0),
        text,
        published: None,
    }
}

fuzz_target!(|input: &str| {
    let post = post(input);
    let verdict = MATCHER.scan(&post);
    assert!(verdict.score.is_finite(), "{}", verdict.score);
    assert_eq!(verdict, MATCHER.scan(&post), "a scan depends on the one before it");
    for hit in &verdict.hits {
        let field = match hit.field {
            Field::Title => &post.title,
            Field::Text => &post.text,
            Field::AuthorName => &post.author.name,
            Field::AuthorHandle => &post.author.handle,
            Field::AuthorBio => &post.author.bio,
        };
        assert!(hit.start <= hit.end, "{hit:?}");
        let (from, length) = (hit.start as usize, (hit.end - hit.start) as usize);
        let words: String = field.chars().skip(from).take(length).collect();
        assert_eq!(words, hit.text, "{hit:?}");
    }
});
