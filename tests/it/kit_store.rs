//! What the tests of the store are made of.

use std::path::Path;

use jiff::Timestamp;
use netra::model::{
    Actor, Author, Capture, CaptureId, Category, Choice, Digest, Draft, Event, FindingId, Post,
    PostId, PostKind, Priority,
};
use netra::store::{Settings, Store};
use serde_json::json;

/// A time, so many seconds after the start.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_305_600 + second).unwrap()
}

/// A new store in this folder.
pub(crate) fn create(data: &Path) -> Store {
    Store::create(data, &Settings::default(), at(0)).unwrap()
}

/// The store in this folder.
pub(crate) fn open(data: &Path) -> Store {
    Store::open(data, &Settings::default()).unwrap()
}

/// The name of the n-th finding.
pub(crate) fn finding(n: u64) -> FindingId {
    FindingId(Digest::of(&n.to_be_bytes()))
}

/// The n-th finding flagged, with a payload.
pub(crate) fn flagged(n: u64, version: u8, capture: CaptureId) -> Draft {
    let event = Event::Flagged {
        finding: finding(n),
        version: Digest([version; 32]),
        source: if n.is_multiple_of(2) { "kabar-a" } else { "forum-b" }.into(),
        kind: PostKind::News,
        rules: vec!["dukungan-terbuka".into()],
        categories: vec![Category::MedsosSupport],
        stage: "kampanye".into(),
        score: 3.5,
        priority: [Priority::Rendah, Priority::Sedang, Priority::Tinggi][(n % 3) as usize],
        unit: None,
        published: None,
        capture,
        index: u32::try_from(n % 2).unwrap(),
        ruleset: "r1".into(),
    };
    Draft { event, payload: Some(json!({"teks": format!("isi {n}"), "nama": "Sari Buana"})) }
}

/// A decision, its reason as payload.
pub(crate) fn decided(n: u64, choice: Choice) -> Draft {
    let event =
        Event::Decided { finding: finding(n), choice, code: None, category: None, unit: None };
    Draft { event, payload: Some(json!({"alasan": "sudah diperiksa"})) }
}

/// Posts of a capture matched.
pub(crate) fn checked(capture: CaptureId, posts: &[u32], flagged: u32) -> Draft {
    Event::Checked { source: "kabar-a".into(), capture, posts: posts.to_vec(), flagged }.into()
}

/// Who did it.
pub(crate) fn by(name: &str) -> Actor {
    Actor(name.into())
}

/// A capture with so many posts.
pub(crate) fn capture(n: u32, posts: u32) -> (Capture, Vec<Post>) {
    let capture = Capture {
        source: "kabar-a".into(),
        asked: format!("https://kabar-a.example/umpan?{n}"),
        answered: format!("https://kabar-a.example/umpan.xml?{n}"),
        request_headers: vec![("accept".into(), "*/*".into())],
        at: at(i64::from(n)),
        status: 200,
        headers: vec![("content-type".into(), "application/rss+xml".into())],
        body: format!("<rss>{n}</rss>").into_bytes(),
    };
    let posts = (0..posts).map(|place| Post {
        id: PostId(format!("kabar-a:{n}:{place}")),
        source: "kabar-a".into(),
        kind: PostKind::News,
        platform: "news_site".into(),
        address: Some(format!("https://kabar-a.example/{n}/{place}")),
        author: Author { name: "Redaksi".into(), ..Author::default() },
        title: format!("Judul {place}"),
        text: "Warga menghadiri kerja bakti.".into(),
        published: Some(at(0)),
    });
    (capture, posts.collect())
}

/// Numbers that look random and are the same each time for a seed (`SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// The next number, below this one.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}
