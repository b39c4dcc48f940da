//! What the demo prints: what happens per source as it happens, then where to look.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use super::folder::Folder;
use super::server::Internet;
use super::site::{Ailment, SITES};
use crate::cli::say;
use crate::pipeline::{Poll, Progress};
use crate::web::Demo;

/// Prints progress and remembers what each source went through.
pub(super) struct Show {
    state: Mutex<State>,
    sources: usize,
}

#[derive(Default)]
struct State {
    polls: BTreeMap<String, Vec<Poll>>,
    welcome: Option<String>,
}

impl Show {
    pub(super) fn new(sources: usize) -> Self {
        Self { state: Mutex::default(), sources }
    }

    /// Prints this once every source was asked and the first posts are settled.
    pub(super) fn when_all_were_asked(&self, welcome: String) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).welcome = Some(welcome);
    }

    pub(super) fn tell(&self, progress: &Progress) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match progress {
            Progress::Asked { source, poll } => {
                let polls = state.polls.entry(source.clone()).or_default();
                if polls.last() != Some(poll) {
                    say_poll(source, poll);
                }
                polls.push(poll.clone());
                if state.polls.len() == self.sources
                    && let Some(welcome) = state.welcome.take()
                {
                    say(welcome);
                }
            }
            Progress::Settled { posts, flagged, compliance } => say(format_args!(
                "  matched                  {posts:>4} posts  {flagged:>3} flagged  {compliance:>3} compliance events"
            )),
            Progress::Paused { reason } => say(format_args!("  paused: {reason}")),
        }
    }

    /// What the sites should have gone through and did not.
    pub(super) fn differences(&self) -> Vec<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut differences = Vec::new();
        for site in SITES {
            let polls = state.polls.get(site.name).map_or(&[][..], Vec::as_slice);
            let failed = polls.iter().any(|poll| matches!(poll, Poll::Failed { .. }));
            let unchanged = polls.contains(&Poll::Unchanged);
            let ends_well = polls.last().is_some_and(|poll| !matches!(poll, Poll::Failed { .. }));
            if !ends_well {
                differences.push(format!("{}: did not answer well in the end", site.name));
            }
            if unchanged != (site.ailment == Ailment::Validators) {
                differences.push(format!("{}: answered 304: {unchanged}", site.name));
            }
            // On a kept folder the site's second life begins with a 503 as well.
            if failed != (site.ailment == Ailment::FirstUnavailable) {
                differences.push(format!("{}: failed at first: {failed}", site.name));
            }
        }
        differences
    }
}

fn say_poll(source: &str, poll: &Poll) {
    match poll {
        Poll::Read { posts, new, problems } => {
            say(format_args!("  {source:<24} {posts:>4} posts  {new:>3} new"));
            for problem in problems {
                say(format_args!("  {:<24}   note: {problem}", ""));
            }
        }
        Poll::Unchanged => say(format_args!("  {source:<24}    -  nothing new (304)")),
        Poll::Failed { reason, .. } => say(format_args!("  {source:<24}    -  failed: {reason}")),
    }
}

/// Says where the invented internet answers.
pub(super) fn internet(internet: &Internet) {
    let ailing = SITES.iter().filter(|site| site.ailment != Ailment::None).count();
    say(format_args!(
        "invented internet on loopback: {} sites, {ailing} of them slow, broken or strict",
        internet.bases.len(),
    ));
}

/// Where to look, with a sign-in per role.
pub(super) fn welcome(address: Option<SocketAddr>, people: &Demo, folder: &Folder) -> String {
    let Some(address) = address else { return String::new() };
    let mut text = format!("\nReview pages: http://{address}/\nSign in with one click:\n");
    for person in &people.people {
        text.push_str(&format!(
            "  {:<12} {:<16} http://{address}/masuk/demo/{}\n",
            person.role.as_str(),
            person.name,
            person.token,
        ));
    }
    text.push_str(&format!(
        "\nOther commands, in another terminal:\n  netra review list -c {0}\n  netra evidence verify -c {0}\n\
         Ctrl-C ends the demo.",
        folder.config().display(),
    ));
    text
}
