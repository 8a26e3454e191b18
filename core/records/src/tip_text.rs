//! What the text of a tip may not hold.
