//! Any text is read as a file of rules without a panic; what is wrong with it
//! is said at a place inside it, and what is right can be asked of a post.

#![no_main]

use std::path::PathBuf;

use libfuzzer_sys::fuzz_target;
use netra::matcher::Matcher;
use netra::model::{Author, Post, PostId, PostKind};
use netra::rule::RuleSet;

/// A list for the rules to speak of.
const LISTS: &str = "[list]\ndukung = [\"dukung~\", \"ayo pilih\", \"lapas*\"]\ntolak = [\"tidak\"]\n";

fuzz_target!(|file: &str| {
    let texts = [("kata.toml", LISTS), ("aturan.toml", file)];
    let files = texts.map(|(name, text)| (PathBuf::from(name), text.to_owned()));
    let loaded = RuleSet::of_texts(files.into());
    for problem in &loaded.problems {
        let (_, text) = texts
            .iter()
            .find(|(name, _)| problem.file.as_os_str() == *name)
            .expect("a problem lies in one of the files");
        assert!(text.get(problem.span.clone()).is_some(), "{problem} at {:?}", problem.span);
        assert!(problem.line > 0 && problem.column > 0, "{problem}");
    }
    if let Some(ruleset) = loaded.ruleset {
        let text = "Saya ASN Lapas Sukamaju, tidak dukung siapa pun. Ayo pilih nomor 2!".to_owned();
        let post = Post {
            id: PostId("1".to_owned()),
            source: "fuzz".to_owned(),
            kind: PostKind::Post,
            platform: String::new(),
            address: None,
            author: Author::default(),
            title: String::new(),
            text,
            published: None,
        };
        let verdict = Matcher::new(&ruleset).scan(&post);
        assert!(verdict.score.is_finite());
    }
});
