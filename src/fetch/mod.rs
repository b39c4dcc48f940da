//! Stage 1: pulls public posts and news.
