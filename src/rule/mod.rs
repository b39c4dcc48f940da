//! What to look for: rules, word lists, and what can be wrong with them.
