//! Elections as data: their stages, and from when a *bakal calon* is a *calon*.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Problem;
use super::contest::ContestFile;
use super::schema;
use super::unit::holds;
use crate::model::{CandidateStatus, StageAt};

/// The stages of the labelling guideline, in the order in which they come.
pub const STAGES: [&str; 8] =
    ["pra", "pendaftaran", "penetapan", "kampanye", "masa_tenang", "pemungutan", "rekap", "pasca"];

/// A file under `calendar/`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "An election and its stages")]
pub struct CalendarFile {
    /// What the file holds and how sure it is.
    #[serde(default)]
    pub about: String,
    /// The election.
    pub election: Election,
    /// Its stages; none while its calendar is not known.
    #[serde(default)]
    pub stage: Vec<Stage>,
    /// When candidates were determined, the narrowest entry that fits a post counts.
    #[serde(default)]
    pub determination: Vec<Determination>,
}

/// An election.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Election {
    /// Its id, the name of its file.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// What it is called.
    pub title: String,
    /// The regulation of the KPU that sets its stages; empty while there is none.
    pub regulation: String,
    /// The contests held in it, by id; `pilgub-*` stands for all that begin so.
    #[serde(default)]
    pub contests: Vec<String>,
}

/// One stage of an election.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Which stage.
    #[schemars(schema_with = "schema::calendar_stage")]
    pub name: Spanned<String>,
    /// The first day.
    #[schemars(with = "Date")]
    pub from: Spanned<Date>,
    /// The last day.
    pub until: Date,
}

/// The day on which candidates were determined.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Determination {
    /// The contests it holds for; all of the election if none.
    #[serde(default)]
    pub contests: Vec<String>,
    /// The provinces, regencies or cities it holds for; everywhere if none.
    #[serde(default)]
    pub regions: Vec<String>,
    /// The day.
    pub date: Date,
    /// Whether the day is still to be checked against the decision.
    #[serde(default)]
    pub unsure: bool,
}

/// What of a post bears on the calendar.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bearing<'p> {
    /// The day of publication.
    pub day: Option<Date>,
    /// The stage that the text's words point to.
    pub cue: Option<&'p str>,
    /// The contests whose contestants it names, by id.
    pub contests: &'p [&'p str],
    /// The region it speaks of.
    pub region: Option<&'p str>,
}

/// All elections.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    elections: Vec<CalendarFile>,
    /// The contests and regions by the forms of their contestants, lower case.
    named: HashMap<String, Vec<(String, String)>>,
}

fn fits(contests: &[String], contest: &str) -> bool {
    contests.iter().any(|pattern| {
        pattern.strip_suffix('*').map_or(pattern == contest, |start| contest.starts_with(start))
    })
}

impl CalendarFile {
    /// The stage on a day, if one is held then.
    pub fn on(&self, day: Date) -> Option<&str> {
        let held = |stage: &&Stage| holds(Some(day), Some(*stage.from.as_ref()), Some(stage.until));
        self.stage.iter().find(held).map(|stage| stage.name.as_ref().as_str())
    }

    /// The day from which a *bakal calon* is a *calon*, by the narrowest entry that fits.
    pub fn determined(&self, contests: &[&str], region: Option<&str>) -> Option<&Determination> {
        let narrow = |entry: &&Determination| {
            let contest = entry.contests.is_empty()
                || contests.iter().any(|contest| fits(&entry.contests, contest));
            let place = entry.regions.is_empty()
                || region
                    .is_some_and(|at| entry.regions.iter().any(|r| r.eq_ignore_ascii_case(at)));
            contest && place
        };
        self.determination
            .iter()
            .filter(narrow)
            .max_by_key(|entry| (!entry.regions.is_empty(), !entry.contests.is_empty()))
    }

    fn check(&self, path: &Path, text: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (i, stage) in self.stage.iter().enumerate() {
            let name = stage.name.as_ref();
            if !STAGES.contains(&name.as_str()) {
                let message = format!("`{name}` is no stage of an election");
                let problem = Problem::at("unknown-stage", path, text, stage.name.span(), message);
                problems.push(problem.nearest(name, STAGES.into_iter()));
            }
            let (from, until) = (*stage.from.as_ref(), stage.until);
            if until < from {
                let message = format!("`{name}` ends on {until}, before it begins on {from}");
                let span = stage.from.span();
                problems.push(Problem::at("until-before-from", path, text, span, message));
            }
            let before = self.stage.get(..i).unwrap_or_default().iter();
            for other in before.filter(|o| *o.from.as_ref() <= until && from <= o.until) {
                let message = format!(
                    "`{name}` begins on {from}, while `{}` runs from {} until {}",
                    other.name.as_ref(),
                    other.from.as_ref(),
                    other.until
                );
                let problem = Problem::at("stage-overlap", path, text, stage.from.span(), message);
                problems.push(problem.help("the stages of one election follow one another; two elections may run at once in two files"));
            }
        }
        problems
    }
}

impl Calendar {
    /// Takes in files and says what is wrong with them.
    pub(crate) fn take_in(
        &mut self,
        files: impl Iterator<Item = (PathBuf, String, CalendarFile)>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (path, text, file) in files {
            problems.extend(file.check(&path, &text));
            let id = &file.election.id;
            if self.elections.iter().any(|known| known.election.id.as_ref() == id.as_ref()) {
                let message = format!("another calendar has the id `{}` already", id.as_ref());
                problems.push(Problem::at("double-id", &path, &text, id.span(), message));
            }
            self.elections.push(file);
        }
        problems
    }

    /// Takes in the forms by which contests are known.
    pub(crate) fn name_contests(&mut self, files: &[ContestFile]) {
        for file in files {
            let Some(contest) = &file.contest else { continue };
            let of = (contest.id.clone(), contest.region.clone());
            let kinds = file.contestant.iter().flat_map(super::contest::Contestant::kinds);
            for form in kinds.flat_map(|(_, forms)| forms) {
                let known = self.named.entry(form.to_lowercase()).or_default();
                if !known.contains(&of) {
                    known.push(of.clone());
                }
            }
        }
    }

    /// The contests and their regions, one of whose contestants is called so.
    pub fn contests(&self, form: &str) -> &[(String, String)] {
        self.named.get(&form.trim().to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The elections, in the order of their files.
    pub fn elections(&self) -> &[CalendarFile] {
        &self.elections
    }

    /// The stage of each election that runs on the day of a post, those first whose contestants it names.
    pub fn running(&self, post: Bearing<'_>) -> Vec<StageAt> {
        let Some(day) = post.day else { return Vec::new() };
        let named = |file: &CalendarFile| {
            post.contests.iter().any(|contest| fits(&file.election.contests, contest))
        };
        let mut elections: Vec<&CalendarFile> = self.elections.iter().collect();
        elections.sort_by_key(|file| !named(file));
        let at = |file: &&CalendarFile| {
            let stage = file.on(day)?;
            let determined = file.determined(post.contests, post.region);
            let is_calon = determined.is_some_and(|entry| entry.date <= day);
            Some(StageAt {
                election: file.election.id.as_ref().clone(),
                stage: stage.to_owned(),
                status: if is_calon { CandidateStatus::Calon } else { CandidateStatus::BakalCalon },
            })
        };
        elections.iter().filter_map(at).collect()
    }

    /// The stage in one word: that of the calendar, or else of the text's cues,
    /// or else before the first and after the last stage of the nearest election.
    pub fn stage(&self, post: Bearing<'_>, running: &[StageAt]) -> String {
        let held = |at: &&StageAt| !matches!(at.stage.as_str(), "pra" | "pasca");
        let of_calendar = running.iter().find(held).or_else(|| running.first());
        let outside = || {
            let day = post.day?;
            let is_after = |file: &CalendarFile| file.stage.iter().all(|stage| stage.until < day);
            let mut known = self.elections.iter().filter(|file| !file.stage.is_empty()).peekable();
            known.peek()?;
            Some(if known.all(is_after) { "pasca" } else { "pra" })
        };
        of_calendar
            .map(|at| at.stage.as_str())
            .or(post.cue)
            .or_else(outside)
            .unwrap_or("unspecified")
            .to_owned()
    }

    /// Whether the person supported was a *bakal calon* or a *calon*; both where nothing tells.
    pub fn status(&self, post: Bearing<'_>, running: &[StageAt]) -> Vec<CandidateStatus> {
        if let Some(at) = running.first() {
            return vec![at.status];
        }
        if post.day.is_some() {
            return vec![CandidateStatus::DiLuarTahapan];
        }
        match post.cue {
            Some("pra" | "pendaftaran" | "pra2029") => vec![CandidateStatus::BakalCalon],
            Some("pasca") => vec![CandidateStatus::DiLuarTahapan, CandidateStatus::Calon],
            Some(_) => vec![CandidateStatus::Calon],
            None => vec![CandidateStatus::BakalCalon, CandidateStatus::Calon],
        }
    }
}
