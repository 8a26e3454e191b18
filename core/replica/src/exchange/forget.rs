use rusqlite::params;
use saddlebag_protocol::ForgetReason;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use super::answer::Applying;
use crate::error::Result;
use crate::store::column::{count, signed};
use crate::store::own::AskFor;
use crate::store::records::Numbered;
use crate::store::{identity, links, records, tombstones};

/// Whether a row's author is this installation.
pub(super) const OWN: &str = "(device = 0 OR device IN (SELECT device FROM device_numbers)
    OR device IN (SELECT number FROM one_time_numbers WHERE record <> x''))";

/// Whether the county has a row, and a backup of the county covers it; or does not want it.
pub(super) const COVERED: &str = "(state IN (4, 5) OR (state IN (2, 3) AND position BETWEEN 1 AND ?2))";

impl Applying<'_> {
    /// Takes a record off this phone. What this phone wrote in it stays, unread, until a backup covers it; but nothing
    /// stays of what was destroyed for a person.
    pub(super) fn forget(&mut self, record: RecordId, reason: ForgetReason) -> Result<()> {
        self.relatives(record)?;
        let kept = match reason {
            ForgetReason::Person => {
                self.destroyed.insert(record);
                self.note_lost(record)?;
                self.delete_all(record)?;
                false
            }
            ForgetReason::NoLongerVisible | ForgetReason::Retention => self.delete_others(record)?,
        };
        records::remove(self.connection, record)?;
        for sql in [
            "DELETE FROM plans WHERE record = ?1",
            "DELETE FROM waiting_changes WHERE record = ?1",
            "DELETE FROM own_order WHERE record = ?1",
            "DELETE FROM wrong_codes WHERE record = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([record.0])?;
        }
        // An appeal that comes back is answered to the key that only this phone has.
        if !kept {
            self.connection
                .prepare_cached("DELETE FROM answer_keys WHERE record = ?1")?
                .execute([record.0])?;
        }
        tombstones::set(self.connection, record, reason, kept)?;
        self.touched.remove(&record);
        self.applied.left.push(record);
        Ok(())
    }

    /// Rows that show the record's name, and records whose facts counted with its own, are made anew without it.
    fn relatives(&mut self, record: RecordId) -> Result<()> {
        let dependents = records::that_show(self.connection, record)?;
        if !dependents.is_empty() {
            self.renamed.insert(record);
            self.touched.extend(dependents);
        }
        self.forget_the_camp(record)?;
        self.touched.extend(links::family(self.connection, record)?);
        Ok(())
    }

    /// Where a household was is on the rows of its parcels, too.
    fn forget_the_camp(&mut self, record: RecordId) -> Result<()> {
        let Some(Numbered { row, .. }) = records::load(self.connection, record)? else {
            return Ok(());
        };
        if let Some(household) = row.household.filter(|_| row.kind == RecordKind::Camp) {
            self.renamed.insert(household);
            self.touched
                .extend(records::on_route_of(self.connection, household)?);
        }
        Ok(())
    }

    /// A number under which nothing will ever come wedges all that were written after it: another device number is to be
    /// asked for.
    fn note_lost(&mut self, record: RecordId) -> Result<()> {
        let device = identity::author(self.connection)?.device;
        let mut unsent = self
            .connection
            .prepare_cached("SELECT 1 FROM facts WHERE record = ?1 AND device = ?2 AND state = 0")?;
        if unsent.exists(params![record.0, signed(device)])? {
            self.own.asks_for_number.get_or_insert(AskFor::FactLost);
        }
        Ok(())
    }

    fn delete_all(&self, record: RecordId) -> Result<()> {
        for sql in [
            "DELETE FROM fact_verdicts WHERE (device, n) IN (SELECT device, n FROM facts WHERE record = ?1)",
            "DELETE FROM facts WHERE record = ?1",
            "DELETE FROM side_values WHERE record = ?1",
            "DELETE FROM plan_changes WHERE record = ?1",
            "DELETE FROM links WHERE record = ?1 OR other = ?1",
            "DELETE FROM refused_edits WHERE record = ?1",
        ] {
            self.connection.prepare_cached(sql)?.execute([record.0])?;
        }
        Ok(())
    }

    /// Deletes what others wrote, and of this phone's own what is covered. Whether anything is left.
    fn delete_others(&self, record: RecordId) -> Result<bool> {
        let others = [
            format!("DELETE FROM facts WHERE record = ?1 AND NOT {OWN}"),
            "DELETE FROM plan_changes WHERE record = ?1 AND actor NOT IN (SELECT actor FROM actors)"
                .to_owned(),
        ];
        for sql in others {
            self.connection.prepare_cached(&sql)?.execute([record.0])?;
        }
        self.delete_covered(record)
    }

    /// Deletes what a backup covers of a record that left. Whether anything is left.
    fn delete_covered(&self, record: RecordId) -> Result<bool> {
        let verdicts = format!(
            "DELETE FROM fact_verdicts WHERE (device, n) IN
                (SELECT device, n FROM facts WHERE record = ?1 AND {COVERED})"
        );
        let rows = |table: &str| format!("DELETE FROM {table} WHERE record = ?1 AND {COVERED}");
        for sql in [verdicts, rows("facts"), rows("plan_changes")] {
            self.connection
                .prepare_cached(&sql)?
                .execute(params![record.0, count(self.watermark)])?;
        }
        self.connection
            .prepare_cached(
                "DELETE FROM side_values WHERE record = ?1 AND (device, n) NOT IN
                    (SELECT device, n FROM facts WHERE record = ?1)",
            )?
            .execute([record.0])?;
        let mut left = self.connection.prepare_cached(
            "SELECT 1 FROM facts WHERE record = ?1 UNION ALL SELECT 1 FROM plan_changes WHERE record = ?1 LIMIT 1",
        )?;
        Ok(left.exists([record.0])?)
    }

    /// Lets go of what was kept of records that left, where a backup covers it by now.
    pub(super) fn drop_covered(&self) -> Result<()> {
        for record in tombstones::sealed(self.connection)? {
            if !self.delete_covered(record)? {
                tombstones::unsealed(self.connection, record)?;
                if records::kind_of(self.connection, record)?.is_none() {
                    self.connection
                        .prepare_cached("DELETE FROM answer_keys WHERE record = ?1")?
                        .execute([record.0])?;
                }
            }
        }
        Ok(())
    }
}
