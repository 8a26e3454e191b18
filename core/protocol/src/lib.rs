//! The wire messages of Saddlebag, their limits and error codes.
