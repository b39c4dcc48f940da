//! The gate keeps …

use std::time::Duration;

use super::*;

#[tokio::test]
async fn the_answer_and_what_was_asked_byte_for_byte() {
    let web = Web::new().page("/a?x=1", "text/plain", "isi\0\u{e9}").start().await;
    let capture = capture(&gate(), &web, "/a?x=1#bagian").await;
    assert_eq!(capture.body, "isi\0\u{e9}".as_bytes());
    assert_eq!(capture.asked, web.url("/a?x=1#bagian").as_str());
    assert_eq!(capture.answered, web.url("/a?x=1").as_str());
    assert_eq!((capture.status, capture.at), (200, now()));
    assert_eq!(capture.header("Content-Type"), Some("text/plain"));
    let seen = web.asked("/a?x=1").remove(0).headers;
    assert_eq!(seen.len(), capture.request_headers.len());
    for (name, value) in capture.request_headers {
        assert_eq!(seen[name.as_str()].to_str().unwrap(), value, "{name}");
    }
}

#[tokio::test]
async fn its_word_on_who_asks() {
    let web = Web::new().page("/a", "text/plain", "isi").start().await;
    capture(&gate(), &web, "/a").await;
    let agent = &web.asked("/a")[0].headers["user-agent"];
    assert_eq!(agent, concat!("Netra/", env!("CARGO_PKG_VERSION"), " (+satgas@netra.example)"));
    assert!(web.asked("/a")[0].headers.get("cookie").is_none());
}

#[tokio::test]
async fn quiet_when_nothing_is_new() {
    let web = Web::new().tagged("/feed", "\"v1\"", "text/xml", "<rss/>").start().await;
    let bookmark = Bookmark { etag: Some("\"v1\"".into()), ..Bookmark::default() };
    let request = Request::start(web.url("/feed"), &bookmark);
    let fetched = gate().get(&request, "uji").await.unwrap();
    assert!(matches!(fetched, Fetched::Unchanged), "{fetched:?}");
}

#[tokio::test]
async fn the_date_of_what_it_knows() {
    let date = "Sun, 22 Nov 2026 07:00:00 GMT";
    let web = Web::new().page("/feed", "text/xml", "<rss/>").start().await;
    let bookmark = Bookmark { last_modified: Some(date.into()), ..Bookmark::default() };
    gate().get(&Request::start(web.url("/feed"), &bookmark), "uji").await.unwrap();
    assert_eq!(web.asked("/feed")[0].headers["if-modified-since"], date);
}

#[tokio::test]
async fn what_the_server_says_of_its_failure() {
    let reply = Reply::status(503).header("retry-after", "90");
    let web = Web::new().reply("/feed", reply).start().await;
    let failure = failure(&gate(), &web, "/feed").await;
    assert_eq!(failure.ailment(), "http_503");
    assert!(failure.is_transient());
    assert_eq!(failure.retry_after(), Some(Duration::from_secs(90)));
}

#[tokio::test]
async fn away_from_a_host_that_was_asked_too_often() {
    let reply = Reply::status(429).header("retry-after", "300");
    let web = Web::new().reply("/a", reply).page("/b", "text/plain", "isi").start().await;
    let gate = gate();
    assert_eq!(failure(&gate, &web, "/a").await.ailment(), "http_429");
    let failure = failure(&gate, &web, "/b").await;
    assert_eq!(failure.ailment(), "resting");
    assert_eq!(failure.retry_after(), Some(Duration::from_mins(5)));
    assert!(web.asked("/b").is_empty());
}

#[tokio::test]
async fn a_host_from_more_than_one_request_at_a_time() {
    let web =
        (0..8).fold(Web::new(), |web, number| web.page(&format!("/{number}"), "text/plain", "isi"));
    let web = web.start().await;
    let gate = gate();
    let paths: Vec<String> = (0..8).map(|number| format!("/{number}")).collect();
    let all = paths.iter().map(|path| get(&gate, &web, path));
    for fetched in futures_util::future::join_all(all).await {
        fetched.unwrap();
    }
    assert_eq!((web.paths().len(), web.most_at_once()), (9, 1));
}

#[tokio::test]
async fn a_hung_host_from_costing_another_one_anything() {
    let hung = Web::new().reply("/robots.txt", Reply::silent()).start().await;
    let well = Web::new().page("/a", "text/plain", "isi").start().await;
    let gate = gate();
    tokio::select! {
        biased;
        _ = get(&gate, &hung, "/a") => panic!("the hung host answered"),
        fetched = get(&gate, &well, "/a") => assert!(fetched.is_ok(), "{fetched:?}"),
    }
    assert_eq!(hung.paths(), ["/robots.txt"]);
}

#[tokio::test]
async fn a_page_that_is_gone_apart_from_one_that_fails() {
    let web = Web::new().reply("/b", Reply::status(410)).start().await;
    for (path, ailment) in [("/a", "http_404"), ("/b", "http_410")] {
        let failure = failure(&gate(), &web, path).await;
        assert_eq!((failure.ailment().as_str(), failure.is_transient()), (ailment, false));
    }
}

#[tokio::test]
async fn away_from_a_host_that_said_so_to_whoever_asked_before() {
    let reply = Reply::status(429).header("retry-after", "300");
    let web = Web::new().reply("/a", reply).page("/b", "text/plain", "isi").start().await;
    let gate = gate();
    let (first, second) = tokio::join!(get(&gate, &web, "/a"), get(&gate, &web, "/b"));
    assert_eq!(first.unwrap_err().ailment(), "http_429");
    assert_eq!(second.unwrap_err().ailment(), "resting");
}

#[tokio::test]
async fn its_doubts_about_a_304_that_nobody_asked_for() {
    let web = Web::new().reply("/a", Reply::status(304)).start().await;
    assert_eq!(failure(&gate(), &web, "/a").await.ailment(), "http_304");
}
