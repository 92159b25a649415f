# Customers. Words: shared glossary. Keys begin with `customers-`.

customers-list-title = Customers
customers-trash-title = Trash
customers-trash-note = Customers in the trash are in no list, search or count. They can be restored at any time.
customers-trash-empty = The trash is empty
customers-trash-empty-text = Customers put in the trash appear here and can be restored.
customers-new = New customer
customers-empty-title = No customers yet
customers-empty-text = Import a member file, or start the demo, and everybody in it appears here.
customers-empty-action = Import a file
customers-unit-km = km

customers-col-name = Name
customers-col-member-no = Member no.
customers-col-tier = Tier
customers-col-group = Value group
customers-col-lifecycle = Lifecycle
customers-col-last = Last flight
customers-col-flights = Flights
customers-col-km = Distance
customers-col-score = Score
customers-col-coefficient = Coefficient
customers-col-city = City
customers-col-province = Province
customers-col-country = Country or region
customers-col-owner = Owner
customers-col-joined = Joined
customers-col-birth-month = Birth month
customers-col-gender = Gender
customers-col-observed = Observed on
customers-col-created = Added
customers-col-changed = Changed
customers-col-tag = Tag

customers-view-all = All customers
customers-view-keep = Important to keep
customers-view-at-risk = At risk
customers-view-sleeping = Sleeping gold and above
customers-view-new = New
customers-view-trash = In the trash

customers-tier-ordinary = Ordinary
customers-tier-silver = Silver
customers-tier-gold = Gold
customers-tier-platinum = Platinum
customers-tier-lifetime = Lifetime
customers-group-keep = Important to keep
customers-group-develop = Important to develop
customers-group-winback = Important to win back
customers-group-general = General
customers-group-low = Low value
customers-group-short-keep = Keep
customers-group-short-develop = Develop
customers-group-short-winback = Win back
customers-group-short-general = General
customers-group-short-low = Low
customers-lifecycle-prospect = Prospect
customers-lifecycle-new = New
customers-lifecycle-growing = Growing
customers-lifecycle-mature = Mature
customers-lifecycle-at-risk = At risk
customers-lifecycle-dormant = Dormant
customers-lifecycle-lost = Lost
customers-lifecycle-won-back = Won back
customers-lifecycle-why-prospect = known, has not flown yet
customers-lifecycle-why-new = joined or first flew not long ago
customers-lifecycle-why-growing = flies more than before
customers-lifecycle-why-mature = flies as usual
customers-lifecycle-why-at-risk = flies clearly less than before
customers-lifecycle-why-dormant = has not flown for long
customers-lifecycle-why-lost = has stayed away beyond the limit
customers-lifecycle-why-won-back = flies again after a long pause
customers-gender-female = Female
customers-gender-male = Male
customers-gender-other = Other
customers-contact-phone = Phone
customers-contact-email = E-mail
customers-document-id-card = Identity card
customers-document-passport = Passport
customers-document-other = Other document
customers-clear-phone = Phone
customers-clear-email = E-mail
customers-clear-id-card = Identity card
customers-clear-passport = Passport
customers-clear-other = Other document
customers-language-zh-CN = Chinese
customers-language-en = English
customers-language-ja = Japanese
customers-language-ko = Korean
customers-language-fr = French
customers-language-de = German
customers-language-ru = Russian
customers-language-es = Spanish

customers-nameless = Without a name
customers-nameless-member = Member { $no }
customers-today = today
customers-days-ago = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
customers-months-ago = { $n ->
    [one] { $n } month ago
   *[other] { $n } months ago
}
customers-years-ago = { $n ->
    [one] { $n } year ago
   *[other] { $n } years ago
}
customers-owner-other = a colleague
customers-and = {", "}
customers-not-known = Not known
customers-nobody = Nobody
customers-somebody = Somebody
customers-an-import = An import

customers-why-member-no = member no.
customers-why-email = e-mail
customers-why-phone = phone
customers-why-document = document
customers-why-name = name
customers-why-initials = initials
customers-why-other-spelling = other spelling
customers-why-sounds-like = sounds alike
customers-why-similar = similar name

customers-sections = Sections
customers-pane-panels = Decide
customers-timeline = Timeline
customers-facts = Facts
customers-edit = Edit
customers-edit-facts = Edit facts
customers-trash = To trash
customers-restore = Restore
customers-copy-no = Copy member number
customers-in-trash-since = In the trash since { $when }. Nothing is lost.
customers-deck-value = Value
customers-deck-value-why = { $flights ->
    [one] { $flights } flight
   *[other] { $flights } flights
    }, { $km } km, observed { $day }
customers-deck-no-value = Not valued yet
customers-deck-no-value-why = a value run gives every customer a group and its reasons
customers-deck-last = Last flight
customers-deck-no-flight = None known
customers-deck-lifecycle = Lifecycle
customers-deck-tasks = Tasks
customers-tasks-open = { $n ->
    [one] { $n } open
   *[other] { $n } open
}
customers-tasks-none = None open
customers-age = { $n ->
    [one] { $n } year
   *[other] { $n } years
}
customers-reveal = Reveal
customers-reveal-purpose = For what purpose?
customers-reveal-note = Who looked, when and why is kept in the audit trail.
customers-revealed-note = Shown once, for you. The audit trail has noted it.
customers-seen = Who looked
customers-seen-contacts = contacts
customers-seen-documents = documents
customers-records = Where this is known from
customers-records-none = Entered by staff; no feed has said anything yet.
customers-source-ffp = Frequent-flyer programme
customers-source-pss = Passenger service system
customers-source-dcs = Departure control system
customers-source-crm = CRM
customers-evidence-created = made from this record
customers-evidence-source-key = same key in the same source
customers-evidence-member-no = same member number
customers-evidence-kept = kept when its import was taken back

customers-tags = Tags
customers-tags-none = None
customers-tag-new = New tag
customers-tag-add = Add
customers-tag-remove = Remove the tag { $tag }
customers-tag-added = Tag added.
customers-tag-removed = Tag removed.

customers-tl-filters = What to show
customers-tl-none = Nothing has happened yet. Flights, notes and changes appear here, newest first.
customers-tl-earlier = Earlier
customers-tl-ahead = Ahead
customers-tl-today = Today
customers-tl-week = Last 7 days
customers-tl-this-month = Last 31 days
customers-tl-notes = Notes
customers-tl-tasks = Tasks
customers-tl-profile = Changes
customers-tl-records = Sources
customers-tl-note = Note by { $who }
customers-tl-task = Task: { $title }
customers-tl-due = due { $day }
customers-tl-edited-by = Profile changed by { $who }
customers-tl-edited-import = Profile changed by an import
customers-tl-edited = Profile changed
customers-tl-fields = { $fields }
customers-tl-record = First known from { $source }

customers-note-new = A note for the next colleague
customers-note-add = Add note
customers-note-added = Note added.
customers-note-remove = Remove note
customers-note-remove-ask = Remove this note? It cannot be brought back.
customers-note-removed = Note removed.

customers-tasks = Tasks
customers-tasks-empty = No tasks. Write down what has been promised and by when.
customers-task-new = New task
customers-task-title = What is to be done
customers-task-due = By
customers-task-assignee = By whom
customers-task-add = Add task
customers-task-added = Task added.
customers-task-open = Open
customers-task-done = Done
customers-task-late = Late
customers-task-finish = Mark “{ $title }” done
customers-task-reopen = Open “{ $title }” again
customers-task-finished = Task done.
customers-task-reopened = Task open again.

customers-field-name = name
customers-field-gender = Gender
customers-field-birth-date = Birthday
customers-field-city = City
customers-field-province = Province
customers-field-country = Country
customers-field-language = Language
customers-field-owner = Owner
customers-field-member-no = Member no.
customers-field-tier = Tier
customers-field-joined-on = Joined
customers-field-cancelled-on = Left
customers-field-phone = Phone
customers-field-email = E-mail
customers-field-document = Document
customers-field-trashed = put in the trash
customers-field-restored = restored
customers-field-other = other

customers-new-title = New customer
customers-new-save = Create customer
customers-edit-title = Edit customer
customers-edit-save = Save changes
customers-edit-save-mine = Save mine over it
customers-edit-name = Name
customers-edit-native = In Chinese characters
customers-edit-native-help = Surname first, as written
customers-edit-surname = Surname in Latin letters
customers-edit-given = Given name in Latin letters
customers-edit-given-help = Left empty, the spelling is derived from the Chinese name
customers-edit-person = Person
customers-edit-reach = Contact and document
customers-edit-programme = Programme
customers-edit-document-kind = Kind of document
customers-edit-has = Known: { $masked }. Left empty, it stays.
customers-edit-remove = Remove what staff entered
customers-created = Customer created.
customers-saved = Saved.
customers-unchanged = Nothing was different.
customers-trashed = Put in the trash.
customers-restored = Restored.
customers-conflict = { $who } changed { $fields } { $when }, after you opened this form.
customers-conflict-hint = What you typed is still here. Compare, then save it over theirs, or
customers-conflict-reload = start from theirs.

customers-bulk-tag = Tag
customers-bulk-assign = Assign owner
customers-bulk-trash = To trash
customers-bulk-restore = Restore
customers-bulk-tag-title = Tag customers
customers-bulk-assign-title = Assign an owner
customers-bulk-trash-title = Put customers in the trash
customers-bulk-restore-title = Restore customers
customers-bulk-tag-count = { $n ->
    [one] { $n } customer will get the tag.
   *[other] { $n } customers will get the tag.
}
customers-bulk-assign-count = { $n ->
    [one] { $n } customer will get this owner.
   *[other] { $n } customers will get this owner.
}
customers-bulk-trash-count = { $n ->
    [one] { $n } customer will be put in the trash.
   *[other] { $n } customers will be put in the trash.
}
customers-bulk-restore-count = { $n ->
    [one] { $n } customer will be restored.
   *[other] { $n } customers will be restored.
}
customers-bulk-tag-do = { $n ->
    [one] Tag { $n } customer
   *[other] Tag { $n } customers
}
customers-bulk-assign-do = { $n ->
    [one] Assign { $n } customer
   *[other] Assign { $n } customers
}
customers-bulk-trash-do = { $n ->
    [one] Put { $n } customer in the trash
   *[other] Put { $n } customers in the trash
}
customers-bulk-restore-do = { $n ->
    [one] Restore { $n } customer
   *[other] Restore { $n } customers
}
customers-bulk-tag-done = { $n ->
    [one] { $n } customer got the tag.
   *[other] { $n } customers got the tag.
}
customers-bulk-assign-done = { $n ->
    [one] { $n } customer got the owner.
   *[other] { $n } customers got the owner.
}
customers-bulk-trash-done = { $n ->
    [one] { $n } customer was put in the trash.
   *[other] { $n } customers were put in the trash.
}
customers-bulk-restore-done = { $n ->
    [one] { $n } customer was restored.
   *[other] { $n } customers were restored.
}
customers-bulk-undo-note = For 30 days this can be undone. Whatever somebody changes in between stays.
customers-bulk-started = Started. Progress is shown at the top.
customers-bulk-running = { $n ->
    [one] { $n } customer is being worked on.
   *[other] { $n } customers are being worked on.
}
customers-bulk-was-undone = { $n ->
    [one] Undone. It had touched { $n } customer.
   *[other] Undone. It had touched { $n } customers.
}
customers-bulk-by = Asked by
customers-bulk-at = When
customers-bulk-counted = Meant for
customers-bulk-touched = Changed
customers-bulk-undo = Undo
customers-bulk-undo-started = Undo started.
customers-bulk-phase = customers
customers-bulk-undo-phase = customers put back
job-customers-bulk = Bulk action on customers
job-customers-bulk-undo = Undo of a bulk action

permission-customers-read = See customers
permission-customers-edit = Edit customers, notes, tags and tasks
permission-customers-trash = Put customers in the trash and restore them
permission-customers-bulk = Act on many customers at once
permission-customers-export = Export lists of customers
permission-customers-privacy = Export and erase a person's data
target-customer = Customer
target-bulk = Bulk action
audit-customers-created = Created a customer
audit-customers-edited = Edited a customer
audit-customers-trashed = Put a customer in the trash
audit-customers-restored = Restored a customer
audit-customers-noted = Changed a note
audit-customers-tagged = Changed tags
audit-customers-task-changed = Changed a task
audit-customers-exported = Exported a person's data
audit-customers-forgotten = Erased a person
audit-customers-bulk-started = Started a bulk action
audit-customers-bulk-ended = Finished a bulk action
audit-customers-bulk-undone = Undid a bulk action

error-customers-not-found = This customer is not there.
error-customers-not-found-hint = The link may be old, or the person was erased. Search by name or member number.
error-customers-note-not-found = This note is not there, or it is not yours.
error-customers-note-not-found-hint = Reload the page to see what is there now.
error-customers-task-not-found = This task is not there.
error-customers-task-not-found-hint = Reload the page to see what is there now.
error-customers-bulk-not-found = This bulk action is not there.
error-customers-bulk-not-found-hint = Look for it among the jobs.
error-customers-changed = { $who } changed this customer since you read it: { $fields }.
error-customers-changed-hint = Read the customer again (version { $version } now), then repeat your change.
error-customers-in-trash = This customer is in the trash.
error-customers-in-trash-hint = Restore the customer first.
error-customers-member-no-taken = Another customer has this member number.
error-customers-member-no-taken-hint = Check the number, or search for the customer who has it.
error-customers-invalid = These fields are not right: { $fields }.
error-customers-invalid-hint = Correct them and send the request again.
error-customers-text = The text is empty or longer than { $limit } characters.
error-customers-text-hint = Shorten it and try again.
error-customers-not-undoable = This can no longer be undone.
error-customers-not-undoable-hint = Undo is possible once, within 30 days, after the action has finished.
error-customers-nothing-selected = The selection matches no customer.
error-customers-nothing-selected-hint = Tick rows, or change the filter.
error-customers-bad-list = The list cannot be asked for like this: { $what }.
error-customers-bad-list-hint = Start from the list without a filter.
error-customers-vault = Personal data could not be opened or sealed.
error-customers-vault-hint = Ask an administrator to check the key file.
error-customers-purpose = Choose the purpose for which you need the data.
error-customers-purpose-hint = The purpose is kept in the audit trail.
error-customers-precondition = This request needs the version it is based on.
error-customers-precondition-hint = Send If-Match with the ETag you read, or `version` in the body.
error-customers-name-or-number = Give a name or a member number.
error-field-too-long = Too long: at most 80 characters.
error-field-date = Not a date. Write it as YYYY-MM-DD.
error-field-date-range = The date lies before 1900 or in the future.
error-field-member-no = A member number has letters and digits only, at most 20.
error-field-phone = Not a telephone number. Write it with its country code, such as +86 138 1234 5678.
error-field-email = Not an e-mail address.
error-field-document = Not a valid number for this kind of document.

customers-board-title = Tasks
customers-board-whose = Whose tasks
customers-board-mine = Mine
customers-board-nobody = Nobody’s yet
customers-board-everybody = Everybody’s
customers-board-overdue = Overdue
customers-board-today = Today
customers-board-week = Next six days
customers-board-later = Later
customers-board-undated = No day
customers-board-done = Done, last seven days
customers-board-more = { $n ->
    [one] and { $n } more
   *[other] and { $n } more
  }
customers-board-empty = No tasks here
customers-board-empty-text = Tasks are added on a customer’s page: what has been promised, by whom and by when.
customers-board-move = Move “{ $title }”
customers-board-to-today = Today
customers-board-to-week = In six days
customers-board-to-later = In two weeks
customers-board-to-undated = No day
customers-board-to-done = Done
customers-board-set-day = Set
customers-board-moved = Moved to { $day }.
customers-board-moved-undated = Moved. It has no day now.

## Who is who
identity-title = Same person?
identity-note = Pairs of customers who may be one person. The heaviest evidence comes first.
identity-question = Are these one person?
identity-decided-title = Decided pairs
identity-decided-empty = Nothing decided yet
identity-decided-empty-text = Pairs somebody or the machine decided will appear here, with the way back.
identity-empty-title = No pair waits
identity-empty-text = When records of two customers agree, but not enough to join them, the pair appears here.
identity-view-all = Heaviest
identity-view-newest = Newest
identity-view-decided = All
identity-col-one = Customer
identity-col-other = May be
identity-col-weight = Evidence (bits)
identity-col-band = Machine says
identity-col-found = Found
identity-col-status = Decision
identity-col-decided = Decided
identity-col-compare = Compared
identity-col-level = Found
identity-col-bits = Bits
identity-col-source = Source
identity-col-key = Key
identity-col-said = Received
identity-col-why = Why it is here
identity-band-review = look at it
identity-band-link = contested
identity-status-same = one person
identity-status-different = two people
identity-status-later = put off
identity-status-joined = joined by the machine
identity-run = Search for people known twice
identity-run-what = Compares all records of all customers with each other.
identity-run-how = Weights are estimated on the airline's own records when there are enough of them. Pairs that are sure are joined, others wait here. What people decided stays as it is, and everything can be taken back.
identity-run-start = Start the search
identity-run-started = The search has started.
identity-run-running = A search is running already.
identity-run-phase = Comparing records
identity-key-phase = Making imported records known
identity-side-by-side = Both customers, field by field
identity-agrees = Whether they agree
identity-agree = same
identity-differ = differs
identity-known-from = Known from
identity-records-n = { $n ->
    [one] { $n } record
   *[other] { $n } records
}
identity-same = Same person
identity-different = Different people
identity-later = Later
identity-undo = Take back
identity-undone = Taken back.
identity-done-same = Joined into one customer.
identity-done-different = Kept apart for good.
identity-done-later = Put off.
identity-evidence = Evidence
identity-no-evidence = No comparison was kept for this pair.
identity-waterfall = Evidence, from the odds beforehand to the total, in bits
identity-waterfall-caption = Bits of evidence: ten bits are odds of a thousand
identity-tip = { $name }: { $level }, { $bits } bits
identity-tip-total = { $name }: { $bits } bits
identity-prior = Beforehand
identity-prior-level = two customers at random
identity-total = Total
identity-bits = { $bits } bits
identity-rule-booking = The only passenger of this name on the booking.
identity-records = Records
identity-records-what = { $n ->
    [one] One record makes this customer.
   *[other] { $n } records make this customer.
}
identity-choose = Choose { $source } { $key }
identity-choose-records = Choose the records of the other person first.
identity-split = Split off the chosen records
identity-split-note = They become a customer of their own. All versions under one key go together. It can be taken back at any time.
identity-split-done = Split off into a customer of their own.
identity-steps = Merges and splits
identity-steps-none = Nothing was merged or split.
identity-step-merge = { $n ->
    [one] Merged: { $n } record came here
   *[other] Merged: { $n } records came here
}
identity-step-split = { $n ->
    [one] Split: { $n } record
   *[other] Split: { $n } records
}
identity-step-undone = taken back
identity-by-machine = Jetbridge
identity-merge = Merge
identity-merge-with = Merge with { $name }
identity-merge-what = The older customer stays and keeps its address; records, notes, tags and tasks of the other come to it. It can be taken back at any time.
identity-merge-search = Name, member number, phone or e-mail
identity-merge-find = Search
identity-merge-ask = Nobody else is called like this. Search for the other customer.
identity-merge-none = Nobody found. Search by another name or number.
identity-merged = Merged into one customer.
identity-one-already = These are one customer already.
identity-compare-name = Name
identity-compare-birth = Birth date
identity-compare-gender = Gender
identity-compare-nationality = Nationality
identity-compare-document = Document
identity-compare-member = Membership
identity-compare-phone = Phone
identity-compare-email = E-mail
identity-compare-address = Address
identity-compare-booking = Booking
identity-level-native-same = same characters
identity-level-same = the same
identity-level-swapped = parts exchanged
identity-level-spelling = another spelling
identity-level-truncated = cut off
identity-level-typo = a slip
identity-level-partial = in part
identity-level-one-letter = one letter off
identity-level-romanised = another romanisation
identity-level-homophone = same sound, other characters
identity-level-given = given name only
identity-level-surname = surname only
identity-level-different = different
identity-level-year = same year
identity-level-same-card = same identity card
identity-level-same-passport = same passport
identity-level-same-number = same number
identity-level-other-passport = another passport
identity-level-other-card = another identity card
identity-level-other = another number
identity-level-none-shared = nothing shared
identity-level-same-city = same city
identity-level-other-city = another city
identity-level-same-place = same place on it
identity-level-same-name = same booking and name
identity-level-other-passenger = another passenger
identity-veto-birth-dates = The birth dates contradict each other: never joined.
identity-veto-identity-cards = Two valid identity cards: never joined.
identity-veto-other-passenger = Two passengers of one booking: never joined.
identity-certain-identity-card = Same identity card, and the names agree: certain.
identity-certain-passport = Same passport, country and birth date, and the names agree: certain.
identity-certain-member = Same member number, and the names agree: certain.
identity-cap-nothing-own = Only name, birth date and the like agree, nothing of the person's own: for people to decide.
identity-cap-names = The names do not agree well enough: for people to decide.
identity-cap-two-places = Two places on one booking: for people to decide.
customers-merge = Merge with…
customers-records-all = All records
customers-evidence-placed = first heard of here
customers-evidence-booking = only passenger of the name on the booking
customers-evidence-document = same document
customers-evidence-weight = records agree
customers-source-booking = Booking
customers-source-departure = Departure
customers-source-ticket = Ticket
customers-source-boarding-pass = Boarding pass
customers-source-web = Website
customers-source-staff = Staff
customers-from-source = from { $source }, { $day }
customers-from-staff = entered by staff
customers-tl-merges = Merges
customers-tl-merged = Merged with another customer
customers-tl-split = Records split off
customers-tl-undone = taken back
customers-tl-records-n = { $n ->
    [one] { $n } record
   *[other] { $n } records
}
error-customers-meanwhile = Somebody changed the customer at the same moment. Nothing was written.
error-customers-meanwhile-hint = Try again.
error-customers-merged = This customer was merged into another. Open the other one.
error-identity-decided = Somebody has decided this pair already.
error-identity-whole-customer = These are all records of the customer; nothing would be left.
error-identity-review-not-found = There is no such pair.
error-identity-step-not-found = There is no such merge or split.
error-identity-record-not-found = The record is not this customer's.
error-identity-verdict = Choose same, different or later.
error-customers-merged-hint = The address of this page leads to the customer it is now.
error-identity-decided-hint = Reload the pair to see the decision; it can be taken back.
error-identity-whole-customer-hint = Leave at least one record.
error-identity-review-not-found-hint = One of the two may have been erased. Go back to the list.
error-identity-step-not-found-hint = Reload the records of the customer.
error-identity-record-not-found-hint = It may have been moved meanwhile. Reload the page.
permission-identity-review = Say who is one person: merge, split, decide
permission-identity-run = Search for people known twice
audit-customers-merged = Merged two customers
audit-customers-split = Split records off a customer
audit-customers-merge-undone = Took a merge back
audit-customers-split-undone = Took a split back
audit-identity-decided = Decided whether a pair is one person
audit-identity-undone = Took the decision on a pair back
audit-identity-run = Started a search for people known twice
job-identity-key = Making imported records known
job-identity-join = Joining customers who are one person
job-identity-run = Search for people known twice
target-identity-review = Pair of customers
target-identity-run = Search for people known twice
customers-view-travel = Known from travel
