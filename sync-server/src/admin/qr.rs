//! A QR code in the terminal.

use qrcode::{EcLevel, QrCode};

/// Light modules around the code, as ISO/IEC 18004 wants.
const QUIET: usize = 4;

/// The text as a QR code in half blocks, two modules a character, dark on light whatever the terminal's colours; none
/// where the text is too long for one.
pub fn drawn(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, modules) = (code.width(), code.to_colors());
    let dark = |row: usize, column: usize| -> bool {
        let at = row
            .checked_sub(QUIET)
            .zip(column.checked_sub(QUIET))
            .filter(|(_, column)| *column < width);
        let module = at.and_then(|(row, column)| modules.get(row * width + column));
        module.is_some_and(|module| *module == qrcode::Color::Dark)
    };
    let size = width + 2 * QUIET;
    let mut drawn = String::new();
    for row in (0..size).step_by(2) {
        drawn.push_str("\x1b[30;107m");
        drawn.extend(
            (0..size).map(|column| match (dark(row, column), dark(row + 1, column)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            }),
        );
        drawn.push_str("\x1b[0m\n");
    }
    Some(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_with_a_quiet_border_and_its_corners() {
        let text = "saddlebag:https://sync.example:8470#000102030405060708090a0b0c0d0e0f#0123-4567-89AB";
        let drawn = drawn(text).unwrap();
        let rows: Vec<&str> = drawn
            .lines()
            .map(|line| {
                line.strip_prefix("\x1b[30;107m")
                    .unwrap()
                    .strip_suffix("\x1b[0m")
                    .unwrap()
            })
            .collect();
        let width = rows[0].chars().count();
        assert!(rows.iter().all(|row| row.chars().count() == width));
        assert_eq!(rows.len(), width.div_ceil(2));
        assert_eq!(rows[0].trim(), "");
        assert_eq!(rows[1].trim(), "");
        // A finder pattern: seven dark modules, the second row of which is dark at both ends alone.
        assert_eq!(rows[2].chars().skip(QUIET).take(7).collect::<String>(), "█▀▀▀▀▀█");
        assert_eq!(
            rows[2]
                .chars()
                .skip(width - QUIET - 7)
                .take(7)
                .collect::<String>(),
            "█▀▀▀▀▀█"
        );
    }

    #[test]
    fn what_is_too_long_for_a_code_is_none() {
        assert_eq!(drawn(&"x".repeat(3000)), None);
    }
}
