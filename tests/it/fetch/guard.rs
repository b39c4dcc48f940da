//! What is not of the public internet is not asked.

use std::net::IpAddr;
use std::sync::Arc;

use netra::fetch::gate::guard::{Guard, Looking, Lookup, SystemLookup};

use super::*;

fn closed() -> GateSettings {
    GateSettings { allow_networks: Vec::new(), ..open_gate() }
}

/// Names that all stand for one address.
struct Everything(IpAddr);

impl Lookup for Everything {
    fn lookup(&self, _name: &str) -> Looking {
        let address = self.0;
        Box::pin(async move { Ok(vec![address]) })
    }
}

#[tokio::test]
async fn a_private_address_is_refused_unless_its_network_was_opened_by_name() {
    let web = Web::new().page("/a", "text/plain", "isi").start().await;
    let failure = failure(&gate_with(closed()), &web, "/a").await;
    assert_eq!(failure.ailment(), "private_address");
    assert!(failure.to_string().contains("allow_networks"), "{failure}");
    assert!(web.paths().is_empty());
    let gate = gate();
    assert_eq!(gate.opened()[0].to_string(), "127.0.0.0/8");
    capture(&gate, &web, "/a").await;
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused() {
    for target in ["http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest"] {
        let web = Web::new().reply("/a", Reply::redirect(302, target)).start().await;
        assert_eq!(failure(&gate(), &web, "/a").await.ailment(), "private_address", "{target}");
    }
}

#[tokio::test]
async fn a_redirect_to_another_scheme_is_refused() {
    let web = Web::new().reply("/a", Reply::redirect(302, "file:///etc/passwd")).start().await;
    assert_eq!(failure(&gate(), &web, "/a").await.ailment(), "address");
}

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_refused() {
    for address in ["127.0.0.1", "10.1.1.1", "::1", "::ffff:127.0.0.1"] {
        let lookup = Arc::new(Everything(address.parse().unwrap()));
        let gate = Gate::with_lookup(closed(), Clock::fixed(now()), lookup).unwrap();
        let request = Request::follow("http://kabar.example/".parse().unwrap());
        let failure = gate.get(&request, "uji").await.unwrap_err();
        assert_eq!(failure.ailment(), "private_address", "{address}");
        assert!(failure.to_string().contains(address), "{failure}");
    }
}

#[tokio::test]
async fn a_public_name_is_not_asked_on_another_port_though_some_network_is_open() {
    let lookup = Arc::new(Everything("8.8.8.8".parse().unwrap()));
    let gate = Gate::with_lookup(open_gate(), Clock::fixed(now()), lookup).unwrap();
    let request = Request::follow("http://kabar.example:6379/".parse().unwrap());
    assert_eq!(gate.get(&request, "uji").await.unwrap_err().ailment(), "address");
}

#[tokio::test]
async fn a_name_in_an_opened_network_is_asked_on_its_port() {
    let web = Web::new().page("/a", "text/plain", "isi").start().await;
    let lookup = Arc::new(Everything("127.0.0.1".parse().unwrap()));
    let gate = Gate::with_lookup(open_gate(), Clock::fixed(now()), lookup).unwrap();
    let address = format!("http://kabar.example:{}/a", web.root.port().unwrap());
    gate.get(&Request::follow(address.parse().unwrap()), "uji").await.unwrap();
    assert_eq!(web.asked("/a").len(), 1);
}

#[test]
fn every_case_of_the_suite_is_judged_right() {
    let Some(suites) = std::env::var_os("NETRA_SUITES") else {
        println!("SKIPPED: 683 cases of ssrf/static_urls.jsonl, NETRA_SUITES is not set");
        return;
    };
    let path = std::path::Path::new(&suites).join("ssrf/static_urls.jsonl");
    let cases = std::fs::read_to_string(&path).expect("the suite is there");
    let guard = Guard::new(Vec::new(), Arc::new(SystemLookup));
    let mut count = 0;
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let (address, expected) = (case["url"].as_str().unwrap(), &case["expect"]);
        let allowed = address.parse().is_ok_and(|url| {
            let resolved = case["resolves"].as_str().and_then(|text| text.parse().ok());
            guard.check(&url).is_ok() && resolved.is_some_and(|ip| guard.allows(ip))
        });
        count += 1;
        if allowed != (expected == "allow") {
            wrong.push(format!("{address} should be {expected}"));
        }
    }
    println!("{} of {count} cases right", count - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
