//! What time it is when clocks cannot be trusted.
