//! How often signing in may fail.
//!
//! Failures are counted per user *and* address, and per address alone: whoever
//! guesses from elsewhere never shuts the user out, and whoever tries many
//! names from one address is slowed down there.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::model::Digest;

/// Failures of one user from one address before it has to wait.
const PER_USER: u32 = 5;

/// Failures from one address before all signing in there has to wait:
/// an office behind one address has a dozen people who mistype.
const PER_ADDRESS: u32 = 50;

/// The first wait; each further failure doubles it, up to an hour.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(1);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// After this long without a failure the count begins anew.
const FORGET: SignedDuration = SignedDuration::from_hours(2);

/// The most keys remembered; the longest quiet is forgotten first.
const MOST: usize = 50_000;

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Timestamp,
}

/// The failures so far.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<HashMap<Digest, Failures>>);

impl Throttle {
    /// Until when this user has to wait at this address; none if now is fine.
    pub(super) fn wait(&self, user: &str, address: IpAddr, now: Timestamp) -> Option<Timestamp> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = keys(user, address).into_iter().filter_map(|(key, allowed)| {
            let failures = all.get(&key)?;
            let over = failures.count.checked_sub(allowed)?;
            let wait = FIRST_WAIT.saturating_mul(1 << over.min(6)).min(LONGEST_WAIT);
            failures.last.checked_add(wait).ok()
        });
        until.filter(|until| *until > now).max()
    }

    /// Counts a failure.
    pub(super) fn failed(&self, user: &str, address: IpAddr, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, failures| now.duration_since(failures.last) <= FORGET);
        }
        if all.len() >= MOST {
            all.clear();
        }
        for (key, _) in keys(user, address) {
            let failures = all.entry(key).or_insert(Failures { count: 0, last: now });
            if now.duration_since(failures.last) > FORGET {
                failures.count = 0;
            }
            *failures = Failures { count: failures.count.saturating_add(1), last: now };
        }
    }

    /// Forgets the failures of this user at this address, and the one that
    /// [`Self::failed`] counted for the address before the check.
    pub(super) fn succeeded(&self, user: &str, address: IpAddr) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [(of_user, _), (of_address, _)] = keys(user, address);
        all.remove(&of_user);
        if let Some(failures) = all.get_mut(&of_address) {
            failures.count = failures.count.saturating_sub(1);
        }
    }
}

/// The two keys with what each allows. Digests, so that no name is kept.
fn keys(user: &str, address: IpAddr) -> [(Digest, u32); 2] {
    // one household or office holds a whole /64
    let address = match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets()[..8].to_vec(),
    };
    let of_user = Digest::of_parts(&[b"user", user.as_bytes(), &address]);
    [(of_user, PER_USER), (Digest::of_parts(&[b"address", &address]), PER_ADDRESS)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + 60 * minute).unwrap()
    }

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn after_five_failures_the_waits_grow() {
        let throttle = Throttle::default();
        (0..4).for_each(|_| throttle.failed("dewi", address(1), at(0)));
        assert_eq!(throttle.wait("dewi", address(1), at(0)), None);
        throttle.failed("dewi", address(1), at(0));
        assert_eq!(throttle.wait("dewi", address(1), at(0)), Some(at(1)));
        assert_eq!(throttle.wait("dewi", address(1), at(1)), None);
        throttle.failed("dewi", address(1), at(1));
        assert_eq!(throttle.wait("dewi", address(1), at(1)), Some(at(3)));
        (0..99).for_each(|_| throttle.failed("dewi", address(1), at(3)));
        assert_eq!(throttle.wait("dewi", address(1), at(3)), Some(at(63)));
    }

    #[test]
    fn guessing_from_elsewhere_shuts_nobody_out() {
        let throttle = Throttle::default();
        (0..40).for_each(|_| throttle.failed("dewi", address(1), at(0)));
        assert_eq!(throttle.wait("dewi", address(2), at(0)), None);
        assert_eq!(throttle.wait("budi", address(1), at(0)), None);
    }

    #[test]
    fn trying_many_names_from_one_address_is_slowed_down() {
        let throttle = Throttle::default();
        (0..50).for_each(|n| throttle.failed(&format!("user{n}"), address(1), at(0)));
        assert!(throttle.wait("anybody", address(1), at(0)).is_some());
    }

    #[test]
    fn an_office_that_signs_in_a_hundred_times_is_not_slowed_down() {
        let throttle = Throttle::default();
        for _ in 0..100 {
            throttle.failed("dewi", address(1), at(0));
            throttle.succeeded("dewi", address(1));
        }
        assert_eq!(throttle.wait("dewi", address(1), at(0)), None);
    }

    #[test]
    fn success_and_two_quiet_hours_begin_anew() {
        let throttle = Throttle::default();
        (0..5).for_each(|_| throttle.failed("dewi", address(1), at(0)));
        throttle.failed("dewi", address(1), at(121));
        assert_eq!(throttle.wait("dewi", address(1), at(121)), None);
        (0..5).for_each(|_| throttle.failed("dewi", address(1), at(122)));
        throttle.succeeded("dewi", address(1));
        assert_eq!(throttle.wait("dewi", address(1), at(122)), None);
    }
}
