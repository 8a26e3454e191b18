//! Every generated name, telephone number and address is a canary: none is in a log, a metric, an error or a panic.

use std::collections::BTreeSet;

use super::Findings;
use crate::fleet::script::{Act, Script};
use crate::fleet::world::World;

/// Words that must be nowhere but in records.
pub(crate) struct Canaries(BTreeSet<String>);

/// What a server said to nobody in particular.
pub(crate) struct Heard {
    /// Where.
    pub(crate) at: String,
    /// What.
    pub(crate) text: String,
}

impl Canaries {
    /// Those of this world and script.
    pub(crate) fn of(world: &World, script: &Script) -> Self {
        let county = &world.county;
        let people = county
            .colleagues
            .iter()
            .flat_map(|c| [c.name.written.clone(), c.name.in_chinese.clone(), c.phone.clone()]);
        let homes = county.households.iter().flat_map(|home| {
            let names = [home.name.written.clone(), home.name.in_chinese.clone()];
            names.into_iter().chain(home.phones.iter().cloned())
        });
        let parcels = county.deliveries.iter().flat_map(|d| {
            [
                d.name.clone(),
                d.phone.clone(),
                d.address.clone(),
                d.pickup_code.clone(),
            ]
        });
        let keepers = county
            .places
            .iter()
            .flat_map(|place| [place.keeper.clone(), place.phone.clone()]);
        let told = script.steps.iter().filter_map(|step| match &step.act {
            Act::Register { phone, .. } => Some(phone.clone()),
            Act::Tip { text, .. } | Act::Appeal { text, .. } => Some(text.clone()),
            _ => None,
        });
        let all = people.chain(homes).chain(parcels).chain(keepers).chain(told);
        Self(all.filter(|word| word.chars().count() >= 3).collect())
    }

    /// Some that a probe may send.
    pub(crate) fn some(&self) -> impl Iterator<Item = &str> {
        self.0.iter().step_by(self.0.len() / 12 + 1).map(String::as_str)
    }

    /// Looks for them in what was heard.
    pub(crate) fn check(&self, heard: &[Heard], found: &mut Findings) {
        for Heard { at, text } in heard {
            for word in self.0.iter().filter(|word| text.contains(word.as_str())) {
                // The finding itself goes to a log: it names the place, not the word.
                let line = text
                    .find(word.as_str())
                    .map_or(0, |at| text.get(..at).unwrap_or_default().lines().count());
                found.leaked(format!(
                    "a canary of {} letters in {at}, line {line}",
                    word.chars().count()
                ));
            }
            if text.contains("panic") {
                found.leaked(format!("a panic in {at}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_log_is_found() {
        let world = World::draw(1, 3, 1).unwrap();
        let script = Script::draw(&world);
        let canaries = Canaries::of(&world, &script);
        let home = &world.county.households[3];
        let mut found = Findings::default();
        let text = format!("{{\"level\":\"INFO\"}}\n{{\"name\":\"{}\"}}", home.name.written);
        canaries.check(
            &[Heard {
                at: "the log".into(),
                text,
            }],
            &mut found,
        );
        assert!(!found.leaked.is_empty());
        let mut found = Findings::default();
        canaries.check(
            &[Heard {
                at: "the log".into(),
                text: "listening".into(),
            }],
            &mut found,
        );
        assert!(found.leaked.is_empty());
    }
}
