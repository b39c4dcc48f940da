//! robots.txt (RFC 9309), read for one product and remembered.

use std::time::Duration;

use jiff::Timestamp;
use texting_robots::Robot;
use url::Url;

/// What is read of a robots.txt; RFC 9309 section 2.5 asks for at least this much.
pub(super) const MAX_ROBOTS_BYTES: u64 = 500 * 1024;
/// A longer line names no path that is ever asked.
const MAX_LINE_BYTES: usize = 4_096;
/// How long rules are kept (RFC 9309 section 2.4: not longer than 24 hours).
const RULES_AGE: Duration = Duration::from_hours(24);
/// How long a failure is believed before robots.txt is asked for again.
const FAILURE_AGE: Duration = Duration::from_mins(5);
/// A longer `Crawl-delay` would make a poll take days; it is kept as this.
const MAX_CRAWL_DELAY: Duration = Duration::from_mins(2);

/// What is known of one site's robots.txt.
pub(super) struct Robots {
    at: Timestamp,
    rules: Rules,
}

enum Rules {
    /// There is none, so everything may be asked.
    None,
    /// It was read.
    Read(Box<Robot>),
    /// It cannot be had, so nothing may be asked.
    Unreachable { reason: String, retry_after: Option<Duration> },
}

/// What robots.txt says of one address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Permission {
    Granted,
    Denied,
    Unknown { reason: String, retry_after: Option<Duration> },
}

impl Robots {
    /// No robots.txt: the server says so, by a status of 400 to 499.
    pub(super) fn none(at: Timestamp) -> Self {
        Self { at, rules: Rules::None }
    }

    /// robots.txt cannot be had.
    pub(super) fn unreachable(
        at: Timestamp,
        reason: String,
        retry_after: Option<Duration>,
    ) -> Self {
        Self { at, rules: Rules::Unreachable { reason, retry_after } }
    }

    /// Reads a robots.txt for the product of this token. Lines that say
    /// nothing are passed over; a rule that cannot be read might forbid.
    pub(super) fn read(at: Timestamp, agent: &str, body: &[u8]) -> Self {
        let rules = match Robot::new(agent, &tidy(body)) {
            Ok(robot) => Rules::Read(Box::new(robot)),
            Err(_) => Rules::Unreachable {
                reason: "one of its rules cannot be read".to_owned(),
                retry_after: None,
            },
        };
        Self { at, rules }
    }

    /// Whether it is still to be believed.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        let age = match self.rules {
            Rules::None | Rules::Read(_) => RULES_AGE,
            Rules::Unreachable { .. } => FAILURE_AGE,
        };
        // A clock that was set back must not keep old rules for years.
        let passed = now.duration_since(self.at);
        !passed.is_negative() && passed.unsigned_abs() < age
    }

    /// Whether it holds rules, if only old ones.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self.rules, Rules::Unreachable { .. })
    }

    /// The same rules, believed for a little longer because newer ones cannot be had.
    pub(super) fn renewed(self, now: Timestamp) -> Self {
        let at = now.checked_sub(RULES_AGE.saturating_sub(FAILURE_AGE)).unwrap_or(now);
        Self { at, ..self }
    }

    /// What it says of this address.
    pub(super) fn permission(&self, url: &Url) -> Permission {
        match &self.rules {
            Rules::None => Permission::Granted,
            Rules::Read(robot) if robot.allowed(url.as_str()) => Permission::Granted,
            Rules::Read(_) => Permission::Denied,
            Rules::Unreachable { reason, retry_after } => {
                Permission::Unknown { reason: reason.clone(), retry_after: *retry_after }
            }
        }
    }

    /// The pause it asks for between two requests.
    pub(super) fn crawl_delay(&self) -> Option<Duration> {
        let Rules::Read(robot) = &self.rules else { return None };
        let delay = Duration::try_from_secs_f32(robot.delay?).ok()?;
        Some(delay.min(MAX_CRAWL_DELAY))
    }
}

/// The file as the parser wants it: no byte-order mark, and of a user agent
/// its product token only (RFC 9309 section 2.2.1), as many write `Name/1.0`.
fn tidy(body: &[u8]) -> Vec<u8> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let mut tidy = Vec::with_capacity(body.len());
    for line in body.split(|&byte| byte == b'\n' || byte == b'\r') {
        if line.len() <= MAX_LINE_BYTES {
            tidy.extend_from_slice(product_token_only(line));
            tidy.push(b'\n');
        }
    }
    tidy
}

fn product_token_only(line: &[u8]) -> &[u8] {
    let Some(colon) = line.iter().position(|&byte| byte == b':') else { return line };
    if !line[..colon].trim_ascii().eq_ignore_ascii_case(b"user-agent") {
        return line;
    }
    let is_blank = |byte: &u8| byte.is_ascii_whitespace();
    let start = line.iter().skip(colon + 1).position(|byte| !is_blank(byte));
    let start = start.map_or(line.len(), |blanks| colon + 1 + blanks);
    let is_token = |byte: &u8| byte.is_ascii_alphabetic() || b"-_*".contains(byte);
    let length = line[start..].iter().position(|byte| !is_token(byte));
    &line[..length.map_or(line.len(), |length| start + length)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn says(robots: &str, path: &str) -> Permission {
        let url = Url::parse("https://kabar.example").unwrap().join(path).unwrap();
        Robots::read(NOW, "netra", robots.as_bytes()).permission(&url)
    }

    #[test]
    fn the_longest_match_decides() {
        let robots = "User-agent: *\nDisallow: /arsip\nAllow: /arsip/2026\n";
        assert_eq!(says(robots, "/arsip/2019/a"), Permission::Denied);
        assert_eq!(says(robots, "/arsip/2026/a"), Permission::Granted);
        assert_eq!(says(robots, "/berita"), Permission::Granted);
    }

    #[test]
    fn a_group_of_our_own_rules_out_the_one_for_all() {
        let robots = "User-agent: *\nDisallow: /\n\nUser-agent: Netra\nDisallow: /admin\n";
        assert_eq!(says(robots, "/berita"), Permission::Granted);
        assert_eq!(says(robots, "/admin"), Permission::Denied);
    }

    #[test]
    fn a_group_is_ours_by_its_product_token() {
        for agent in ["netra", "NETRA", "Netra/0.1", "Netra (pengawas)", " Netra # kita"] {
            let robots = format!("User-agent: *\nDisallow: /\n\nuser-agent :{agent}\rAllow: /\n");
            assert_eq!(says(&robots, "/berita"), Permission::Granted, "{agent}");
        }
        assert_eq!(says("User-agent: Netracan\nDisallow: /", "/berita"), Permission::Granted);
    }

    #[test]
    fn what_is_no_robots_txt_forbids_nothing() {
        for body in ["", "<!doctype html><p>404", "\u{feff}", "Disallow"] {
            assert_eq!(says(body, "/a"), Permission::Granted, "{body:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_does_not_hide_the_first_line() {
        assert_eq!(says("\u{feff}User-agent: *\nDisallow: /a", "/a"), Permission::Denied);
    }

    #[test]
    fn rules_are_believed_for_a_day_and_a_failure_for_minutes() {
        let after = |seconds| NOW.checked_add(Duration::from_secs(seconds)).unwrap();
        assert!(Robots::none(NOW).is_fresh(after(86_399)));
        assert!(!Robots::none(NOW).is_fresh(after(86_400)));
        let failed = Robots::unreachable(NOW, "503".into(), None);
        assert!(failed.is_fresh(after(299)));
        assert!(!failed.is_fresh(after(300)));
        assert!(!Robots::none(after(10)).is_fresh(NOW));
    }

    #[test]
    fn old_rules_are_believed_a_little_longer_when_no_newer_ones_can_be_had() {
        let later = NOW.checked_add(2 * RULES_AGE).unwrap();
        let rules = Robots::read(NOW, "netra", b"User-agent: *\nDisallow: /a").renewed(later);
        assert!(rules.is_fresh(later));
        assert!(!rules.is_fresh(later.checked_add(FAILURE_AGE).unwrap()));
    }

    #[test]
    fn a_crawl_delay_is_kept_within_reason() {
        let delay = |line: &str| {
            let body = format!("User-agent: *\nCrawl-delay: {line}\n");
            Robots::read(NOW, "netra", body.as_bytes()).crawl_delay()
        };
        assert_eq!(delay("2.5"), Some(Duration::from_millis(2500)));
        assert_eq!(delay("86400"), Some(MAX_CRAWL_DELAY));
        assert_eq!(delay("-1"), None);
    }
}
