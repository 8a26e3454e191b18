//! Names of records, facts, devices and people.
