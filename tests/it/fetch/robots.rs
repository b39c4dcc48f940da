//! robots.txt, asked before anything else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;

fn site(robots: Reply) -> Web {
    let page = |path, web: Web| web.page(path, "text/plain", "isi");
    page("/arsip/a", page("/berita", Web::new().reply("/robots.txt", robots)))
}

/// A gate whose clock is set by hand.
fn gate_with_hands() -> (Gate, Arc<Mutex<Timestamp>>) {
    let time = Arc::new(Mutex::new(now()));
    let hands = Arc::clone(&time);
    let clock = Clock::new(move || *hands.lock().unwrap());
    (Gate::new(open_gate(), clock).unwrap(), time)
}

fn rules(text: &str) -> Reply {
    Reply::page("text/plain", text)
}

#[tokio::test]
async fn a_forbidden_path_is_not_asked() {
    let web = site(rules("User-agent: *\nDisallow: /arsip\n")).start().await;
    let gate = gate();
    let failure = failure(&gate, &web, "/arsip/a").await;
    assert_eq!((failure.ailment().as_str(), failure.is_transient()), ("robots", false));
    capture(&gate, &web, "/berita").await;
    assert_eq!(web.paths(), ["/robots.txt", "/berita"]);
}

#[tokio::test]
async fn without_robots_txt_everything_may_be_asked() {
    for status in [401, 403, 404, 410] {
        let web = site(Reply::status(status)).start().await;
        capture(&gate(), &web, "/arsip/a").await;
    }
}

#[tokio::test]
async fn with_an_unreachable_robots_txt_nothing_is_asked_for_now() {
    for robots in [Reply::status(500), Reply::status(503), Reply::status(429)] {
        let web = site(robots.header("retry-after", "60")).start().await;
        let failure = failure(&gate(), &web, "/berita").await;
        assert_eq!(failure.ailment(), "robots_unreachable");
        assert!(failure.is_transient());
        assert_eq!(failure.retry_after(), Some(Duration::from_mins(1)));
        assert_eq!(web.paths(), ["/robots.txt"]);
    }
}

#[tokio::test]
async fn robots_txt_is_asked_once_a_day() {
    let web = site(rules("")).start().await;
    let (gate, time) = gate_with_hands();
    for (hours, asked) in [(0, 1), (23, 1), (25, 2)] {
        *time.lock().unwrap() = now() + jiff::SignedDuration::from_hours(hours);
        capture(&gate, &web, "/berita").await;
        assert_eq!(web.asked("/robots.txt").len(), asked, "after {hours} hours");
    }
}

#[tokio::test]
async fn robots_txt_may_lie_behind_redirects() {
    let web = site(Reply::redirect(301, "/aturan"))
        .reply("/aturan", rules("User-agent: *\nDisallow: /arsip\n"));
    let web = web.start().await;
    assert_eq!(failure(&gate(), &web, "/arsip/a").await.ailment(), "robots");
}

#[tokio::test]
async fn old_rules_hold_while_newer_ones_cannot_be_had() {
    let web = site(rules("User-agent: *\nDisallow: /arsip\n"));
    let web = web.reply("/robots.txt", Reply::status(503)).start().await;
    let (gate, time) = gate_with_hands();
    capture(&gate, &web, "/berita").await;
    *time.lock().unwrap() += jiff::SignedDuration::from_hours(30);
    capture(&gate, &web, "/berita").await;
    assert_eq!(failure(&gate, &web, "/arsip/a").await.ailment(), "robots");
    assert_eq!(web.asked("/robots.txt").len(), 2);
}

#[tokio::test]
async fn an_endless_robots_txt_is_read_as_far_as_its_bound() {
    let robots = rules("User-agent: *\nDisallow: /arsip\n").endless();
    let web = site(robots).start().await;
    let gate = gate();
    assert_eq!(failure(&gate, &web, "/arsip/a").await.ailment(), "robots");
    capture(&gate, &web, "/berita").await;
}

#[tokio::test]
async fn a_redirect_onto_a_forbidden_path_is_not_followed() {
    let web = site(rules("User-agent: *\nDisallow: /arsip\n"))
        .reply("/pintu", Reply::redirect(302, "/arsip/a"));
    let web = web.start().await;
    assert_eq!(failure(&gate(), &web, "/pintu").await.ailment(), "robots");
    assert!(web.asked("/arsip/a").is_empty());
}
