//! The photos of one fact: the value of the side value [`SideName::Photo`](super::SideName::Photo).

/// The most photos that one fact has.
pub const MAX_PHOTOS: usize = 8;

/// The names of photos in a side value: one to eight, each greater than the one before. None where it is anything else.
pub fn names(value: &[u8]) -> Option<&[[u8; 32]]> {
    let (names, rest) = value.as_chunks::<32>();
    let fits = rest.is_empty() && (1..=MAX_PHOTOS).contains(&names.len()) && names.is_sorted_by(|a, b| a < b);
    fits.then_some(names)
}

/// The side value that names these photos, in any order; one that is named twice counts once. Without a photo, or with
/// more than eight, it is no side value that fits.
pub fn value(names: &[[u8; 32]]) -> Vec<u8> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    names.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::SideName;

    fn fits(value: &[u8]) -> bool {
        SideName::Photo.fits(value)
    }

    fn ascending(count: u8) -> Vec<u8> {
        (0..count).flat_map(|n| [n; 32]).collect()
    }

    #[test]
    fn a_fact_has_one_to_eight_photos() {
        assert!(!fits(&[]));
        assert!(fits(&ascending(1)) && fits(&ascending(2)) && fits(&ascending(8)));
        assert!(!fits(&ascending(9)));
        assert_eq!(names(&ascending(2)), Some(&[[0; 32], [1; 32]][..]));
    }

    #[test]
    fn the_names_of_photos_are_whole_ascending_and_never_repeated() {
        assert!(!fits(&[0; 31]) && !fits(&[0; 33]));
        assert!(!fits(&[[2; 32], [1; 32]].concat()), "unsorted");
        assert!(!fits(&[[1; 32], [1; 32]].concat()), "repeated");
    }

    #[test]
    fn a_set_of_photos_has_one_value() {
        let value_of = value(&[[3; 32], [1; 32], [3; 32]]);
        assert_eq!(value_of, [[1; 32], [3; 32]].concat());
        assert!(fits(&value_of));
        assert!(!fits(&value(&[])));
    }
}
