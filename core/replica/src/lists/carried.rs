use saddlebag_records::kind::RecordKind;

use super::item::items;
use super::stop::{RouteItem, Why};
use crate::error::Result;
use crate::replica::Replica;

impl Replica {
    /// The parcels that this person has with them, in the order of the route: those too that may not be delivered today.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn carried(&self) -> Result<Vec<RouteItem>> {
        let with_them = "on_route = 1 AND on_route > 0 AND in_my_bag = 1 AND kind = ?1
            ORDER BY route_order, due_until_ms, due_from_ms, id";
        let items = self.read(|connection| items(connection, with_them, &[&(RecordKind::Delivery as u8)]))?;
        let why = Why::Mine;
        Ok(items.into_iter().map(|item| RouteItem { why, item }).collect())
    }
}
