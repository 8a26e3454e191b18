//! Plans and facts each have a type for the same point on the ground.

use saddlebag_records::plan;
use saddlebag_records::position::Position;

/// A plan's position.
pub(crate) fn on_the_ground(position: plan::Position) -> Position {
    Position {
        lat_e7: position.lat_e7,
        lon_e7: position.lon_e7,
    }
}

/// A position as a plan holds it.
pub(crate) fn in_a_plan(position: Position) -> plan::Position {
    plan::Position {
        lat_e7: position.lat_e7,
        lon_e7: position.lon_e7,
    }
}
