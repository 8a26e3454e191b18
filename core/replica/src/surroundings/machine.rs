use std::time::{Instant, SystemTime, UNIX_EPOCH};

use saddlebag_records::clock::Observed;

use super::{Clock, Randomness};

const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";
const UPTIME: &str = "/proc/uptime";

/// The clocks of this machine. Linux and Android tell the boot and how long it lasts, sleep included; elsewhere,
/// and where the files may not be read, each process counts as a boot of its own, which is safe: it only makes
/// the wall clock count for more.
#[derive(Debug)]
pub struct MachineClock {
    boot: Option<u64>,
    process: (u64, Instant),
}

impl MachineClock {
    /// The clocks from now on.
    pub fn new() -> Self {
        let boot = std::fs::read_to_string(BOOT_ID)
            .ok()
            .filter(|_| uptime_ms().is_some());
        let mut process = [0; 8];
        MachineRandomness.fill(&mut process);
        Self {
            boot: boot.map(|id| first_8(id.trim().as_bytes())),
            process: (u64::from_be_bytes(process), Instant::now()),
        }
    }

    fn monotonic(&self) -> (u64, u64) {
        match (self.boot, uptime_ms()) {
            (Some(boot), Some(ms)) => (boot, ms),
            _ => {
                let (process, since) = self.process;
                (
                    process,
                    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX),
                )
            }
        }
    }
}

impl Default for MachineClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for MachineClock {
    fn read(&self) -> Observed {
        let (boot, mono_ms) = self.monotonic();
        Observed {
            wall_ms: wall_ms(),
            mono_ms,
            boot,
            satellite_ms: None,
        }
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct MachineRandomness;

impl Randomness for MachineRandomness {
    #[allow(clippy::expect_used)]
    fn fill(&self, bytes: &mut [u8]) {
        // Ids and keys without randomness would be worse than no app.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

fn wall_ms() -> i64 {
    let ms = |time: std::time::Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => ms(since),
        Err(before) => -ms(before.duration()),
    }
}

/// Seconds since the boot with two decimals, sleep included.
fn uptime_ms() -> Option<u64> {
    let text = std::fs::read_to_string(UPTIME).ok()?;
    let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    let seconds: u64 = seconds.parse().ok()?;
    let hundredths: u64 = hundredths.parse().ok()?;
    seconds
        .checked_mul(1000)?
        .checked_add(hundredths.checked_mul(10)?)
}

fn first_8(bytes: &[u8]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(bytes).as_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn two_clocks_of_one_boot_agree_on_it() {
        let (one, other) = (MachineClock::new(), MachineClock::new());
        let is_told = one.boot.is_some();
        assert_eq!(
            one.read().boot == other.read().boot,
            is_told,
            "else each counts as a boot of its own"
        );
    }

    #[test]
    fn where_the_system_tells_no_boot_a_clock_counts_from_its_own_beginning() {
        let ago = |seconds| Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
        let clock = |seconds| MachineClock {
            boot: None,
            process: (7, ago(seconds)),
        };
        let (early, late) = (clock(20).read(), clock(5).read());
        assert_eq!((early.boot, late.boot), (7, 7));
        assert!(late.mono_ms >= 5_000, "{late:?}");
        assert!(early.mono_ms >= 20_000, "{early:?}");
        assert!(late.mono_ms < early.mono_ms);
    }
}
