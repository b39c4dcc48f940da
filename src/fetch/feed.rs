//! Kind of source: RSS, Atom and JSON feeds.
//!
//! Feeds are seldom what their standard says, and one bad item must not cost
//! the others: a document is repaired first, parsed as a whole, and item by
//! item if the whole cannot be.

use std::collections::HashSet;
use std::time::Duration;

use feed_rs::model::{Entry, Feed, Link};
use feed_rs::parser::Builder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::address::{canonical, canonical_with_fragment, is_item};
use super::page::{self, Selector, plain_text};
use super::setting::Checked;
use super::{Page, ReadError, Request, SettingsError, Source, charset, date};
use crate::model::{Author, Bookmark, Capture, Digest, Post, PostId, PostKind};

mod scan;
mod repair;
mod person;
mod json;

use repair::{MASKED_AT, Repaired, with_texts_taken_literally};

/// A feed to watch: one `[[source.feed]]` table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What you call it: a-z, 0-9 and `-`, at most 64; no other source has it.
    pub name: String,
    /// The address of the feed.
    pub url: String,
    /// How often it is asked, in minutes; parts of a minute are allowed.
    #[serde(default = "every_minutes")]
    pub every_minutes: f64,
    /// What kind of site it is, in one word: `news_site`, `forum`, `x`, `instagram` …
    #[serde(default = "platform")]
    pub platform: String,
    /// What its items are: `post`, `comment`, `news` or `bio`.
    #[serde(default = "kind")]
    pub kind: PostKind,
    /// `false` leaves it out without forgetting it.
    #[serde(default = "enabled")]
    pub enabled: bool,
    /// For a feed that carries only teasers: the CSS selector of an article's
    /// text on its own page. Each new item's page is then asked too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// `true` if the feed is one account's: its title and description are then
    /// the author's name and profile text.
    #[serde(default)]
    pub account: bool,
    /// How many items of one answer are read, the first ones, which are
    /// the newest; 1 to 10000.
    #[serde(default = "max_items")]
    pub max_items: usize,
}

fn every_minutes() -> f64 {
    30.0
}

fn platform() -> String {
    "news_site".to_owned()
}

fn kind() -> PostKind {
    PostKind::News
}

fn enabled() -> bool {
    true
}

fn max_items() -> usize {
    500
}

/// Makes the source; fails if a setting cannot be.
pub(super) fn source(settings: &Settings) -> Result<Box<dyn Source>, SettingsError> {
    let checked = Checked::named(&settings.name)?;
    Ok(Box::new(FeedSource {
        url: checked.url(&settings.url)?,
        every: checked.every(settings.every_minutes)?,
        article: checked.maybe_selector("article", settings.article.as_deref())?,
        max_items: checked.count("max_items", settings.max_items)?,
        settings: settings.clone(),
    }))
}

struct FeedSource {
    settings: Settings,
    url: Url,
    every: Duration,
    article: Option<Selector>,
    max_items: usize,
}

/// A feed as read, whatever its format.
#[derive(Debug, Default)]
struct Parsed {
    channel: Channel,
    items: Vec<Item>,
    /// How many items there were.
    total: usize,
    /// How many of them could not be read.
    broken: usize,
}

#[derive(Debug, Default)]
struct Channel {
    title: String,
    description: String,
    link: String,
}

/// An item as read: plain text, the rest as it stood.
#[derive(Debug, Default)]
struct Item {
    guid: String,
    link: String,
    title: String,
    text: String,
    author: Author,
    published: Option<Timestamp>,
}

impl Source for FeedSource {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn kind(&self) -> &'static str {
        "feed"
    }

    fn every(&self) -> Duration {
        self.every
    }

    fn first(&self, bookmark: &Bookmark) -> Request {
        Request::start(self.url.clone(), bookmark)
    }

    fn read(&self, capture: &Capture) -> Result<Page, ReadError> {
        let text = charset::decode(&capture.body, capture.header("content-type"));
        match &self.article {
            Some(article) if capture.asked != self.url.as_str() => {
                self.read_article(article, &text, capture)
            }
            _ => self.read_feed(&text, capture),
        }
    }
}

impl FeedSource {
    fn read_feed(&self, text: &str, capture: &Capture) -> Result<Page, ReadError> {
        let not_a_feed = |reason| ReadError::NotAFeed { address: capture.answered.clone(), reason };
        let base = Url::parse(&capture.answered).ok();
        let parsed = parse(text, self.max_items, base.as_ref()).map_err(not_a_feed)?;
        let mut page = Page { problems: self.problems(&parsed), ..Page::default() };
        let mut seen = HashSet::new();
        for item in parsed.items {
            let (post, is_own) = self.post(item, &parsed.channel, base.as_ref());
            if post.title.is_empty() && post.text.is_empty() || !seen.insert(post.id.clone()) {
                continue;
            }
            if let Some(address) =
                post.address.as_deref().filter(|_| is_own && self.article.is_some())
                && let Ok(address) = Url::parse(address)
            {
                page.follow.push(Request::follow(address));
            }
            page.posts.push(post);
        }
        Ok(page)
    }

    fn problems(&self, parsed: &Parsed) -> Vec<String> {
        let mut problems = Vec::new();
        let max_items = self.max_items;
        if parsed.total > max_items {
            let total = parsed.total;
            problems.push(format!("the feed holds {total} items, of which the first {max_items} are read: raise `max_items` or ask more often"));
        }
        match parsed.broken {
            0 => {}
            1 => problems.push("one item is broken and was left out".to_owned()),
            broken => problems.push(format!("{broken} items are broken and were left out")),
        }
        problems
    }

    /// The post of an item, and whether its address is the item's own link.
    fn post(&self, item: Item, channel: &Channel, base: Option<&Url>) -> (Post, bool) {
        let tidy = |address: &str| match self.settings.kind {
            PostKind::Comment => canonical_with_fragment(address, base),
            _ => canonical(address, base),
        };
        let link = tidy(&item.link).filter(|_| !item.link.is_empty()).filter(is_item);
        // A copy of another site's article names the original by its guid.
        let original = canonical(&item.guid, None).filter(is_item);
        let (address, is_own) = match (link, original) {
            (Some(link), Some(original)) if original.host() != link.host() => {
                (Some(original), false)
            }
            (Some(link), _) => (Some(link), true),
            (None, original) => (original, true),
        };
        let address = address.map(String::from);
        let name = &self.settings.name;
        let id = match &address {
            Some(address) => address.clone(),
            None if !item.guid.is_empty() => format!("{name}#{}", item.guid),
            None => {
                let date = item.published.map(|date| date.to_string()).unwrap_or_default();
                let start: String = item.text.chars().take(200).collect();
                let parts = if date.is_empty() { &start } else { &date };
                format!("{name}#{}", Digest::of_parts(&[item.title.as_bytes(), parts.as_bytes()]))
            }
        };
        let post = Post {
            id: PostId(id),
            source: name.clone(),
            kind: self.settings.kind,
            platform: self.settings.platform.clone(),
            address,
            author: self.author(item.author, channel),
            title: item.title,
            text: item.text,
            published: item.published,
        };
        (post, is_own)
    }

    fn author(&self, author: Author, channel: &Channel) -> Author {
        if !self.settings.account {
            return author;
        }
        let or = |own: String, channel: String| if own.is_empty() { channel } else { own };
        let account = person::author(&channel.title);
        let handle = person::handle_of(&channel.link).or_else(|| person::handle_in(&channel.title));
        Author {
            name: or(author.name, account.name),
            handle: or(author.handle, handle.unwrap_or_default()),
            bio: or(author.bio, channel.description.clone()),
        }
    }

    /// Reads an item's own page: the same post, in full.
    fn read_article(
        &self,
        article: &Selector,
        text: &str,
        capture: &Capture,
    ) -> Result<Page, ReadError> {
        let selectors = page::Selectors::for_text(article.clone());
        let selector = self.settings.article.as_deref().unwrap_or_default();
        let article = page::read_article(text, capture, &selectors, ("article", selector))?;
        let address = canonical(&capture.asked, None).map(String::from);
        let post = Post {
            id: PostId(address.clone().unwrap_or_else(|| capture.asked.clone())),
            source: self.settings.name.clone(),
            kind: self.settings.kind,
            platform: self.settings.platform.clone(),
            address,
            author: person::author(&article.author),
            title: article.title,
            text: article.text,
            published: article.published,
        };
        Ok(Page { posts: vec![post], ..Page::default() })
    }
}

/// Reads a feed of any format; the error says in words why it is none.
fn parse(text: &str, max_items: usize, base: Option<&Url>) -> Result<Parsed, String> {
    let start =
        text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    if start.starts_with('{') {
        return json::read(start, max_items);
    }
    let repaired = Repaired::new(text, max_items);
    match repaired.root.as_str() {
        "" => Err("it holds no mark-up at all".to_owned()),
        "html" => Err("it is a web page; look for the feed's own address on it".to_owned()),
        "rss" | "feed" | "RDF" | "entry" => Ok(parse_xml(&repaired, base)),
        other => Err(format!("its root is `{}`", other.chars().take(40).collect::<String>())),
    }
}

fn parse_xml(repaired: &Repaired, base: Option<&Url>) -> Parsed {
    let total = repaired.total;
    let whole = repaired.whole().and_then(|whole| feed(whole, base));
    if let Some(feed) = whole.or_else(|| feed(&repaired.closed(), base)) {
        let items = feed.entries.iter().map(item).collect();
        return Parsed { channel: channel(&feed), items, total, broken: repaired.broken };
    }
    let mut parsed = Parsed { total, broken: repaired.broken, ..Parsed::default() };
    for text in repaired.items() {
        let literal = || feed(&repaired.alone(&with_texts_taken_literally(text)), base);
        match feed(&repaired.alone(text), base).or_else(literal) {
            Some(feed) => parsed.items.extend(feed.entries.iter().map(item)),
            None => parsed.broken += 1,
        }
    }
    parsed
}

fn feed(document: &str, base: Option<&Url>) -> Option<Feed> {
    Builder::new()
        .base_uri(base)
        .sanitize_content(false)
        // What has no id gets none: the parser would invent another one each time.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(|text| date::read(text)?.to_string().parse().ok())
        .build()
        .parse(document.as_bytes())
        .ok()
}

fn channel(feed: &Feed) -> Channel {
    let text = |text: &Option<feed_rs::model::Text>| {
        text.as_ref().map(|text| one_line(&text.content)).unwrap_or_default()
    };
    Channel {
        title: text(&feed.title),
        description: text(&feed.description),
        link: link(&feed.links),
    }
}

fn item(entry: &Entry) -> Item {
    let content = entry.content.as_ref().and_then(|content| content.body.as_deref());
    let summary = entry.summary.as_ref().map(|summary| summary.content.as_str());
    let date = entry.published.or(entry.updated);
    Item {
        guid: entry.id.clone(),
        link: link(&entry.links),
        title: entry.title.as_ref().map(|title| one_line(&title.content)).unwrap_or_default(),
        text: longer(
            content.map(plain_text).unwrap_or_default(),
            summary.map(plain_text).unwrap_or_default(),
        ),
        author: author(entry),
        published: date.and_then(|date| Timestamp::from_second(date.timestamp()).ok()),
    }
}

fn author(entry: &Entry) -> Author {
    let unmasked =
        |text: &Option<String>| text.as_deref().unwrap_or_default().replace(MASKED_AT, "@");
    let named = |person: &&feed_rs::model::Person| person.name.is_some();
    let Some(person) = entry.authors.iter().find(named) else { return Author::default() };
    let mut author = person::author(&one_line(&unmasked(&person.name)));
    if author.handle.is_empty() {
        author.handle = person::handle_of(&unmasked(&person.uri)).unwrap_or_default();
    }
    author
}

/// The link to the item itself, and not to its comments, media or feed.
fn link(links: &[Link]) -> String {
    let is_page = |link: &&Link| {
        link.target.is_none() && link.rel.as_deref().is_none_or(|rel| rel == "alternate")
    };
    links.iter().find(is_page).map(|link| link.href.clone()).unwrap_or_default()
}

fn longer(one: String, other: String) -> String {
    if other.len() > one.len() { other } else { one }
}

fn one_line(html: &str) -> String {
    plain_text(html).split_whitespace().collect::<Vec<_>>().join(" ")
}
