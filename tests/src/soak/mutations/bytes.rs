use crate::fleet::dice::Dice;

/// The bytes with one to four things done to them.
pub(super) fn mutated(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..dice.between(1, 4) {
        mutate(&mut bytes, dice);
    }
    bytes
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    if bytes.is_empty() {
        bytes.push(byte(dice));
        return;
    }
    let at = dice.below(bytes.len());
    let length = dice.below(bytes.len() - at).min(64);
    match dice.below(9) {
        0 => change(bytes, at, |old, dice| old ^ (1 << dice.below(8)), dice),
        1 => change(bytes, at, |_, dice| byte(dice), dice),
        2 => change(bytes, at, |old, _| old.wrapping_add(1), dice),
        3 => change(bytes, at, |old, _| old.wrapping_sub(1), dice),
        4 => bytes.insert(at, byte(dice)),
        5 => drop(bytes.remove(at)),
        6 => {
            // A stretch once more, elsewhere.
            let again: Vec<u8> = bytes.iter().skip(at).take(length).copied().collect();
            let to = dice.below(bytes.len());
            bytes.splice(to..to, again);
        }
        7 => bytes.truncate(at),
        _ => {
            // What length fields are afraid of.
            let fearful = [
                &[0xff; 9][..],
                &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                &[0x80, 0x80, 0x80, 0x80, 0x10],
                &[0x00; 8],
                &[0x5f],
                &[0xfb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0],
            ];
            let put = dice.pick(&fearful).to_vec();
            bytes.splice(at..(at + put.len()).min(bytes.len()), put);
        }
    }
}

fn change(bytes: &mut [u8], at: usize, with: impl Fn(u8, &mut Dice) -> u8, dice: &mut Dice) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = with(*byte, dice);
    }
}

fn byte(dice: &mut Dice) -> u8 {
    u8::try_from(dice.below(256)).unwrap_or(0)
}
