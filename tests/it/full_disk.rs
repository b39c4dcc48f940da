//! A full disk: an error in words, nothing acknowledged lost, and work goes on when there is space.
//!
//! Where no file system may be mounted these tests say SKIPPED, unless
//! `NETRA_FULL_DISK=required` is set: then they fail.

use std::fs;
use std::path::Path;
use std::process::Command;

use netra::model::{Bookmark, CaptureId, Digest, Event, PostRef};
use netra::queue::{self, Queue};
use netra::store::evidence::verify;
use netra::store::{Store, StoreError};

use crate::kit_store::{at, by, capture, create, flagged, open};
use crate::people::{House, Told};

/// A file system of its own of a few MiB, unmounted when dropped; none where this may not be had.
struct Small(tempfile::TempDir);

impl Small {
    fn mount(mebibytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={mebibytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder.path())
            .output();
        let reason = match mounted {
            Ok(output) if output.status.success() => return Some(Self(folder)),
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(error) => error.to_string(),
        };
        let is_required = std::env::var("NETRA_FULL_DISK").is_ok_and(|it| it == "required");
        assert!(!is_required, "no file system may be mounted here: {reason}");
        println!("SKIPPED: no file system may be mounted here: {reason}");
        None
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(self.0.path()).output());
    }
}

/// Takes the space that is left, less some bytes; gives the file that holds it.
fn fill(folder: &Path, less: usize) -> std::path::PathBuf {
    let path = folder.join("ballast");
    let mut size = 64 << 20;
    while size >= 4096 {
        let mut bytes = fs::read(&path).unwrap_or_default();
        let length = bytes.len();
        bytes.resize(length + size, 1);
        if fs::write(&path, &bytes).is_err() {
            fs::write(&path, &bytes[..length]).unwrap();
            size /= 2;
        }
    }
    let length = fs::metadata(&path).unwrap().len().saturating_sub(less as u64);
    fs::File::options().write(true).open(&path).unwrap().set_len(length).unwrap();
    path
}

/// Works until the disk is full; gives how many findings were acknowledged and the error.
fn work(store: &Store, from: u64) -> (u64, StoreError) {
    for n in from.. {
        let (answer, posts) = capture(u32::try_from(n).unwrap(), 2);
        let step = store
            .keep(&answer, &posts)
            .and_then(|id| store.append(&by("netra:pipeline"), at(1), vec![flagged(n, 0, id)]));
        if let Err(error) = step {
            return (n, error);
        }
    }
    unreachable!("the disk is never full")
}

fn flagged_in(store: &Store) -> u64 {
    let entries = store.entries(0).map(Result::unwrap);
    entries.filter(|entry| matches!(entry.event, Event::Flagged { .. })).count() as u64
}

#[test]
fn a_full_disk_refuses_in_words_loses_nothing_and_is_usable_when_there_is_space() {
    let Some(disk) = Small::mount(24) else {
        return;
    };
    let data = disk.0.path().join("data");
    let store = create(&data);
    let mut acknowledged = 0;
    // however little is left, something else is the first that finds no space
    for less in (0..160).step_by(16).map(|kibibytes: usize| kibibytes << 10) {
        let ballast = fill(disk.0.path(), less);
        let (count, error) = work(&store, acknowledged);
        assert!(error.is_full(), "{less}: {error:?}");
        assert!(error.to_string().contains("space"), "{error}");
        assert_eq!(flagged_in(&store), count, "{less}: an entry that was not acknowledged");
        assert_eq!(store.index().counts().unwrap().baru, count, "pages go on reading");
        assert_eq!(verify(&data).problems, vec![], "{less}");
        acknowledged = count;
        fs::remove_file(ballast).unwrap();
        let (answer, posts) = capture(u32::try_from(count).unwrap(), 2);
        let id = store.keep(&answer, &posts).unwrap();
        store.append(&by("netra:pipeline"), at(1), vec![flagged(count, 0, id)]).unwrap();
        acknowledged += 1;
        assert_eq!(flagged_in(&store), acknowledged);
    }
    println!("10 full disks: {acknowledged} findings acknowledged, 0 lost");
    // closed and opened while full: what is there can be read
    let ballast = fill(disk.0.path(), 0);
    drop(store);
    let store = open(&data);
    assert_eq!(flagged_in(&store), acknowledged);
    assert_eq!(store.index().counts().unwrap().baru, acknowledged);
    fs::remove_file(ballast).unwrap();
    let (count, _) = {
        let ballast = fill(disk.0.path(), 512 << 10);
        let done = work(&store, acknowledged);
        fs::remove_file(ballast).unwrap();
        done
    };
    drop(store);
    let store = open(&data);
    assert_eq!(flagged_in(&store), count);
    drop(store);
    assert_eq!(verify(&data).problems, vec![]);
}

fn reference(number: u32) -> PostRef {
    let digest = |kind: &str| Digest::of(format!("{kind}{number}").as_bytes());
    PostRef {
        capture: CaptureId(digest("capture")),
        index: number,
        post: digest("post"),
        version: digest("version"),
    }
}

/// Opens the queue anew; on a disk with space this works once sled's last writer is gone.
fn reopened(queue: &Queue) {
    let is_open = (0..100_000).any(|_| {
        std::thread::yield_now();
        queue.reopen().is_ok()
    });
    assert!(is_open, "{:?}", queue.reopen());
}

#[test]
fn a_queue_on_a_full_disk_goes_on_when_there_is_space_and_no_try_was_counted() {
    let Some(disk) = Small::mount(24) else { return };
    let path = disk.0.path().join("queue");
    let queue = Queue::open(&path, &queue::Settings::default()).unwrap();
    let mut acknowledged = 0;
    for round in 0..3 {
        let ballast = fill(disk.0.path(), 64 << 10);
        let error = loop {
            let posts: Vec<_> = (acknowledged..acknowledged + 50).map(reference).collect();
            match queue.push("kabar", &posts, &Bookmark::default()) {
                Ok(pushed) => acknowledged += u32::try_from(pushed).unwrap(),
                Err(error) => break error,
            }
        };
        assert!(error.asks_to_reopen(), "{error:?}");
        // more rests than a post has tries
        for _ in 0..8 {
            drop(queue.take(10).map(|loans| queue.give_back(&loans)));
            drop(queue.reopen());
        }
        fs::remove_file(ballast).unwrap();
        reopened(&queue);
        let posts: Vec<_> = (acknowledged..acknowledged + 50).map(reference).collect();
        let pushed = queue.push("kabar", &posts, &Bookmark::default()).unwrap();
        assert_eq!(pushed, 50, "round {round}: what was refused is not known");
        acknowledged += 50;
        let waiting = queue.waiting(usize::MAX).unwrap();
        assert_eq!(waiting.len(), acknowledged as usize, "round {round}");
        assert!(waiting.iter().all(|post| post.tries == 0), "round {round}");
        assert_eq!(queue.aside(9).unwrap(), vec![]);
    }
    drop(queue);
    let queue = Queue::open(&path, &queue::Settings::default()).unwrap();
    let loans = queue.take(usize::MAX).unwrap();
    assert_eq!(loans.len(), acknowledged as usize);
    assert!(loans.iter().all(|loan| loan.tries == 1));
    println!("3 full disks: {acknowledged} posts queued, 0 lost, 0 tries counted");
}

#[tokio::test]
async fn evidence_whose_export_cannot_be_recorded_is_not_given() {
    let Some(small) = Small::mount(24) else { return };
    let folder = tempfile::tempdir_in(small.0.path()).unwrap();
    let house = House::within(folder, &[Told::default()], None).await;
    let (path, before) = ("/temuan/T-2026-00001/ekspor", house.store.size());
    let reason = [("alasan", "Permintaan Inspektorat 12/XI.")];
    let mut kartika = house.visitor("kartika").await;
    let ballast = fill(small.0.path(), 0);
    let seen = kartika.post(path, &reason).await;
    assert_eq!(seen.status, 500, "{}", seen.body);
    assert!(!seen.bytes.starts_with(b"PK"));
    assert_eq!(house.store.size(), before);
    fs::remove_file(ballast).unwrap();
    let seen = kartika.post(path, &reason).await;
    assert!(seen.bytes.starts_with(b"PK"), "{}", seen.body);
    assert_eq!(house.store.size(), before + 1);
    // nothing may hold the file system when it goes
    drop(house);
}
