//! `kind`: what kind of item the post is.

use toml::Value;

use super::{Builder, Clause, Need, Shape, Wrong, shape, strings};
use crate::model::PostKind;
use crate::rule::seen::{Mark, Seen};

#[derive(Debug)]
struct Kind(Vec<PostKind>);

impl Clause for Kind {
    fn holds(&self, seen: &Seen<'_>, _: &mut Vec<Mark>) -> bool {
        self.0.contains(&seen.kind)
    }

    fn needs(&self) -> Vec<Need<'_>> {
        vec![Need::Kind(&self.0)]
    }
}

const KINDS: [PostKind; 4] = [PostKind::Post, PostKind::Comment, PostKind::News, PostKind::Bio];

/// `kind = ["post", "comment"]`.
pub fn build(value: &Value, _: &mut Builder<'_>) -> Result<Box<dyn Clause>, Wrong> {
    let kinds = strings(value)?.into_iter().map(|name| {
        KINDS.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| Wrong {
            code: "unknown-kind",
            message: format!("`{name}` is no kind of post: post, comment, news, bio"),
            word: Some(name.to_owned()),
            help: crate::rule::problem::nearest(name, KINDS.iter().map(|kind| kind.as_str()))
                .map(|near| format!("did you mean `{near}`?")),
        })
    });
    Ok(Box::new(Kind(kinds.collect::<Result<_, _>>()?)))
}

/// Its shape.
pub const SHAPE: Shape = Shape::OneOf(&["post", "comment", "news", "bio"]);

/// The clause in words.
pub fn said(value: &Value) -> String {
    format!("the kind of post is one of {}", shape::words(value))
}
