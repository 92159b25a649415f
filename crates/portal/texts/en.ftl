# The member portal.

portal-title = My membership
portal-home = My home
portal-nav-home = Home
portal-nav-trips = Trips
portal-nav-miles = Miles
portal-nav-tier = Tier
portal-nav-profile = Me
portal-programme = Programme
portal-number = Member number
portal-unit-km = km
portal-unit-miles = miles
portal-unit-points = points
portal-segments = { $n } segments
portal-measure-miles = Redeemable miles
portal-measure-distance = Qualifying distance
portal-measure-segments = Qualifying segments
portal-measure-spend = Qualifying spend
portal-measure-lifetime = Lifetime distance
portal-all = All
portal-more = More
portal-older = Earlier
portal-never = No expiry
portal-unknown = Not known

## Coming in
portal-sign-in = Sign in as a member
portal-to-activate = First time here? Use your activation code
portal-to-sign-in = I have a password already
portal-forgotten = Forgotten your password?
portal-forgotten-text = Call the contact centre and ask for a new activation code. We do not send e-mails from here yet.
portal-demo = Demo member
portal-activate = Set your password
portal-activate-text = You get the code from our contact centre or at the counter. It opens once, within 72 hours.
portal-code = Activation code
portal-code-help = Twelve letters and digits; hyphens may be left out.
portal-activate-send = Set password and sign in
portal-activated = Your password is set. Other sessions have ended.
error-portal-sign-in-refused = Member number or password is not right.
error-portal-sign-in-refused-hint = Without a password yet, use your activation code; the contact centre gives a new one.
error-portal-code-refused = Member number or code is not right, or the code is used or too old.
error-portal-code-refused-hint = The contact centre gives a new code.

## Accounts that cannot come in
portal-closed-number = Member { $number }
portal-closed-into = Please sign in with { $number }.
error-portal-member-merged = This membership was merged into another.
error-portal-member-merged-hint = All miles and flights are there. If you have no password for it yet, ask the contact centre for an activation code.
error-portal-member-frozen = This account is frozen.
error-portal-member-frozen-hint = To protect your miles nothing can be seen or spent until our contact centre has spoken with you. Nothing is lost.
error-portal-member-closed = This membership has ended.
error-portal-member-closed-hint = If that surprises you, please call the contact centre.
portal-half-frozen = Your account is protected at present: flights are credited, but nothing can be spent. Please call the contact centre.

## Card
portal-card = Digital membership card
portal-card-show = Show the card in full
portal-card-valid = Valid to { $day }
portal-card-no-end = No end date
portal-card-note = This page stays readable without a connection while it is open.
portal-barcode = Barcode of the member number
portal-alliance-gold = Alliance Gold
portal-alliance-silver = Alliance Silver

## Miles
portal-miles = Miles
portal-statement = Statement
portal-balance = Balance
portal-latest = Latest
portal-miles-none = No miles yet
portal-miles-none-text = Give your member number when you book, or at the counter. Miles come after the flight.
portal-owed = Miles were taken back after you had spent them. What you earn next makes up for it first.
portal-pending = On their way
portal-held = Kept for a redemption
portal-expires = { $n } can be used until { $day }.
portal-enough-tickets = Economy tickets { $from } – { $to }, one way: enough for { $n }.
portal-enough-not = { $more } { $unit } more and you have an economy ticket { $from } – { $to }, one way.
portal-enough-item = Or for: { $name } ({ $price }).
portal-enough-not-item = { $more } { $unit } more for: { $name }.
portal-balance-after = Balance { $n }
portal-show = Which lines
portal-show-all = All
portal-show-earned = Earned
portal-show-used = Used
portal-show-expired = Expired
portal-lines-none = Nothing of this kind
portal-lines-all = Show all lines
portal-day = Balance on a day
portal-day-label = Day
portal-day-ask = Show
portal-day-answer = At the end of { $day } you had { $n }.
portal-day-then = On that day we knew of { $n }; the rest was credited or corrected later.
portal-day-wrong = Please give a day up to today.

## Lines
portal-line-flight = Flight { $what }
portal-line-flight-day = Flight of { $day }
portal-line-bonus = Tier bonus, { $what }
portal-line-bonus-day = Tier bonus for the flight of { $day }
portal-line-promotion = Promotion, { $what }
portal-line-promotion-day = Promotion for the flight of { $day }
portal-line-correction = Correction, { $what }
portal-line-correction-day = Correction of the flight of { $day }
portal-line-adjustment = Adjustment by our staff
portal-line-expired = Miles expired
portal-line-held = Kept for a redemption
portal-line-settled = Credited
portal-line-released = Given back
portal-line-returned = Returned
portal-line-reversed = Taken back
portal-line-credit = Miles added
portal-line-debit = Miles used
portal-line-effective = True from
portal-line-recorded = In the account since
portal-line-until = Can be used until
portal-line-after = Balance afterwards
portal-why = How it comes about
portal-rules = Rules of { $name }, version { $version }
portal-same-cause = From the same cause
portal-note-expired = These are the unused miles of { $n } from { $came }; their last day of use has passed.
portal-note-reversed = Takes back { $n } of { $came }, because what was reported about it was corrected.
portal-note-adjustment = Entered by a member of staff and approved by a second. The contact centre tells you why.
portal-note-none = There is no calculation behind this line. The contact centre can tell you more.

## Tier
portal-tier = Tier
portal-tier-until = Valid until { $day }
portal-tier-keep = Keeping { $tier }
portal-tier-raise = On the way to { $tier }
portal-tier-way = The way up
portal-tier-no-way = There is nothing to reach or keep at present.
portal-tier-off = counts until before { $day }
portal-goals = All goals
portal-months = What counts, by month
portal-months-none = No flight counts yet. The first one that is credited appears here.
portal-benefits = What the tier gives you
portal-benefits-none = Flights are credited to your account. Further benefits begin with the next tier.
portal-benefit-choice = by choice
portal-benefit-per-flight = { $n } a flight
portal-benefit-per-year = { $n } a calendar year
portal-benefit-per-membership-year = { $n } a membership year
portal-benefit-per-tier = { $n } while the tier lasts
portal-benefit-companions = also for { $n ->
    [one] one companion
   *[other] { $n } companions
}
portal-benefit-hours = until { $n } hours before departure
portal-benefit-airlines = on flights of { $names }
portal-bar = { $have } of { $need }
portal-bar-booked = { $have } flown and { $booked } booked, of { $need }
portal-bar-have = Flown { $n }
portal-bar-ahead = Booked { $n }
portal-bar-need = Needed { $n }

## Trips
portal-trip-next = Next trip
portal-trips-ahead = { $n ->
    [one] One flight
   *[other] All { $n } flights
}
portal-trips-past = Flights flown
portal-trips-none = Flights appear here the day after, with what they earned.
portal-trip-none = No trip booked
portal-trip-none-text = Bookings with your member number appear here by themselves.
portal-trip-booked = Booked
portal-trip-cancelled = The flight is cancelled. Please call the contact centre.
portal-trip-waitlisted = On the waiting list
portal-trip-class = Class { $class }
portal-trip-seat = Seat { $seat }
portal-trip-length = { $h } h { $m } min
portal-trip-worth = Will earn about { $n } { $unit }.
portal-earned-nothing = –
portal-because = It earned nothing. The contact centre can tell you why.
portal-because-soon = Not credited yet.
portal-because-nobody = Your member number was not on the ticket.
portal-because-withdrawn = It was reported by mistake and taken back.
portal-because-blocked = Not credited yet: your account does not take anything in at present.
portal-because-member-not-found = Your member number was not on the ticket.
portal-because-no-version = The programme had no rules on that day.
portal-outcome = Not flown, so it earns nothing.
portal-outcome-no-show = You were not on board, so it earns nothing.
portal-outcome-refunded = Refunded, so it earns nothing.

## Profile
portal-membership = Membership
portal-since = Member since
portal-phone = Phone
portal-email = E-mail
portal-profile-note = To change your details, please call the contact centre.
portal-session-gone = That session had ended already.
portal-password-change = Change password
portal-password-done = Your password is changed. Other sessions have ended.

## Console
portal-console = Member portal
portal-console-of = Member portal of { $number }
portal-panel = Member portal
portal-panel-code = Code given
portal-access = Access
portal-access-state = State
portal-access-on = Has access
portal-access-off = No access yet
portal-access-set = Password set
portal-access-last = Last signed in
portal-access-sessions = Sessions
portal-access-code = Code opens until
portal-access-may-not = Your role does not give codes.
portal-code-new = New activation code
portal-code-made = Tell the member this code now. It is not shown again.
portal-code-made-text = It opens once, until { $at }, at /my/activate.
portal-code-again = The code given before will open nothing any more.
portal-code-note = First make sure who is calling. A new code also helps whoever forgot the password: the present one stays until the code is used.
portal-close = End access
portal-close-ask = Password, code and all sessions of this member end at once.
portal-closed = The member’s access has ended.
permission-portal-invite = Give members access to the portal
audit-portal-invited = Gave a member an activation code
audit-portal-activated = Set a portal password with a code
audit-portal-code-refused = Portal code refused
audit-portal-signed-in = Signed in to the portal
audit-portal-sign-in-refused = Portal sign-in refused
audit-portal-password-changed = Changed the portal password
audit-portal-session-ended = Ended a portal session
audit-portal-sessions-ended = Ended other portal sessions
audit-portal-closed = Ended a member’s portal access

## Redeeming miles
portal-redeem = Use miles
portal-redeem-things = Items and vouchers
portal-redeem-has = You can spend { $amount }.
portal-redeem-nothing = Nothing is offered for your miles at present.
portal-redeem-left = { $n } left
portal-redeem-missing = { $amount } more needed
portal-redeem-after = { $amount } left afterwards
portal-redeem-first = Of them { $amount } expire first, on { $day }.
portal-redeem-me = Me
portal-redeem-ticket = Award ticket
portal-redeem-ticket-text = See what a flight costs in miles, and ask for it.
portal-redeem-ticket-ask = Find a flight’s price
portal-redeem-do = Redeem
portal-redeem-do-text = The miles are spent at once, and your voucher is ready to show. Where money is due, we keep the miles until it is paid.
portal-redeem-request = Ask for this ticket
portal-redeem-request-text = We keep the miles for you and issue the ticket if a seat is free. Until then you can cancel.
portal-redeem-mine = Yours
portal-redeemed-review = We have your request and look at it first. Your miles are kept until then.
portal-redeemed-held = We have your request. Your miles are kept for it.
portal-redeemed-settled = Yours.
portal-redeemed-cancelled = It was cancelled before; your miles are back.
portal-redeemed-lapsed = It has ended; your miles are back.
portal-redeemed-redeposited = It was taken back; your miles are back.
portal-redeem-next-review = We look at this first. Your miles are kept until { $at } at the latest.
portal-redeem-next-held = Your miles are kept until { $at }. We get in touch for what is still missing; if it does not work out, they come back by themselves.
portal-redeem-next-settled = It is yours.
portal-redeem-next-cancelled = It was cancelled; your miles are back.
portal-redeem-next-lapsed = It was not completed by { $at }; your miles are back.
portal-redeem-next-redeposited = It was taken back; your miles are back, less the fee.
portal-redemptions = Redemptions
portal-redemptions-none = You have not redeemed any miles yet.
portal-vouchers = Vouchers
portal-vouchers-none = You have no vouchers.
portal-voucher-barcode = Barcode of the voucher
portal-voucher-note = Show this at the counter. It is good for one use.
portal-voucher-mine = Only you can use it: have your member number ready.
# Benefits page.
portal-benefits-title = Benefits
portal-benefits-have = What you have
portal-benefits-all = What is left of them
portal-benefits-left = { $left } of { $all } left
portal-benefits-left-extra = { $left } left, given by us
portal-benefits-resets = counted anew from { $day }
portal-benefits-for-ever = for ever
portal-benefits-steps = To choose
portal-benefits-choose-left = { $n ->
    [one] One benefit can be chosen; it holds until { $day }.
   *[other] { $n } benefits can be chosen; they hold until { $day }.
}
portal-benefits-which = Your choice
portal-benefits-choose = Choose
portal-benefits-chosen = { $name }, until { $day }
portal-benefits-done = Chosen
portal-benefits-next = { $tier } adds
## Claiming missing miles

portal-claim = Claim missing miles
portal-claim-text = Flew with us, and the miles did not come? Tell us the flight; the answer comes at once.
portal-claim-flight-help = As on the ticket, like JB831
portal-claim-ticket-help = 13 digits on the ticket or boarding pass. With it, or the booking reference, we can credit the flight at once.
portal-claim-more = Name written otherwise, or a boarding pass
portal-claim-name-help = Only if the ticket has it otherwise than your card
portal-claim-pass-help = The text your camera shows for the bar code. With it everything above may stay empty.
portal-claim-do = Claim
portal-claims-own = My claims
portal-claims-none = You have not claimed a flight. Flights usually earn miles by themselves within a few days.
portal-claim-waiting = We are looking
portal-claim-review = A colleague looks
portal-claim-accepted = On its way
portal-claim-credited = Credited
portal-claim-explained = Answered

portal-promotions = Promotions
portal-promotions-title = Promotions
portal-promotions-text = What is added to your flights at present. Where registering is asked for, it counts for flights from that day on.
portal-promotions-none = There is no promotion at present.
portal-promotions-days = Flights from { $from } to { $to }
portal-promotions-since = Flights since { $from }
portal-promotions-all = For everybody: you need not register
portal-promotions-register = Register
portal-promotions-registered = Registered on { $day }
portal-promotions-done = You are registered. Flights from today on count.
