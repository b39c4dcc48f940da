use jiff::Timestamp;

use super::folder::source_text;
use super::site::{Form, Place, SITES, Site};
use super::world::{Item, World};
use crate::fetch::{Source, SourceSettings, sources};
use crate::model::Capture;

fn place(site: Site, world: &World) -> Place {
    let base = "http://127.0.10.1:4000".to_owned();
    let items = world.of(site.name);
    let addresses = items.iter().map(|item| format!("{base}{}", item.path)).collect();
    Place { site, base, items, addresses, start: Timestamp::from_second(1_795_000_000).unwrap() }
}

fn source(place: &Place) -> Box<dyn Source> {
    #[derive(serde::Deserialize)]
    struct Sources {
        source: SourceSettings,
    }
    let text = source_text(&place.site, &place.base);
    sources(&toml::from_str::<Sources>(&text).unwrap().source).unwrap().remove(0)
}

fn capture(place: &Place, path: &str, kind: &str, body: Vec<u8>) -> Capture {
    Capture {
        source: place.site.name.into(),
        asked: format!("{}{path}", place.base),
        answered: format!("{}{path}", place.base),
        request_headers: vec![],
        at: place.start,
        status: 200,
        headers: vec![("content-type".into(), kind.into())],
        body,
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn check_same(site: &Site, item: &Item, post: &crate::model::Post) {
    let place = format!("{} {}", site.name, item.id);
    assert_eq!(squeeze(&post.text), squeeze(&item.text), "{place}");
    assert_eq!(squeeze(&post.title), squeeze(&item.title), "{place}");
    assert_eq!(post.author.name, item.author.name, "{place}");
    if site.form != Form::Portal && site.form != Form::Teasers {
        assert_eq!(post.author.bio, item.author.bio, "{place}");
        assert_eq!(post.author.handle, item.author.handle, "{place}");
    }
    assert!(post.published.is_some(), "{place}");
}

#[test]
fn every_feed_is_read_as_its_fixtures_were_written() {
    let world = World::load().unwrap();
    for site in SITES {
        if matches!(site.form, Form::Portal | Form::Teasers) {
            continue;
        }
        let place = place(*site, &world);
        let (kind, body) = place.feed();
        let page = source(&place).read(&capture(&place, "/feed", kind, body)).unwrap();
        assert_eq!(page.posts.len(), place.items.len(), "{}: {:?}", site.name, page.problems);
        for (item, post) in place.items.iter().zip(&page.posts) {
            check_same(site, item, post);
        }
    }
}

#[test]
fn every_article_page_is_read_as_its_fixture_was_written() {
    let world = World::load().unwrap();
    for site in SITES.iter().filter(|site| matches!(site.form, Form::Portal | Form::Teasers)) {
        let place = place(*site, &world);
        let source = source(&place);
        let (path, kind, body) = if site.form == Form::Portal {
            ("/", "text/html", place.front().into_bytes())
        } else {
            let (kind, body) = place.feed();
            ("/feed", kind, body)
        };
        let list = source.read(&capture(&place, path, kind, body)).unwrap();
        assert_eq!(list.follow.len(), place.items.len(), "{}: {:?}", site.name, list.problems);
        for item in &place.items {
            let html = place.article(&item.path).unwrap();
            let capture =
                capture(&place, &item.path, "text/html; charset=utf-8", html.into_bytes());
            let page = source.read(&capture).unwrap();
            assert_eq!(page.posts.len(), 1, "{}: {:?}", item.id, page.problems);
            check_same(site, item, &page.posts[0]);
        }
    }
}

#[test]
fn the_invented_world_is_as_large_and_as_hard_as_it_must_be() {
    let world = World::load().unwrap();
    assert!(SITES.len() >= 12);
    assert!(world.items.iter().filter(|item| item.copy_of.is_none()).count() >= 240);
    for item in &world.items {
        assert!(SITES.iter().any(|site| site.name == item.source), "{}", item.id);
    }
}
