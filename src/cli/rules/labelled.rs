//! A line of labelled posts, as the fixtures and analysts keep them.

use serde::Deserialize;

use crate::model::{Author, Post, PostId, PostKind};

/// A post with its label.
#[derive(Deserialize)]
pub(super) struct Line {
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    kind: PostKind,
    #[serde(default)]
    author: Author,
    #[serde(default)]
    title: String,
    #[serde(default)]
    pub(super) text: String,
    /// `violation`, `not_violation` or `compliance_event`.
    #[serde(default)]
    pub(super) label: Option<String>,
    /// A category of the guideline, or `none`.
    #[serde(default)]
    pub(super) category: String,
}

impl Line {
    /// What a system sees of it.
    pub(super) fn post(self) -> Post {
        let Self { kind, author, title, text, .. } = self;
        Post { kind, author, title, ..post(&text) }
    }
}

/// A post with no more than a text.
pub(super) fn post(text: &str) -> Post {
    Post {
        id: PostId("given".to_owned()),
        source: "given".to_owned(),
        kind: PostKind::Post,
        platform: String::new(),
        address: None,
        author: Author::default(),
        title: String::new(),
        text: text.to_owned(),
        published: None,
    }
}
