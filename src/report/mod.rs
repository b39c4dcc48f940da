//! Stage 6: figures for Biro SDM.
//!
//! Everything that a report says is counted once, into one [`Report`], from
//! the ledger alone; each format writes the same value. A format is one file
//! and one line of [`FORMATS`].

pub mod tally;
pub mod figures;
pub mod indonesian;
pub mod words;
mod chart;
mod csv;
mod html;

pub use figures::{Figures, Report, Row};
pub use html::STYLE;

use self::csv as table;
pub use tally::tally;

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

/// How a report is written.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name on the command line and in the ledger.
    pub name: &'static str,
    /// What it is for, in Indonesian, for the page that offers it.
    pub caption: &'static str,
    /// The file name's ending.
    pub extension: &'static str,
    /// The media type.
    pub media_type: &'static str,
    /// Writes it.
    pub write: fn(&Report, &mut dyn Write) -> io::Result<()>,
}

/// All formats.
pub const FORMATS: &[Format] = &[html::FORMAT, table::FORMAT];

/// The format of this name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

impl Format {
    /// The name of the file for this report.
    pub fn file_name(&self, report: &Report) -> String {
        format!("laporan-netralitas-{}.{}", report.period, self.extension)
    }
}

/// Head, addressee and signatory of the report: the table `[laporan]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The lines of the letterhead: ministry, office, address.
    pub kop: Vec<String>,
    /// Whom the report is addressed to.
    pub tujuan: String,
    /// Through whom it goes.
    pub melalui: String,
    /// How confidential it is: `Biasa`, `Terbatas`, `Rahasia`.
    pub sifat: String,
    /// Where it is signed.
    pub tempat: String,
    /// The office of who signs.
    pub jabatan: String,
    /// The name of who signs.
    pub nama: String,
    /// The civil-service number of who signs.
    pub nip: String,
    /// The rules and decrees the report rests on, one a line.
    pub dasar: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            kop: vec!["SATUAN TUGAS NETRALITAS ASN DAN PPNPN".into()],
            tujuan: "Sekretaris Jenderal".into(),
            melalui: "Kepala Biro Sumber Daya Manusia".into(),
            sifat: "Terbatas".into(),
            tempat: String::new(),
            jabatan: "Ketua Satuan Tugas".into(),
            nama: String::new(),
            nip: String::new(),
            dasar: Vec::new(),
        }
    }
}
