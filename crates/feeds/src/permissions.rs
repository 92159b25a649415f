//! What staff may do with feeds, and which roles may.

use access::{Permission, PermissionTable, Role};

/// See imports, their reports and the mappings.
pub const READ: Permission = Permission::new("feeds.read");
/// Upload, check, import and cancel; save mappings.
pub const IMPORT: Permission = Permission::new("feeds.import");
/// Undo a whole import.
pub const REVERT: Permission = Permission::new("feeds.revert");
/// Hand messages in; for API keys of gateways and for web pages' servers.
pub const RECEIVE: Permission = Permission::new("feeds.receive");
/// Correct, replay and put aside messages in quarantine.
pub const REPLAY: Permission = Permission::new("feeds.replay");
/// Make and change sources, watched folders and write keys.
pub const SOURCES: Permission = Permission::new("feeds.sources");

use Role::{Administrator, Analyst, Auditor, Loyalty, Manager};

/// The policy of this domain.
pub const TABLE: PermissionTable = &[
    (READ, &[Administrator, Analyst, Loyalty, Manager, Auditor]),
    (IMPORT, &[Administrator, Analyst, Loyalty]),
    (REVERT, &[Administrator, Analyst]),
    (RECEIVE, &[Administrator, Analyst]),
    (REPLAY, &[Administrator, Analyst]),
    (SOURCES, &[Administrator]),
];
