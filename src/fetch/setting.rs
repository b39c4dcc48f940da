//! Checks that the settings of all kinds share.

use std::time::Duration;

use url::Url;

use super::SettingsError;
use super::page::Selector;

/// More of anything in one answer would be kept in memory for nobody.
pub(super) const MAX_COUNT: usize = 10_000;

/// The part of a source's settings that is being checked.
pub(super) struct Checked<'a> {
    /// The source's name.
    pub(super) name: &'a str,
}

impl<'a> Checked<'a> {
    /// Checks the name: it becomes a folder, a column, a log field.
    pub(super) fn named(name: &'a str) -> Result<Self, SettingsError> {
        let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let slug = (1..=64).contains(&name.len())
            && name.bytes().all(|byte| good(byte) || byte == b'-')
            && name.bytes().next().is_some_and(good);
        if slug { Ok(Self { name }) } else { Err(SettingsError::Name { name: name.to_owned() }) }
    }

    /// An address that can be asked.
    pub(super) fn url(&self, value: &str) -> Result<Url, SettingsError> {
        let wrong = |problem: &str| self.wrong("url", value, problem);
        let url = Url::parse(value).map_err(|cause| wrong(&format!("is no address: {cause}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("starts neither with `http://` nor with `https://`"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("holds a log-in; only public pages are read"));
        }
        Ok(url)
    }

    /// How often: at least every second, at most every 30 days.
    pub(super) fn every(&self, minutes: f64) -> Result<Duration, SettingsError> {
        if (1.0 / 60.0..=43_200.0).contains(&minutes) {
            return Ok(Duration::from_secs_f64(minutes * 60.0));
        }
        Err(self.wrong("every_minutes", &minutes.to_string(), "is not between 1/60 and 43200"))
    }

    /// A CSS selector.
    pub(super) fn selector(
        &self,
        key: &'static str,
        value: &str,
    ) -> Result<Selector, SettingsError> {
        Selector::parse(value)
            .map_err(|cause| self.wrong(key, value, &format!("is no CSS selector: {cause}")))
    }

    /// A selector that may be missing.
    pub(super) fn maybe_selector(
        &self,
        key: &'static str,
        value: Option<&str>,
    ) -> Result<Option<Selector>, SettingsError> {
        value.map(|value| self.selector(key, value)).transpose()
    }

    /// A count of 1 to [`MAX_COUNT`].
    pub(super) fn count(&self, key: &'static str, value: usize) -> Result<usize, SettingsError> {
        if (1..=MAX_COUNT).contains(&value) {
            return Ok(value);
        }
        Err(self.wrong(key, &value.to_string(), &format!("is not between 1 and {MAX_COUNT}")))
    }

    fn wrong(&self, key: &'static str, value: &str, problem: &str) -> SettingsError {
        SettingsError::Value {
            name: self.name.to_owned(),
            key,
            value: value.chars().take(200).collect(),
            problem: problem.to_owned(),
        }
    }
}
