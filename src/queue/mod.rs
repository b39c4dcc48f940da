//! Stage 2: holds references to posts until they are matched; survives a crash.
