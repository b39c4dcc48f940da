//! Stage 5: a person decides.
