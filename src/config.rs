//! Config: the settings of every part, loaded and explained.
//!
//! One TOML file. Every key has a default but the legal ground of the
//! monitoring, `[dasar]`, which only the office itself can write: without it
//! Netra does not run (UU 27/2022 art. 20 asks for a basis of processing).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use jiff::tz::TimeZone;
use miette::{NamedSource, SourceSpan};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::fetch::{GateSettings, SourceSettings};
use crate::pipeline::recheck;
use crate::{queue, report, web};

/// Everything that can be set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The legal ground of the monitoring.
    pub dasar: Dasar,
    /// The office that runs this Netra.
    pub unit: Unit,
    /// Where data lie.
    pub data: Data,
    /// Where rules lie.
    pub rules: Rules,
    /// The door to the network.
    pub fetch: GateSettings,
    /// When the pages of findings are looked at again.
    pub recheck: recheck::Settings,
    /// The queue.
    pub queue: queue::Settings,
    /// The review pages.
    pub web: web::Settings,
    /// What is handed out.
    pub evidence: Evidence,
    /// The half-yearly report.
    pub laporan: report::Settings,
    /// The sources, one list per kind.
    pub source: SourceSettings,
}

/// The legal ground of the monitoring.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dasar {
    /// Number and date of the decree that set up the Satgas.
    pub surat_keputusan: String,
    /// What the monitoring is for.
    pub tujuan: String,
    /// The office or person answerable for it.
    pub penanggung_jawab: String,
}

/// The office that runs this Netra.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Unit {
    /// Its name, as pages and reports show it.
    pub nama: String,
    /// Its time zone: `Asia/Jakarta` (WIB), `Asia/Makassar` (WITA) or `Asia/Jayapura` (WIT).
    pub zona: String,
}

impl Default for Unit {
    fn default() -> Self {
        Self { nama: "Satgas Netralitas".into(), zona: "Asia/Jakarta".into() }
    }
}

/// Where data lie.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// The folder of ledger, payloads, captures, queue and index; relative to this file.
    pub folder: PathBuf,
    /// The name of the ledger in its signed checkpoints, like an address without
    /// scheme that nobody else uses; fixed when the store is made.
    pub origin: String,
}

impl Default for Data {
    fn default() -> Self {
        Self { folder: "data".into(), origin: "netra.invalid/ledger".into() }
    }
}

/// Where rules lie.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Folders of rules, and further word lists; relative to this file. Later ones add to earlier ones.
    pub folders: Vec<PathBuf>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { folders: vec!["rules".into()] }
    }
}

/// What is handed out of the evidence.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Evidence {
    /// The address of a time-stamping authority (RFC 3161) that confirms the
    /// time of an export's checkpoint; empty: none is asked.
    pub tsa: String,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration `{}`", path.display())]
    #[diagnostic(help("`netra init` makes one; `-c FILE` or NETRA_CONFIG names another"))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is larger than any configuration.
    #[error("the configuration `{}` has {bytes} bytes; at most {limit} are read", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The bound.
        limit: u64,
    },
    /// The file says something that Netra does not understand.
    #[error("{message}")]
    Wrong {
        /// What is wrong.
        message: String,
        /// The file.
        #[source_code]
        file: Arc<NamedSource<String>>,
        /// Where.
        #[label("here")]
        span: SourceSpan,
        /// What to do.
        #[help]
        help: Option<String>,
    },
    /// A legal ground is missing.
    #[error("the legal ground of the monitoring is missing: `[dasar] {}` in `{}`", missing.join(", "), path.display())]
    #[diagnostic(help(
        "monitoring people needs a basis, a purpose and somebody answerable (UU 27/2022 art. 16, 20): write the decree, the purpose and the office there"
    ))]
    NoGround {
        /// The file.
        path: PathBuf,
        /// The keys that are missing or empty.
        missing: Vec<&'static str>,
    },
    /// The address of the time-stamping authority is none.
    #[error("`[evidence] tsa` is `{written}`, which is no address")]
    #[diagnostic(help("write it as https://tsa.example/, or leave it empty"))]
    Tsa {
        /// What was written.
        written: String,
    },
    /// The time zone is not known.
    #[error("`[unit] zona` is `{zone}`, which is no time zone")]
    #[diagnostic(help("write Asia/Jakarta, Asia/Makassar or Asia/Jayapura"))]
    Zone {
        /// What was written.
        zone: String,
    },
}

/// The largest configuration read, in bytes.
const LIMIT: u64 = 1024 * 1024;

impl Config {
    /// Reads a configuration; relative folders in it are made relative to its place.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let read = |source| ConfigError::Read { path: path.to_owned(), source };
        let bytes = fs::metadata(path).map_err(read)?.len();
        if bytes > LIMIT {
            return Err(ConfigError::TooLarge { path: path.to_owned(), bytes, limit: LIMIT });
        }
        let text = fs::read_to_string(path).map_err(read)?;
        let mut config = Self::parse(&text, &path.display().to_string())?;
        let beside = path.parent().unwrap_or(Path::new(""));
        config.data.folder = beside.join(&config.data.folder);
        for folder in &mut config.rules.folders {
            *folder = beside.join(&*folder);
        }
        config.zone()?;
        config.authority()?;
        Ok(config)
    }

    /// Reads a configuration from its text; `name` is shown in messages.
    pub fn parse(text: &str, name: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| wrong(&error, text, name))
    }

    /// The office's time zone.
    pub fn zone(&self) -> Result<TimeZone, ConfigError> {
        TimeZone::get(&self.unit.zona)
            .map_err(|_| ConfigError::Zone { zone: self.unit.zona.clone() })
    }

    /// The address of the time-stamping authority, if one is set.
    pub fn authority(&self) -> Result<Option<Url>, ConfigError> {
        let written = self.evidence.tsa.trim();
        if written.is_empty() {
            return Ok(None);
        }
        let address = Url::parse(written).ok();
        let address = address.filter(|address| matches!(address.scheme(), "http" | "https"));
        address.map(Some).ok_or_else(|| ConfigError::Tsa { written: written.to_owned() })
    }

    /// Refuses a configuration without legal ground; `path` is named in the message.
    pub fn require_ground(&self, path: &Path) -> Result<(), ConfigError> {
        let ground = [
            ("surat_keputusan", &self.dasar.surat_keputusan),
            ("tujuan", &self.dasar.tujuan),
            ("penanggung_jawab", &self.dasar.penanggung_jawab),
        ];
        let is_missing =
            |(key, value): &(&'static str, &String)| value.trim().is_empty().then_some(*key);
        let missing: Vec<_> = ground.iter().filter_map(is_missing).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(ConfigError::NoGround { path: path.to_owned(), missing })
    }
}

fn wrong(error: &toml::de::Error, text: &str, name: &str) -> ConfigError {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().to_owned();
    ConfigError::Wrong {
        help: nearest(&message),
        message,
        file: Arc::new(NamedSource::new(name, text.to_owned())),
        span: SourceSpan::from((span.start, span.len())),
    }
}

/// The nearest of the names that the message says are expected.
fn nearest(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let given = quoted.next()?;
    let expected: Vec<_> = quoted.collect();
    let distance = |name: &&str| strsim::damerau_levenshtein(given, name);
    let best = expected.iter().copied().min_by_key(distance)?;
    if strsim::damerau_levenshtein(given, best) * 2 <= given.chars().count().max(4) {
        return Some(format!("did you mean `{best}`?"));
    }
    Some(format!("the keys here are: {}", expected.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> (String, Option<String>, usize) {
        match Config::parse(text, "netra.toml") {
            Err(ConfigError::Wrong { message, help, span, .. }) => (message, help, span.offset()),
            other => panic!("expected a wrong configuration, got {other:?}"),
        }
    }

    #[test]
    fn a_misspelt_config_key_is_shown_at_its_place_with_the_nearest_name() {
        let text = "[unit]\nnama = \"Rutan Contoh\"\nzonna = \"Asia/Jakarta\"\n";
        let (message, help, offset) = error_of(text);
        assert!(message.starts_with("unknown field `zonna`"), "{message}");
        assert_eq!(help.as_deref(), Some("did you mean `zona`?"));
        assert_eq!(offset, text.find("zonna").unwrap());
    }

    #[test]
    fn a_key_like_no_other_is_answered_with_the_keys_that_exist() {
        let (_, help, _) = error_of("[unit]\nqwertyuiop = 1\n");
        assert_eq!(help.as_deref(), Some("the keys here are: nama, zona"));
    }

    #[test]
    fn an_authority_has_a_web_address() {
        let of = |tsa: &str| Config::parse(&format!("[evidence]\ntsa = '{tsa}'"), "c").unwrap();
        assert!(of("").authority().unwrap().is_none());
        assert!(of("https://tsa.example/").authority().unwrap().is_some());
        for tsa in ["tsa.example", "ftp://tsa.example/", "https://"] {
            let error = of(tsa).authority().unwrap_err().to_string();
            assert_eq!(error, format!("`[evidence] tsa` is `{tsa}`, which is no address"));
        }
    }

    #[test]
    fn without_legal_ground_nothing_is_monitored() {
        let config =
            Config::parse("[dasar]\ntujuan = \"  \"\npenanggung_jawab = \"x\"", "c").unwrap();
        let Err(ConfigError::NoGround { missing, .. }) = config.require_ground(Path::new("c"))
        else {
            panic!("it must be refused");
        };
        assert_eq!(missing, ["surat_keputusan", "tujuan"]);
    }
}
