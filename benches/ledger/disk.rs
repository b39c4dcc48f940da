//! What a store takes of the disk, to the raw text that it keeps.
//!
//! The posts are the labelled ones of the fixtures, short posts of social media
//! and a few articles; those that the shipped rules flag are kept as the
//! pipeline keeps them, and each is decided by one person with a reason.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use netra::matcher::Matcher;
use netra::model::{
    Actor, Author, CaptureId, Choice, Digest, Draft, Event, Finding, FindingId, Post, PostId,
    PostKind,
};
use netra::rule::RuleSet;
use netra::store::{Settings, Store};
use serde::Deserialize;
use tempfile::TempDir;

use super::at;

const SETS: [&str; 4] = ["posts", "tuned", "tuned2", "tuned3"];

#[derive(Deserialize)]
struct Labelled {
    id: String,
    #[serde(default)]
    kind: PostKind,
    #[serde(default)]
    author: Author,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    platform: String,
}

impl Labelled {
    fn post(self) -> Post {
        let address = format!("https://{}.example/status/{}", self.platform, self.id);
        Post {
            id: PostId(format!("{}:{}", self.platform, self.id)),
            source: "fixtures".into(),
            kind: self.kind,
            platform: self.platform,
            address: Some(address),
            author: self.author,
            title: self.title,
            text: self.text,
            published: Some(at()),
        }
    }
}

/// The findings of the fixtures, as payloads, with the bytes of what people wrote in them.
fn findings() -> (Vec<Draft>, usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let matcher = Matcher::new(&RuleSet::load(&[root.join("rules")]).ruleset.unwrap());
    let mut text = 0;
    let mut drafts = Vec::new();
    for set in SETS {
        let lines = fs::read_to_string(root.join(format!("fixtures/posts/{set}.jsonl"))).unwrap();
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let post = serde_json::from_str::<Labelled>(line).unwrap().post();
            let verdict = matcher.scan(&post);
            if !verdict.flagged {
                continue;
            }
            let author = &post.author;
            text += post.title.len() + post.text.len();
            text += author.name.len() + author.handle.len() + author.bio.len();
            drafts.push(kept(post, verdict, drafts.len() as u64));
        }
    }
    (drafts, text)
}

fn kept(post: Post, verdict: netra::model::Verdict, n: u64) -> Draft {
    let mut event = super::flagged(n);
    if let Event::Flagged { rules, categories, score, priority, index, capture, .. } = &mut event {
        *rules = verdict.parts.iter().map(|part| part.rule.clone()).collect();
        rules.sort_unstable();
        rules.dedup();
        categories.clone_from(&verdict.categories);
        (*score, *priority) = (verdict.score, verdict.priority);
        *index = u32::try_from(n % 50).unwrap();
        *capture = CaptureId(Digest::of(&(n / 50).to_be_bytes()));
    }
    let finding = Finding {
        post,
        verdict,
        asked: "https://sosial.example/umpan.xml".into(),
        answered: "https://sosial.example/umpan.xml".into(),
        captured: at(),
        status: 200,
        size: 48_211,
        body: Digest::of(&(n / 50).to_be_bytes()),
    };
    Draft { event, payload: Some(serde_json::to_value(finding).unwrap()) }
}

/// Bytes of all files below a folder, and of the blocks they and its folders take.
fn taken(folder: &Path) -> (u64, u64) {
    let own = fs::metadata(folder).unwrap();
    if !own.is_dir() {
        return (own.len(), own.blocks() * 512);
    }
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| taken(&entry.unwrap().path()))
        .fold((0, own.blocks() * 512), |sum, more| (sum.0 + more.0, sum.1 + more.1))
}

pub(super) fn measure() {
    let (drafts, text) = findings();
    let count = drafts.len();
    let folder = TempDir::new().unwrap();
    let store = Store::create(folder.path(), &Settings::default(), at()).unwrap();
    let mut payloads = 0;
    let mut batch = |by: &str, drafts: &[Draft]| {
        for draft in drafts {
            payloads += serde_json::to_vec(draft.payload.as_ref().unwrap()).unwrap().len();
        }
        store.append(&Actor(by.into()), at(), drafts.to_vec()).unwrap();
    };
    for some in drafts.chunks(64) {
        batch("netra:pipeline", some);
    }
    // people decide one by one
    for n in 0..count as u64 {
        let finding = FindingId(Digest::of(&n.to_be_bytes()));
        let choice = Choice::Tunda;
        let event = Event::Decided { finding, choice, code: None, category: None, unit: None };
        let reason = format!("Unggahan {n}: akun tidak memuat nama lengkap, perlu dicek ke unit.");
        batch("sari", &[Draft { event, payload: Some(serde_json::json!({ "reason": reason })) }]);
    }
    let entries: usize =
        store.entries(0).map(|entry| serde_json::to_vec(&entry.unwrap()).unwrap().len()).sum();
    drop(store);
    let raw = (payloads + entries) as f64;
    println!(
        "{count} findings and as many decisions; JSON of payloads {payloads} bytes, of entries {entries}"
    );
    println!("in these payloads {text} bytes of headlines, texts, names and profiles");
    let mut sum = (0, 0);
    for name in ["payload", "ledger", "index"] {
        let (bytes, blocks) = taken(&folder.path().join(name));
        let own = if name == "payload" { payloads as f64 } else { entries as f64 };
        println!(
            "  {name:<8}{bytes:9} bytes, {blocks:9} in blocks: {:.2} and {:.2} of its own JSON",
            bytes as f64 / own,
            blocks as f64 / own
        );
        sum = (sum.0 + bytes, sum.1 + blocks);
        if name == "ledger" {
            println!(
                "  both    {:9} bytes, {:9} in blocks: {:.2} and {:.2} of all JSON, {:.2} and {:.2} of that of payloads",
                sum.0,
                sum.1,
                sum.0 as f64 / raw,
                sum.1 as f64 / raw,
                sum.0 as f64 / payloads as f64,
                sum.1 as f64 / payloads as f64
            );
        }
    }
}
