//! Carries out requests: which function a verb is, for whom.

mod cases;
mod files;

use std::sync::{Arc, PoisonError};
use std::time::Instant;

use saddlebag_records::access::Role;
use saddlebag_records::id::{DeviceNumber, PersonId};
use saddlebag_records::kind::RecordKind;
use serde_json::json;

use super::cli::{
    AppealVerb, AuditVerb, CountVerb, CountyVerb, DeviceVerb, DevicesVerb, DiscrepancyVerb, ExportVerb,
    ForgetVerb, HeldVerb, PeopleVerb, PlanVerb, TlsVerb, Turn, Verb,
};
use super::discrepancies::Closing;
use super::export::Personal;
use super::looking::{Looking, has_role};
use super::plan_field::Change;
use super::{
    AdminError, Answer, Done, Request, appeals, audit, backups, code, counties, counts, devices,
    discrepancies, duties, enrolling, export, find, forgetting, fresh_id, held, people, plan_field,
    server_keys, show, value,
};
use crate::county::{Counties, County};
use crate::outside::Outside;
use crate::people::{By, Colleague};
use crate::store::Person;

/// Carries out a request. Blocks until what it wrote is durable. Logged by its verb and what came of it, and nothing that
/// could name anybody.
pub fn answer(counties: &Counties, outside: &Arc<dyn Outside>, request: Request) -> Answer {
    let begun = Instant::now();
    let answered = carry_out(counties, outside, &request);
    let code = match &answered {
        Ok(done) if done.in_part => "in_part",
        Ok(_) => "ok",
        Err(error) => &error.code,
    };
    let ms = begun.elapsed().as_millis() as u64;
    tracing::info!(
        endpoint = "admin",
        verb = request.verb.word(),
        code,
        ms,
        "answered"
    );
    answered
}

fn carry_out(counties: &Counties, outside: &Arc<dyn Outside>, request: &Request) -> Answer {
    if let Verb::County(verb) = &request.verb {
        return county_verb(counties, outside, verb);
    }
    if let Verb::Tls(verb) = &request.verb {
        return tls_verb(counties, &**outside, *verb);
    }
    let county = match request.county {
        Some(id) => counties
            .get(id)
            .ok_or_else(|| AdminError::new(code::NO_COUNTY, id))?,
        None => counties.only().ok_or_else(|| {
            let none = counties.all().is_empty();
            AdminError::new(
                if none { code::NO_COUNTY } else { code::WHICH_COUNTY },
                "--county",
            )
        })?,
    };
    let turn = match request.verb.turn() {
        Turn::None => None,
        Turn::Verb => Some(&county.turns().verb),
        Turn::Import => Some(&county.turns().import),
    };
    let _turn = turn.map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner));
    Desk {
        counties,
        county: &county,
        request,
    }
    .verb()
}

fn county_verb(counties: &Counties, outside: &Arc<dyn Outside>, verb: &CountyVerb) -> Answer {
    match verb {
        CountyVerb::Create {
            name,
            keys_out,
            admin,
            admin_key,
        } => {
            let outside = Arc::clone(outside);
            Done::whole(counties::create(
                counties,
                outside,
                name,
                keys_out,
                admin,
                admin_key.as_deref(),
            )?)
        }
        CountyVerb::List => Done::whole(counties::list(counties)),
    }
}

fn tls_verb(counties: &Counties, outside: &dyn Outside, verb: TlsVerb) -> Answer {
    let now_ms = outside.now_ms();
    Done::whole(match verb {
        TlsVerb::Create => server_keys::create(counties, now_ms)?,
        TlsVerb::Show => server_keys::show(counties)?,
        TlsVerb::Rotate { leave_behind } => server_keys::rotate(counties, now_ms, leave_behind)?,
    })
}

/// A request at its county.
struct Desk<'a> {
    counties: &'a Counties,
    county: &'a County,
    request: &'a Request,
}

impl Desk<'_> {
    fn verb(&self) -> Answer {
        let county = self.county;
        match &self.request.verb {
            // Without a county of its own.
            Verb::County(_) | Verb::Tls(_) => Err(AdminError::new(code::INTERNAL, "county")),
            Verb::People(verb) => self.people(verb),
            Verb::Places(_) | Verb::Carriers(_) | Verb::Households(_) | Verb::Camps(_) | Verb::Import(_) => {
                self.file()
            }
            Verb::Code { person, address } => {
                has_role(&self.by()?, &[Role::Admin, Role::Dispatcher])?;
                let server_key = server_keys::now(self.counties)?;
                Done::whole(enrolling::issue(
                    county,
                    self.person(person)?.id,
                    address.as_deref(),
                    server_key.as_deref(),
                )?)
            }
            Verb::Assign { records, person } => Done::whole(duties::assign(
                county,
                self.by()?.id,
                records,
                self.person(person)?.id,
                false,
            )?),
            Verb::Reassign { records, person } => Done::whole(duties::assign(
                county,
                self.by()?.id,
                records,
                self.person(person)?.id,
                true,
            )?),
            Verb::Cancel { records, note } => {
                Done::whole(duties::cancel(county, self.by()?.id, records, note.as_deref())?)
            }
            Verb::Plan(verb) => self.plan(verb),
            Verb::Show { record } => Done::whole(show::show(county, &self.looking()?, record)?),
            Verb::Tip(verb) => self.tip(verb),
            Verb::Case(verb) => self.case(verb),
            Verb::Appeal(AppealVerb::List) => Done::whole(appeals::list(county, &self.by()?)?),
            Verb::Discrepancy(verb) => self.discrepancy(verb),
            Verb::Count(CountVerb::List) => Done::whole(counts::open(county, &self.by()?)?),
            Verb::Count(CountVerb::Settle {
                courier,
                number,
                note,
            }) => {
                let note = text("note", note, 200)?;
                let courier = self.anybody(courier)?.id;
                Done::whole(counts::settle(county, self.by()?.id, courier, *number, &note)?)
            }
            Verb::Devices {
                verb: DevicesVerb::List,
            } => Done::whole(devices::list(county)?),
            Verb::Devices {
                verb: DevicesVerb::Confirm { devices: numbers },
            } => {
                has_role(&self.by()?, &[Role::Admin])?;
                // Nothing is served that would be forgotten by now.
                crate::forgetting::run(county)?;
                devices::confirm(county, numbers.iter().copied().map(DeviceNumber).collect())?;
                Done::whole(json!({ "confirmed": numbers }))
            }
            Verb::Backup(verb) => {
                let into = verb.to.clone().unwrap_or_else(|| self.counties.backups());
                backups::take(county, &into)
            }
            Verb::Scrub => backups::scrub(county),
            // Never where a county is open.
            Verb::Restore(_) => Err(AdminError::new("folder_locked", "restore")),
            Verb::Device(verb) => self.device(*verb),
            Verb::Held(verb) => self.held(verb),
            Verb::Forget(ForgetVerb::Run) => Done::whole(forgetting::run(county, &self.by()?)?),
            Verb::Forget(ForgetVerb::Household { household }) => {
                Done::whole(forgetting::household(county, &self.by()?, household)?)
            }
            Verb::Export(verb) => self.export(*verb),
            Verb::Audit {
                verb: AuditVerb::List { after, limit },
            } => Done::whole(audit::list(county, &self.by()?, *after, *limit as usize)?),
        }
    }

    fn people(&self, verb: &PeopleVerb) -> Answer {
        let county = self.county;
        match verb {
            PeopleVerb::Add {
                name,
                role,
                station,
                phone,
                mentor,
                key,
            } => {
                let by = By::Admin(self.by()?.id);
                let bad = |what: &str, why: &str| AdminError::new(code::BAD_VALUE, format!("{what}: {why}"));
                let meant = |what: &str, kind, word: &Option<String>| {
                    let id = word
                        .as_deref()
                        .map(|word| find::meant(county, kind, word))
                        .transpose();
                    id.map_err(|why| bad(what, why))
                };
                let key = meant("key", RecordKind::Colleague, key)?;
                let id = PersonId::from(key.unwrap_or_else(|| fresh_id(county)));
                let colleague = Colleague {
                    name: text("name", name, 60)?,
                    role: Role::from_name(role).ok_or_else(|| bad("role", "no_such_code"))?,
                    station: meant("station", RecordKind::Place, station)?,
                    mentor: meant("mentor", RecordKind::Colleague, mentor)?.map(PersonId::from),
                    phone: phone
                        .as_deref()
                        .map(value::phone)
                        .transpose()
                        .map_err(|why| bad("phone", why))?,
                };
                people::add(county, by, id, colleague)?;
                Done::whole(json!({ "person": id }))
            }
            PeopleVerb::Import(_) => self.file(),
            PeopleVerb::List { whole } => {
                if *whole {
                    let looking = self.looking()?;
                    super::looking::sees_all(&looking.person, RecordKind::Colleague)?;
                    looking.note(county, "people_shown", None)?;
                }
                Done::whole(people::list(county, *whole)?)
            }
            PeopleVerb::Revoke { person } => {
                let person = self.anybody(person)?.id;
                people::revoke(county, self.by()?.id, person)?;
                Done::whole(json!({ "person": person }))
            }
        }
    }

    fn plan(&self, verb: &PlanVerb) -> Answer {
        let (record, field, change) = match verb {
            PlanVerb::Set { record, field, value } => (record, field, Change::Set(value)),
            PlanVerb::Clear { record, field } => (record, field, Change::Clear),
            PlanVerb::Add { record, field, value } => (record, field, Change::Add(value)),
            PlanVerb::Remove { record, field, value } => (record, field, Change::Remove(value)),
        };
        Done::whole(plan_field::change(
            self.county,
            self.by()?.id,
            record,
            field,
            change,
        )?)
    }

    fn discrepancy(&self, verb: &DiscrepancyVerb) -> Answer {
        let by = self.by()?;
        match verb {
            DiscrepancyVerb::List => Done::whole(discrepancies::list(self.county, &by)?),
            DiscrepancyVerb::Close {
                record,
                stands,
                about,
                note,
            } => {
                let fact = |word: &Option<String>| {
                    let fact = word.as_deref().map(str::parse).transpose();
                    fact.map_err(|_| AdminError::new(code::BAD_VALUE, "a fact is written DEVICE.N"))
                };
                let note = text("note", note, 200)?;
                let closing = Closing {
                    stands: fact(stands)?,
                    about: fact(about)?,
                    note: &note,
                };
                Done::whole(discrepancies::close(self.county, &by, record, closing)?)
            }
        }
    }

    fn device(&self, verb: DeviceVerb) -> Answer {
        has_role(&self.by()?, &[Role::Admin, Role::Dispatcher])?;
        let (device, state) = match verb {
            DeviceVerb::Revoke { device } => {
                devices::revoke(self.county, DeviceNumber(device))?;
                (device, "revoked")
            }
            DeviceVerb::Retire { device } => {
                devices::retire(self.county, DeviceNumber(device))?;
                (device, "retiring")
            }
            DeviceVerb::Lost { device } => {
                devices::lost(self.county, DeviceNumber(device))?;
                (device, "lost")
            }
        };
        Done::whole(json!({ "device": device, "state": state }))
    }

    fn held(&self, verb: &HeldVerb) -> Answer {
        let county = self.county;
        match verb {
            HeldVerb::List { state, after, limit } => {
                Done::whole(held::list(county, state.as_deref(), *after, *limit as usize)?)
            }
            HeldVerb::Show { held } => Done::whole(held::show(county, &self.looking()?, *held)?),
            HeldVerb::Release { held } => {
                Done::whole(json!({ "record": held::release(county, &self.looking()?, *held)? }))
            }
            HeldVerb::Drop { held } => {
                Done::whole(json!({ "record": held::drop(county, &self.looking()?, *held)? }))
            }
        }
    }

    fn export(&self, verb: ExportVerb) -> Answer {
        let county = self.county;
        let personal = |what| {
            let looking = self.looking()?;
            let second = self.request.second.as_deref();
            let second = second.ok_or_else(|| AdminError::new(code::SECOND_MISSING, "--second"))?;
            export::personal(county, &looking, &self.person(second)?, what)
        };
        Done::whole(match verb {
            ExportVerb::Places => export::places(county)?,
            ExportVerb::Carriers => export::carriers(county)?,
            ExportVerb::Counts => export::counts(county)?,
            ExportVerb::People => personal(Personal::People)?,
            ExportVerb::Households => personal(Personal::Households)?,
            ExportVerb::Deliveries => personal(Personal::Deliveries)?,
        })
    }

    /// Who does it.
    fn by(&self) -> Result<Person, AdminError> {
        let word = self
            .request
            .by
            .as_deref()
            .ok_or_else(|| AdminError::new(code::AS_MISSING, "--as"))?;
        self.person(word)
    }

    /// Who looks at personal data, and why.
    fn looking(&self) -> Result<Looking, AdminError> {
        let person = self.by()?;
        let why = self
            .request
            .why
            .as_deref()
            .map(str::trim)
            .filter(|why| !why.is_empty());
        let why = why.ok_or_else(|| AdminError::new(code::WHY_MISSING, "--why"))?;
        Ok(Looking {
            person,
            why: text("why", why, 200)?,
        })
    }

    fn person(&self, word: &str) -> Result<Person, AdminError> {
        self.county
            .store()
            .read_blocking(|tx| find::person(self.county, tx, word))
    }

    fn anybody(&self, word: &str) -> Result<Person, AdminError> {
        self.county
            .store()
            .read_blocking(|tx| find::anybody(self.county, tx, word))
    }
}

fn text(what: &str, word: &str, most: usize) -> Result<String, AdminError> {
    value::text(word, most).map_err(|why| AdminError::new(code::BAD_VALUE, format!("{what}: {why}")))
}
