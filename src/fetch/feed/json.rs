//! JSON Feed 1.0 and 1.1. Read here and not by the feed parser, which gives
//! up all items for one that is wrong, and knows no extension objects.

use std::fmt;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Channel, Item, Parsed, longer, one_line, person};
use crate::fetch::date;
use crate::fetch::page::plain_text;
use crate::fetch::setting::MAX_COUNT;
use crate::model::Author;

#[derive(Deserialize)]
struct Document {
    version: Option<String>,
    title: Option<String>,
    description: Option<String>,
    home_page_url: Option<String>,
    #[serde(default)]
    items: Items,
    author: Option<Person>,
    authors: Option<Vec<Person>>,
}

/// The first items, and how many there are: the rest is passed over unread.
#[derive(Default)]
struct Items {
    first: Vec<Value>,
    total: usize,
}

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ItemsVisitor)
    }
}

struct ItemsVisitor;

impl<'de> Visitor<'de> for ItemsVisitor {
    type Value = Items;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Items, A::Error> {
        let mut items = Items::default();
        while items.first.len() < MAX_COUNT {
            let Some(item) = list.next_element()? else { break };
            items.first.push(item);
        }
        items.total = items.first.len();
        while list.next_element::<IgnoredAny>()?.is_some() {
            items.total += 1;
        }
        Ok(items)
    }
}

#[derive(Deserialize)]
struct Person {
    name: Option<String>,
    url: Option<String>,
}

/// What bridges of social media add to an item.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Extension {
    handle: String,
    bio: String,
}

#[derive(Deserialize)]
struct Entry {
    id: Option<Value>,
    url: Option<String>,
    external_url: Option<String>,
    title: Option<String>,
    content_html: Option<String>,
    content_text: Option<String>,
    summary: Option<String>,
    date_published: Option<String>,
    date_modified: Option<String>,
    author: Option<Person>,
    authors: Option<Vec<Person>>,
    #[serde(rename = "_author")]
    extension: Option<Extension>,
}

/// Reads a JSON Feed; the error says in words why it is none.
pub(super) fn read(text: &str, max_items: usize) -> Result<Parsed, String> {
    let document: Document =
        serde_json::from_str(text).map_err(|cause| format!("it is no JSON Feed: {cause}"))?;
    if !document.version.is_some_and(|version| version.contains("jsonfeed.org")) {
        return Err("it is JSON, but no JSON Feed: `version` does not say so".to_owned());
    }
    let channel_author = first(document.author, document.authors);
    let mut parsed = Parsed {
        channel: Channel {
            title: one_line(&document.title.unwrap_or_default()),
            description: one_line(&document.description.unwrap_or_default()),
            link: document.home_page_url.unwrap_or_default(),
        },
        total: document.items.total,
        ..Parsed::default()
    };
    for value in document.items.first.into_iter().take(max_items) {
        match serde_json::from_value(value) {
            Ok(entry) => parsed.items.push(item(entry, channel_author.as_ref())),
            Err(_) => parsed.broken += 1,
        }
    }
    Ok(parsed)
}

fn item(entry: Entry, channel_author: Option<&Author>) -> Item {
    let html = entry.content_html.as_deref().map(plain_text).unwrap_or_default();
    let text = entry.content_text.as_deref().unwrap_or_default().trim().to_owned();
    let summary = entry.summary.as_deref().unwrap_or_default().trim().to_owned();
    let author = first(entry.author, entry.authors).or_else(|| channel_author.cloned());
    let mut author = author.unwrap_or_default();
    let extension = entry.extension.unwrap_or_default();
    if !extension.handle.is_empty() {
        author.handle = extension.handle;
    }
    if !extension.bio.is_empty() {
        author.bio = plain_text(&extension.bio);
    }
    let id = entry.id.map(|id| match id {
        Value::String(id) => id,
        other => other.to_string(),
    });
    let date = entry.date_published.or(entry.date_modified);
    Item {
        guid: id.unwrap_or_default(),
        link: entry.url.or(entry.external_url).unwrap_or_default(),
        title: one_line(&entry.title.unwrap_or_default()),
        text: longer(longer(html, text), summary),
        author,
        published: date.and_then(|date| date::read(&date)),
    }
}

fn first(author: Option<Person>, authors: Option<Vec<Person>>) -> Option<Author> {
    let person = author.or_else(|| authors.and_then(|authors| authors.into_iter().next()))?;
    let mut author = person::author(&person.name.unwrap_or_default());
    if author.handle.is_empty() {
        author.handle = person::handle_of(&person.url.unwrap_or_default()).unwrap_or_default();
    }
    Some(author)
}
