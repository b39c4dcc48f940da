//! Standing: where a finding stands after one more entry of the ledger.
//!
//! The one place that knows how decisions move a finding; the index and the
//! review step both ask it, so that what a page offers is what the ledger will
//! say. It is total: an entry that makes no sense for a finding (which `review`
//! refuses to write) leaves the finding as it was.
//!
//! ```text
//!             dugaan                 dugaan by another
//!   baru ───────────► menunggu_kedua ─────────────────► dugaan
//!    │                      │ anything else by another
//!    │ eskalasi             ▼
//!    ├─────────────────► eskalasi ──► what the Ketua says
//!    │ bukan / tunda
//!    └─────────────────► bukan / ditunda ── another version is flagged ──► baru
//! ```

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::{Choice, Entry, Event, FindingId, FindingState, Judged, Opened, Rechecked, Status};

/// As many later looks at its page are known of a finding, the latest ones; all
/// are in the ledger.
const MOST_RECHECKS: usize = 32;

/// As many people are known to have opened a finding, the first ones; all are in the ledger.
const MOST_SEEN: usize = 64;

/// Whether this person opened the finding since its version was flagged.
pub fn has_seen(state: &FindingState, user: &str) -> bool {
    state.seen.iter().any(|opened| opened.by == user)
}

/// The finding that an entry is about, if it is about one.
pub const fn subject(event: &Event) -> Option<FindingId> {
    match event {
        Event::Flagged { finding, .. }
        | Event::Decided { finding, .. }
        | Event::Undone { finding, .. }
        | Event::Seen { finding }
        | Event::Exported { finding, .. }
        | Event::Rechecked { finding, .. }
        | Event::IdentityShown { finding } => Some(*finding),
        _ => None,
    }
}

/// The year a finding's number is counted in: the calendar year in Jakarta,
/// whatever zone the server or the unit lives in, so that a rebuilt index
/// gives the same numbers everywhere.
pub fn year(at: Timestamp) -> i16 {
    at.to_zoned(TimeZone::fixed(Offset::constant(7))).year()
}

/// A finding's number for people: `T-2026-00412`.
pub fn number(year: i16, count: u32) -> String {
    format!("T-{year:04}-{count:05}")
}

/// The finding as its first `flagged` entry makes it; none of another entry.
pub fn first(entry: &Entry, number: String) -> Option<FindingState> {
    let Event::Flagged { finding, version, source, kind, capture, index, .. } = &entry.event else {
        return None;
    };
    let mut state = FindingState {
        id: *finding,
        number,
        seq: entry.seq,
        at: entry.at,
        source: source.clone(),
        kind: *kind,
        rules: Vec::new(),
        categories: Vec::new(),
        score: 0.0,
        priority: super::Priority::Rendah,
        unit: None,
        published: None,
        capture: *capture,
        index: *index,
        version: *version,
        payload: None,
        status: Status::Baru,
        judged: Vec::new(),
        rechecked: Vec::new(),
        seen: Vec::new(),
    };
    describe(&mut state, entry);
    Some(state)
}

/// The finding after this entry. An entry about something else changes nothing.
#[must_use]
pub fn after(state: &FindingState, entry: &Entry) -> FindingState {
    let mut next = state.clone();
    if subject(&entry.event) != Some(state.id) {
        return next;
    }
    match &entry.event {
        Event::Flagged { version, .. } if *version != state.version => {
            describe(&mut next, entry);
            next.seen.clear();
            // what was set aside was another text, and two people must agree on one
            // and the same; what is agreed or escalated stays where it is
            if matches!(state.status, Status::Bukan | Status::Ditunda | Status::MenungguKedua) {
                next.status = Status::Baru;
            }
        }
        Event::Decided { choice, category, .. } => {
            next.status = decided(state, &entry.by.0, *choice);
            next.judged.push(Judged {
                seq: entry.seq,
                at: entry.at,
                by: entry.by.0.clone(),
                choice: *choice,
                undone: false,
                category: *category,
                payload: entry.payload,
                before: state.status,
            });
        }
        Event::Undone { decision, .. } => undo(&mut next, *decision),
        Event::Seen { .. } if !has_seen(state, &entry.by.0) && state.seen.len() < MOST_SEEN => {
            next.seen.push(Opened { by: entry.by.0.clone(), at: entry.at });
        }
        Event::Rechecked { fate, capture, ailment, .. } => {
            let most = next.rechecked.len().saturating_sub(MOST_RECHECKS - 1);
            next.rechecked.drain(..most);
            next.rechecked.push(Rechecked {
                seq: entry.seq,
                at: entry.at,
                fate: *fate,
                capture: *capture,
                ailment: ailment.clone(),
                payload: entry.payload,
            });
        }
        _ => {}
    }
    next
}

/// Where the finding would stand if this person chose this. Who may choose is
/// asked elsewhere: with an escalated finding whoever chooses is taken for the Ketua.
pub fn decided(state: &FindingState, by: &str, choice: Choice) -> Status {
    match (state.status, choice) {
        (Status::Baru | Status::Ditunda | Status::Bukan, choice) => match choice {
            Choice::Dugaan => Status::MenungguKedua,
            choice => plain(choice),
        },
        (Status::MenungguKedua, choice) => match first_dugaan(state) {
            // the first person cannot be the second
            Some(first) if first.by == by => Status::MenungguKedua,
            Some(_) if choice == Choice::Dugaan => Status::Dugaan,
            _ => Status::Eskalasi,
        },
        (Status::Eskalasi, Choice::Dugaan) => {
            if round(state).any(|judged| judged.choice == Choice::Dugaan && judged.by != by) {
                Status::Dugaan
            } else {
                Status::MenungguKedua
            }
        }
        (Status::Eskalasi, choice) => plain(choice),
        // one person alone does not overturn what two agreed on
        (Status::Dugaan, Choice::Dugaan) => Status::Dugaan,
        (Status::Dugaan, _) => Status::Eskalasi,
    }
}

/// The first dugaan of a finding that awaits the second one: whose it is, so
/// that nobody confirms himself. None in every other state.
pub fn first_dugaan(state: &FindingState) -> Option<&Judged> {
    if state.status != Status::MenungguKedua {
        return None;
    }
    standing(state).rfind(|judged| judged.choice == Choice::Dugaan)
}

/// Where the finding stood before the dugaan that awaits a second one: what
/// everybody but its author may know. The status itself in every other state.
pub fn before_first(state: &FindingState) -> Status {
    match first_dugaan(state) {
        Some(first) if first.before == Status::Ditunda => Status::Ditunda,
        Some(_) => Status::Baru,
        None => state.status,
    }
}

/// The decision that an undo may take back: the latest that stands.
pub fn latest(state: &FindingState) -> Option<&Judged> {
    standing(state).next_back()
}

fn plain(choice: Choice) -> Status {
    match choice {
        Choice::Dugaan => Status::Dugaan,
        Choice::Bukan => Status::Bukan,
        Choice::Eskalasi => Status::Eskalasi,
        Choice::Tunda => Status::Ditunda,
    }
}

fn standing(state: &FindingState) -> impl DoubleEndedIterator<Item = &Judged> {
    state.judged.iter().filter(|judged| !judged.undone)
}

/// The standing decisions since the finding was last new.
fn round(state: &FindingState) -> impl Iterator<Item = &Judged> {
    let start =
        standing(state).rfind(|judged| judged.before == Status::Baru).map(|first| first.seq);
    standing(state).filter(move |judged| start.is_none_or(|start| judged.seq >= start))
}

fn undo(state: &mut FindingState, decision: u64) {
    if undo_below_first(state, decision) {
        return;
    }
    let Some(before) =
        latest(state).filter(|latest| latest.seq == decision).map(|latest| latest.before)
    else {
        return;
    };
    for judged in &mut state.judged {
        judged.undone |= judged.seq == decision;
    }
    // a finding that was opened again since then is new, whatever it was before
    let opened_again = state.status == Status::Baru && state.seq > decision;
    if !opened_again {
        state.status = before;
    }
}

/// Takes back the decision below a dugaan that awaits a second one: its author
/// cannot know that there is one above his, and the dugaan stands all the same.
fn undo_below_first(state: &mut FindingState, decision: u64) -> bool {
    let Some(first) = first_dugaan(state).map(|first| first.seq) else { return false };
    let below = standing(state).rfind(|judged| judged.seq != first);
    let Some(before) = below.filter(|below| below.seq == decision).map(|below| below.before) else {
        return false;
    };
    for judged in &mut state.judged {
        judged.undone |= judged.seq == decision;
        if judged.seq == first {
            judged.before = before;
        }
    }
    true
}

/// Takes over what a `flagged` entry says of the post.
fn describe(state: &mut FindingState, entry: &Entry) {
    if let Event::Flagged {
        finding: _,
        version,
        source,
        kind,
        rules,
        categories,
        stage: _,
        score,
        priority,
        unit,
        published,
        capture,
        index,
        ruleset: _,
    } = &entry.event
    {
        state.seq = entry.seq;
        state.at = entry.at;
        state.source.clone_from(source);
        state.kind = *kind;
        state.rules.clone_from(rules);
        state.categories.clone_from(categories);
        state.score = *score;
        state.priority = *priority;
        state.unit.clone_from(unit);
        state.published = *published;
        state.capture = *capture;
        state.index = *index;
        state.version = *version;
        state.payload = entry.payload;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Actor, CaptureId, Digest, PostKind, Priority};

    const ID: FindingId = FindingId(Digest([1; 32]));

    fn entry(seq: u64, by: &str, event: Event) -> Entry {
        let at = Timestamp::from_second(1_790_000_000).unwrap();
        Entry { seq, at, by: Actor(by.into()), payload: None, event }
    }

    fn flagged(seq: u64, version: u8) -> Entry {
        let event = Event::Flagged {
            finding: ID,
            version: Digest([version; 32]),
            source: "kabar".into(),
            kind: PostKind::News,
            rules: vec![],
            categories: vec![],
            stage: "unspecified".into(),
            score: 3.0,
            priority: Priority::Sedang,
            unit: None,
            published: None,
            capture: CaptureId(Digest([2; 32])),
            index: 0,
            ruleset: String::new(),
        };
        entry(seq, "netra:pipeline", event)
    }

    /// Plays `who:what` steps on a new finding; `undo:N` takes back the N-th
    /// step, `flag` flags another version.
    fn play(steps: &str) -> FindingState {
        let mut state = first(&flagged(0, 0), number(2026, 1)).unwrap();
        for (place, step) in (1_u64..).zip(steps.split_whitespace()) {
            let next = match step.split_once(':') {
                None => flagged(place, u8::try_from(place).unwrap()),
                Some(("undo", decision)) => {
                    let decision = decision.parse().unwrap();
                    entry(place, "a", Event::Undone { finding: ID, decision })
                }
                Some((by, choice)) => {
                    let choice = Choice::ALL.into_iter().find(|it| it.as_str() == choice).unwrap();
                    let event = Event::Decided {
                        finding: ID,
                        choice,
                        code: None,
                        category: None,
                        unit: None,
                    };
                    entry(place, by, event)
                }
            };
            state = after(&state, &next);
        }
        state
    }

    #[test]
    fn decisions_move_a_finding_as_the_rules_of_the_satgas_say() {
        let table = [
            ("", Status::Baru),
            ("a:bukan", Status::Bukan),
            ("a:tunda", Status::Ditunda),
            ("a:eskalasi", Status::Eskalasi),
            ("a:dugaan", Status::MenungguKedua),
            ("a:dugaan a:dugaan", Status::MenungguKedua),
            ("a:dugaan a:bukan", Status::MenungguKedua),
            ("a:dugaan b:dugaan", Status::Dugaan),
            ("a:dugaan b:bukan", Status::Eskalasi),
            ("a:dugaan b:tunda", Status::Eskalasi),
            ("a:dugaan b:eskalasi", Status::Eskalasi),
            ("a:dugaan b:bukan k:dugaan", Status::Dugaan),
            ("a:dugaan b:bukan k:bukan", Status::Bukan),
            ("a:dugaan b:bukan k:tunda", Status::Ditunda),
            ("a:eskalasi k:dugaan", Status::MenungguKedua),
            ("a:eskalasi k:dugaan a:dugaan", Status::Dugaan),
            ("k:dugaan b:bukan k:dugaan", Status::MenungguKedua),
            ("a:tunda a:dugaan b:dugaan", Status::Dugaan),
            ("a:dugaan b:dugaan c:bukan", Status::Eskalasi),
        ];
        for (steps, status) in table {
            assert_eq!(play(steps).status, status, "{steps}");
        }
    }

    #[test]
    fn an_undo_restores_what_was_before_and_only_the_latest_can_be_undone() {
        let table = [
            ("a:bukan undo:1", Status::Baru),
            ("a:dugaan b:dugaan undo:2", Status::MenungguKedua),
            ("a:dugaan b:dugaan undo:2 undo:1", Status::Baru),
            ("a:dugaan b:dugaan undo:1", Status::Dugaan),
            ("a:dugaan b:bukan undo:2 b:dugaan", Status::Dugaan),
            ("a:bukan undo:1 undo:1", Status::Baru),
            ("a:bukan undo:7", Status::Bukan),
            // the dugaan taken back no longer counts as the first one
            ("a:dugaan undo:1 b:eskalasi k:dugaan", Status::MenungguKedua),
        ];
        for (steps, status) in table {
            assert_eq!(play(steps).status, status, "{steps}");
        }
    }

    #[test]
    fn another_version_opens_what_was_set_aside_and_keeps_its_history() {
        let state = play("a:bukan flag");
        assert_eq!((state.status, state.judged.len(), state.seq), (Status::Baru, 1, 2));
        assert_eq!(state.number, "T-2026-00001");
        assert_eq!(play("a:tunda flag").status, Status::Baru);
        // two people must agree on one and the same text
        assert_eq!(play("a:dugaan flag").status, Status::Baru);
        assert_eq!(play("a:dugaan flag b:dugaan").status, Status::MenungguKedua);
        assert_eq!(play("a:dugaan b:dugaan flag").status, Status::Dugaan);
        // what was said of the earlier text does not count for the new one
        let again = "a:dugaan b:bukan k:bukan flag c:eskalasi k:dugaan";
        assert_eq!(play(again).status, Status::MenungguKedua);
        assert_eq!(play("a:eskalasi k:tunda flag undo:2").status, Status::Baru);
    }

    #[test]
    fn new_year_is_new_year_in_jakarta() {
        assert_eq!(year("2026-12-31T17:00:00Z".parse().unwrap()), 2027);
        assert_eq!(year("2026-12-31T16:59:59Z".parse().unwrap()), 2026);
    }
}
