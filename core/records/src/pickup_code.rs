//! Pickup codes.
