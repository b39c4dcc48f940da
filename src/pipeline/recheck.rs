//! The re-checking: the page of a finding is looked at again, days later, and
//! what became of it is kept: same, edited, gone.
//!
//! What is compared is what was read then with what is read there now by the
//! same source, word by word. Where the source cannot read the page it is asked
//! whether the words stand anywhere on it, so that neither a new layout nor what
//! surrounds an article makes an edit of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::task::{JoinError, spawn_blocking};
use url::Url;

use super::{Pipeline, Stop};
use crate::fetch::FetchError;
use crate::fetch::address::canonical;
use crate::fetch::page::page_text;
use crate::model::{
    Actor, Capture, CaptureId, Draft, Event, Fate, Finding, FindingState, Post, Reread, Status,
};
use crate::store::{Cursor, Filter, StoreError};

/// How often it is looked whether a page is due.
const NAP: Duration = Duration::from_mins(10);

/// Findings asked of the index at once.
const BATCH: usize = 256;

/// How often in a row a page that could not be reached is tried again a day later.
const AGAIN: usize = 3;

/// The longest text that is kept beside the capture, in bytes.
const LONGEST_TEXT: usize = 256 * 1024;

/// When the pages of findings are looked at again: the `[recheck]` table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// So many days after it was flagged, 1 to 3650 each, ascending, at most
    /// 16; empty: never.
    pub after_days: Vec<u32>,
    /// How many pages are looked at in a day (UTC) at most; the others wait.
    pub per_day: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { after_days: vec![1, 7, 30], per_day: 200 }
    }
}

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`[recheck] after_days` holds at most 16 days from 1 to 3650, ascending; it is {given:?}")]
pub struct NotDays {
    /// What was given.
    pub given: Vec<u32>,
}

impl Settings {
    /// Refuses what cannot be.
    pub fn check(&self) -> Result<(), NotDays> {
        let days = &self.after_days;
        let is_ascending = days.windows(2).all(|two| two[0] < two[1]);
        let is_bounded = days.len() <= 16 && days.iter().all(|day| (1..=3650).contains(day));
        let given = || NotDays { given: days.iter().copied().take(32).collect() };
        if is_ascending && is_bounded { Ok(()) } else { Err(given()) }
    }

    /// When the page of a finding is due: after the first interval since it was
    /// flagged that no look has covered, and a day after a look that could not
    /// reach it, three times in a row. None when there is no more to do, and for
    /// a finding that is no violation, of which nothing more is gathered.
    pub fn due(&self, state: &FindingState) -> Option<Timestamp> {
        if state.status == Status::Bukan {
            return None;
        }
        let looks = || state.rechecked.iter().filter(|it| it.at >= state.at);
        let last = looks().map(|it| it.at).max();
        let later = |from: Timestamp, days: u32| {
            from.checked_add(SignedDuration::from_hours(24 * i64::from(days))).ok()
        };
        let mut dues = self.after_days.iter().filter_map(|days| later(state.at, *days));
        let due = dues.find(|due| last.is_none_or(|last| last < *due));
        let in_vain = looks().rev().take_while(|it| it.fate == Fate::Unreachable).count();
        let again = last.filter(|_| (1..=AGAIN).contains(&in_vain)).and_then(|last| later(last, 1));
        due.into_iter().chain(again).min()
    }
}

/// A page to be looked at.
struct Place {
    state: FindingState,
    finding: Finding,
    address: Url,
}

/// Why a look came to nothing.
#[derive(Debug, thiserror::Error)]
enum RecheckError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot write what was read as JSON")]
    Json(#[from] serde_json::Error),
    #[error("comparing a page failed inside Netra")]
    Task(#[from] JoinError),
}

impl Pipeline {
    /// Looks at each page when it is due, until told to stop.
    pub(super) async fn recheck_as_due(self: Arc<Self>, mut stop: Stop) {
        while !stop.is_said() {
            self.recheck_due(&stop).await;
            tokio::select! {
                () = tokio::time::sleep(NAP) => {}
                () = stop.said() => {}
            }
        }
    }

    /// Looks at the pages that are due now, one after the other, as many as the
    /// day still allows; gives how many.
    pub async fn recheck_due(self: &Arc<Self>, stop: &Stop) -> usize {
        if self.recheck.after_days.is_empty() {
            return 0;
        }
        let pipeline = self.clone();
        let due = match spawn_blocking(move || pipeline.due_pages()).await {
            Ok(Ok(due)) => due,
            Ok(Err(error)) => {
                tracing::error!(%error, "cannot tell which pages are due");
                return 0;
            }
            Err(error) => {
                tracing::error!(%error, "telling which pages are due ended badly");
                return 0;
            }
        };
        let mut looked = 0;
        for place in due {
            if stop.is_said() {
                break;
            }
            let number = place.state.number.clone();
            match self.recheck_one(place).await {
                Ok(Some(fate)) => {
                    tracing::info!(finding = number, fate = fate.as_str(), "page looked at again");
                    looked += 1;
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(finding = number, %error, "cannot look at a page again: it stays due");
                    break;
                }
            }
        }
        looked
    }

    /// The pages that are due, the longest waiting first, as many as the day allows.
    fn due_pages(&self) -> Result<Vec<Place>, StoreError> {
        let (now, index) = (self.clock.now(), self.store.index());
        let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
        let (mut due, mut today) = (BTreeMap::new(), 0);
        let mut after = None;
        loop {
            let page = index.findings(&Filter::default(), after, BATCH)?;
            let Some(last) = page.last() else { break };
            after = Some(Cursor::from(last));
            for state in page {
                today += state.rechecked.iter().filter(|it| day(it.at) == day(now)).count();
                if let Some(at) = self.recheck.due(&state).filter(|at| *at <= now) {
                    due.insert((at, state.seq), state);
                }
            }
        }
        let left = self.recheck.per_day.saturating_sub(today);
        Ok(due.into_values().filter_map(|state| self.place(state)).take(left).collect())
    }

    /// Where the finding's own page is; none if its source told no address, or
    /// if what was found was erased.
    fn place(&self, state: FindingState) -> Option<Place> {
        let value = self.store.payload(state.payload?).ok()?;
        let finding: Finding = serde_json::from_value(value).ok()?;
        let address = canonical(finding.post.address.as_deref()?, None)?;
        Some(Place { state, finding, address })
    }

    /// Looks at one page; none if its host wants to be left alone just now: the
    /// page stays due.
    async fn recheck_one(self: &Arc<Self>, place: Place) -> Result<Option<Fate>, RecheckError> {
        let answer = self.gate.look(place.address.clone(), &place.state.source).await;
        if let Err(FetchError::Resting { .. }) = &answer {
            return Ok(None);
        }
        let pipeline = self.clone();
        let fate = spawn_blocking(move || match answer {
            Ok(capture) => pipeline.keep_look(&place, &capture),
            Err(error) => {
                let reread = Reread { asked: place.address.into(), ..Reread::default() };
                let ailment = Some(error.ailment());
                pipeline.note_look(&place.state, Fate::Unreachable, None, ailment, &reread)
            }
        })
        .await??;
        Ok(Some(fate))
    }

    fn keep_look(&self, place: &Place, capture: &Capture) -> Result<Fate, RecheckError> {
        let Place { state, finding, .. } = place;
        let was_read_there = is_same_page(&finding.asked, &place.address);
        let mut reread = Reread {
            asked: capture.asked.clone(),
            answered: capture.answered.clone(),
            status: Some(capture.status),
            ..Reread::default()
        };
        let fate = if matches!(capture.status, 404 | 410) {
            Fate::Gone
        } else {
            let now = if was_read_there { self.read_again(finding, capture) } else { None };
            let was_seen_there = was_read_there
                || state.rechecked.iter().any(|it| matches!(it.fate, Fate::Same | Fate::Edited));
            let fate = compare(&finding.post, now.as_ref(), capture, was_seen_there);
            if let Some(now) = now.filter(|_| fate == Fate::Edited) {
                (reread.title, reread.text) = (bounded(&now.title), bounded(&now.text));
            }
            fate
        };
        let earlier = state.rechecked.iter().rev().find_map(|it| it.capture);
        let earlier = earlier.or(was_read_there.then_some(state.capture));
        // an earlier capture that was forgotten is no reason not to keep this one
        let id = match self.store.keep_again(capture, earlier) {
            Err(StoreError::NoCapture { .. } | StoreError::Damaged { .. }) => {
                self.store.keep_again(capture, None)?
            }
            kept => kept?,
        };
        self.note_look(state, fate, Some(id), None, &reread)
    }

    /// The post as its source reads it from the page now.
    fn read_again(&self, finding: &Finding, capture: &Capture) -> Option<Post> {
        let source = self.sources.iter().find(|source| source.name() == finding.post.source)?;
        let posts = source.read(capture).ok()?.posts;
        posts.into_iter().find(|post| post.address == finding.post.address)
    }

    fn note_look(
        &self,
        state: &FindingState,
        fate: Fate,
        capture: Option<CaptureId>,
        ailment: Option<String>,
        reread: &Reread,
    ) -> Result<Fate, RecheckError> {
        let event = Event::Rechecked { finding: state.id, fate, capture, ailment };
        let payload = Some(serde_json::to_value(reread)?);
        self.store.append(&Actor::pipeline(), self.clock.now(), vec![Draft { event, payload }])?;
        Ok(fate)
    }
}

/// Whether the address asked then is that of the post's own page.
fn is_same_page(asked: &str, page: &Url) -> bool {
    canonical(asked, None).as_ref() == Some(page)
}

/// What became of a post: `now` is what its source reads on the page, if it reads any.
fn compare(before: &Post, now: Option<&Post>, capture: &Capture, was_seen_there: bool) -> Fate {
    let is_same = match now {
        Some(now) => {
            are_same_words(&before.text, &now.text) && are_same_words(&before.title, &now.title)
        }
        None => stands_in(&before.text, &before.title, &page_text(capture)),
    };
    match (is_same, was_seen_there) {
        (true, _) => Fate::Same,
        (false, true) => Fate::Edited,
        (false, false) => Fate::Uncompared,
    }
}

fn are_same_words(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// Whether the words of a text (or of its headline, if it has no text) stand on
/// a page one after the other. The dots of a text that its feed cut short are no words.
fn stands_in(text: &str, title: &str, page: &str) -> bool {
    let text = if text.trim().is_empty() { title } else { text };
    let text =
        text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '…' | '[' | ']'));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sought = words(text);
    !sought.is_empty() && words(page).contains(&sought)
}

fn bounded(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST_TEXT)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CaptureId, Digest, FindingId, PostKind, Priority, Rechecked};

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn state(rechecked: &[i64]) -> FindingState {
        let look = |hours: &i64| Rechecked {
            seq: 0,
            at: Timestamp::UNIX_EPOCH + HOUR * i32::try_from(*hours).unwrap(),
            fate: Fate::Same,
            capture: None,
            ailment: None,
            payload: None,
        };
        FindingState {
            id: FindingId(Digest([1; 32])),
            number: "T-2026-00001".into(),
            seq: 1,
            at: Timestamp::UNIX_EPOCH,
            source: "kabar".into(),
            kind: PostKind::News,
            rules: vec![],
            categories: vec![],
            score: 1.0,
            priority: Priority::Sedang,
            unit: None,
            published: None,
            capture: CaptureId(Digest([2; 32])),
            index: 0,
            version: Digest([3; 32]),
            payload: None,
            status: Status::Baru,
            judged: vec![],
            rechecked: rechecked.iter().map(look).collect(),
            seen: vec![],
        }
    }

    #[test]
    fn a_page_is_due_after_each_interval_and_what_was_missed_is_caught_up_once() {
        let due = |rechecked: &[i64]| {
            let due = Settings::default().due(&state(rechecked))?;
            Some(due.duration_since(Timestamp::UNIX_EPOCH).as_hours() / 24)
        };
        assert_eq!(due(&[]), Some(1));
        assert_eq!(due(&[24]), Some(7));
        assert_eq!(due(&[25, 24 * 7]), Some(30));
        assert_eq!(due(&[24 * 31]), None, "one look after all intervals covers them");
        assert_eq!(due(&[-5]), Some(1), "a look at an earlier version covers nothing");
    }

    #[test]
    fn a_page_that_could_not_be_reached_is_tried_again_a_day_later_three_times() {
        let mut state = state(&[24]);
        let due = |state: &FindingState| {
            let due = Settings::default().due(state).unwrap();
            due.duration_since(Timestamp::UNIX_EPOCH).as_hours()
        };
        for hours in [24, 48, 72] {
            state.rechecked.last_mut().unwrap().fate = Fate::Unreachable;
            assert_eq!(due(&state), hours + 24);
            let at = Timestamp::UNIX_EPOCH + HOUR * i32::try_from(hours + 24).unwrap();
            state.rechecked.push(Rechecked { at, ..state.rechecked[0].clone() });
        }
        assert_eq!(due(&state), 24 * 7, "then at the next interval");
        state.rechecked.last_mut().unwrap().fate = Fate::Same;
        assert_eq!(due(&state), 24 * 7);
    }

    #[test]
    fn of_what_is_no_violation_nothing_more_is_gathered() {
        let bukan = FindingState { status: Status::Bukan, ..state(&[]) };
        assert_eq!(Settings::default().due(&bukan), None);
    }

    #[test]
    fn days_that_make_no_sense_are_refused() {
        let check = |after_days: &[u32]| {
            Settings { after_days: after_days.to_vec(), ..Settings::default() }.check().is_ok()
        };
        assert!(check(&[]) && check(&[1, 7, 30]) && check(&[3650]));
        assert!(!check(&[0]) && !check(&[7, 1]) && !check(&[3, 3]) && !check(&[3651]));
        assert!(!check(&(1..=17).collect::<Vec<_>>()));
    }

    #[test]
    fn words_that_stand_on_a_page_are_found_whatever_surrounds_them() {
        let page = "Beranda\n\nASN Randukuning\nmari  dukung nomor 2\n\nIklan";
        assert!(stands_in("ASN Randukuning mari dukung", "", page));
        assert!(stands_in("ASN Randukuning mari dukung […]", "", page));
        assert!(stands_in("", "ASN Randukuning", page));
        assert!(!stands_in("ASN Randukuning jangan dukung", "", page));
        assert!(!stands_in("…", "", page) && !stands_in("", "", page));
    }
}
