//! `kill -9` at any moment: nothing acknowledged is lost, nothing is doubled.
//!
//! The test binary starts itself again as a child that works on a data folder
//! and prints what was acknowledged; the parent kills it and looks.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use netra::model::{Bookmark, Digest, Event, PostRef};
use netra::queue::Queue;
use netra::store::evidence::verify;
use netra::store::{Settings, Store};

use crate::kit_store::{Random, at, by, capture, checked, flagged};

const FOLDER: &str = "NETRA_CRASH_FOLDER";
const START: &str = "NETRA_CRASH_START";
/// Posts of a capture.
const POSTS: u32 = 4;

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "@{line}").unwrap();
    out.flush().unwrap();
}

fn queue(data: &Path) -> Queue {
    Queue::open(&data.join("queue"), &netra::queue::Settings::default()).unwrap()
}

/// The child: goes the machine's way over and over until it is killed.
#[test]
fn the_child_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let start: u32 = std::env::var(START).unwrap().parse().unwrap();
    let data = Path::new(&folder);
    say("opening");
    let store = match Store::open(data, &Settings::default()) {
        Ok(store) => store,
        Err(netra::store::StoreError::Missing { .. }) => {
            Store::create(data, &Settings::default(), at(0)).unwrap()
        }
        Err(error) => panic!("{error}"),
    };
    let queue = queue(data);
    for n in start.. {
        let (capture, posts) = capture(n, POSTS);
        let id = store.keep(&capture, &posts).unwrap();
        let refs: Vec<PostRef> = (0..)
            .zip(&posts)
            .map(|(index, post)| PostRef {
                capture: id,
                index,
                post: post.id.keyed(store.secret()),
                version: post.version(store.secret()),
            })
            .collect();
        let bookmark = Bookmark { polls: u64::from(n), ..Bookmark::default() };
        queue.push("kabar-a", &refs, &bookmark).unwrap();
        say(&format!("pushed {n} {id}"));
        let loan = queue.take(3).unwrap();
        let mut by_capture: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        for delivery in &loan {
            by_capture.entry(delivery.post.capture).or_default().push(delivery.post.index);
        }
        let mut drafts = Vec::new();
        for (capture, mut places) in by_capture {
            places.sort_unstable();
            for place in &places {
                let mut draft = flagged(finding_number(capture.0, *place), 0, capture);
                if let Event::Flagged { index, .. } = &mut draft.event {
                    *index = *place;
                }
                drafts.push(draft);
            }
            let count = u32::try_from(places.len()).unwrap();
            drafts.push(checked(capture, &places, count));
        }
        for entry in store.append(&by("netra:pipeline"), at(1), drafts).unwrap() {
            let json = serde_json::to_vec(&entry).unwrap();
            say(&format!("appended {} {}", entry.seq, Digest::of(&json)));
        }
        queue.done(&loan).unwrap();
    }
}

/// A number for the finding of a post, the same each time.
fn finding_number(capture: Digest, place: u32) -> u64 {
    let bytes = capture.0.first_chunk::<8>().copied().unwrap();
    u64::from_be_bytes(bytes) / 16 * 16 + u64::from(place)
}

/// What the child said, up to the moment it was killed.
fn run_and_kill(data: &Path, start: u32, lines: u64) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::the_child_that_is_killed", "--nocapture"])
        .env(FOLDER, data)
        .env(START, start.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut heard = Vec::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    let mut is_killed = false;
    loop {
        if heard.len() as u64 >= lines && !is_killed {
            // SIGKILL; what it still said before is read on
            child.kill().unwrap();
            is_killed = true;
        }
        line.clear();
        if out.read_line(&mut line).unwrap() == 0 {
            break;
        }
        // a line cut off by the kill acknowledges nothing
        let said = line.split_once('@').and_then(|(_, said)| said.strip_suffix('\n'));
        heard.extend(said.map(str::to_owned));
    }
    child.wait().unwrap();
    assert!(is_killed, "the child ended by itself after {heard:?}");
    heard
}

#[test]
fn ten_kills_lose_nothing_acknowledged_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let seed = 20_261_122;
    println!("seed {seed}");
    let mut random = Random(seed);
    let mut pushed: BTreeSet<String> = BTreeSet::new();
    let mut appended: BTreeMap<u64, String> = BTreeMap::new();
    let mut start = 0;
    for round in 0..10 {
        // every third one is killed while it opens
        let lines = if round % 3 == 2 { 1 } else { 2 + random.below(60) };
        for line in run_and_kill(data, start, lines) {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["pushed", n, id] => {
                    start = n.parse::<u32>().unwrap() + 1;
                    pushed.insert(id.to_owned());
                }
                ["appended", seq, digest] => {
                    let before = appended.insert(seq.parse().unwrap(), digest.to_owned());
                    assert_eq!(before, None, "round {round}: entry {seq} twice");
                }
                _ => {}
            }
        }
        // what was under way may be there without having been said
        start += 1;
        look(data, &pushed, &appended, round);
    }
    println!(
        "10 kills, {} captures and {} entries acknowledged: 0 lost, 0 doubled",
        pushed.len(),
        appended.len()
    );
}

fn look(data: &Path, pushed: &BTreeSet<String>, appended: &BTreeMap<u64, String>, round: u32) {
    if !data.join("ledger/checkpoint").exists() {
        assert!(appended.is_empty() && pushed.is_empty());
        return;
    }
    assert_eq!(verify(data).problems, vec![], "round {round}, before it is opened");
    let store = Store::open(data, &Settings::default()).unwrap();
    assert_eq!(store.check().unwrap().differences, Vec::<String>::new());
    let mut findings = BTreeSet::new();
    let mut settled = BTreeSet::new();
    for entry in store.entries(0) {
        let entry = entry.unwrap();
        if let Some(digest) = appended.get(&entry.seq) {
            let json = serde_json::to_vec(&entry).unwrap();
            assert_eq!(*digest, Digest::of(&json).to_string(), "round {round}");
        }
        match entry.event {
            Event::Flagged { finding, .. } => {
                assert!(findings.insert(finding), "round {round}: a finding twice");
            }
            Event::Checked { capture, posts, .. } => {
                for post in posts {
                    assert!(settled.insert((capture, post)), "round {round}: a post twice");
                }
            }
            _ => {}
        }
    }
    let last = appended.last_key_value().map_or(0, |(seq, _)| *seq);
    assert!(store.size() > last, "round {round}: entry {last} is lost");
    let queue = queue(data);
    let aside = queue.aside(100_000).unwrap().into_iter().map(|aside| aside.delivery);
    let lined: Vec<_> = queue.waiting(100_000).unwrap().into_iter().chain(aside).collect();
    let waiting: BTreeSet<_> = lined.iter().map(|it| (it.post.capture, it.post.index)).collect();
    assert_eq!(waiting.len(), lined.len(), "round {round}: a post waits twice");
    for capture in pushed {
        let id = netra::model::CaptureId(capture.parse().unwrap());
        assert_eq!(store.capture(id).unwrap().1.len(), POSTS as usize);
        for place in 0..POSTS {
            let is_there = settled.contains(&(id, place)) || waiting.contains(&(id, place));
            assert!(is_there, "round {round}: post {place} of {capture} is lost");
        }
    }
    drop(queue);
    drop(store);
    assert_eq!(verify(data).problems, vec![], "round {round}, after it was closed");
}
