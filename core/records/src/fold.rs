//! Folding text for search.
