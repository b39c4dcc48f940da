//! Ledger to Report: one pass, pure arithmetic.
//!
//! A half-year counts what happened in it; what came after its end is left
//! out, so that a report built later says the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Settings;
use super::figures::{Figures, Month, Outcome, Report, Row, Settled, Source};
use crate::model::{
    Choice, ComplianceKind, Digest, Entry, Event, FindingId, FindingState, Period, Reason, Status,
    standing,
};
use crate::text::identity::mask_event;

/// Counts the half-year from the ledger's entries, oldest first; NIP and NIK in
/// names are hidden. `checkpoint`
/// is the ledger's, taken when the entries were.
pub fn tally<E>(
    period: Period,
    zone: &TimeZone,
    settings: &Settings,
    checkpoint: String,
    entries: impl IntoIterator<Item = Result<Entry, E>>,
) -> Result<Report, E> {
    let mut now = Tally::new(period, zone);
    let mut before = Tally::new(period.previous(), zone);
    let (mut count, mut as_of) = (0, None);
    for entry in entries {
        let mut entry = entry?;
        // a unit is named as the post or a person wrote it
        mask_event(&mut entry.event);
        count += 1;
        if entry.at < now.end {
            as_of = Some(entry.at);
        }
        now.add(&entry);
        before.add(&entry);
    }
    let (figures, rows) = now.finish();
    Ok(Report {
        period,
        figures,
        before: before.finish().0,
        rows,
        entries: count,
        as_of,
        checkpoint,
        settings: settings.clone(),
        zone: zone.clone(),
    })
}

/// A finding on its way through the half-year.
struct Track {
    state: FindingState,
    code: Option<Reason>,
    start: Start,
    is_reopened: bool,
}

/// How a finding stood when the half-year began.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// It was not there.
    New,
    Open,
    Settled,
}

impl Start {
    const fn of(status: Status) -> Self {
        if status.is_open() { Self::Open } else { Self::Settled }
    }
}

/// One half-year being counted.
struct Tally {
    zone: TimeZone,
    start: Timestamp,
    end: Timestamp,
    figures: Figures,
    tracks: BTreeMap<FindingId, Track>,
    numbers: BTreeMap<i16, u32>,
    complied: BTreeSet<(Digest, ComplianceKind)>,
    silent_since: BTreeMap<String, Timestamp>,
    last: Option<Timestamp>,
}

impl Tally {
    fn new(period: Period, zone: &TimeZone) -> Self {
        let midnight = |day: jiff::civil::Date| {
            day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |day| day.timestamp())
        };
        let first = period.first();
        let months = (first.month()..).take(6).map(|month| Month { month, ..Month::default() });
        Self {
            zone: zone.clone(),
            start: midnight(first),
            end: period.last().tomorrow().map_or(Timestamp::MAX, midnight),
            figures: Figures { months: months.collect(), ..Figures::default() },
            tracks: BTreeMap::new(),
            numbers: BTreeMap::new(),
            complied: BTreeSet::new(),
            silent_since: BTreeMap::new(),
            last: None,
        }
    }

    fn add(&mut self, entry: &Entry) {
        if entry.at >= self.end {
            return;
        }
        self.last = Some(entry.at);
        let is_within = entry.at >= self.start;
        match &entry.event {
            Event::Checked { source, posts, .. } if is_within => {
                let posts = posts.len() as u64;
                self.figures.checked += posts;
                self.source(source).checked += posts;
                if let Some(month) = self.month(entry.at) {
                    month.checked += posts;
                }
            }
            Event::Complied { post, kind, unit, .. } => {
                // an edited post that says it again is the same event
                if self.complied.insert((*post, *kind)) && is_within {
                    let unit = unit.clone().unwrap_or_default();
                    let kinds = self.figures.compliance.entry(unit).or_default();
                    *kinds.entry(*kind).or_default() += 1;
                }
            }
            Event::SourceFailed { source, .. } => {
                self.silent_since.entry(source.clone()).or_insert(entry.at);
                if is_within {
                    self.source(source).failures += 1;
                }
            }
            Event::SourceRecovered { source } => self.answers_again(source, entry.at),
            event => {
                if let Some(finding) = standing::subject(event) {
                    self.follow(finding, entry, is_within);
                }
            }
        }
    }

    /// Brings a finding up to this entry.
    fn follow(&mut self, finding: FindingId, entry: &Entry, is_within: bool) {
        if !self.tracks.contains_key(&finding) {
            self.begin(finding, entry, is_within);
            return;
        }
        let Some(track) = self.tracks.get_mut(&finding) else { return };
        let next = standing::after(&track.state, entry);
        if is_within
            && !track.state.status.is_open()
            && next.status.is_open()
            && track.start == Start::Settled
        {
            track.is_reopened = true;
        }
        track.state = next;
        if let Event::Decided { code, .. } = &entry.event {
            track.code = *code;
        }
        if !is_within {
            track.start = Start::of(track.state.status);
        }
    }

    /// A finding's first entry.
    fn begin(&mut self, finding: FindingId, entry: &Entry, is_within: bool) {
        let year = standing::year(entry.at);
        let count = self.numbers.get(&year).copied().unwrap_or_default() + 1;
        let Some(state) = standing::first(entry, standing::number(year, count)) else { return };
        self.numbers.insert(year, count);
        if is_within {
            self.figures.flagged += 1;
            self.source(&state.source).flagged += 1;
            if let Some(month) = self.month(entry.at) {
                month.flagged += 1;
            }
            self.outcomes(&state, |outcome| outcome.flagged += 1);
        }
        let track = Track {
            state,
            code: None,
            start: if is_within { Start::New } else { Start::Open },
            is_reopened: false,
        };
        self.tracks.insert(finding, track);
    }

    fn finish(mut self) -> (Figures, Vec<Row>) {
        let silent: Vec<_> = self.silent_since.keys().cloned().collect();
        let last = self.last.unwrap_or(self.start);
        for source in silent {
            self.answers_again(&source, last);
        }
        let mut minutes = Vec::new();
        let mut rows = Vec::new();
        for track in std::mem::take(&mut self.tracks).into_values() {
            if track.start == Start::Settled && !track.is_reopened {
                continue;
            }
            self.figures.carried += u64::from(track.start == Start::Open);
            self.figures.reopened += u64::from(track.is_reopened);
            self.count_agreement(&track.state);
            rows.push(self.close(&track, &mut minutes));
        }
        minutes.sort_unstable();
        self.figures.median_minutes = minutes.get(minutes.len() / 2).copied();
        rows.sort_by(|one, two| one.number.cmp(&two.number));
        (self.figures, rows)
    }

    /// Counts where a finding stands at the end.
    fn close(&mut self, track: &Track, minutes: &mut Vec<u64>) -> Row {
        let state = &track.state;
        let outcome = match state.status {
            Status::Dugaan => Settled::Dugaan,
            Status::Bukan => Settled::Bukan,
            _ => Settled::Terbuka,
        };
        // What awaits a second person is counted as what everybody may know it to be.
        match standing::before_first(state) {
            Status::Dugaan => self.figures.dugaan += 1,
            Status::Bukan => self.figures.bukan += 1,
            Status::Baru | Status::MenungguKedua => self.figures.waiting += 1,
            Status::Eskalasi => self.figures.escalated += 1,
            Status::Ditunda => self.figures.put_off += 1,
        }
        let settled = standing::latest(state).map(|latest| latest.at);
        let settled = settled.filter(|_| outcome != Settled::Terbuka);
        if let Some(at) = settled {
            let is_dugaan = outcome == Settled::Dugaan;
            let (dugaan, bukan) = (u64::from(is_dugaan), u64::from(!is_dugaan));
            if let Some(month) = self.month(at) {
                month.dugaan += dugaan;
                month.bukan += bukan;
            }
            self.outcomes(state, |outcome| {
                outcome.dugaan += dugaan;
                outcome.bukan += bukan;
            });
            minutes.push(minutes_between(state.at, at));
        }
        let code = track.code.filter(|_| outcome == Settled::Bukan);
        if let Some(code) = code {
            *self.figures.reasons.entry(code.as_str()).or_default() += 1;
        }
        Row {
            number: state.number.clone(),
            flagged: state.at,
            source: state.source.clone(),
            kind: state.kind,
            priority: state.priority,
            score: state.score,
            categories: state.categories.clone(),
            rules: state.rules.clone(),
            unit: state.unit.clone(),
            outcome,
            settled,
            code,
        }
    }

    fn count_agreement(&mut self, state: &FindingState) {
        let second = state.judged.iter().find(|judged| {
            judged.before == Status::MenungguKedua
                && !judged.undone
                && (self.start..self.end).contains(&judged.at)
                && matches!(judged.choice, Choice::Dugaan | Choice::Bukan)
        });
        if let Some(second) = second {
            self.figures.judged_twice += 1;
            self.figures.agreed += u64::from(second.choice == Choice::Dugaan);
        }
    }

    fn answers_again(&mut self, source: &str, at: Timestamp) {
        if let Some(since) = self.silent_since.remove(source) {
            let minutes = minutes_between(since.max(self.start), at);
            // a gap that ended before the half-year is not its own
            if at >= self.start {
                self.source(source).silent_minutes += minutes;
            }
        }
    }

    fn outcomes(&mut self, state: &FindingState, mut count: impl FnMut(&mut Outcome)) {
        if let Some(category) = state.categories.first() {
            count(self.figures.categories.entry(*category).or_default());
        }
        for rule in &state.rules {
            count(self.figures.rules.entry(rule.clone()).or_default());
        }
        let unit = state.unit.clone().unwrap_or_default();
        count(self.figures.units.entry(unit).or_default());
    }

    fn source(&mut self, name: &str) -> &mut Source {
        self.figures.sources.entry(name.to_owned()).or_default()
    }

    fn month(&mut self, at: Timestamp) -> Option<&mut Month> {
        let number = at.to_zoned(self.zone.clone()).month();
        self.figures.months.iter_mut().find(|month| month.month == number)
    }
}

fn minutes_between(from: Timestamp, to: Timestamp) -> u64 {
    to.duration_since(from).as_mins().max(0).unsigned_abs()
}
