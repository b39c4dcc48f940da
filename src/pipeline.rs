//! Joins fetch, queue, matcher and store for the machine.
