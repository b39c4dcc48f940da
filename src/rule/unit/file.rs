//! The shape of a file of units.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// A file under `units/`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Kinds of offices, offices and places")]
pub struct UnitFile {
    /// What the file holds and how sure it is.
    pub about: String,
    /// Kinds of offices.
    pub kind: Vec<Kind>,
    /// Known offices.
    pub unit: Vec<Unit>,
    /// Provinces with their regencies and cities.
    pub region: Vec<Region>,
    /// Other places that offices are called by.
    pub places: Vec<String>,
    /// Words that begin a place of two words: `Lembah`.
    pub place_heads: Vec<String>,
    /// Words that end a place of two words: `Sari`.
    pub place_tails: Vec<String>,
    /// Words that most names beginning with these letters begin with, so that an account's `kualakapuas` is two words.
    pub place_starts: Vec<String>,
    /// The same of words that end a place.
    pub place_ends: Vec<String>,
    /// How the name of a place ends, lower case: `rejo`.
    pub place_endings: Vec<String>,
    /// Given names, so that none is taken for a place.
    pub names: Vec<String>,
    /// How the name of a person ends, lower case: `yanto`.
    pub name_endings: Vec<String>,
    /// Abbreviations of places as accounts use them.
    pub short: BTreeMap<String, String>,
    /// Words with a capital that no place is called: verbs of headlines, days, titles.
    pub common: Vec<String>,
    /// Abbreviations in capitals before a place that are no state office: parties, clubs, assemblies.
    pub not_offices: Vec<String>,
}

/// What is to be known of the names of a kind of office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Manner {
    /// It is a unit without a place too.
    Alone,
    /// It mostly comes as a guest to the events of others, so that another unit in the text goes before it.
    Guest,
    /// The words after it belong to its name: `Dinas …`.
    Generic,
    /// Its offices are numbered: schools.
    Numbered,
    /// Its offices may bear the name of a person: hospitals.
    Named,
    /// Its offices serve a part of a regency, and may be called by any name of several words: `Kecamatan …`.
    Local,
    /// Its offices serve a regency, a city or a province, and their full name says which: `Dinas … Kabupaten …`.
    Regional,
}

impl Kind {
    /// Whether its names are of this manner.
    pub fn is(&self, manner: Manner) -> bool {
        self.is.contains(&manner)
    }
}

/// A kind of office.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Kind {
    /// The full spelling, `Kantor Imigrasi`.
    pub name: String,
    /// The name in so many words, if `name` abbreviates it; said of an office that the text of a news article calls so.
    pub long: String,
    /// How it is met, lower case: `kanim`, `imigrasi`.
    pub aliases: Vec<String>,
    /// How its account names begin, lower case, if they may run into the place: `lapas`.
    pub handles: Vec<String>,
    /// What else is to be known of its name.
    pub is: Vec<Manner>,
    /// The kind of area that each of its offices serves, said even where a post does not: `Kecamatan`.
    pub of: String,
    /// The class of every office of the kind that is not listed, if the other classes are listed in full.
    pub rest: String,
    /// The first day on which the kind exists.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// The kinds it stands below, each for its days.
    pub parents: Vec<Parent>,
}

/// What a kind stands below.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// The kind above, by full spelling.
    pub kind: String,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

/// A known office.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Unit {
    /// Its kind, by full spelling.
    pub kind: String,
    /// Its place.
    pub place: String,
    /// Its class, `Kelas IIB`.
    pub class: String,
    /// Other places or names it is called by: `Kedungpane`.
    pub aliases: Vec<String>,
    /// The province it lies in, if its name is a regency elsewhere or none.
    pub province: String,
    /// Whether the entry is still to be checked against an official list.
    pub unsure: bool,
    /// The first day on which it exists so.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

/// A province.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Its name.
    pub name: String,
    /// How it is abbreviated, lower case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its regencies.
    #[serde(default)]
    pub regencies: Vec<String>,
    /// Its cities.
    #[serde(default)]
    pub cities: Vec<String>,
    /// Whether its offices go by its name alone: `Dinas … Aceh`, not `Dinas … Provinsi Aceh`.
    #[serde(default)]
    pub alone: bool,
}
