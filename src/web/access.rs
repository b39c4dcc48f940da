//! Who may use an address.

use crate::model::Role;

/// Who may use an address. Every address has one of these; see [`fn@super::access`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// Who may see posts and findings.
    ReadsFindings,
    /// Who may decide findings.
    Decides,
    /// Who may hand the evidence of a finding out.
    Exports,
    /// Who may build a report.
    Reports,
    /// Who manages the users.
    Manages,
}

impl Who {
    /// Whether it lets this role in.
    pub const fn admits(self, role: Role) -> bool {
        match self {
            Self::Anyone | Self::SignedIn => true,
            Self::ReadsFindings => role.reads_findings(),
            Self::Decides => role.decides(),
            Self::Exports => role.exports(),
            Self::Reports => role.reports(),
            Self::Manages => matches!(role, Role::Operator),
        }
    }
}

/// One row of the table of rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address, with its parameters in braces.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
}
