//! The fleet simulator, fault tests and the layering test.
