use super::*;
use crate::model::CaptureId;

fn post(number: u32) -> PostRef {
    let digest = |kind: &str| Digest::of(format!("{kind}{number}").as_bytes());
    PostRef {
        capture: CaptureId(Digest::of(b"capture")),
        index: number,
        post: digest("post"),
        version: digest("version"),
    }
}

fn open(folder: &Path) -> Queue {
    Queue::open(folder, &Settings { max_tries: 3, ..Settings::default() }).unwrap()
}

fn filled(folder: &Path, posts: u32) -> Queue {
    let queue = open(folder);
    let posts: Vec<_> = (0..posts).map(post).collect();
    assert_eq!(queue.push("kabar", &posts, &Bookmark::default()).unwrap(), posts.len());
    queue
}

fn indexes(loans: &[Delivery]) -> Vec<u32> {
    loans.iter().map(|loan| loan.post.index).collect()
}

#[test]
fn the_oldest_post_is_lent_first_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let queue = filled(folder.path(), 5);
    assert_eq!(indexes(&queue.take(2).unwrap()), [0, 1]);
    assert_eq!(indexes(&queue.take(9).unwrap()), [2, 3, 4]);
    assert!(queue.take(9).unwrap().is_empty());
}

#[test]
fn a_known_post_is_ignored_and_a_new_version_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let queue = filled(folder.path(), 2);
    let edited = PostRef { version: Digest::of(b"edited"), ..post(0) };
    let pushed = queue.push("kabar", &[post(0), edited, post(1)], &Bookmark::default());
    assert_eq!(pushed.unwrap(), 1);
    assert!(queue.is_known(edited.post, edited.version).unwrap());
}

#[test]
fn the_bookmark_moves_with_the_posts() {
    let folder = tempfile::tempdir().unwrap();
    let queue = open(folder.path());
    let mark = Bookmark { etag: Some("\"a\"".into()), polls: 7, ..Bookmark::default() };
    queue.push("kabar", &[post(1)], &mark).unwrap();
    drop(queue);
    assert_eq!(open(folder.path()).bookmark("kabar").unwrap(), mark);
    assert_eq!(open_bookmark_of_nobody(folder.path()), Bookmark::default());
}

fn open_bookmark_of_nobody(folder: &Path) -> Bookmark {
    open(folder).bookmark("nobody").unwrap()
}

#[test]
fn what_is_done_is_gone_and_what_is_on_loan_returns_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let queue = filled(folder.path(), 4);
    let loans = queue.take(3).unwrap();
    queue.done(&loans[..1]).unwrap();
    drop(queue);
    let queue = open(folder.path());
    assert_eq!(indexes(&queue.take(9).unwrap()), [1], "what was lent before is lent alone");
    assert_eq!(indexes(&queue.take(9).unwrap()), [2]);
    assert_eq!(indexes(&queue.take(9).unwrap()), [3]);
}

#[test]
fn after_its_last_try_a_post_is_set_aside_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let queue = filled(folder.path(), 1);
    for _ in 0..3 {
        let loans = queue.take(1).unwrap();
        queue.again(&loans[0], "the capture cannot be read").unwrap();
    }
    assert!(queue.take(1).unwrap().is_empty());
    let aside = queue.aside(9).unwrap();
    assert_eq!(aside[0].reason, "the capture cannot be read");
    assert_eq!(queue.counts().unwrap(), Counts { waiting: 0, leased: 0, aside: 1 });

    queue.retry(aside[0].delivery.id).unwrap();
    let loans = queue.take(1).unwrap();
    assert_eq!((indexes(&loans), loans[0].tries), (vec![0], 1));
}

#[test]
fn a_post_that_brings_the_process_down_is_set_aside_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), 1));
    for _ in 0..3 {
        assert_eq!(open(folder.path()).take(1).unwrap().len(), 1);
    }
    let queue = open(folder.path());
    assert!(queue.take(1).unwrap().is_empty());
    assert_eq!(queue.aside(9).unwrap().len(), 1);
}

#[test]
fn a_store_that_cannot_be_written_costs_no_try() {
    let folder = tempfile::tempdir().unwrap();
    let queue = filled(folder.path(), 1);
    for _ in 0..9 {
        let loans = queue.take(1).unwrap();
        assert_eq!(loans[0].tries, 1);
        queue.give_back(&loans).unwrap();
    }
}

#[test]
fn a_dropped_post_is_gone_and_stays_known() {
    let folder = tempfile::tempdir().unwrap();
    let queue =
        Queue::open(folder.path(), &Settings { max_tries: 1, ..Settings::default() }).unwrap();
    queue.push("kabar", &[post(0)], &Bookmark::default()).unwrap();
    let loans = queue.take(1).unwrap();
    queue.again(&loans[0], "no").unwrap();
    assert_eq!(queue.drop_aside(loans[0].id).unwrap(), post(0));
    assert!(matches!(queue.drop_aside(loans[0].id), Err(QueueError::Unknown { .. })));
    assert_eq!(queue.push("kabar", &[post(0)], &Bookmark::default()).unwrap(), 0);
}

#[test]
fn drained_buckets_are_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let queue = open(folder.path());
    for round in 0..5 {
        let posts: Vec<_> = (round * 10_000..(round + 1) * 10_000).map(post).collect();
        queue.push("kabar", &posts, &Bookmark::default()).unwrap();
        let loans = queue.take(10_000).unwrap();
        queue.done(&loans).unwrap();
    }
    let names = queue.with(|open| Ok(open.tree_names())).unwrap();
    let buckets = names.iter().filter(|name| name.starts_with(b"bucket-")).count();
    assert_eq!(buckets, 1, "{names:?}");
}

#[test]
fn what_a_crash_during_opening_leaves_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path(), 3));
    std::fs::write(folder.path().join("snap.ffffffffffffffff.generating"), [7; 1000]).unwrap();
    assert_eq!(open(folder.path()).take(9).unwrap().len(), 3);
}

#[test]
fn requeued_posts_wait_once() {
    let folder = tempfile::tempdir().unwrap();
    let queue = filled(folder.path(), 2);
    let all: Vec<_> = (0..4).map(|number| ("kabar".to_owned(), post(number))).collect();
    assert_eq!(queue.requeue(&all).unwrap(), 2);
    assert_eq!(queue.requeue(&all).unwrap(), 0);
    assert_eq!(indexes(&queue.take(9).unwrap()), [0, 1, 2, 3]);
}

#[test]
fn a_queue_that_was_reopened_knows_its_loans_and_counts_no_try_that_was_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let queue = filled(folder.path(), 3);
    let loans = queue.take(2).unwrap();
    queue.give_back(&loans[..1]).unwrap();
    queue.reopen().unwrap();
    assert_eq!(queue.counts().unwrap(), Counts { waiting: 2, leased: 1, aside: 0 });
    let again = queue.take(9).unwrap();
    assert_eq!((indexes(&again), again[0].tries), (vec![0, 2], 1));
    queue.done(&loans[1..]).unwrap();
    assert_eq!(queue.waiting(9).unwrap().len(), 2);
}
