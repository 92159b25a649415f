//! What a column can be imported as: the fields of each kind of file, their types and bounds, and
//! the words files use for them.

use crate::cells::words::Vocabulary;

/// What the rows of a file are.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// One row per member: person, membership, and optionally summed-up activity.
    Members,
    /// One row per flown (or booked) segment.
    Segments,
    /// One row per member and month.
    Activity,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Members, Self::Segments, Self::Activity];

    /// As kept in the database, in addresses and in text keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Segments => "segments",
            Self::Activity => "activity",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Members => M,
            Self::Segments => S,
            Self::Activity => A,
        }
    }
}

const M: u8 = 1;
const S: u8 = 2;
const A: u8 = 4;

/// How the text of a field is read, and what is allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Type {
    /// Any text up to so many letters.
    Text(usize),
    /// A person's name or a part of it.
    Name,
    /// A member number.
    MemberNo,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A whole number within bounds.
    Whole(i64, i64),
    /// A number within bounds.
    Number(f64, f64),
    /// An amount in major units, kept in minor ones.
    Money,
    /// One of a closed set.
    Word(Vocabulary),
    /// An IATA airport code.
    Airport,
    /// Capital letters and digits, up to so many.
    Code(usize),
    /// A country, by code or name.
    Country,
    /// A city or province.
    Place,
    /// A telephone number. Personal.
    Phone,
    /// An e-mail address. Personal.
    Email,
    /// An identity document's number. Personal.
    Document,
}

impl Type {
    /// Values that are never shown in reports.
    #[must_use]
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Phone | Self::Email | Self::Document | Self::Name)
    }
}

macro_rules! fields {
    ($($variant:ident $key:literal [$($kind:ident)|+] $type:expr, $words:expr;)*) => {
        /// A field a column can be imported as.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the key beside each name is its documentation")]
        pub enum Field { $($variant,)* }

        impl Field {
            /// All fields.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in mappings, in the API and in text keys.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// How its text is read.
            #[must_use]
            pub fn kind(self) -> Type {
                match self { $(Self::$variant => $type,)* }
            }

            fn bits(self) -> u8 {
                match self { $(Self::$variant => $($kind)|+,)* }
            }

            /// Names files give it, in small letters without marks.
            #[must_use]
            pub fn synonyms(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &$words,)* }
            }
        }
    };
}

const KM: i64 = 100_000_000;

fields! {
    MemberNo "member_no" [M|S|A] Type::MemberNo,
        ["memberno", "membernumber", "ffpno", "ffpnumber", "cardno", "loyaltynumber", "frequentflyernumber", "会员号", "会员卡号", "卡号", "常旅客卡号"];
    MemberKey "member_key" [M|S|A] Type::Text(100),
        ["memberid", "memberkey", "customerid", "customerno", "passengerid", "rowno", "id", "客户号", "客户编号", "旅客编号"];
    Name "name" [M|S] Type::Name,
        ["name", "fullname", "membername", "passengername", "paxname", "姓名", "旅客姓名", "会员姓名"];
    NameNative "name_native" [M|S] Type::Name,
        ["namezh", "chinesename", "namecn", "namenative", "namehanzi", "中文名", "中文姓名"];
    Surname "surname" [M|S] Type::Name,
        ["surname", "lastname", "familyname", "姓", "英文姓", "拼音姓"];
    Given "given" [M|S] Type::Name,
        ["given", "givenname", "givennames", "firstname", "forename", "名", "英文名", "拼音名"];
    Gender "gender" [M] Type::Word(Vocabulary::Gender), ["gender", "sex", "性别"];
    BirthDate "birth_date" [M] Type::Date, ["birthdate", "birthday", "dateofbirth", "dob", "出生日期", "生日"];
    Age "age" [M] Type::Whole(0, 105), ["age", "ageimputed", "年龄"];
    City "city" [M] Type::Place, ["city", "workcity", "homecity", "residence", "城市", "所在城市", "工作城市"];
    Province "province" [M] Type::Place, ["province", "state", "workprovince", "region", "省份", "省", "工作省份"];
    Country "country" [M] Type::Country, ["country", "workcountry", "nation", "nationality", "国家", "国籍", "工作国家"];
    Language "language" [M] Type::Text(20), ["language", "lang", "preferredlanguage", "语言", "首选语言"];
    Tier "tier" [M] Type::Word(Vocabulary::Tier),
        ["tier", "ffptier", "level", "cardlevel", "cardtype", "loyaltycard", "memberlevel", "等级", "会员等级", "会员级别", "卡级别"];
    JoinedOn "joined_on" [M] Type::Date,
        ["joinedon", "joindate", "joined", "ffpdate", "enrolmentdate", "enrollmentdate", "membersince", "入会日期", "入会时间"];
    JoinedYear "joined_year" [M] Type::Whole(1900, 2200), ["joinedyear", "enrollmentyear", "enrolmentyear", "入会年份"];
    JoinedMonth "joined_month" [M] Type::Whole(1, 12), ["joinedmonth", "enrollmentmonth", "enrolmentmonth", "入会月份"];
    CancelledOn "cancelled_on" [M] Type::Date, ["cancelledon", "cancellationdate", "canceldate", "退会日期", "注销日期"];
    CancelledYear "cancelled_year" [M] Type::Whole(1900, 2200), ["cancelledyear", "cancellationyear", "退会年份"];
    CancelledMonth "cancelled_month" [M] Type::Whole(1, 12), ["cancelledmonth", "cancellationmonth", "退会月份"];
    Phone "phone" [M] Type::Phone, ["phone", "mobile", "mobilephone", "phonenumber", "telephone", "手机", "手机号", "电话", "联系电话"];
    Email "email" [M] Type::Email, ["email", "emailaddress", "mail", "邮箱", "电子邮箱", "电子邮件"];
    IdCard "id_card" [M] Type::Document, ["idcard", "idcardno", "idnumber", "nationalid", "身份证", "身份证号"];
    Passport "passport" [M] Type::Document, ["passport", "passportno", "passportnumber", "护照", "护照号"];

    ObservedOn "observed_on" [M] Type::Date, ["observedon", "observationdate", "loadtime", "loaddate", "asof", "观测日", "观测日期", "观测窗口结束"];
    TenureDays "tenure_days" [M] Type::Whole(0, 60_000), ["tenuredays", "memberdays", "入会天数"];
    FirstFlightOn "first_flight_on" [M] Type::Date, ["firstflightdate", "firstflighton", "firstflight", "首次乘机日期", "首次飞行日期"];
    LastFlightOn "last_flight_on" [M] Type::Date, ["lastflightdate", "lastflighton", "lastflight", "最近乘机日期", "末次飞行日期", "末次乘机日期"];
    LastFlightDays "last_flight_days" [M] Type::Whole(0, 60_000), ["lasttoend", "lasttoenddays", "lastflightdays", "recency", "最近乘机距今天数"];
    Flights "flights" [M|A] Type::Whole(0, 100_000), ["flights", "flightcount", "totalflights", "noofflights", "segmentsflown", "乘机次数", "飞行次数"];
    Km "km" [M|S|A] Type::Whole(0, KM), ["km", "segkmsum", "kilometres", "kilometers", "distance", "mileage", "distancekm", "飞行里程", "里程", "总飞行里程", "公里"];
    Coefficient "coefficient" [M] Type::Number(0.0, 10.0), ["avgdiscount", "coefficient", "discountcoefficient", "meandiscount", "折扣系数", "平均折扣率", "舱位折扣系数"];
    FareYear1 "fare_year_1" [M] Type::Money, ["sumyr1", "fareyear1", "firstyearfare", "第一年票价", "第一年总票价"];
    FareYear2 "fare_year_2" [M] Type::Money, ["sumyr2", "fareyear2", "secondyearfare", "第二年票价", "第二年总票价"];
    Points "points" [M] Type::Whole(-1_000_000_000, 10_000_000_000), ["pointssum", "points", "totalpoints", "总累计积分", "积分"];
    Exchanges "exchanges" [M] Type::Whole(0, 100_000), ["exchangecount", "exchanges", "redemptions", "积分兑换次数", "兑换次数"];
    Kept "kept_verdict" [M] Type::Word(Vocabulary::YesNo), ["keptbystandardfilter", "keptverdict", "kept"];

    SegmentKey "segment_key" [S] Type::Text(100), ["segmentid", "segmentkey", "couponid", "flightid", "航段编号"];
    FlightDate "flight_date" [S] Type::Date, ["flightdate", "departuredate", "flightday", "traveldate", "depdate", "乘机日期", "航班日期", "出发日期"];
    DepartsAt "departs_at" [S] Type::Time, ["departsat", "departuretime", "deptime", "std", "起飞时间", "计划起飞"];
    Carrier "carrier" [S] Type::Code(3), ["carrier", "airline", "carriercode", "航空公司", "承运人"];
    FlightNo "flight_no" [S] Type::Code(8), ["flightno", "flightnumber", "flight", "航班号"];
    Origin "origin" [S] Type::Airport, ["origin", "from", "departureairport", "dep", "boardpoint", "出发机场", "始发", "出发地", "起飞机场"];
    Destination "destination" [S] Type::Airport, ["destination", "dest", "to", "arrivalairport", "arr", "offpoint", "到达机场", "到达", "目的地"];
    BookingClass "booking_class" [S] Type::Code(2), ["bookingclass", "rbd", "class", "fareclass", "舱位代码", "舱位", "子舱位"];
    Cabin "cabin" [S] Type::Word(Vocabulary::Cabin), ["cabin", "cabinclass", "舱位等级", "客舱"];
    Fare "fare" [S] Type::Money, ["fare", "amount", "ticketprice", "price", "netfare", "票价", "金额", "机票款"];
    FareMinor "fare_minor" [S] Type::Whole(-10_000_000_000, 10_000_000_000), ["fareminor", "farecents", "票价分"];
    Currency "currency" [S] Type::Code(3), ["currency", "currencycode", "币种"];
    Discount "discount" [S] Type::Number(0.0, 10.0), ["discount", "discountrate", "折扣", "折扣率"];
    BookedOn "booked_on" [S] Type::Date, ["bookedon", "bookingdate", "bookdate", "issuedon", "issuedate", "订座日期", "预订日期", "出票日期"];
    Channel "channel" [S] Type::Word(Vocabulary::Channel), ["channel", "saleschannel", "pointofsale", "渠道", "销售渠道"];
    Outcome "outcome" [S] Type::Word(Vocabulary::Outcome), ["outcome", "status", "couponstatus", "segmentstatus", "状态", "客票状态"];
    RecordLocator "record_locator" [S] Type::Code(8), ["recordlocator", "pnr", "bookingreference", "订座记录编号", "订座编号"];
    TicketCoupon "ticket_coupon" [S] Type::Code(20), ["ticketcoupon", "ticketno", "ticketnumber", "eticket", "coupon", "票号", "客票号", "票联"];
    Seat "seat" [S] Type::Code(5), ["seat", "seatno", "seatnumber", "座位", "座位号"];
    PartySize "party_size" [S] Type::Whole(1, 999), ["partysize", "pax", "passengers", "同行人数"];
    Extras "extras" [S] Type::Money, ["extras", "ancillary", "ancillaryspend", "附加消费", "附加服务"];
    ExtrasMinor "extras_minor" [S] Type::Whole(0, 10_000_000_000), ["extrasminor"];

    Year "year" [A] Type::Whole(1900, 2200), ["year", "年", "年份"];
    MonthNo "month_no" [A] Type::Whole(1, 12), ["month", "monthno", "月", "月份"];
    Month "month" [A] Type::Date, ["yearmonth", "period", "年月"];
    PointsEarned "points_earned" [A] Type::Number(0.0, 1.0e12), ["pointsaccumulated", "pointsearned", "累积积分", "累计积分"];
    PointsRedeemed "points_redeemed" [A] Type::Number(0.0, 1.0e12), ["pointsredeemed", "redeemed", "兑换积分"];
    RedeemedValue "redeemed_value" [A] Type::Money, ["dollarcostpointsredeemed", "redeemedvalue", "兑换价值"];
}

/// How many fields there are.
pub const COUNT: usize = Field::ALL.len();

impl Field {
    /// The field called `key`.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.key() == key)
    }

    /// The fields of one kind of file.
    pub fn of(kind: FileKind) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |field| field.bits() & kind.bit() != 0)
    }

    /// Whether files of `kind` have it.
    #[must_use]
    pub fn is_of(self, kind: FileKind) -> bool {
        self.bits() & kind.bit() != 0
    }

    /// A row without it, or with a wrong value in it, cannot be used; other wrong values are left
    /// blank and told.
    #[must_use]
    pub fn is_vital(self, kind: FileKind) -> bool {
        match self {
            Self::MemberNo | Self::MemberKey => true,
            Self::FlightDate | Self::Origin | Self::Destination | Self::Outcome => true,
            Self::Year | Self::MonthNo | Self::Month => true,
            Self::Km | Self::Flights | Self::PointsEarned | Self::PointsRedeemed => true,
            Self::Fare | Self::FareMinor | Self::Discount | Self::SegmentKey => true,
            Self::ObservedOn | Self::Coefficient | Self::FareYear1 | Self::FareYear2 => {
                kind == FileKind::Members
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn no_word_stands_for_two_fields_of_one_kind() {
        for kind in FileKind::ALL {
            let mut seen = HashMap::new();
            for field in Field::of(kind) {
                for word in field.synonyms() {
                    if let Some(other) = seen.insert(*word, field) {
                        assert_eq!(other, field, "{word} in {kind:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn keys_lead_back_to_their_fields() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.key()), Some(*field));
        }
    }
}
