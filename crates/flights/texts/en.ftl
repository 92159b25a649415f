permission-flights-read = See flights and habits

error-flights-columns = The analysis copy of the flights could not be put together.
error-flights-columns-hint = This is a fault of the program. Report it with the log of this time.

flights-panel-activity = Flights by month
flights-panel-habits = Preferences
flights-timeline = Flights
flights-activity-sentence = { $flights } flights and { $km } km in { $months } months.
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
