//! Stage 6: figures for Biro SDM.

pub mod indonesian;
