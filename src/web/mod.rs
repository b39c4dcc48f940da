//! Joins store, review and report for people.
//!
//! Server-rendered pages in Indonesian that need no script, and the same deeds
//! as JSON for the command line, through one router and one table of rights.
//!
//! ```text
//! address            pages.rs: each address on one screen, with who may use it
//! guard.rs           who asks: session or Unix user; rights; forged forms
//! desk.rs            the one place where pages meet the store
//! inbox, finding …   one file per page
//! ```

mod access;
mod api;
mod dashboard;
mod decide;
mod desk;
mod export;
mod difference;
mod failure;
mod finding;
mod form;
mod guard;
mod identity;
mod inbox;
mod layout;
mod marks;
mod pages;
mod password;
mod queue;
mod reasoned;
mod rechecks;
mod reports;
mod session;
mod sign_in;
mod sources;
mod throttle;
mod users;
mod words;

pub use access::{Access, Who};
pub use guard::Caller;
pub use pages::{access, router};
pub use sources::SourceHealth;
pub use users::{Activation, NewUser, User, Users, UsersError};

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::fetch::Gate;
use crate::model::{Clock, Role};
use crate::queue::Queue;
use crate::report;
use crate::store::Store;
use session::{Sessions, Token};
use throttle::Throttle;

/// What the pages stand on, put together by whoever starts them.
#[derive(Debug)]
pub struct Parts {
    /// The store.
    pub store: Arc<Store>,
    /// What waits to be matched.
    pub queue: Arc<Queue>,
    /// Who may sign in.
    pub users: Users,
    /// Tells the time.
    pub clock: Clock,
    /// The unit's time zone, in which all times are shown.
    pub zone: TimeZone,
    /// The name of the Satgas's unit, shown in the header.
    pub unit: String,
    /// Head, addressee and signatory of the report.
    pub report: report::Settings,
    /// Tells how the sources are.
    pub sources: Sources,
    /// Where the pages are reached, as one-time links begin: `https://netra.example.go.id`.
    pub address: String,
    /// The legal ground of the monitoring, as an export tells it.
    pub ground: Ground,
    /// Confirms when the ledger's checkpoint was there; none if no authority is set.
    pub authority: Option<Authority>,
    /// The Unix user that owns the data: may manage users from the command line.
    pub owner: Option<String>,
    /// In the demo only: every page says that all is invented, and signing in takes one click.
    pub demo: Option<Demo>,
}

/// The legal ground of the monitoring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// Number and date of the decree that set up the Satgas.
    pub decree: String,
    /// What the monitoring is for.
    pub purpose: String,
    /// The office or person answerable for it.
    pub answerable: String,
}

/// A time-stamping authority (RFC 3161), and the door through which it is asked.
#[derive(Clone)]
pub struct Authority {
    /// Where it answers.
    pub address: Url,
    /// The door.
    pub gate: Arc<Gate>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authority({})", self.address)
    }
}

/// Tells how the sources are.
#[derive(Clone)]
pub struct Sources(Arc<dyn Fn() -> Vec<SourceHealth> + Send + Sync>);

impl Sources {
    /// Sources that this function tells of.
    pub fn new(tell: impl Fn() -> Vec<SourceHealth> + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    fn all(&self) -> Vec<SourceHealth> {
        (self.0)()
    }
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sources")
    }
}

/// The settings of the review pages, the table `[web]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address and port to listen at. Beyond this machine put a proxy with TLS before it.
    pub listen: String,
    /// Where people reach the pages, as one-time links begin; empty: `http://` and `listen`.
    pub address: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080".into(), address: String::new() }
    }
}

/// The demo's people, who sign in with one click.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// One after the other, as the demo's story meets them.
    pub people: Vec<DemoPerson>,
}

/// One of the demo's people.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// The user name.
    pub user: String,
    /// The name shown.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The last part of the address that signs in: `/masuk/demo/{token}`.
    pub token: String,
}

impl Demo {
    /// A link for every user. Fails only when the system gives no random bytes.
    pub fn of(users: &[User]) -> Result<Self, getrandom::Error> {
        let person = |user: &User| {
            let (name, role, token) = (user.display.clone(), user.role, Token::new()?.0);
            Ok(DemoPerson { user: user.name.clone(), name, role, token })
        };
        Ok(Self { people: users.iter().map(person).collect::<Result<_, _>>()? })
    }
}

/// The pages' state, shared by all requests.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: Parts,
    sessions: Sessions,
    throttle: Throttle,
    /// Reading a finding, judging the step and appending it is one deed.
    deciding: std::sync::Mutex<()>,
    /// Exports are made one after the other: each is held in memory as a whole.
    exporting: tokio::sync::Mutex<()>,
}

impl App {
    /// The pages' state, nobody signed in.
    pub fn new(parts: Parts) -> Self {
        let (sessions, throttle) = (Sessions::default(), Throttle::default());
        let (deciding, exporting) = (std::sync::Mutex::default(), tokio::sync::Mutex::default());
        Self(Arc::new(Inner { parts, sessions, throttle, deciding, exporting }))
    }

    fn parts(&self) -> &Parts {
        &self.0.parts
    }
}

/// The invented people of the demo: one per role that its story needs. `unix`
/// is the head of the team at the command line: she decides and reports.
pub fn demo_users(unix: Option<&str>) -> Vec<NewUser> {
    let person = |name: &str, display: &str, role, unix: Option<&str>| NewUser {
        name: name.into(),
        display: display.into(),
        role,
        unit: "Rutan Kelas IIB Randukuning".into(),
        unix: unix.map(Into::into),
    };
    vec![
        person("dewi", "Dewi Contoh", Role::Anggota, Some("netra-demo-dewi")),
        person("bayu", "Bayu Contoh", Role::Anggota, Some("netra-demo-bayu")),
        person("kartika", "Kartika Contoh", Role::Ketua, unix),
        person("seno", "Seno Contoh", Role::Sekretaris, Some("netra-demo-seno")),
        person("ani", "Ani Contoh", Role::Analis, None),
        person("opi", "Opi Contoh", Role::Operator, None),
    ]
}
