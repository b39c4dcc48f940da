use super::*;
use proptest::prelude::*;

fn capture(headers: Vec<(String, String)>, body: Vec<u8>) -> Capture {
    Capture {
        source: "kabar-a".into(),
        asked: "https://kabar-a.example/feed?x=1".into(),
        answered: "https://kabar-a.example/feed.xml".into(),
        request_headers: vec![("accept".into(), "*/*".into())],
        at: "2026-11-22T03:04:05.678901Z".parse().unwrap(),
        status: 200,
        headers,
        body,
    }
}

fn line() -> impl Strategy<Value = (String, String)> {
    ("[a-zA-Z][a-zA-Z-]{0,12}|x-orig-[a-z]{1,5}|Content-Encoding", "[ -~äß]{0,20}")
}

proptest! {
    #[test]
    fn any_capture_is_read_as_it_was_kept(
        headers in prop::collection::vec(line(), 0..5),
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let capture = capture(headers, body);
        prop_assert_eq!(unprintable(&capture), None);
        let file = write(&capture, &[], None).unwrap();
        let kept = parse(&file).unwrap();
        prop_assert_eq!((kept.payload, kept.revisits), (capture.digest(), None));
        prop_assert_eq!((kept.capture, kept.posts), (capture, vec![]));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        drop(parse(&bytes));
        drop(record(&bytes));
    }
}

#[test]
fn the_same_capture_makes_the_same_bytes() {
    let capture = capture(vec![], b"body".to_vec());
    let write = || write(&capture, &[], None).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn an_answer_with_the_body_of_an_earlier_one_names_it_and_leaves_it_out() {
    let first = capture(vec![], b"body".to_vec());
    let file = write(&first, &[], None).unwrap();
    let (id, kept) = (CaptureId(Digest::of(&file)), parse(&file).unwrap());
    let later = Capture { at: "2026-11-29T03:04:05Z".parse().unwrap(), ..first };
    let file = write(&later, &[], Some(&Earlier { id, kept })).unwrap();
    let kept = parse(&file).unwrap();
    assert_eq!((kept.revisits, kept.payload), (Some(id), later.digest()));
    assert_eq!(kept.capture, Capture { body: vec![], ..later });
    let records = records(&file).unwrap();
    let revisit = &records[2];
    let field = |name| revisit.field(name).unwrap();
    assert_eq!(field("WARC-Type"), "revisit");
    assert_eq!(field("WARC-Profile"), PROFILE);
    assert_eq!(field("WARC-Refers-To-Target-URI"), "https://kabar-a.example/feed.xml");
    assert_eq!(field("WARC-Refers-To-Date"), "2026-11-22T03:04:05.678901Z");
    assert_eq!(records[3].field("WARC-Concurrent-To"), revisit.field("WARC-Record-ID"));
}

#[test]
fn posts_kept_as_a_conversion_record_are_still_read() {
    let file = include_bytes!("../../../fixtures/warc/posts-as-conversion.warc.gz");
    let kept = parse(file).unwrap();
    assert_eq!(kept.posts.len(), 1);
    assert_eq!(kept.posts[0].address.as_deref(), Some(kept.capture.asked.as_str()));
}

#[test]
fn a_reader_is_not_told_to_decode_twice() {
    let capture = capture(vec![("Content-Encoding".into(), "gzip".into())], b"<rss/>".to_vec());
    let file = write(&capture, &[], None).unwrap();
    let response = &records(&file).unwrap()[2];
    let text = String::from_utf8(response.block.clone()).unwrap();
    assert!(text.contains("x-orig-Content-Encoding: gzip\r\n"), "{text}");
}
