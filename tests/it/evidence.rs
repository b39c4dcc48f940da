//! The store from outside: what is appended stays, and comes back as it was.

use netra::model::{CaptureId, Choice, Digest, Event, Status};
use netra::store::{Cursor, Filter, Settings, Store, StoreError};

use crate::kit_store::{at, by, capture, checked, create, decided, finding, flagged, open};

fn some_capture() -> CaptureId {
    CaptureId(Digest([5; 32]))
}

#[test]
fn what_is_appended_is_there_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let store = create(data.path());
    let mut appended = Vec::new();
    for n in 0..700 {
        appended
            .extend(store.append(&by("a"), at(1), vec![flagged(n, 0, some_capture())]).unwrap());
    }
    let before = store.checkpoint();
    drop(store);
    let store = open(data.path());
    assert_eq!(store.checkpoint(), before);
    let entries: Vec<_> = store.entries(0).map(Result::unwrap).collect();
    assert_eq!(entries[0].event, Event::Opened { format: 1 });
    assert_eq!(&entries[1..], &appended[..]);
    assert_eq!(store.entry(300).unwrap().unwrap(), appended[299]);
    assert!(store.entry(701).unwrap().is_none());
    let payload = store.payload(appended[5].payload.unwrap()).unwrap();
    assert_eq!(payload["teks"], "isi 5");
    assert!(store.notices().is_empty());
    assert_eq!(store.check().unwrap().differences, Vec::<String>::new());
}

#[test]
fn a_repeated_step_changes_nothing() {
    let data = tempfile::tempdir().unwrap();
    let store = create(data.path());
    let step = || vec![flagged(0, 0, some_capture()), checked(some_capture(), &[0, 1], 1)];
    assert_eq!(store.append(&by("a"), at(1), step()).unwrap().len(), 2);
    assert_eq!(store.append(&by("a"), at(2), step()).unwrap().len(), 0);
    let more = vec![checked(some_capture(), &[1, 2], 0)];
    let entries = store.append(&by("a"), at(3), more).unwrap();
    assert!(matches!(&entries[0].event, Event::Checked { posts, .. } if posts == &[2]));
    assert_eq!(store.size(), 4);
    assert_eq!(store.index().settled(some_capture()).unwrap(), [0, 1, 2]);
}

#[test]
fn findings_come_in_pages_the_most_urgent_first() {
    let data = tempfile::tempdir().unwrap();
    let store = create(data.path());
    let drafts = (0..50).map(|n| flagged(n, 0, some_capture())).collect();
    store.append(&by("netra:pipeline"), at(1), drafts).unwrap();
    store.append(&by("a"), at(2), vec![decided(2, Choice::Bukan)]).unwrap();
    let index = store.index();
    let filter = Filter { open_only: true, ..Filter::default() };
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = index.findings(&filter, after, 7).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(Cursor::from(last));
        seen.extend(page);
    }
    assert_eq!(seen.len(), 49);
    let ordered = seen.windows(2).all(|two| {
        (two[1].priority, two[0].seq) < (two[0].priority, two[1].seq)
            || two[0].priority > two[1].priority
    });
    assert!(ordered);
    let forum = Filter { source: Some("forum-b".into()), ..Filter::default() };
    assert_eq!(index.findings(&forum, None, 100).unwrap().len(), 25);
    let bukan = Filter { status: Some(Status::Bukan), ..Filter::default() };
    assert_eq!(index.findings(&bukan, None, 100).unwrap()[0].id, finding(2));
    let counts = index.counts().unwrap();
    assert_eq!((counts.findings(), counts.open(), counts.bukan), (50, 49, 1));
    let state = index.by_number("T-2026-00003").unwrap().unwrap();
    assert_eq!((state.id, state.judged.len()), (finding(2), 1));
    assert_eq!(index.history(finding(2), 10).unwrap(), [51, 3]);
}

#[test]
fn a_capture_comes_back_as_it_was_kept() {
    let data = tempfile::tempdir().unwrap();
    let store = create(data.path());
    let (kept, posts) = capture(1, 3);
    let id = store.keep(&kept, &posts).unwrap();
    assert_eq!(store.keep(&kept, &posts).unwrap(), id);
    assert_eq!(store.capture(id).unwrap(), (kept.clone(), posts.clone()));
    drop(store);
    let store = open(data.path());
    assert_eq!(store.capture(id).unwrap(), (kept, posts));
    let none = CaptureId(Digest([0; 32]));
    assert!(matches!(store.capture(none), Err(StoreError::NoCapture { .. })));
    store.append(&by("a"), at(1), vec![checked(id, &[1], 0)]).unwrap();
    let settled: Vec<bool> = store.posts().unwrap().map(|post| post.unwrap().2).collect();
    assert_eq!(settled, [false, true, false]);
}

#[test]
fn a_second_opener_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let _store = create(data.path());
    let second = Store::open(data.path(), &Settings::default()).unwrap_err();
    assert!(matches!(second, StoreError::Locked { .. }));
    assert!(second.to_string().contains(data.path().to_str().unwrap()));
}

#[test]
fn an_entry_too_large_is_refused_and_nothing_of_its_batch_is_there() {
    let data = tempfile::tempdir().unwrap();
    let store = create(data.path());
    let large = Event::SourceFailed { source: "x".repeat(70_000), ailment: "timeout".into() };
    let drafts = vec![flagged(0, 0, some_capture()), large.into()];
    let refused = store.append(&by("a"), at(1), drafts);
    assert!(matches!(refused, Err(StoreError::EntryTooLarge { .. })));
    assert_eq!(store.size(), 1);
    store.append(&by("a"), at(1), vec![flagged(0, 0, some_capture())]).unwrap();
    assert_eq!(store.size(), 2);
}

#[test]
fn a_folder_without_a_store_is_said_to_be_one() {
    let data = tempfile::tempdir().unwrap();
    let missing = Store::open(data.path(), &Settings::default()).unwrap_err();
    assert!(matches!(missing, StoreError::Missing { .. }));
    drop(create(data.path()));
    let twice = Store::create(data.path(), &Settings::default(), at(0)).unwrap_err();
    assert!(matches!(twice, StoreError::Exists { .. }));
}
