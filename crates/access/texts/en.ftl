## Errors: what is the matter, and what to do about it.

error-sign-in-refused = This e-mail address and password do not open an account.
error-sign-in-refused-hint = Check both. If you forgot the password, or your account was closed, ask an administrator.
error-sign-in-limited = Too many tries.
error-sign-in-limited-hint = Try again in { $minutes } min. If you forgot the password, ask an administrator for a new one.
error-second-factor-refused = The code does not fit.
error-second-factor-refused-hint = Enter the code your app shows now; each code opens once. Without your phone, enter one of your recovery codes.
error-second-factor-late = The sign-in took too long.
error-second-factor-late-hint = Enter your e-mail address and password again.
error-api-key-refused = The API key is not valid.
error-api-key-refused-hint = Check that it is complete, has not expired and has not been revoked; send it as “Authorization: Bearer jb_…”.
error-access-denied = You are not allowed to do this.
error-access-denied-hint = It needs the permission { $permission }. Ask an administrator for a role that holds it.
error-access-denied-key = This API key is not allowed to do this.
error-access-denied-key-hint = Use a key whose scopes take in { $permission }, of an owner who holds it.
error-password-change-needed = First choose a password of your own.
error-password-change-needed-hint = The password you signed in with was good for one time only. Change it and go on.
error-staff-only = Only a person who is signed in can do this.
error-staff-only-hint = Sign in with a browser; an API key is not enough.
error-system-only = This can only be done on the server itself.
error-system-only-hint = Use the command “jetbridge user” on the server.
error-password-wrong = The present password is another one.
error-password-wrong-hint = Enter the password you signed in with.
error-password-same = The new password is the old one.
error-password-same-hint = Choose another one.
error-password-short = The password is too short.
error-password-short-hint = Use at least { $limit } characters; a few words in a row are easy to remember.
error-password-long = The password is too long.
error-password-long-hint = Use at most { $limit } bytes.
error-password-simple = The password is too easily guessed.
error-password-simple-hint = Avoid runs such as 123456, repeated characters and words everybody uses; a few words in a row are good.
error-password-own = The password is made of your own name or address.
error-password-own-hint = Choose words that have nothing to do with you.
error-user-not-found = There is no such user.
error-user-not-found-hint = Choose one from the list of users.
error-user-changed = Somebody else changed this user meanwhile.
error-user-changed-hint = Look at the present values and make your change again.
error-user-email-taken = Another user has this e-mail address.
error-user-email-taken-hint = Use another address, or edit that user.
error-user-email-invalid = This is not an e-mail address.
error-user-email-invalid-hint = Write it like name@example.com.
error-user-name-invalid = A name is missing or too long.
error-user-name-invalid-hint = Use 1 to 100 characters.
error-user-roles-empty = No role is chosen.
error-user-roles-empty-hint = Choose at least one role; it decides what the user may do.
error-own-account = You cannot disable your own account.
error-own-account-hint = Ask another administrator.
error-last-administrator = There must remain one administrator who can sign in.
error-last-administrator-hint = Make somebody else an administrator first.
error-time-zone-unknown = There is no such time zone.
error-time-zone-unknown-hint = Choose one from the list, such as Asia/Shanghai.
error-two-factor-on = Two-factor sign-in is on already.
error-two-factor-on-hint = To use another phone, turn it off first.
error-two-factor-off = Two-factor sign-in is not on.
error-two-factor-off-hint = Turn it on first.
error-two-factor-not-started = There is no QR code to confirm.
error-two-factor-not-started-hint = Begin again and scan the new QR code with your app.
error-two-factor-code-wrong = The code does not fit.
error-two-factor-code-wrong-hint = Enter the six digits your app shows now. If it goes on failing, check that the phone sets its clock by itself.
error-two-factor-broken = The secret of the second factor cannot be used.
error-two-factor-broken-hint = An administrator can reset two-factor sign-in for this user; then set it up again.
error-api-key-not-found = There is no such API key.
error-api-key-not-found-hint = Choose one from the list of keys.
error-api-key-name-invalid = The key's name is missing or too long.
error-api-key-name-invalid-hint = Use 1 to 80 characters that say what the key is for.
error-api-key-scopes-empty = No scope is chosen.
error-api-key-scopes-empty-hint = Choose at least one; the key can do nothing else.
error-api-key-scope-unknown = One of the scopes does not exist.
error-api-key-scope-unknown-hint = Use names of permissions such as customers.read, or customers.* for all of a domain.
error-api-key-scope-not-held = One of the scopes is not yours to give.
error-api-key-scope-not-held-hint = A key can only do what its owner may do. Choose from the scopes offered.
error-api-key-expiry = The key's end lies in the past or too far away.
error-api-key-expiry-hint = Choose a moment within the next { $days } days.
error-api-keys-too-many = You have { $most } keys, which is as many as one user may have.
error-api-keys-too-many-hint = Revoke one that is no longer used.
error-password-hashing = The password could not be worked on.
error-password-hashing-hint = Try again; if it goes on failing, the server is short of memory.
error-vault-key-file = The key file { $path } cannot be read or written.
error-vault-key-file-hint = Give the user that runs Jetbridge the right to read it and to write its folder.
error-vault-key-exposed = The key file { $path } can be read by others.
error-vault-key-exposed-hint = Run: chmod 600 { $path }
error-vault-key-damaged = The key file { $path } is damaged.
error-vault-key-damaged-hint = Put back the copy from your backup. Do not delete it: what was sealed with it could never be read again.
error-vault-key-foreign = The key file does not belong to this database.
error-vault-key-foreign-hint = Put the key file that was backed up with this database in its place; do not start with a new one.
error-vault-key-unknown = A value was sealed with key version { $version }, which the key file does not hold.
error-vault-key-unknown-hint = Put back the newest copy of the key file.
error-vault-value-broken = A sealed value is damaged.
error-vault-value-broken-hint = Run “jetbridge check”; restore the value from a backup or enter it again.
error-vault-value-too-long = The value is too long to be sealed.
error-vault-value-too-long-hint = Shorten it.

## Roles

role-administrator = Administrator
role-analyst = Analyst
role-agent = Agent
role-loyalty = Loyalty programme
role-care = Customer care
role-sales = Sales
role-manager = Manager
role-auditor = Auditor

## Permissions

permission-access-users-read = See staff users and their sessions
permission-access-users-edit = Invite, edit and disable staff users
permission-access-keys-own = Make API keys of one's own
permission-access-keys-manage = See and revoke everybody's API keys
permission-access-audit-read = Read and verify the audit trail
permission-access-policy-read = See which role may do what
permission-reveal-serve-caller = See personal data to serve a caller
permission-reveal-resolve-complaint = See personal data to resolve a complaint
permission-reveal-fraud-check = See personal data to check for fraud
permission-reveal-data-request = See personal data to answer a data request
permission-reveal-data-quality = See personal data to correct records

## Purposes of a reveal

purpose-serve-caller = Serving the customer now
purpose-resolve-complaint = Resolving a complaint
purpose-fraud-check = Checking for fraud
purpose-data-request = The customer's own data request
purpose-data-quality = Correcting records

## What stands in the audit trail

audit-access-signed-in = Signed in
audit-access-signed-out = Signed out
audit-access-sign-in-refused = Sign-in refused
audit-access-sign-in-limited = Sign-in stopped after too many tries
audit-access-session-ended = Ended a session
audit-access-sessions-ended = Ended other sessions
audit-access-password-changed = Changed the password
audit-access-password-reset = Gave a new one-time password
audit-access-two-factor-on = Turned two-factor sign-in on
audit-access-two-factor-off = Turned two-factor sign-in off
audit-access-two-factor-reset = Reset two-factor sign-in
audit-access-recovery-codes-renewed = Renewed the recovery codes
audit-access-user-invited = Invited a user
audit-access-user-edited = Edited a user
audit-access-user-disabled = Disabled a user
audit-access-user-enabled = Enabled a user
audit-access-key-created = Made an API key
audit-access-key-revoked = Revoked an API key
audit-access-revealed = Saw personal data

audit-break-missing = The row is missing.
audit-break-edited = The row was edited.
audit-break-unlinked = The row does not continue the one before it.
audit-break-wrong-end = The trail does not end where it should: rows were cut off or added.
audit-break-not-anchored = The row is not the one that was written down: the trail was computed anew.

target-user = User
target-session = Session
target-api-key = API key
target-installation = Installation

actor-kind-staff = Staff
actor-kind-api-key = API key
actor-kind-member = Member
actor-kind-system = System

## States and preferences

user-state-invited = Invited
user-state-active = Active
user-state-disabled = Disabled

key-state-active = Active
key-state-expired = Expired
key-state-revoked = Revoked

theme-system = As the device
theme-light = Light
theme-dark = Dark

density-normal = Normal
density-comfortable = Comfortable
density-compact = Compact
