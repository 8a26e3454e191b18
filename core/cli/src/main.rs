//! The command-line client of Saddlebag.

fn main() {}
