use std::collections::BTreeMap;
use std::num::NonZero;

use saddlebag_records::id::RecordId;
use saddlebag_records::pickup_code::{CodeHash, PickupCode, PickupCodeError};

use crate::admin::{AdminError, code};

/// Hashes the pickup codes of deliveries, on all cores: each takes 19 MiB and tens of milliseconds. The county keeps the
/// hashes alone; phones get them with their grant.
pub(super) fn hash_all(
    codes: BTreeMap<RecordId, PickupCode>,
) -> Result<BTreeMap<RecordId, CodeHash>, AdminError> {
    let codes: Vec<_> = codes.into_iter().collect();
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = codes.len().div_ceil(cores).max(1);
    let hash = |(id, code): &(RecordId, PickupCode)| Ok((*id, code.hash(*id)?));
    let hashed: Vec<Result<Vec<_>, PickupCodeError>> = std::thread::scope(|scope| {
        let parts = codes
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(hash).collect()));
        let parts: Vec<_> = parts.collect();
        parts
            .into_iter()
            .map(|part| part.join().unwrap_or(Err(PickupCodeError::NotHashed)))
            .collect()
    });
    let hashed: Result<Vec<Vec<_>>, _> = hashed.into_iter().collect();
    let hashed = hashed.map_err(|error| AdminError::new(code::INTERNAL, error.code()))?;
    Ok(hashed.into_iter().flatten().collect())
}
