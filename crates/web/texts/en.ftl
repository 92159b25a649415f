# Words of the shell, of lists and forms, and of the pages every member of staff has.

product = Jetbridge
slogan = One bridge to every passenger.
skip = Skip to content
language = Language
theme = Theme
theme-toggle = Switch dark or light
density = Row height
crumbs = Breadcrumb
yes = Yes
no = No
save = Save
apply = Apply
cancel = Cancel
copy = Copy
print = Print
undo = Undo
export = Export
previous = Previous
next = Next
required = required
chart-data = Show the figures

# Navigation. Entries are registered by the program: nav-<key>, nav-section-<section>.
nav-main = Main navigation
nav-modules = Modules
nav-phone = Bottom navigation
nav-more = More
nav-home = Home
nav-section-know = Know
nav-section-serve = Serve
nav-section-grow = Grow
nav-section-run = Run
nav-customers = Customers
nav-value = Value
nav-imports = Imports
nav-identity = Same person?
nav-flights = Flights
nav-members = Members
nav-feeds = Messages
nav-tasks = Tasks
nav-jobs = Jobs
nav-admin = Admin

# Time
ago-now = just now
ago-minutes = { $n } min ago
ago-hours = { $n } h ago
ago-days = { $n } d ago
ago-months = { $n } mo ago
ago-years = { $n } y ago
in-minutes = in { $n } min
in-hours = in { $n } h
in-days = in { $n } d
in-months = in { $n } mo
in-years = in { $n } y

# Search and command menu
search = Search
search-box = Search customers, member numbers, phone, e-mail
search-help = A name in Hanzi, pinyin or initials; a member number; a phone number; an e-mail address.
search-hits = Found
search-none = Nothing found
search-none-text = Check the spelling, or try fewer letters, the pinyin initials or the end of the number.
command-go = Go to
command-do = Do

# Forms
form-errors = { $n ->
    [one] One thing to put right
   *[other] { $n } things to put right
}

# Lists
list-nothing = nothing
list-columns = Columns and row height
list-columns-usual = Usual columns
list-views = Saved views
list-view-shared = shared
list-view-menu = Save view
list-view-new = Save as a view
list-view-name = Name of the view
list-view-rename = Rename
list-view-share = Share with everybody
list-view-unshare = Keep to myself
list-view-make-first = Open this view first
list-view-delete = Delete this view
list-view-delete-ask = Delete this view? Its rows stay.
list-view-saved = View saved.
list-view-deleted = View deleted.
list-view-first = This view opens first from now on.
list-edited = View edited
list-revert = Revert
list-filters = Filters
list-search = Search this list
list-add = Add filter
list-add-search = Find a field
list-remove = Remove “{ $what }”
list-clear = Clear filters
list-and = and
list-or = or
list-join-turn = Switch between “and” and “or”
list-or-more = or …
list-op = Comparison
list-value = Value
list-value-to = to
list-value-wrong = This value does not fit the field. Check the format, for instance 12500 or 2026-10-31.
list-days = { $n } days
list-days-unit = days
list-comma = ,{" "}
list-op-is = is
list-op-not = is not
list-op-has = contains
list-op-starts = begins with
list-op-gt = >
list-op-gte = ≥
list-op-lt = <
list-op-lte = ≤
list-op-between = between
list-op-in = is any of
list-op-out = is none of
list-op-last = in the last
list-op-older = longer ago than
list-op-next = in the next
list-op-on = on
list-op-since = on or after
list-op-before = before
list-op-yes = yes
list-op-no = no
list-op-empty = is empty
list-op-filled = is not empty
list-sorted-high = By { $column }, high to low
list-sorted-low = By { $column }, low to high
list-sorted-newest = By { $column }, newest first
list-sorted-oldest = By { $column }, oldest first
list-sorted-az = By { $column }, A to Z
list-sorted-za = By { $column }, Z to A
list-jump = Jump to
list-jump-to = Jump to { $column }
list-to-start = To the beginning
list-none = Nothing here yet
list-none-match = Nothing matches these filters
list-none-match-text = Take one filter away, or clear them all.
list-without-filter = Show the list without filters
list-selection = Actions on the selection
list-selection-clear = Clear the selection
list-selected = Selected
list-select = Select { $what }
list-select-page = Select all on this page
list-select-all = All { $n } that match

# Sign-in
sign-in = Sign in
sign-out = Sign out
sign-in-email = E-mail
sign-in-password = Password
sign-in-code = Code from your authenticator
sign-in-code-help = Six digits, or one of your recovery codes.
sign-in-note = Looking at a passenger’s data is recorded, and the passenger can see it.
sign-in-demo = Demo accounts
sign-in-demo-password = The password of all of them is { $password }
sentence-gap = {" "}
sign-in-again = Begin again
signed-in = Signed in
signed-in-text = Close this tab and go on where you were.
signed-out-done = Signed out.

# Password
password-title = Choose a password
password-forced = You signed in with a one-time password. Choose one of your own to go on.
password-change = Change
password-current = Present password
password-new = New password
password-again = New password once more
password-help = At least 12 characters. A sentence is easier to keep than a puzzle.
password-differ = The two new passwords differ.
password-set = Set the password
password-done = Password changed. Other sessions have ended.

# Personal page
me-title = My settings
me-menu = { $name }, personal menu
me-who = Who I am
me-name = Name
me-roles = Roles
me-keys = API keys
me-keys-manage = Manage
me-screen = Screen
me-sessions = Where I am signed in
me-sessions-others = End all others
me-session-this = this one
me-session-seen = last seen
me-session-end = End
me-session-end-what = End the session: { $what }
me-session-ended = Session ended.
me-sessions-ended = Other sessions ended.
totp-title = Two-factor sign-in
totp-on = On
totp-off = Switch off
totp-why = A code from your phone besides the password. Somebody who learns your password still cannot get in.
totp-start = Set up
totp-scan = Scan this with an authenticator app, then enter the code it shows.
totp-secret = Or type this key into the app:
totp-code = Code
totp-confirm = Switch on
totp-codes-text = Two-factor sign-in is on. Keep these recovery codes: each works once when the phone is not at hand. They are not shown again.
totp-codes-kept = I have kept them
totp-done-off = Two-factor sign-in is off.

# Jobs
jobs-title = Jobs
jobs-none = No jobs yet
jobs-none-text = Imports, value runs and exports that take longer than a second appear here with their progress and result.
jobs-result = Result
jobs-cancel-what = Cancel { $what }
jobs-cancelling = Stopping …
jobs-cancelled = Asked to stop.
jobs-status-queued = waiting
jobs-status-running = running
jobs-status-done = done
jobs-status-failed = failed
jobs-status-cancelled = cancelled

# API page
api-title = API
api-text = Everything the console does, a program can do. Calls go out as you, or with an API key; failures are problem+json with a code, a sentence and a remedy.
api-key = API key
api-key-help = Stays on this page. Empty: calls are made as you.
api-body = Body
api-send = Try it
api-status = Status
api-meaning = Meaning
api-other = Other
api-tag-customers = Customers
api-tag-flights = Flights
api-tag-imports = Imports
api-tag-value = Value
audit-web-list-exported = Exported a list
target-list = List

# Failures. error-<code> says what happened, error-<code>-hint what to do.
error-request = Request { $id }
error-internal = Something went wrong on our side
error-permission = “{ $text }” ({ $name })
error-internal-hint = Nothing was changed. Try again; if it happens again, give the request number below to whoever runs this system.
error-not-found = There is no such page
error-not-found-hint = It may have been moved or deleted. Search for it, or begin at home.
error-method = This address does not take that
error-method-hint = Go back to the page and use its buttons.
error-too-large = This is larger than is accepted here
error-too-large-hint = Send a smaller file, or use the import for large ones.
error-form = The form arrived incomplete
error-form-hint = Go back, check the fields and send it again.
error-csrf = This request did not come from a page of ours
error-csrf-hint = Open the page again and send the form from there. Nothing was changed.
error-signed-out = You are signed out
error-signed-out-hint = Sign in and go on.
error-list-filter-long = This filter is too long
error-list-filter-long-hint = Use fewer conditions, or save groups of customers and filter by those.
error-list-filter-syntax = The filter in this link cannot be read at character { $at }
error-list-filter-syntax-hint = The link may be incomplete. Open the list without filters and set them again.
error-list-filter-column = This list cannot be filtered by “{ $column }”
error-list-filter-column-hint = The link may come from an older version. Open the list without filters and set them again.
error-list-filter-op = “{ $column }” cannot be compared with “{ $op }”
error-list-filter-op-hint = Open the list without filters and set them again.
error-list-filter-value = A value for “{ $column }” does not fit
error-list-filter-value-hint = Numbers look like 12500, dates like 2026-10-31. Open the list without filters and set them again.
error-view-name = A view needs a name
error-view-name-hint = Go back and give it one of up to 60 characters.
error-nothing-picked = Nothing is selected
error-nothing-picked-hint = Go back, tick some rows or choose all that match, and try again.
error-export = The file could not be written
error-export-hint = Try CSV instead, or fewer columns.

# For the browser's own messages
js-close = Close
js-keep = Go back
js-copied = Copied.
js-copy-failed = The browser did not allow copying. Select the text and copy it.
js-forbidden = You are not allowed to do this.
js-failed = That did not work ({ $status }). Nothing was changed; try again.
js-offline = No connection to the server. What you typed is still here; try again in a moment.
js-selected = { $n } selected
js-selected-all = All that match
js-expired-title = Your session has ended
js-expired-text = What you typed is still here. Sign in in a new tab, come back and send it again.
js-expired-sign-in = Sign in in a new tab
js-expired-retry = Send again
js-expired-still = Still signed out. Sign in in the new tab first.
js-job-open = Open the result
js-keys = Keyboard shortcuts
js-key-command = Command menu
js-key-search = Search
js-key-next = Next row
js-key-previous = Previous row
js-key-open = Open the row
js-key-select = Select the row
js-key-new = Main action of the page
js-key-help = This sheet
js-key-close = Close what is open
js-key-go = Go to { $place }
js-command = Command menu
js-command-placeholder = Go somewhere, do something, find a customer
js-command-recent = Recent
js-command-none = Nothing found
js-command-move = move
js-command-open = open
js-side = Side panel
js-side-open = Open the page
js-upload = Upload
js-upload-start = Starting …
js-upload-progress = { $done } of { $all }, about { $seconds } s left
js-upload-pause = Pause
js-upload-paused = Paused. Send the same file again to go on from here.
js-upload-lost = The connection was lost. What has arrived is kept; go on from there.
js-upload-retry = Go on
js-tryit-wait = Waiting for the answer …

notices-title = Notifications
notices-unread = { $n ->
    [0] Notifications, none unread
    [one] Notifications, { $n } unread
   *[other] Notifications, { $n } unread
  }
notices-new = New
notices-read-all = Mark all as read
notices-older = Older
notices-no-older = There are no older notifications.
notices-none = Nothing to report
notices-none-text = When a job of yours ends, or somebody gives you a task, you are told here.
notices-job-done = { $job } is done
notices-job-done-about = { $job } of { $about } is done
notices-job-failed = { $job } failed
notices-job-failed-about = { $job } of { $about } failed
notices-task-assigned = { $by } gave you a task
notices-source-silent = Nothing has come in from “{ $source }” for over { $minutes } minutes
notices-other = Something changed
error-idempotency = This Idempotency-Key was used for another request, or is empty or too long.
error-idempotency-hint = Use a new key of at most 200 characters for each request.
