//! The courier's copy: encrypted store, projections, search and syncing, behind one handle.
