//! Units: kinds of offices, how they are written, and the class of those known.

use serde::Deserialize;

/// A file under `units/`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UnitFile {
    /// What the file holds and how sure it is.
    pub about: String,
    /// Kinds of offices.
    pub kind: Vec<Kind>,
    /// Known offices.
    pub unit: Vec<Unit>,
}

/// A kind of office.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The full spelling, `Kantor Imigrasi`.
    pub name: String,
    /// How it is met, lower case: `kanim`, `imigrasi`.
    pub aliases: Vec<String>,
    /// How its account names begin, lower case, if they may run into the place: `lapas`.
    #[serde(default)]
    pub handles: Vec<String>,
    /// Whether a place must follow for it to be a unit: false for those that are named alone.
    #[serde(default)]
    pub alone: bool,
}

/// A known office.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its kind, by full spelling.
    pub kind: String,
    /// Its place.
    pub place: String,
    /// Its class, `Kelas IIB`.
    #[serde(default)]
    pub class: String,
}

/// All kinds and units loaded.
#[derive(Clone, Debug, Default)]
pub struct Units {
    /// The kinds.
    pub kinds: Vec<Kind>,
    /// The units.
    pub units: Vec<Unit>,
}

impl Units {
    /// The full spelling of a unit of this kind at this place.
    pub fn full(&self, kind: &str, class: &str, place: &str) -> String {
        let known = || {
            let same = |unit: &&Unit| {
                unit.kind.eq_ignore_ascii_case(kind) && unit.place.eq_ignore_ascii_case(place)
            };
            self.units.iter().find(same).map_or("", |unit| unit.class.as_str())
        };
        let class = if class.is_empty() { known() } else { class };
        [kind, class, place]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The known unit whose place, written together, is this.
    pub fn place(&self, kind: &str, together: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| {
            unit.kind.eq_ignore_ascii_case(kind)
                && unit.place.to_lowercase().replace([' ', '-'], "") == together
        })
    }
}
