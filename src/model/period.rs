//! Period: a reporting half-year.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A reporting half-year: `2026-S1` is January to June, `2026-S2` July to December.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Period {
    year: i16,
    half: u8,
}

/// What is wrong with a text that should be a period.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{text}` is not a half-year: write the year and S1 or S2, such as `2026-S2`")]
pub struct NotAPeriod {
    /// The text.
    pub text: String,
}

impl Period {
    /// The half-year that this instant falls in, by the unit's time zone.
    pub fn of(at: Timestamp, zone: &TimeZone) -> Self {
        let day = at.to_zoned(zone.clone()).date();
        Self { year: day.year(), half: if day.month() <= 6 { 1 } else { 2 } }
    }

    /// The half-year before.
    #[must_use]
    pub fn previous(self) -> Self {
        match self.half {
            1 => Self { year: self.year - 1, half: 2 },
            _ => Self { half: 1, ..self },
        }
    }

    /// 1 or 2.
    pub const fn half(self) -> u8 {
        self.half
    }

    /// The calendar year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The first day.
    pub const fn first(self) -> Date {
        date(self.year, if self.half == 1 { 1 } else { 7 }, 1)
    }

    /// The last day.
    pub const fn last(self) -> Date {
        if self.half == 1 { date(self.year, 6, 30) } else { date(self.year, 12, 31) }
    }

    /// Whether this instant falls in it, by the unit's time zone.
    pub fn holds(self, at: Timestamp, zone: &TimeZone) -> bool {
        Self::of(at, zone) == self
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-S{}", self.year, self.half)
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let wrong = || NotAPeriod { text: text.chars().take(24).collect() };
        let (year, half) = text.split_once("-S").ok_or_else(wrong)?;
        let year: i16 = year.parse().map_err(|_| wrong())?;
        match half {
            "1" | "2" if (1945..=9000).contains(&year) => {
                Ok(Self { year, half: if half == "1" { 1 } else { 2 } })
            }
            _ => Err(wrong()),
        }
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl TryFrom<String> for Period {
    type Error = NotAPeriod;

    fn try_from(text: String) -> Result<Self, NotAPeriod> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_as_it_is_printed() {
        for text in ["2026-S1", "2026-S2"] {
            assert_eq!(text.parse::<Period>().map(|period| period.to_string()), Ok(text.into()));
        }
        for text in ["", "2026", "2026-S3", "S2-2026", "99999-S1", "2026-S2 "] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn new_year_in_jakarta_is_another_period() {
        let zone = TimeZone::get("Asia/Jakarta").unwrap();
        let at: Timestamp = "2026-12-31T17:30:00Z".parse().unwrap();
        assert_eq!(Period::of(at, &zone).to_string(), "2027-S1");
        assert_eq!(Period::of(at, &zone).previous().to_string(), "2026-S2");
    }
}
