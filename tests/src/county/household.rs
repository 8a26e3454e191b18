//! Herders' households and where they stay.

use super::calendar;
use super::dice::{Dice, Stream};
use super::name::Name;
use super::phone::{self, Line, Owner};
use super::place::{Place, Position, SEASONS};

/// When a season's camp is moved into, as month and day of the herding year. The last one ends when the
/// next year's first begins.
const MOVES: [(i64, i64); 4] = [(4, 1), (6, 25), (9, 10), (11, 15)];

const LANDMARKS: [&str; 16] = [
    "独立大石旁",
    "木桥东头",
    "三棵白桦下",
    "旧羊圈北侧",
    "溪口石堆",
    "铁皮水塔旁",
    "废弃土屋后",
    "双岔路口的轮胎",
    "河湾沙滩上方",
    "拴马桩旁",
    "枯杨树下",
    "草料垛南边",
    "白色里程桩以西",
    "泉眼旁",
    "石砌井台边",
    "坡顶风向旗下",
];

const DIRECTIONS: [&str; 6] = [
    "沿砂石路向北，过第二座木桥后右转上坡",
    "到旧羊圈下车，顺小溪走到第二个弯",
    "雨后走东侧山脊，河滩泥软",
    "从岔路口看铁皮水塔，朝它走，院门朝南",
    "摩托车可到坡下，余下步行十分钟",
    "跟着电线杆走到第九根，左转下河谷",
];

/// A household. Nobody real.
#[derive(Clone, Debug)]
pub struct Household {
    /// `H0001`….
    pub key: String,
    /// A made-up name, and the language to write to them in.
    pub name: Name,
    /// The code of its village.
    pub village: u64,
    /// The key of its village's station.
    pub station: String,
    /// One or two numbers; none exists.
    pub phones: Vec<String>,
    /// The key of the drop point where parcels may wait for them.
    pub drop_point: String,
}

/// Where a household stays in a season. Every position is made up.
#[derive(Clone, Debug)]
pub struct Camp {
    /// The household's key and the season: `H0001-summer`.
    pub key: String,
    /// The household's key.
    pub household: String,
    /// `spring`, `summer`, `autumn` or `winter`.
    pub season: &'static str,
    /// From when, UTC milliseconds.
    pub valid_from_ms: i64,
    /// Until when, UTC milliseconds.
    pub valid_until_ms: i64,
    /// Where.
    pub position: Position,
    /// What to look for.
    pub landmark: &'static str,
    /// How to get there.
    pub directions: &'static str,
}

pub(super) fn all(seed: u64, count: usize, places: &[Place]) -> Vec<Household> {
    let mut dice = Dice::new(seed, Stream::Households);
    let villages: Vec<&Place> = places
        .iter()
        .filter(|place| place.kind == "station" && place.village != 0)
        .collect();
    let mut households = Vec::with_capacity(count);
    for index in 0..count {
        let village = dice.pick(&villages);
        let name = Name::draw(&mut dice);
        let mut phones = vec![phone::number(Owner::Household(index, Line::First))];
        if dice.percent(12) {
            phones.push(phone::number(Owner::Household(index, Line::Second)));
        }
        households.push(Household {
            key: format!("H{:04}", index + 1),
            name,
            village: village.village,
            station: village.key.clone(),
            phones,
            drop_point: nearest_drop_point(places, village.position),
        });
    }
    households
}

/// A quarter of the households has settled and has no camp; the others move up to the mountains and down
/// again, half of them by way of a camp in spring and in autumn.
pub(super) fn camps(seed: u64, households: &[Household], places: &[Place], first_day_ms: i64) -> Vec<Camp> {
    let mut dice = Dice::new(seed, Stream::Camps);
    let year = calendar::herding_year(first_day_ms);
    let mut camps = Vec::new();
    for household in households {
        let settled = dice.percent(25);
        let every_season = dice.percent(50);
        let home = places
            .iter()
            .find(|place| place.key == household.station)
            .map(|place| place.position);
        for (index, season) in SEASONS.into_iter().enumerate() {
            let mut position = Position::in_season(season, &mut dice);
            if let (Some(home), "winter") = (home, season) {
                position = home.near(0.08, &mut dice);
            }
            let (landmark, directions) = (*dice.pick(&LANDMARKS), *dice.pick(&DIRECTIONS));
            if settled || (!every_season && ["spring", "autumn"].contains(&season)) {
                continue;
            }
            camps.push(Camp {
                key: format!("{}-{season}", household.key),
                household: household.key.clone(),
                season,
                valid_from_ms: moved(year, index),
                valid_until_ms: moved(year, index + 1),
                position,
                landmark,
                directions,
            });
        }
    }
    camps
}

fn moved(year: i64, season: usize) -> i64 {
    let (month, day) = MOVES[season % MOVES.len()];
    calendar::courier_day(year + (season / MOVES.len()) as i64, month, day)
}

fn nearest_drop_point(places: &[Place], position: Position) -> String {
    places
        .iter()
        .filter(|place| place.kind == "drop_point")
        .min_by(|one, other| {
            one.position
                .apart(position)
                .total_cmp(&other.position.apart(position))
        })
        .map(|place| place.key.clone())
        .unwrap_or_default()
}
