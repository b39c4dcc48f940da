//! Config: the settings of every part, loaded and explained.
