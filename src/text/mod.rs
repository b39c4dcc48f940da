//! Text: Indonesian as it is written online.
