//! When a source is due; how long a failing one rests. Arithmetic only: the
//! time is handed in, and chance is the source's name, so that sources of one
//! host do not fall together and every run of a test is the same.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::{Digest, Health};

/// The rest after the first failure, unless the source is asked more often.
const FIRST_REST: Duration = Duration::from_secs(30);
/// However long it fails, a source is tried this often: what is dead for a
/// day may come back, and nothing is switched off unseen.
const LONGEST_REST: Duration = Duration::from_hours(6);
/// A server may ask for this much patience and no more.
const LONGEST_PATIENCE: Duration = Duration::from_hours(24);

/// When one source is due.
#[derive(Clone, Debug)]
pub struct Schedule {
    every: Duration,
    /// Where in a spread the source stands, 0 to 1, by its name.
    place: f64,
}

impl Schedule {
    /// The schedule of the source of this name, asked this often.
    pub fn new(name: &str, every: Duration) -> Self {
        let [first, second, ..] = Digest::of(name.as_bytes()).0;
        Self { every, place: f64::from(u16::from_be_bytes([first, second])) / 65_536.0 }
    }

    /// When to ask, given how the source was when the program last stopped:
    /// what was due meanwhile is asked at once, and once.
    pub fn resume(&self, health: &Health, now: Timestamp) -> Timestamp {
        let Some(due) = health.due else { return now };
        due.clamp(now, later(now, LONGEST_PATIENCE.max(self.spread_every())))
    }

    /// When to ask next after a good answer.
    pub fn after_answer(&self, now: Timestamp) -> Timestamp {
        later(now, self.spread_every())
    }

    /// When to ask next after `failures` failures in a row, the latest included.
    ///
    /// A transient failure is tried again soon, each time after twice as long;
    /// another one at the source's own interval, doubled likewise, since a
    /// second try seldom finds a page that is gone. `retry_after` is a floor.
    pub fn after_failure(
        &self,
        now: Timestamp,
        failures: u32,
        is_transient: bool,
        retry_after: Option<Duration>,
    ) -> Timestamp {
        let base = if is_transient { self.every.min(FIRST_REST) } else { self.every };
        let doubled = base.saturating_mul(1 << failures.saturating_sub(1).min(16));
        let rest = doubled.min(LONGEST_REST.max(self.every));
        let floor = retry_after.unwrap_or_default().min(LONGEST_PATIENCE);
        later(now, self.spread(rest.max(floor)))
    }

    fn spread_every(&self) -> Duration {
        self.spread(self.every)
    }

    /// Adds up to a tenth.
    fn spread(&self, rest: Duration) -> Duration {
        rest.saturating_add(rest.mul_f64(self.place / 10.0))
    }
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const HOUR: Duration = Duration::from_hours(1);

    fn rest(failures: u32, is_transient: bool, retry_after: Option<Duration>) -> f64 {
        let due =
            Schedule::new("kabar", HOUR).after_failure(NOW, failures, is_transient, retry_after);
        due.duration_since(NOW).as_secs_f64()
    }

    #[test]
    fn a_source_is_due_after_its_interval_and_at_most_a_tenth_more() {
        for name in ["a", "b", "kabar", "warta-harian"] {
            let due = Schedule::new(name, HOUR).after_answer(NOW).as_second();
            assert!((3600..=3960).contains(&due), "{name}: {due}");
        }
    }

    #[test]
    fn sources_of_one_interval_do_not_fall_together() {
        let due = |name| Schedule::new(name, HOUR).after_answer(NOW);
        assert_ne!(due("kabar-a"), due("kabar-b"));
    }

    #[test]
    fn a_failing_source_rests_twice_as_long_each_time_and_never_for_good() {
        assert!((30.0..=33.0).contains(&rest(1, true, None)));
        assert!((60.0..=66.0).contains(&rest(2, true, None)));
        for failures in [12, 60, u32::MAX] {
            assert!((21_600.0..=23_760.0).contains(&rest(failures, true, None)), "{failures}");
        }
    }

    #[test]
    fn what_is_gone_is_not_asked_sooner_than_what_is_well() {
        assert!(rest(1, false, None) >= 3600.0);
    }

    #[test]
    fn retry_after_is_a_floor_within_reason() {
        assert!(rest(1, true, Some(2 * HOUR)) >= 7200.0);
        assert!(rest(1, true, Some(HOUR * 24 * 3650)) <= 1.1 * 86_400.0);
        assert!(rest(9, true, Some(Duration::from_secs(1))) > 3600.0);
    }

    #[test]
    fn what_was_missed_is_asked_at_once() {
        let schedule = Schedule::new("kabar", HOUR);
        let at = |due| schedule.resume(&Health { due, ..Health::default() }, later(NOW, HOUR));
        assert_eq!(at(None), later(NOW, HOUR));
        assert_eq!(at(Some(NOW)), later(NOW, HOUR));
        assert_eq!(at(Some(later(NOW, 2 * HOUR))), later(NOW, 2 * HOUR));
    }
}
