use chrono::Duration;

/// How long things last and how often they may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A session without a request ends after this.
    pub session_idle: Duration,
    /// A session ends after this in any case: a long shift.
    pub session_life: Duration,
    /// The second factor must follow the password within this.
    pub ticket_life: Duration,
    /// Tries are counted over this window.
    pub window: Duration,
    /// Tries per account and window, and per second factor and window.
    pub tries_per_account: i64,
    /// Tries per network address and window; an office may share one address.
    pub tries_per_address: i64,
    /// Passwords checked at the same time; each takes 19 MiB.
    pub password_checks: usize,
    /// The longest life of an API key.
    pub key_life: Duration,
    /// Living API keys per user.
    pub keys_per_user: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            session_idle: Duration::hours(2),
            session_life: Duration::hours(12),
            ticket_life: Duration::minutes(5),
            window: Duration::minutes(15),
            tries_per_account: 10,
            tries_per_address: 60,
            password_checks: 4,
            key_life: Duration::days(366),
            keys_per_user: 20,
        }
    }
}
