use std::path::PathBuf;
use std::sync::OnceLock;

use netra::matcher::Matcher;
use netra::model::{Author, Post, PostId, PostKind};
use netra::rule::RuleSet;
use serde::Deserialize;

/// A path of the repository.
pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The shipped rules with the invented contest of the demo.
pub(crate) fn ruleset() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| {
        let loaded = RuleSet::load(&[path("rules"), path("fixtures/demo/contest.toml")]);
        let problems: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
        loaded.ruleset.unwrap_or_else(|| panic!("{}", problems.join("\n")))
    })
}

/// Their matcher.
pub(crate) fn matcher() -> &'static Matcher {
    static MATCHER: OnceLock<Matcher> = OnceLock::new();
    MATCHER.get_or_init(|| Matcher::new(ruleset()))
}

/// A post without anything but a text and a profile.
pub(crate) fn post(bio: &str, text: &str) -> Post {
    Post {
        id: PostId("p".to_owned()),
        source: "test".to_owned(),
        kind: PostKind::Post,
        platform: String::new(),
        address: None,
        author: Author { bio: bio.to_owned(), ..Author::default() },
        title: String::new(),
        text: text.to_owned(),
        published: None,
    }
}

/// A labelled post of the fixtures.
#[derive(Debug, Deserialize)]
pub(crate) struct Labelled {
    pub id: String,
    #[serde(default)]
    pub kind: PostKind,
    #[serde(default)]
    pub author: Author,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub text: String,
    pub label: Option<String>,
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub category: String,
    #[serde(default)]
    pub trick: String,
    #[serde(default)]
    pub asn_evidence: String,
    #[serde(default)]
    pub target: String,
    /// The set outside the repository writes the author flat.
    #[serde(default)]
    pub author_name: String,
    #[serde(default)]
    pub author_bio: String,
}

impl Labelled {
    fn author(&self) -> Author {
        if self.author_name.is_empty() && self.author_bio.is_empty() {
            return self.author.clone();
        }
        let handle = if self.author_name.starts_with('@') { &self.author_name } else { "" };
        Author {
            name: self.author_name.clone(),
            handle: handle.to_owned(),
            bio: self.author_bio.clone(),
        }
    }

    /// What a system sees of it.
    pub(crate) fn post(&self) -> Post {
        Post {
            id: PostId(self.id.clone()),
            source: "fixtures".to_owned(),
            kind: self.kind,
            platform: String::new(),
            address: None,
            author: self.author(),
            title: self.title.clone(),
            text: self.text.clone(),
            published: None,
        }
    }
}

/// The labelled posts of a file; none if it is not there.
pub(crate) fn labelled(name: &str) -> Vec<Labelled> {
    let Ok(lines) = std::fs::read_to_string(path(name)) else { return Vec::new() };
    let posts = lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap());
    posts.filter(|post: &Labelled| post.label.is_some()).collect()
}
