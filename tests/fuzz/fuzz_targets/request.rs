#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| saddlebag_fuzz::targets::request(bytes));
