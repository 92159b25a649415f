//! The rail and the command menu, by job.

use web::{CommandEntry, NavEntry};

use access::{Permission, permissions as of_access};
use awards::permissions as of_awards;
use benefits::permissions as of_benefits;
use customers::permissions as of_customers;
use feeds::permissions as of_feeds;
use flights::permissions as of_flights;
use loyalty::permissions as of_loyalty;
use partners::permissions as of_partners;
use value::permissions as of_value;

const EVERYBODY: &[Permission] = &[];

/// The rail.
pub(crate) fn rail() -> Vec<NavEntry> {
    let entry = |section, key, href, icon, any_of, letter, phone| NavEntry {
        section,
        key,
        href,
        icon,
        any_of,
        letter,
        phone,
    };
    vec![
        entry("", "home", "/", "house", EVERYBODY, 'h', true),
        entry("", "tasks", "/tasks", "list-todo", &[of_customers::READ], 't', true),
        entry("know", "customers", "/customers", "users", &[of_customers::READ], 'c', true),
        entry("know", "value", "/value", "gem", &[of_value::READ], 'v', true),
        entry("know", "identity", "/identity", "git-merge", &[of_customers::READ], 'p', false),
        entry("grow", "members", "/members", "award", &[of_loyalty::READ], 'l', false),
        entry("grow", "awards", "/awards", "gift", &[of_awards::READ], 'w', false),
        entry("grow", "programmes", "/programmes", "scroll-text", &[of_loyalty::READ], 'r', false),
        entry("grow", "promotions", "/promotions", "megaphone", &[of_loyalty::READ], 'o', false),
        entry("grow", "benefits", "/benefits", "star", &[of_benefits::READ], 'b', false),
        entry("grow", "claims", "/claims", "file-search", &[of_partners::CLAIMS_READ], 'k', false),
        entry("grow", "partners", "/partners", "handshake", &[of_partners::READ], 'n', false),
        entry("run", "flights", "/flights", "plane", &[of_flights::READ], 'f', false),
        entry("run", "feeds", "/feeds", "inbox", &[of_feeds::READ], 'm', false),
        entry("run", "imports", "/imports", "cable", &[of_feeds::READ], 'i', true),
        entry("run", "admin", "/admin", "settings", super::admin::ANY, 'a', false),
    ]
}

/// The command menu's actions.
pub(crate) fn commands() -> Vec<CommandEntry> {
    let entry = |text, href, icon, permission| CommandEntry { text, href, icon, permission };
    vec![
        entry("command-import", "/imports/new", "upload", Some(of_feeds::IMPORT)),
        entry("command-enrol", "/members/new", "user-plus", Some(of_loyalty::ENROL)),
        entry(
            "command-proposals",
            "/members/proposals",
            "clipboard-check",
            Some(of_loyalty::APPROVE),
        ),
        entry("command-voucher", "/awards/vouchers", "ticket-check", Some(of_awards::VOUCHER)),
        entry("command-claim", "/claims/new", "plus", Some(of_partners::CLAIM)),
        entry("command-value-run", "/value/runs/new", "play", Some(of_value::RUN)),
        entry("command-programme", "/programmes/new", "scroll-text", Some(of_loyalty::PROGRAMME)),
        entry("command-invite", "/admin/users/new", "user-plus", Some(of_access::USERS_EDIT)),
    ]
}
