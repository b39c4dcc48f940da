//! Stage 3: flags findings.
