use saddlebag_records::fact::{Fact, SideValue};
use saddlebag_records::id::RecordId;

use super::State;
use crate::store::{ChangeHead, DamagedRow, PlanRow, ReadSetAside, SetAside, StoreError, WriteSetAside};

/// What lies in memory is what was written.
impl ReadSetAside for State {
    fn set_aside(&self) -> Result<Vec<SetAside>, StoreError> {
        Ok(Vec::new())
    }

    fn set_aside_count(&self) -> Result<u64, StoreError> {
        Ok(0)
    }
}

impl WriteSetAside for State {
    fn put_set_aside(&mut self, _: &[DamagedRow]) -> Result<u64, StoreError> {
        Ok(0)
    }

    fn mend_fact(&mut self, _: &Fact) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn mend_side(&mut self, _: &SideValue) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn mend_change(&mut self, _: RecordId, _: &ChangeHead, _: &[u8]) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn mend_plan(&mut self, _: RecordId, _: &PlanRow) -> Result<bool, StoreError> {
        Ok(false)
    }
}
