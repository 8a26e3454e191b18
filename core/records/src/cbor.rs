//! Canonical CBOR values.
