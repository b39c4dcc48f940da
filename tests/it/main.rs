//! The integration tests, one binary. Each module is one part seen from outside.
