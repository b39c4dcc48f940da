//! Runs the command, prints the error, picks the exit code.

fn main() {}
