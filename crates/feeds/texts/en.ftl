permission-feeds-read = See imports and mappings
permission-feeds-import = Import files and save mappings
permission-feeds-revert = Undo whole imports
audit-feeds-import-checked = Had the rows of an import checked
audit-feeds-import-started = Started an import
audit-feeds-import-cancelled = Cancelled an import
audit-feeds-import-reverted = Undid an import
target-import = Import
job-feeds-check = Checking a file
job-feeds-import = Import
job-feeds-revert = Undoing an import
job-feeds-sweep = Tidying up old imports

error-feeds-file-unreadable = The file could not be read.
error-feeds-file-unreadable-hint = Check that it is still there, that it may be read, and that the disk is not full; then try again.
error-feeds-file-empty = The file has no rows of data.
error-feeds-file-empty-hint = Choose a file with a row of column names and at least one row of data.
error-feeds-file-not-a-table = This file is { $what }, not a table.
error-feeds-file-not-a-table-hint = Save the sheet as CSV (UTF-8) or Parquet and choose that file.
error-feeds-file-bomb = The file unpacks to more than { $megabytes } MB, far more than its size lets expect.
error-feeds-file-bomb-hint = If it is honest, unpack it yourself and import the unpacked file.
error-feeds-file-damaged = The { $packing } file is damaged or cut off after row { $row }.
error-feeds-file-damaged-hint = Send or pack it again and import the new file; rows already imported stay as they are.
error-feeds-file-entries = The archive holds { $count } files.
error-feeds-file-entries-hint = Pack one table into one archive.
error-feeds-file-locked = The archive has a password or is packed in a way that is not known here.
error-feeds-file-locked-hint = Pack it again as plain zip, gzip, xz or zstd, without a password.
error-feeds-file-columns = The first row has { $count } columns.
error-feeds-file-columns-hint = Check the delimiter: a table has at most 2,000 columns.
error-feeds-file-first-row = The first row cannot be read: it is longer than 1 MB or a quotation mark is never closed.
error-feeds-file-first-row-hint = Repair the first row; it should hold the names of the columns.

error-feeds-mapping-shape = The mapping cannot be read: { $detail }
error-feeds-mapping-shape-hint = Compare it with a shipped mapping; each can be downloaded under Imports, Mappings.
error-feeds-mapping-version = The mapping has version { $version }.
error-feeds-mapping-version-hint = This program reads version 1. Use a newer program, or write the mapping anew.
error-feeds-mapping-name = A mapping and its source need a name of letters, digits, spaces, points and hyphens, up to 60.
error-feeds-mapping-name-hint = Give another name.
error-feeds-mapping-field = Column “{ $column }”: there is no field “{ $field }” in this kind of file.
error-feeds-mapping-field-hint = Choose a field from the list.
error-feeds-mapping-value = “{ $column }”: “{ $value }” is not a possible value.
error-feeds-mapping-value-hint = Choose one of the values offered; dates are written YYYY-MM-DD.
error-feeds-mapping-twice = Columns “{ $first }” and “{ $second }” are both { $field }.
error-feeds-mapping-twice-hint = Leave one of them out.
error-feeds-mapping-key = No column says “{ $field }”.
error-feeds-mapping-key-hint = Map the column that holds it: every row needs it.
error-feeds-mapping-missing = The file has no column { $columns }.
error-feeds-mapping-missing-hint = Choose a file that has it, another mapping, or mark the column as optional.
error-feeds-mapping-not-found = There is no mapping called “{ $name }”.
error-feeds-mapping-not-found-hint = The names are listed under Imports, Mappings.
error-feeds-mapping-shipped = “{ $name }” comes with the program and cannot be changed.
error-feeds-mapping-shipped-hint = Save yours under another name.
error-feeds-import-not-found = There is no such import.
error-feeds-import-not-found-hint = It may have been thrown away. The list of imports shows what there is.
error-feeds-kind = The mapping is for { $mapping }, the import is of { $import }.
error-feeds-kind-hint = Choose a mapping for { $import }.
error-feeds-state = This cannot be done now: the import is “{ $status }”.
error-feeds-state-hint = Load the page again to see where it stands.
error-feeds-unmapped = The columns have not been mapped yet.
error-feeds-unmapped-hint = Map the columns first.
error-feeds-upload-size = More bytes arrived than the { $size } that were announced.
error-feeds-upload-size-hint = The file was changed while it was sent. Send it again.
error-feeds-upload-incomplete = { $received } of { $size } bytes have arrived.
error-feeds-upload-incomplete-hint = Send the rest; the upload goes on where it stood.
error-feeds-file-gone = The file of this import is no longer kept.
error-feeds-file-gone-hint = Files are kept for 30 days. Choose the file again in a new import.
error-feeds-undo-over = The 30 days for undoing this import are over.
error-feeds-undo-over-hint = Correct the data with a further import.
error-feeds-lost = Another process has taken this import over.
error-feeds-lost-hint = Follow it on the page of the import.
error-feeds-cancelled = The import was cancelled.
error-feeds-cancelled-hint = It can go on where it stood, or be undone.
error-feeds-reader = The reader stopped on a fault of the program.
error-feeds-reader-hint = Report it with the log of this time; the import can go on where it stood.

feeds-issue-date-form = Not a date. { $order ->
    [DMY] Expected day/month/year.
    [MDY] Expected month/day/year.
   *[other] Write YYYY-MM-DD.
}
feeds-issue-date-century = The year is outside 1900–2200.
feeds-issue-date-no-such-day = Not a valid date: month { $month } of { $year } has { $days } days.
feeds-issue-date-no-such-month = Not a valid date: there is no month { $month }.
feeds-issue-time-form = Not a time of day. Write HH:MM.
feeds-issue-number-form = Not a number.
feeds-issue-whole-form = Not a whole number.
feeds-issue-out-of-range = Outside { $low }–{ $high }.
feeds-issue-negative = Below zero.
feeds-issue-word-unknown = Not one of: { $words }. Say in the mapping what it stands for.
feeds-issue-airport-form = Not an airport code of three letters.
feeds-issue-airport-unknown = Unknown airport.
feeds-issue-country-unknown = Unknown country. Write the two-letter code.
feeds-issue-place-empty = Only punctuation or blanks, no name.
feeds-issue-place-digits = Digits, no name of a place.
feeds-issue-place-trimmed = Stray marks around the name were taken away.
feeds-issue-member-no-form = Not a member number: up to 20 letters and digits.
feeds-issue-member-no-check = The member number's check digit is wrong.
feeds-issue-phone-form = Not a telephone number.
feeds-issue-email-form = Not an e-mail address.
feeds-issue-document-form = Not a document number.
feeds-issue-text-long = Longer than { $longest } letters.
feeds-issue-code-form = Not a code of up to { $longest } letters and digits.
feeds-issue-encoding = Bytes of another encoding: the text cannot be read. Save the whole file in one encoding.
feeds-issue-nul = NUL bytes in the text. The file is damaged here.
feeds-issue-ragged = { $found } fields, the first row has { $expected }.
feeds-issue-row-long = Longer than { $limit } kB; a delimiter or line end is probably missing.
feeds-issue-open-quote = A quotation mark is never closed.
feeds-issue-key-missing = Neither a member number nor a member key.
feeds-issue-needed = “{ $field }” is missing.
feeds-issue-key-repeated = Row { $first } has the same key with other values; the first one stands.
feeds-issue-row-repeated = The same as row { $first }; it counts once.
feeds-issue-member-unknown = No such member, and this mapping adds none.
feeds-reason-date-no-such-day = Not a valid date: the month has no such day.
feeds-reason-date-no-such-month = Not a valid date: there is no such month.
feeds-reason-ragged = More or fewer fields than the first row.
feeds-reason-key-repeated = The key of an earlier row with other values; the first one stands.
feeds-reason-row-repeated = The same as an earlier row; it counts once.

feeds-level-reject = Not imported
feeds-level-blank = Left blank
feeds-level-tidy = Tidied
feeds-level-repeat = Counted once

feeds-why-check-digit = check digit fits { $percent } %
feeds-why-dates = dates { $percent } %
feeds-why-airports = airport codes { $percent } %
feeds-why-emails = e-mail addresses { $percent } %
feeds-why-phones = telephone numbers { $percent } %
feeds-why-range = name, and { $least } to { $most }
feeds-why-choices = { $count } values, all known
feeds-why-name = same name
feeds-why-name-close = name is close
feeds-why-last-time = used last time ({ $mapping })
feeds-why-shipped = layout “{ $mapping }”
feeds-why-no-field = no such field here
feeds-why-too-many-choices = too many different values
feeds-why-say-which = say what { $values } stand for
feeds-why-two-ways = { $value } can be read two ways: say which is the month
feeds-why-not-dates = { $count } values are no valid date
feeds-why-blank-rows = { $n ->
    [one] 1 of the first rows does not fit and is left blank
   *[other] { $n } of the first rows do not fit and are left blank
}
feeds-why-bad-rows = { $n ->
    [one] 1 of the first rows does not fit
   *[other] { $n } of the first rows do not fit
}
feeds-certainty-sure = Sure
feeds-certainty-confirm = Confirm
feeds-certainty-errors = Errors
feeds-certainty-skipped = Skipped

feeds-kind-auto = Tell by the columns
feeds-kind-members = Members
feeds-kind-segments = Flown segments
feeds-kind-activity = Activity by month
feeds-title-members = Import members
feeds-title-segments = Import flight history
feeds-title-activity = Import activity
feeds-policy-create-or-update = Add new, update known
feeds-policy-create = Add new only
feeds-policy-update = Update known only
feeds-status-uploading = Uploading
feeds-status-mapping = To be mapped
feeds-status-checking = Checking
feeds-status-checked = Checked
feeds-status-queued = Waiting
feeds-status-importing = Importing
feeds-status-done = Done
feeds-status-failed = Failed
feeds-status-cancelled = Cancelled
feeds-status-reverting = Being undone
feeds-status-reverted = Undone

feeds-steps = Steps
feeds-step-file = File
feeds-step-map = Map columns
feeds-step-check = Check
feeds-step-import = Import

feeds-history-title = Imports
feeds-new = New import
feeds-empty-title = No imports yet
feeds-empty-text = Member files, flight history and monthly activity appear here, with what became of every row.
feeds-col-file = File
feeds-col-kind = Kind
feeds-col-status = Status
feeds-col-rows = Rows
feeds-col-rejected = Rejected
feeds-col-who = By
feeds-col-when = Begun
feeds-unit-rows = rows
feeds-newest = Newest
feeds-col-column = Column
feeds-col-samples = Sample values
feeds-col-target = Import as
feeds-col-why = Why suggested
feeds-col-reason = Reason
feeds-col-first = First
feeds-col-level = Result
feeds-actions = Actions

feeds-new-kind = What the rows are
feeds-new-kind-help = One row per member, per flown segment, or per member and month.
feeds-new-file = File
feeds-new-choose = Choose a file
feeds-new-drop = or drop it here
feeds-new-file-help = CSV (also .gz, .xz, .zst, .zip) or Parquet, of any size. Delimiter, encoding, dates and decimals are found out.
feeds-new-upload = Upload
feeds-samples = Sample files
feeds-samples-text = Invented rows with the column names that map by themselves.
feeds-undo-note = Importing the same file twice adds nothing; an import can be undone for 30 days.
feeds-replace = Replace
feeds-same-file = This very file was imported on { $when }. Importing it again changes nothing.
feeds-columns = Columns
feeds-map-counts = { $mapped } mapped · { $confirm } to confirm · { $errors } with errors · { $skipped } skipped
feeds-suggest-again = Suggest again
feeds-target-of = Target field: { $column }
feeds-order-of = Order of dates: { $column }
feeds-blank-wrong = Leave wrong values blank
feeds-preview = Preview
feeds-confirm-values = Values of { $column }
feeds-value-blank = Leave blank
feeds-first-errors = Errors in the first 2,000 rows
feeds-no-errors = Nothing wrong found.
feeds-how = How to import
feeds-policy = Members already known
feeds-policy-help = Known is whoever has the same member number or key.
feeds-source = Source system
feeds-source-help = Keys are unique within a source.
feeds-observed-help = End of the window that the activity is summed up over.
feeds-reading = How the file is read
feeds-encoding = Encoding
feeds-delimiter = Delimiter
feeds-decimal = Decimal mark
feeds-header = First row
feeds-header-yes = Column names
feeds-header-no = Data
feeds-delimiter-comma = comma
feeds-delimiter-semicolon = semicolon
feeds-delimiter-tab = tab
feeds-delimiter-pipe = vertical bar
feeds-decimal-point = decimal point
feeds-decimal-comma = decimal comma
feeds-order-ymd = Year, month, day
feeds-order-mdy = Month, day, year
feeds-order-dmy = Day, month, year
feeds-order-excel = Spreadsheet number
feeds-order-unix = Unix time
feeds-mapping-name = Name of the mapping
feeds-mapping-none = None
feeds-apply = Apply and look again
feeds-use-mapping = Use another mapping
feeds-back = Back
feeds-throw-away = Discard
feeds-throw-away-confirm = Discard this import and its file? Nothing of it has been written.
feeds-remember = Remember this mapping
feeds-check-all = { $n ->
    [one] Check the row
   *[other] Check all { $n } rows
}
feeds-file-rows = { $n ->
    [one] 1 row
   *[other] { $n } rows
}
feeds-file-rows-about = about { $n } rows
feeds-file-columns = { $n ->
    [one] 1 column
   *[other] { $n } columns
}
feeds-row = Row { $n }

feeds-checking = { $done } rows checked so far.
feeds-check-note = Nothing is written while rows are checked.
feeds-checked = { $good } of { $rows } rows can be imported, { $rejected } cannot.
feeds-checked-all = { $rows ->
    [one] The row can be imported.
   *[other] All { $rows } rows can be imported.
}
feeds-checked-repeats = { $good } of { $rows } rows can be imported; the others are there twice.
feeds-checked-none = The file has no rows of data.
feeds-check-policy = Members already known: { $policy }.
feeds-unused = Columns not imported
feeds-import-rows = { $n ->
    [one] Import 1 row
   *[other] Import { $n } rows
}
feeds-by-reason = By reason
feeds-tile-new = New
feeds-tile-known = Known already
feeds-tile-blanked = With a value left blank
feeds-tile-repeated = There twice
feeds-tile-rejected = Rejected
feeds-tile-new-members = New members
feeds-tile-new-segments = New segments
feeds-tile-new-activity = New months
feeds-tile-updated = Updated
feeds-tile-unchanged = Unchanged
feeds-tile-skipped = Skipped
feeds-tile-people = New people found
feeds-sums = Sums of the rows: { $sums }
feeds-sum-flights = { $n ->
    [one] 1 flight
   *[other] { $n } flights
}
feeds-sum-km = { $n } km
feeds-sum-redeemed = { $n ->
    [one] 1 point redeemed
   *[other] { $n } points redeemed
}
feeds-open-customers = See the customers

feeds-answer-queued = Waiting for its turn.
feeds-answer-importing = { $done } of { $total } rows imported; about { $seconds } s left.
feeds-answer-importing-unknown = { $done } of { $total } rows imported.
feeds-answer-interrupted = Interrupted after { $done } of { $total } rows.
feeds-answer-done = { $read } rows read: { $created } new, { $updated } updated, { $rejected } rejected.
feeds-answer-failed = Stopped after { $done } of { $total } rows.
feeds-answer-cancelled = Cancelled after { $done } of { $total } rows.
feeds-answer-mapping = The columns are to be mapped.
feeds-answer-checked = All rows have been checked.
feeds-answer-checking = The rows are being checked.
feeds-answer-uploading = The file is arriving.
feeds-answer-reverting = { $n } rows undone so far.
feeds-answer-reverted = Undone: { $undone } rows taken back, { $kept } kept because they were changed later.
feeds-leave = You can leave: it continues in the background and tells you when done. If interrupted, it resumes at row { $row }.
feeds-refresh = Refresh
feeds-cancel = Cancel import
feeds-cancel-confirm = Stop this import? Rows already in stay; it can go on later or be undone.
feeds-cancel-asked = The import stops after the rows under way.
feeds-go-on = Go on
feeds-revert = Undo import
feeds-revert-confirm = Undo the whole import? What it added is removed and what it changed is put back, except where something was changed later.
feeds-undo-until = Can be undone until { $when }.
feeds-thrown-away = The import was thrown away.
feeds-phases = Phases
feeds-phase-read = Read and decode
feeds-phase-check = Check
feeds-phase-write = Writing rows
feeds-phase-write-members = Write members
feeds-phase-write-segments = Write segments
feeds-phase-write-activity = Write months
feeds-phase-finish = Put indexes and search in order
feeds-phase-revert = Taking rows back
feeds-seconds = { $s } s
feeds-rate = { $n } rows/s
feeds-speed = Speed
feeds-speed-caption = thousand rows/s
feeds-speed-second = Second
feeds-speed-label = Writing at about { $n } rows a second.
feeds-rejected-rows = { $n ->
    [0] No row rejected
    [one] 1 row rejected
   *[other] { $n } rows rejected
}
feeds-send-again = Correct the rows and import them as a file of their own: rows already in stay unchanged.
feeds-issues-title = Rows with findings
feeds-issues-none = No row of this import has a finding of this kind.
feeds-csv-row = Row
feeds-csv-column = Column
feeds-csv-value = Value
feeds-csv-level = Result
feeds-csv-reason = Reason
feeds-mappings-title = Mappings
feeds-mappings-text = A mapping says which column becomes which field. Download one, change it, and use it on the command line or in the wizard.
feeds-mapping-title = Title
feeds-mapping-saved = Saved
feeds-mapping-shipped = comes with Jetbridge
feeds-mapping-deleted = The mapping “{ $name }” was deleted.
feeds-mapping-delete-confirm = Delete the mapping “{ $name }”? Imports keep the copy they used.
feeds-delete = Delete

feeds-word-male = Male
feeds-word-female = Female
feeds-word-ordinary = Ordinary
feeds-word-silver = Silver
feeds-word-gold = Gold
feeds-word-platinum = Platinum
feeds-word-lifetime = Lifetime platinum
feeds-word-first = First
feeds-word-business = Business
feeds-word-premium = Premium economy
feeds-word-economy = Economy
feeds-word-web = Website
feeds-word-app = App
feeds-word-wechat = WeChat
feeds-word-agency = Agency
feeds-word-call-centre = Call centre
feeds-word-airport = Airport counter
feeds-word-corporate = Company
feeds-word-direct = Direct
feeds-word-flown = Flown
feeds-word-no-show = No-show
feeds-word-refunded = Refunded
feeds-word-changed = Changed
feeds-word-cancelled = Cancelled
feeds-word-booked = Booked
feeds-word-true = Yes
feeds-word-false = No

feeds-field-none = Do not import
feeds-field-extra = Keep as an attribute
feeds-field-member-no = Member number
feeds-field-member-key = Member key
feeds-field-name = Name
feeds-field-name-native = Chinese name
feeds-field-surname = Surname
feeds-field-given = Given name
feeds-field-gender = Gender
feeds-field-birth-date = Date of birth
feeds-field-age = Age
feeds-field-city = City
feeds-field-province = Province
feeds-field-country = Country
feeds-field-language = Language
feeds-field-tier = Tier
feeds-field-joined-on = Joined on
feeds-field-joined-year = Year of joining
feeds-field-joined-month = Month of joining
feeds-field-cancelled-on = Left on
feeds-field-cancelled-year = Year of leaving
feeds-field-cancelled-month = Month of leaving
feeds-field-phone = Telephone
feeds-field-email = E-mail
feeds-field-id-card = Identity card
feeds-field-passport = Passport
feeds-field-observed-on = Observation date
feeds-field-tenure-days = Days since joining
feeds-field-first-flight-on = First flight
feeds-field-last-flight-on = Last flight
feeds-field-last-flight-days = Days since last flight
feeds-field-flights = Flights F
feeds-field-km = Mileage M, km
feeds-field-coefficient = Coefficient C
feeds-field-fare-year-1 = Fares, first year
feeds-field-fare-year-2 = Fares, second year
feeds-field-points = Points
feeds-field-exchanges = Redemptions
feeds-field-kept-verdict = Kept by the source's filter
feeds-field-segment-key = Segment key
feeds-field-flight-date = Flight date
feeds-field-departs-at = Departure time
feeds-field-carrier = Carrier
feeds-field-flight-no = Flight number
feeds-field-origin = Departure airport
feeds-field-destination = Arrival airport
feeds-field-booking-class = Booking class
feeds-field-cabin = Cabin
feeds-field-fare = Fare
feeds-field-fare-minor = Fare in minor units
feeds-field-currency = Currency
feeds-field-discount = Discount coefficient
feeds-field-booked-on = Booked on
feeds-field-channel = Channel
feeds-field-outcome = Outcome
feeds-field-record-locator = Record locator
feeds-field-ticket-coupon = Ticket coupon
feeds-field-seat = Seat
feeds-field-party-size = Party size
feeds-field-extras = Extras
feeds-field-extras-minor = Extras in minor units
feeds-field-year = Year
feeds-field-month-no = Month of the year
feeds-field-month = Month
feeds-field-points-earned = Points earned
feeds-field-points-redeemed = Points redeemed
feeds-field-redeemed-value = Value redeemed

# Messages
permission-feeds-receive = Hand in messages and web events
permission-feeds-replay = Correct and replay messages in quarantine
permission-feeds-sources = Make and change sources of messages
job-feeds-process = Applying messages
feeds-phase-messages = Applying messages
error-feeds-message-empty = The message is empty.
error-feeds-message-empty-hint = Send the text of at least one message.
error-feeds-message-long = The message is longer than { $megabytes } MB.
error-feeds-message-long-hint = Send it in parts, or give the file to the command line.
error-feeds-message-not-found = There is no such message.
error-feeds-message-not-found-hint = Check the address, or look for it in the list of messages.
error-feeds-message-state = This cannot be done now: the message is “{ $status }”.
error-feeds-message-state-hint = Load the page again to see where it stands.
error-feeds-packing = The kept text of a message cannot be unpacked.
error-feeds-packing-hint = Check the key file and the disk; restore the database if it is damaged.
error-feeds-source-name = A source is named by up to 60 small letters, digits and hyphens.
error-feeds-source-name-hint = Give another name, such as type-b-gateway.
error-feeds-source-not-found = There is no such source.
error-feeds-source-not-found-hint = The sources are listed under Feeds.
