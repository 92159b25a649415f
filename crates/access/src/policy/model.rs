use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Something an actor may do: `domain.action`, or `domain.concept.action`. Declared as a constant
/// in the `permissions.rs` of its domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(&'static str);

impl Permission {
    /// Declares a permission.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The domain it belongs to.
    #[must_use]
    pub fn domain(self) -> &'static str {
        self.0.split('.').next().unwrap_or(self.0)
    }

    /// Key of its text: `permission-customers-read`.
    #[must_use]
    pub fn text_key(self) -> String {
        format!("permission-{}", self.0.replace('.', "-"))
    }
}

/// What a domain hands over: its permissions and the roles that hold them.
pub type PermissionTable = &'static [(Permission, &'static [Role])];

/// What a member of staff works as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Keeps the system: users, keys, settings.
    Administrator,
    /// Computes and reads value, imports data.
    Analyst,
    /// Serves customers on the phone or at the counter.
    Agent,
    /// Runs the frequent-flyer programme.
    Loyalty,
    /// Settles complaints and disruptions.
    Care,
    /// Looks after company accounts.
    Sales,
    /// Leads; sees figures and decides exceptions.
    Manager,
    /// Reads everything that was done, changes nothing.
    Auditor,
}

/// The text is none of the roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such role")]
pub struct UnknownRole;

impl Role {
    /// All roles, in the order they are shown.
    pub const ALL: [Self; 8] = [
        Self::Administrator,
        Self::Analyst,
        Self::Agent,
        Self::Loyalty,
        Self::Care,
        Self::Sales,
        Self::Manager,
        Self::Auditor,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Analyst => "analyst",
            Self::Agent => "agent",
            Self::Loyalty => "loyalty",
            Self::Care => "care",
            Self::Sales => "sales",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
        }
    }

    /// Key of its text.
    #[must_use]
    pub fn text_key(self) -> String {
        format!("role-{}", self.as_str())
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownRole;
    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == name).ok_or(UnknownRole)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What one actor may do, worked out once when the actor is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Grants {
    /// The system itself.
    All,
    /// These and no others.
    Only(Arc<BTreeSet<&'static str>>),
}

impl Grants {
    pub(crate) fn none() -> Self {
        Self::Only(Arc::default())
    }

    pub(crate) fn hold(&self, permission: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(permission),
        }
    }
}

/// Whether an API key's scope (`customers.read`, `customers.*`) takes in a permission.
pub(crate) fn scope_covers(scope: &str, permission: &str) -> bool {
    match scope.strip_suffix(".*") {
        Some(domain) => permission.strip_prefix(domain).is_some_and(|rest| rest.starts_with('.')),
        None => scope == permission,
    }
}

/// One line of the table of permissions and roles, for the page that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// The permission's name.
    pub permission: &'static str,
    /// Its domain, to group by.
    pub domain: &'static str,
    /// Key of the permission's text.
    pub text_key: String,
    /// The roles that hold it, in the order of [`Role::ALL`].
    pub roles: Vec<Role>,
}

/// The whole policy: every domain's table together. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    roles_of: Arc<BTreeMap<&'static str, BTreeSet<Role>>>,
}

impl Policy {
    /// Collects the tables. A permission named twice is held by the roles of both.
    #[must_use]
    pub fn new(tables: &[PermissionTable]) -> Self {
        let mut roles_of: BTreeMap<&'static str, BTreeSet<Role>> = BTreeMap::new();
        for (permission, roles) in tables.iter().flat_map(|table| table.iter()) {
            roles_of.entry(permission.as_str()).or_default().extend(*roles);
        }
        Self { roles_of: Arc::new(roles_of) }
    }

    /// Every permission, by name, with the roles that hold it.
    #[must_use]
    pub fn matrix(&self) -> Vec<MatrixRow> {
        self.roles_of
            .iter()
            .map(|(name, roles)| MatrixRow {
                permission: name,
                domain: Permission(name).domain(),
                text_key: Permission(name).text_key(),
                roles: roles.iter().copied().collect(),
            })
            .collect()
    }

    /// Whether `scope` names a permission, or all of a domain that has one.
    pub(crate) fn knows_scope(&self, scope: &str) -> bool {
        self.roles_of.keys().any(|permission| scope_covers(scope, permission))
    }

    /// What these roles hold, narrowed by the scopes of an API key.
    pub(crate) fn grants(&self, roles: &[Role], scopes: Option<&[String]>) -> Grants {
        let within = |name: &str| {
            scopes.is_none_or(|scopes| scopes.iter().any(|scope| scope_covers(scope, name)))
        };
        let names = self
            .roles_of
            .iter()
            .filter(|(name, holders)| {
                roles.iter().any(|role| holders.contains(role)) && within(name)
            })
            .map(|(name, _)| *name);
        Grants::Only(Arc::new(names.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Permission = Permission::new("customers.read");
    const EDIT: Permission = Permission::new("customers.edit");
    const OTHER: Permission = Permission::new("customersother.read");
    const TABLE: PermissionTable =
        &[(READ, &[Role::Agent, Role::Analyst]), (EDIT, &[Role::Agent]), (OTHER, &[Role::Agent])];

    #[test]
    fn a_role_holds_what_the_table_says_and_nothing_else() {
        let policy = Policy::new(&[TABLE]);
        let analyst = policy.grants(&[Role::Analyst], None);
        assert!(analyst.hold("customers.read") && !analyst.hold("customers.edit"));
        assert!(!policy.grants(&[], None).hold("customers.read"));
        assert!(!policy.grants(&[Role::Administrator], None).hold("customers.read"));
        assert!(Grants::All.hold("anything") && !Grants::none().hold("customers.read"));
    }

    #[test]
    fn scopes_only_narrow() {
        let policy = Policy::new(&[TABLE]);
        let scoped = |role, scope: &str| policy.grants(&[role], Some(&[scope.to_owned()]));
        assert!(scoped(Role::Agent, "customers.*").hold("customers.edit"));
        assert!(!scoped(Role::Agent, "customers.*").hold("customersother.read"));
        assert!(!scoped(Role::Agent, "customers.read").hold("customers.edit"));
        assert!(!scoped(Role::Analyst, "customers.*").hold("customers.edit"), "not the role's");
        assert!(policy.knows_scope("customers.*") && policy.knows_scope("customers.edit"));
        assert!(!policy.knows_scope("customers") && !policy.knows_scope("*"));
        assert!(!policy.knows_scope(".*"));
    }

    #[test]
    fn the_matrix_names_every_permission_once_with_its_roles_in_order() {
        const MORE: PermissionTable = &[(READ, &[Role::Administrator])];
        let matrix = Policy::new(&[TABLE, MORE]).matrix();
        assert_eq!(matrix.len(), 3);
        assert_eq!(matrix[1].permission, "customers.read");
        assert_eq!(matrix[1].domain, "customers");
        assert_eq!(matrix[1].text_key, "permission-customers-read");
        assert_eq!(matrix[1].roles, [Role::Administrator, Role::Analyst, Role::Agent]);
    }

    #[test]
    fn roles_are_read_by_the_name_they_are_written_with() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(UnknownRole));
    }
}
