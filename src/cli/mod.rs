//! The commands.

pub mod answer;
