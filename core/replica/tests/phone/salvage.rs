//! A store whose file was damaged: it is noticed, and what can be read is saved into a new one.

mod a_filled_phone;
mod bits;
mod counting;
mod logs;
mod swapping;
mod torn;
