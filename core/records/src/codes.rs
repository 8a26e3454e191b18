//! The closed, versioned code lists.
