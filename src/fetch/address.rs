//! The canonical form of a public address: what makes two copies of an
//! article one story.

use url::Url;

/// Longer addresses are nobody's article (RFC 9110 section 4.1 asks for 8000).
const MAX_ADDRESS: usize = 8_000;

/// Query parameters that say how a reader came, not what is read.
const TRACKING: &[&str] = &[
    "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "igshid", "mc_cid", "mc_eid",
    "yclid", "_ga", "ref_src",
];

/// The canonical form of an `http` or `https` address: lower-case host, no
/// default port, no log-in, no fragment, no tracking parameters. None for
/// what is no such address.
pub fn canonical(address: &str, base: Option<&Url>) -> Option<Url> {
    tidy(address, base, false)
}

/// The canonical form that keeps the fragment: a comment's permalink differs
/// from its article's in nothing else.
pub fn canonical_with_fragment(address: &str, base: Option<&Url>) -> Option<Url> {
    tidy(address, base, true)
}

fn tidy(address: &str, base: Option<&Url>, fragment: bool) -> Option<Url> {
    if address.len() > MAX_ADDRESS {
        return None;
    }
    let mut url = Url::options().base_url(base).parse(address.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    if !fragment {
        url.set_fragment(None);
    }
    let Some(query) = url.query() else { return Some(url) };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
    let kept = kept.join("&");
    url.set_query((!kept.is_empty()).then_some(&kept));
    Some(url)
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    name.is_empty() || name.starts_with("utm_") || TRACKING.contains(&name)
}

/// Whether the address names an item and not a site's front page.
pub fn is_item(url: &Url) -> bool {
    url.path() != "/" || url.query().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_how_a_reader_came_is_dropped() {
        for (address, expected) in [
            (
                "HTTP://Kabar.Example:80/a?utm_source=x&id=7&fbclid=1#top",
                "http://kabar.example/a?id=7",
            ),
            ("https://kabar.example:443/a?utm_medium=x", "https://kabar.example/a"),
            ("https://kabar.example/a?&", "https://kabar.example/a"),
            ("https://aku:sandi@kabar.example/a", "https://kabar.example/a"),
            ("https://kabar.example:8443/a?b=1&a=2", "https://kabar.example:8443/a?b=1&a=2"),
        ] {
            assert_eq!(canonical(address, None).unwrap().as_str(), expected, "{address}");
        }
    }

    #[test]
    fn the_canonical_form_is_its_own() {
        let once = canonical("https://k.example/%7Ea/b?x=1&utm_id=2#f", None).unwrap();
        assert_eq!(canonical(once.as_str(), None), Some(once));
    }

    #[test]
    fn a_comment_keeps_its_fragment() {
        let url = canonical_with_fragment("https://k.example/a?gclid=1#comment-7", None).unwrap();
        assert_eq!(url.as_str(), "https://k.example/a#comment-7");
    }

    #[test]
    fn what_is_no_web_address_has_no_canonical_form() {
        for address in ["", "tag:k.example,2026:1", "mailto:a@k.example", "/a", "javascript:0"] {
            assert_eq!(canonical(address, None), None, "{address}");
        }
    }
}
