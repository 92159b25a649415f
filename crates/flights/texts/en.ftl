permission-flights-read = See flights and habits

error-flights-columns = The analysis copy of the flights could not be put together.
error-flights-columns-hint = This is a fault of the program. Report it with the log of this time.

job-flights-materialise = Filling the coming flights from the schedule

flights-panel-activity = Flights by month
flights-panel-habits = Preferences
flights-timeline = Flights
flights-activity-sentence = { $flights ->
    [one] { $flights } flight
   *[other] { $flights } flights
    } and { $km } km in { $months ->
    [one] { $months } month
   *[other] { $months } months
    }.
flights-activity-tip = { $month }: { $flights } flights, { $km } km
flights-activity-caption = flights per month
flights-col-month = Month
flights-col-flights = Flights
flights-col-km = Distance, km

flights-evidence = { $of } of { $among }
flights-median = median
flights-mean = mean per trip
flights-of-trips = of { $n } trips
flights-lead-days = { $days ->
    [0] On the day of departure
    [one] 1 day ahead
   *[other] { $days } days ahead
}

flights-habit-cabin = Cabin
flights-habit-seat = Seat
flights-habit-time = Time
flights-habit-days = Days
flights-habit-channel = Books by
flights-habit-home = Home
flights-habit-purpose = Purpose
flights-habit-route = Route
flights-habit-lead = Books
flights-habit-last-minute = Books within 3 days
flights-habit-no-show = No-show
flights-habit-changed = Refunds and changes
flights-habit-low-fare = Flies at 60 % fare or less
flights-habit-agency = Through agencies
flights-habit-party = Travels as
flights-habit-extras = Extras

flights-cabin-first = First
flights-cabin-business = Business
flights-cabin-premium = Premium economy
flights-cabin-economy = Economy
flights-seat-window = Window
flights-seat-aisle = Aisle
flights-seat-middle = Middle
flights-time-night = Before 6
flights-time-morning = Mornings
flights-time-afternoon = Afternoons
flights-time-evening = Evenings
flights-days-weekday = Weekdays
flights-days-weekend = Weekends
flights-channel-web = Website
flights-channel-app = App
flights-channel-wechat = WeChat
flights-channel-agency = Agency
flights-channel-call-centre = Call centre
flights-channel-airport = Airport counter
flights-channel-corporate = Company
flights-channel-direct = Direct
flights-purpose-business = Mostly business
flights-purpose-leisure = Mostly leisure

flights-tl-flown = { $flight } { $from }–{ $to }
flights-tl-no-show = { $flight } { $from }–{ $to }, did not turn up
flights-tl-refunded = { $flight } { $from }–{ $to }, refunded
flights-tl-changed = { $flight } { $from }–{ $to }, changed
flights-tl-cancelled = { $flight } { $from }–{ $to }, cancelled
flights-tl-booked = { $flight } { $from }–{ $to }, booked
flights-tl-detail = { $cabin } { $class } · { $km } km

permission-flights-export = Take lists of flights and passengers out as files

flights-list-title = Flights
flights-passengers-title = Passengers
flights-passengers-of = Passengers of { $flight }, { $date }
flights-panel-bookings = Coming trips
flights-empty-title = No flights yet
flights-empty-text = Flights appear when a schedule, a passenger list or a movement message comes in.
flights-nobody = No passengers
flights-nobody-text = No list has named a passenger of this flight yet.
flights-nameless = Name not given
flights-view-all = All
flights-view-coming = Next 3 days
flights-view-late = Late
flights-view-off = Cancelled, diverted
flights-view-irregular = Irregular
flights-view-unscheduled = Not scheduled
flights-view-everybody = Everybody
flights-col-flight = Flight
flights-col-day = Day
flights-col-departs = Departs
flights-col-from = From
flights-col-to = To
flights-col-status = Status
flights-col-delay = Delay
flights-col-booked = Booked
flights-col-flown = Flown
flights-col-no-show = No-shows
flights-col-irregular = Irregular
flights-col-scheduled = Scheduled
flights-col-name = Name
flights-col-outcome = Outcome
flights-col-tier = Tier
flights-col-group = Value group
flights-col-cabin = Cabin
flights-col-class = Class
flights-col-seat = Seat
flights-col-change = Class change
flights-col-locator = Record locator
flights-col-party = Party
flights-col-staff = Staff travel
flights-col-corporate = Company
flights-col-ticket = Ticket
flights-col-leg = Leg
flights-col-departure = Departure
flights-col-arrival = Arrival
flights-col-aircraft = Aircraft
flights-col-said = Said, your time
flights-col-message = Message
flights-col-told = What it told
flights-unit-minutes = min
flights-all-passengers = All passengers
flights-legs = Legs and movements
flights-legs-note = Times by the clock of each airport: planned → actual.
flights-no-legs = No route is known yet.
flights-unscheduled = No schedule has this flight.
flights-somewhere = unknown
flights-expected = { $time } expected
flights-late = { $minutes } min late
flights-early = { $minutes } min early
flights-on-time = On time
flights-minutes = { $n } min
flights-diverted-to = diverted to { $airport }
flights-cause-unknown = a code of the airline's own
flights-attribution-carrier = Airline
flights-attribution-non-carrier = Not the airline
flights-attribution-passenger = Passenger
flights-attribution-root-cause = Cause of the flight before
flights-attribution-review = To be judged
flights-said = What was said
flights-said-note = Each message leads to its text. Messages in grey changed nothing.
flights-said-nothing = No message has spoken of this flight.
flights-said-schedule = schedule changed
flights-said-people = { $people } named, { $changed } changed
flights-move-off = off block { $time } UTC
flights-move-airborne = airborne { $time }
flights-move-touch-down = touch-down { $time }
flights-move-on = on block { $time } UTC
flights-move-expected-off = departure expected { $time } UTC
flights-move-expected-on = arrival expected { $time } UTC
flights-move-informs = delayed, more at { $time } UTC
flights-move-returned = returned { $time } UTC
flights-move-codes = delay codes { $codes }
flights-move-passengers = { $n } on board
flights-move-correction = correction

flights-status-planned = Planned
flights-status-departed = Departed
flights-status-arrived = Arrived
flights-status-returned = Returned
flights-status-diverted = Diverted
flights-status-cancelled = Cancelled
flights-outcome-booked = Booked
flights-outcome-flown = Flown
flights-outcome-go-show = Go-show
flights-outcome-no-record = No record
flights-outcome-no-show = No-show
flights-outcome-offloaded = Offloaded
flights-outcome-denied = Denied boarding
flights-outcome-not-carried = Not carried
flights-outcome-moved = On another flight
flights-outcome-refunded = Refunded
flights-outcome-changed = Exchanged
flights-outcome-cancelled = Cancelled
flights-outcome-flight-cancelled = Flight cancelled
flights-outcome-waitlisted = Waitlisted
flights-outcome-unclear = Unclear
flights-basis-coupon = by coupon
flights-basis-prl = by PRL
flights-basis-etl = by ETL
flights-basis-pfs = by PFS
flights-basis-scan = by boarding pass
flights-change-upgrade = Upgraded
flights-change-downgrade = Downgraded
flights-change-changed = Moved
flights-tier-ordinary = Ordinary
flights-tier-silver = Silver
flights-tier-gold = Gold
flights-tier-platinum = Platinum
flights-tier-lifetime = Lifetime
flights-group-keep = Keep
flights-group-develop = Develop
flights-group-winback = Win back
flights-group-general = General
flights-group-low = Low value

flights-tl-flight-cancelled = { $flight } { $from }–{ $to }, flight cancelled
flights-tl-offloaded = { $flight } { $from }–{ $to }, offloaded
flights-tl-denied = { $flight } { $from }–{ $to }, denied boarding
flights-tl-not-carried = { $flight } { $from }–{ $to }, not carried
flights-tl-waitlisted = { $flight } { $from }–{ $to }, waitlisted
flights-tl-unclear = { $flight } { $from }–{ $to }, sources disagree
flights-tl-booking = { $class } { $locator }

flights-fact-flight = { $flight }, { $date }: { $people } named, { $changed } changed
flights-fact-movement = { $flight }, { $date }: movement taken in
flights-fact-movement-known = { $flight }, { $date }: movement, nothing new
flights-fact-replanned = { $flight }, { $date }: follows the schedule
flights-fact-passenger = { $name } on { $flight }: { $word }
flights-fact-outcome = { $name } on { $flight }: { $word }
flights-fact-coupon = Coupon { $ticket }: { $status }
flights-fact-schedule = Schedule { $flight } { $from }–{ $to }

flights-refused-no-flight = The message does not say which flight it is about.
flights-refused-too-many = The message names more passengers than any aircraft has seats.
flights-refused-leg = A leg of the schedule has no period, number or airport.
flights-refused-period = A change of the schedule does not say for which days.
flights-refused-ticket = The ticket number has not 13 digits.
flights-refused-coupon = The coupon number is not between 1 and 16.
flights-refused-status = The status of the coupon is not known.
error-flights-unknown = There is no such flight.
error-flights-unknown-hint = Check the flight number and the local day of departure.
