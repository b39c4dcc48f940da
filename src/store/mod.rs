//! Stage 4: keeps evidence for good.
