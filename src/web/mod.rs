//! Joins store, review and report for people.
