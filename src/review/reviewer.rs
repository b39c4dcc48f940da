//! Reviewer: the person who decides, by name and role.

use crate::model::Role;

/// The person who looks or decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// The user name, as the ledger writes it.
    pub user: String,
    /// The role, which says what the person may do.
    pub role: Role,
}
