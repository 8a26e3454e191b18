//! Waybill numbers.
