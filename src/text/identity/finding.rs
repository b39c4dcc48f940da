//! A post and what is said of it, without the numbers that name a person.

use std::borrow::Cow;

use super::mask;
use crate::model::{Author, Compliance, Event, Field, Hit, Post, PostId, Verdict};

/// The post with every number hidden; each text keeps its count of characters.
pub fn masked_post(post: &Post) -> Post {
    let Post { id, source, kind, platform, address, author, title, text, published } = post;
    let Author { name, handle, bio } = author;
    let masked = |text: &str| mask(text).into_owned();
    Post {
        id: PostId(masked(&id.0)),
        source: masked(source),
        kind: *kind,
        platform: masked(platform),
        address: address.as_deref().map(masked),
        author: Author { name: masked(name), handle: masked(handle), bio: masked(bio) },
        title: masked(title),
        text: masked(text),
        published: *published,
    }
}

/// The verdict on a post, its words taken from `masked`, the post as
/// [`masked_post`] gives it: words that are a part of a number are no number by
/// themselves, so they are read where they stand.
pub fn masked_verdict(masked: &Post, verdict: &Verdict) -> Verdict {
    let hidden = |text: &str| mask(text).into_owned();
    let hit = |hit: &Hit| {
        let (start, end) = (hit.start as usize, hit.end as usize);
        let field = field(masked, hit.field);
        let there: String = field.chars().skip(start).take(end.saturating_sub(start)).collect();
        let is_there = there.chars().count() == hit.text.chars().count();
        Hit { text: if is_there { there } else { hidden(&hit.text) }, ..hit.clone() }
    };
    let complied =
        |it: &Compliance| Compliance { unit: it.unit.as_deref().map(hidden), ..it.clone() };
    Verdict {
        hits: verdict.hits.iter().map(hit).collect(),
        compliance: verdict.compliance.iter().map(complied).collect(),
        unit: verdict.unit.as_deref().map(hidden),
        reason: hidden(&verdict.reason),
        ..verdict.clone()
    }
}

/// Hides every number in the words that an event holds in clear.
pub fn mask_event(event: &mut Event) {
    for word in event.words_mut() {
        if let Cow::Owned(masked) = mask(word) {
            *word = masked;
        }
    }
}

fn field(post: &Post, field: Field) -> &str {
    match field {
        Field::Title => &post.title,
        Field::Text => &post.text,
        Field::AuthorName => &post.author.name,
        Field::AuthorHandle => &post.author.handle,
        Field::AuthorBio => &post.author.bio,
    }
}
