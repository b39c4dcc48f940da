//! The integration tests, one binary. Each module is one part seen from outside.

/// The floors of the house.
mod architecture;
