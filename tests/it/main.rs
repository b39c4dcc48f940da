//! The integration tests, one binary. Each module is one part seen from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on stops, and prints what it counted"
)]

/// The floors of the house.
mod architecture;
/// A web server on loopback, for whoever needs one.
mod kit;
/// Fetching over that server; reading kept answers.
mod fetch;

/// What the tests of the store are made of.
mod kit_store;
/// What the store keeps, and that no byte of it changes unnoticed.
mod evidence;

/// The test kit of the pages: a house with findings, and its visitors.
mod people;
/// The pages: signing in, rights, forged forms, hostile text.
mod web;
/// Deciding: reasons, undo, the blind second person, two at once.
mod review;
/// Evidence handed out, checked as a stranger would.
mod export;
/// A time-stamping authority of openssl, on loopback.
mod authority;
/// Pages of findings, looked at again.
mod recheck;
/// Captures in the hands of others.
mod replay;
/// NIP and NIK: masked wherever something is shown.
mod identity;
/// The half-yearly report: every figure, every format.
mod report;
/// Files damaged on purpose, and what is said of them.
mod damage;
/// Single bytes changed, by the thousand.
mod flips;
/// Files deleted, swapped, doubled, cut off, taken from elsewhere, rolled back.
mod tamper;
/// `netra evidence` at the terminal: one finding, an earlier checkpoint, keys.
mod verify;
/// Proofs judged by others than us.
mod proofs;

/// The example configuration.
mod config;
/// The program at a terminal: init, run, demo, kill -9.
mod program;
/// The pages in a real browser, at a desk and on a phone, with and without scripts.
mod browser;
/// Proofs over the ledger, judged by others.
mod merkle;
/// A process killed at any moment.
mod crash;
/// A disk that is full.
mod full_disk;
mod learn;

/// The machine's half: what is set aside, what is made anew.
mod pipeline;

/// The shipped rules, loaded once, and labelled posts.
mod kit_rules;
/// Text: foldings, spans, the way back.
mod text;
/// The examples in the rules; no contestant is treated otherwise than another.
mod rules;
/// Stages, the rows of the decree, the civil-servant link: shown, never scored.
mod calendar;
/// Broken rules and what their author is told.
mod problems;
/// Labelled posts: what is missed, what is flagged in vain.
mod posts;
/// How well the rules judge the labelled sets, figure by figure.
mod figures;
/// What an analyst works with: the verbs of `netra rules`, clauses, lists, even-handedness.
mod analyst;
/// Who says it, and whether it is said at all: quotations, reports, conditions.
mod speech;
/// `netra scan`: its contract, and the engine against the obvious way.
mod scan;
