//! What the person set: one row, none before they set anything.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::settings::{Language, Settings, Theme, nearest_text_size};

/// What was set. What a later app set, and this one does not have, is as it is by default.
pub(crate) fn load(connection: &Connection) -> Result<Option<Settings>> {
    let mut statement = connection
        .prepare_cached("SELECT language, theme, text_size, xinjiang_time, sound, vibration FROM settings")?;
    let settings = statement.query_row([], |row| {
        let plain = Settings::default();
        Ok(Settings {
            language: Language::from_name(row.get_ref(0)?.as_str()?).unwrap_or(plain.language),
            theme: Theme::from_name(row.get_ref(1)?.as_str()?).unwrap_or(plain.theme),
            text_size: nearest_text_size(row.get(2)?),
            xinjiang_time: row.get(3)?,
            sound: row.get(4)?,
            vibration: row.get(5)?,
        })
    });
    Ok(settings.optional()?)
}

pub(crate) fn save(connection: &Connection, settings: &Settings) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO settings (one, language, theme, text_size, xinjiang_time, sound, vibration)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![
        settings.language.name(),
        settings.theme.name(),
        settings.text_size,
        settings.xinjiang_time,
        settings.sound,
        settings.vibration,
    ])?;
    Ok(())
}
