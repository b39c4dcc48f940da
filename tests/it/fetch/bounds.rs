//! Size, time and count of what comes in.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use netra::fetch::gate::guard::{Looking, Lookup};

use super::*;

#[tokio::test]
async fn an_endless_body_is_refused_with_the_remedy() {
    let web = Web::new().reply("/a", Reply::page("text/plain", [b'a'; 4096]).endless());
    let web = web.start().await;
    let gate = gate_with(GateSettings { max_body_bytes: 1 << 20, ..open_gate() });
    let failure = failure(&gate, &web, "/a").await;
    assert_eq!((failure.ailment().as_str(), failure.is_transient()), ("too_large", false));
    assert!(failure.to_string().contains("`[fetch] max_body_bytes`"), "{failure}");
}

#[tokio::test]
async fn a_body_is_counted_without_its_content_encoding() {
    let mut zip = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..4096 {
        zip.write_all(&[0; 16_384]).unwrap();
    }
    let bomb = Reply::page("text/plain", zip.finish().unwrap());
    let bomb = bomb.header("content-encoding", "gzip");
    let web = Web::new().reply("/a", bomb).start().await;
    let gate = gate_with(GateSettings { max_body_bytes: 1 << 20, ..open_gate() });
    assert_eq!(failure(&gate, &web, "/a").await.ailment(), "too_large");
}

#[tokio::test]
async fn a_zipped_page_is_unzipped() {
    let mut zip = GzEncoder::new(Vec::new(), Compression::fast());
    zip.write_all(b"isi").unwrap();
    let page = Reply::page("text/plain", zip.finish().unwrap());
    let web = Web::new().reply("/a", page.header("content-encoding", "gzip")).start().await;
    assert_eq!(capture(&gate(), &web, "/a").await.body, b"isi");
}

#[tokio::test]
async fn a_stalled_and_a_silent_answer_end_by_the_clock() {
    let stalled = Reply::page("text/plain", "isi").stalled();
    let web = Web::new().reply("/a", stalled).reply("/b", Reply::silent()).start().await;
    let settings = GateSettings { stall_seconds: 1, connect_seconds: 1, ..open_gate() };
    let gate = gate_with(settings);
    for path in ["/a", "/b"] {
        let failure = failure(&gate, &web, path).await;
        assert_eq!((failure.ailment().as_str(), failure.is_transient()), ("timeout", true));
        assert!(failure.to_string().contains("stall_seconds"), "{failure}");
    }
}

#[tokio::test]
async fn an_answer_that_goes_on_and_on_ends_by_the_clock() {
    let drip = Reply::page("text/plain", "x").dripping(Duration::from_millis(50));
    let web = Web::new().reply("/a", drip).start().await;
    let gate = gate_with(GateSettings { total_seconds: 1, ..open_gate() });
    let failure = failure(&gate, &web, "/a").await;
    assert!(failure.to_string().contains("total_seconds"), "{failure}");
}

#[tokio::test]
async fn redirects_are_followed_and_counted() {
    let mut web = Web::new().page("/6", "text/plain", "isi");
    for hop in 0..6 {
        web = web.reply(&format!("/{hop}"), Reply::redirect(302, &format!("{}", hop + 1)));
    }
    let web = web.start().await;
    let gate = gate();
    assert_eq!(capture(&gate, &web, "/1").await.answered, web.url("/6").as_str());
    assert_eq!(failure(&gate, &web, "/0").await.ailment(), "redirects");
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error() {
    let web = Web::new().reply("/a", Reply::status(302)).start().await;
    assert_eq!(failure(&gate(), &web, "/a").await.ailment(), "redirects");
}

#[tokio::test]
async fn more_header_lines_than_anybody_needs_are_refused() {
    let many = (0..500).fold(Reply::page("text/plain", "isi"), |reply, number| {
        reply.header(&format!("x-{number}"), "y")
    });
    let web = Web::new().reply("/a", many).start().await;
    let ailment = failure(&gate(), &web, "/a").await.ailment();
    assert!(["headers", "broken"].contains(&ailment.as_str()), "{ailment}");
}

#[tokio::test]
async fn a_dead_host_is_told_in_words() {
    // A port that was free a moment ago and is closed again.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let request = Request::follow(address.parse().unwrap());
    let failure = gate().get(&request, "uji").await.unwrap_err();
    assert_eq!((failure.ailment().as_str(), failure.is_transient()), ("connect", true));
    assert!(failure.to_string().contains("no connection"), "{failure}");
}

#[tokio::test]
async fn a_name_without_address_is_told_in_words() {
    struct Nothing;
    impl Lookup for Nothing {
        fn lookup(&self, _name: &str) -> Looking {
            Box::pin(async { Err(std::io::Error::other("no such host is known")) })
        }
    }
    let gate = Gate::with_lookup(open_gate(), Clock::fixed(now()), Arc::new(Nothing)).unwrap();
    let request = Request::follow("http://kabar.example/".parse().unwrap());
    let failure = gate.get(&request, "uji").await.unwrap_err();
    assert_eq!((failure.ailment().as_str(), failure.is_transient()), ("dns", true));
    assert!(failure.to_string().contains("`kabar.example`"), "{failure}");
}
