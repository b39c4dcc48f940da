//! Netra reads public posts and news, finds those in which an Indonesian civil
//! servant may have left neutrality in an election, keeps the evidence, lets a
//! Satgas decide, and writes the half-yearly report.
//!
//! ```text
//!   fetch ──► queue ──► matcher ──► store ──► review ──► report
//! ```
//!
//! Six stages that do not know each other, and two joiners: [`pipeline`] joins
//! the machine's half, [`web`] the people's half. The modules below stand in
//! the order of the flow.
//!
//! # Glossary
//!
//! | word | meaning |
//! |---|---|
//! | post | one public item; its kind is post, comment, news or bio |
//! | finding (*temuan*) | a post that rules flagged; waits for a person; never called a violation |
//! | *dugaan* | what two people, the second one blind, found worth following up |
//! | compliance event | a unit's ikrar, sosialisasi, pengukuhan …; recognised, never a finding |
//! | contestant | party, candidate, pair |
//! | *satker*, unit | an office: Lapas, Rutan, Bapas, Kanim, Kanwil |
//! | *Satgas* | the unit's task force for neutrality |
//! | *tahapan* | a stage of an election |

pub mod model;

pub mod text;
pub mod rule;

pub mod fetch;
pub mod queue;
pub mod matcher;
pub mod store;
pub mod review;
pub mod report;

pub mod pipeline;
pub mod web;

pub mod config;
pub mod cli;
