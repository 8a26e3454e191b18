//! Masking names, phones and addresses.
