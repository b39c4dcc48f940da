//! Kind of source: news pages, read with CSS selectors.
//!
//! A poll asks the list page; the articles it links are asked next, each once.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
pub(super) use scraper::Selector;
use scraper::{ElementRef, Html};
use serde::{Deserialize, Serialize};
use url::Url;

use super::address::{canonical, is_item};
use super::setting::Checked;
use super::{Page, ReadError, Request, SettingsError, Source, charset, date};
use crate::model::{Author, Bookmark, Capture, Post, PostId, PostKind};

mod tree;
pub mod text;

use text::element_text;
pub use text::plain_text;

/// A news page to watch: one `[[source.page]]` table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What you call it: a-z, 0-9 and `-`, at most 64; no other source has it.
    pub name: String,
    /// The address of the page that lists the articles.
    pub url: String,
    /// How often it is asked, in minutes; parts of a minute are allowed.
    #[serde(default = "every_minutes")]
    pub every_minutes: f64,
    /// What kind of site it is, in one word: `news_site`, `forum` …
    #[serde(default = "platform")]
    pub platform: String,
    /// What its articles are: `post`, `comment`, `news` or `bio`.
    #[serde(default = "kind")]
    pub kind: PostKind,
    /// `false` leaves it out without forgetting it.
    #[serde(default = "enabled")]
    pub enabled: bool,
    /// The CSS selector of the links on the list page, or of the boxes around them.
    pub items: String,
    /// The CSS selector of the headline on an article's page; without it, what
    /// the page itself calls its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The CSS selector of the text on an article's page; all it finds is read.
    pub text: String,
    /// The CSS selector of the author's name; without it, what the page itself says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The CSS selector of the date; without it, what the page itself says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// How many articles one list page may lead to, the first ones; 1 to 10000.
    #[serde(default = "max_pages")]
    pub max_pages: usize,
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

fn max_pages() -> usize {
    50
}

/// Makes the source; fails if a setting cannot be.
pub(super) fn source(settings: &Settings) -> Result<Box<dyn Source>, SettingsError> {
    let checked = Checked::named(&settings.name)?;
    Ok(Box::new(PageSource {
        url: checked.url(&settings.url)?,
        every: checked.every(settings.every_minutes)?,
        items: checked.selector("items", &settings.items)?,
        selectors: Selectors {
            title: checked.maybe_selector("title", settings.title.as_deref())?,
            text: checked.selector("text", &settings.text)?,
            author: checked.maybe_selector("author", settings.author.as_deref())?,
            published: checked.maybe_selector("published", settings.published.as_deref())?,
        },
        max_pages: checked.count("max_pages", settings.max_pages)?,
        settings: settings.clone(),
    }))
}

struct PageSource {
    settings: Settings,
    url: Url,
    every: Duration,
    items: Selector,
    selectors: Selectors,
    max_pages: usize,
}

/// Where the parts of an article stand.
pub(super) struct Selectors {
    title: Option<Selector>,
    text: Selector,
    author: Option<Selector>,
    published: Option<Selector>,
}

impl Selectors {
    /// Only the text's place is known; the page says the rest.
    pub(super) fn for_text(text: Selector) -> Self {
        Self { title: None, text, author: None, published: None }
    }
}

/// An article as its page shows it.
pub(super) struct Article {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) author: String,
    pub(super) published: Option<Timestamp>,
}

impl Source for PageSource {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn kind(&self) -> &'static str {
        "page"
    }

    fn every(&self) -> Duration {
        self.every
    }

    fn first(&self, bookmark: &Bookmark) -> Request {
        Request::start(self.url.clone(), bookmark)
    }

    fn read(&self, capture: &Capture) -> Result<Page, ReadError> {
        let text = charset::decode(&capture.body, capture.header("content-type"));
        if capture.asked == self.url.as_str() {
            self.read_list(&text, capture)
        } else {
            self.read_article(&text, capture)
        }
    }
}

impl PageSource {
    fn read_list(&self, text: &str, capture: &Capture) -> Result<Page, ReadError> {
        let html = parse(text, capture)?;
        let base = Url::parse(&capture.answered).unwrap_or_else(|_| self.url.clone());
        let mut page = Page::default();
        let mut seen = HashSet::new();
        let mut left_out = 0;
        for address in html.select(&self.items).filter_map(link) {
            let Some(address) = canonical(address, Some(&base)) else { continue };
            let is_article = is_item(&address) && is_same_site(&address, &base);
            if !is_article || address == base || !seen.insert(address.clone()) {
                continue;
            }
            if page.follow.len() < self.max_pages {
                page.follow.push(Request::follow(address));
            } else {
                left_out += 1;
            }
        }
        if page.follow.is_empty() {
            return Err(ReadError::NothingFound {
                address: capture.answered.clone(),
                key: "items",
                selector: self.settings.items.clone(),
            });
        }
        if left_out > 0 {
            let pages = self.max_pages;
            page.problems.push(format!("the page links more articles than the first {pages} that are read: {left_out} were left out; raise `max_pages`"));
        }
        Ok(page)
    }

    fn read_article(&self, text: &str, capture: &Capture) -> Result<Page, ReadError> {
        let key = ("text", self.settings.text.as_str());
        let article = read_article(text, capture, &self.selectors, key)?;
        let address = canonical(&capture.asked, None).map(String::from);
        let post = Post {
            id: PostId(address.clone().unwrap_or_else(|| capture.asked.clone())),
            source: self.settings.name.clone(),
            kind: self.settings.kind,
            platform: self.settings.platform.clone(),
            address,
            author: Author { name: article.author, ..Author::default() },
            title: article.title,
            text: article.text,
            published: article.published,
        };
        Ok(Page { posts: vec![post], ..Page::default() })
    }
}

/// Reads an article's page. `key` is the setting of the text's selector, and
/// its value, for the message if it finds nothing.
pub(super) fn read_article(
    text: &str,
    capture: &Capture,
    selectors: &Selectors,
    (key, selector): (&'static str, &str),
) -> Result<Article, ReadError> {
    let html = parse(text, capture)?;
    let paragraphs: Vec<String> = outermost(html.select(&selectors.text))
        .map(element_text)
        .filter(|text| !text.is_empty())
        .collect();
    if paragraphs.is_empty() {
        let (address, selector) = (capture.answered.clone(), selector.to_owned());
        return Err(ReadError::NothingFound { address, key, selector });
    }
    let own = |selector: &Option<Selector>| {
        let element = selector.as_ref().and_then(|selector| html.select(selector).next());
        element.map(|element| one_line(&element_text(element))).filter(|text| !text.is_empty())
    };
    let said = |selectors: &[&str]| selectors.iter().find_map(|selector| said(&html, selector));
    Ok(Article {
        title: own(&selectors.title)
            .or_else(|| said(&["meta[property='og:title']", "h1", "title"]))
            .unwrap_or_default(),
        text: paragraphs.join("\n\n"),
        author: own(&selectors.author)
            .or_else(|| said(&["meta[name=author]", "[rel=author]", "[itemprop=author]"]))
            .unwrap_or_default(),
        published: date_at(&html, selectors.published.as_ref()),
    })
}

/// All the text that a reader sees on a page, whatever surrounds its article included.
pub fn page_text(capture: &Capture) -> String {
    plain_text(&charset::decode(&capture.body, capture.header("content-type")))
}

fn parse(text: &str, capture: &Capture) -> Result<Html, ReadError> {
    tree::tree(text).ok_or_else(|| ReadError::Overgrown { address: capture.answered.clone() })
}

/// The elements that lie in no other of them, so that no word is read twice.
fn outermost<'a>(
    elements: impl Iterator<Item = ElementRef<'a>>,
) -> impl Iterator<Item = ElementRef<'a>> {
    let mut taken = HashSet::new();
    elements.filter(move |element| {
        let is_within = element.ancestors().any(|ancestor| taken.contains(&ancestor.id()));
        taken.insert(element.id()) && !is_within
    })
}

/// The address that an element links, itself or first within.
fn link(element: ElementRef<'_>) -> Option<&str> {
    element
        .attr("href")
        .or_else(|| element.descendent_elements().find_map(|inner| inner.attr("href")))
}

/// What the page says of itself at this place: a `meta` element's content, or text.
fn said(html: &Html, selector: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    let element = html.select(&selector).next()?;
    let text = match element.attr("content") {
        Some(content) => one_line(content),
        None => one_line(&element_text(element)),
    };
    (!text.is_empty()).then_some(text)
}

fn date_at(html: &Html, selector: Option<&Selector>) -> Option<Timestamp> {
    let written = |element: ElementRef<'_>| {
        let attribute = element.attr("datetime").or_else(|| element.attr("content"));
        attribute.and_then(date::read).or_else(|| date::read(&one_line(&element_text(element))))
    };
    if let Some(date) = selector.and_then(|selector| html.select(selector).find_map(written)) {
        return Some(date);
    }
    ["meta[property='article:published_time']", "[itemprop=datePublished]", "time[datetime]"]
        .iter()
        .filter_map(|selector| Selector::parse(selector).ok())
        .find_map(|selector| html.select(&selector).next().and_then(written))
}

/// Whether two addresses are of one site: the same host, `www.` or not.
fn is_same_site(one: &Url, other: &Url) -> bool {
    let site = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        (host.strip_prefix("www.").unwrap_or(host).to_owned(), url.port())
    };
    site(one) == site(other)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
