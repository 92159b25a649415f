-- Schedules, dated flights, what moved them, bookings, tickets and what became of each passenger.
-- Old rows: segments of files stay as they are and get `record_id`: the source record of the
-- customer's newest link that still holds. `basis` and `message_id` stay empty for them.
--
-- Facts name the message that last set them (`message_id`, feeds keeps the messages) and the source
-- record they hang on (`record_id`); `customer_id` is whose that record is now. '' stands for
-- "not told" in columns that are compared.

CREATE TABLE flight (
    id UUID PRIMARY KEY,
    carrier TEXT NOT NULL,
    number TEXT NOT NULL,
    flight_date DATE NOT NULL,
    origin TEXT NOT NULL,
    destination TEXT NOT NULL,
    departs_at TIMESTAMPTZ NOT NULL,
    timed BOOLEAN NOT NULL,
    scheduled BOOLEAN NOT NULL,
    status TEXT NOT NULL,
    delay_minutes BIGINT,
    classes JSONB NOT NULL,
    booked BIGINT NOT NULL DEFAULT 0,
    flown BIGINT NOT NULL DEFAULT 0,
    no_show BIGINT NOT NULL DEFAULT 0,
    irregular BIGINT NOT NULL DEFAULT 0,
    message_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX flight_key ON flight (carrier, number, flight_date);
CREATE INDEX flight_day ON flight (flight_date, departs_at, id);
CREATE INDEX flight_departs ON flight (departs_at, id);

CREATE TABLE flight_leg (
    id UUID PRIMARY KEY,
    flight_id UUID NOT NULL REFERENCES flight (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    board_point TEXT NOT NULL,
    off_point TEXT NOT NULL,
    leg_date DATE NOT NULL,
    departs_at TIMESTAMPTZ,
    arrives_at TIMESTAMPTZ,
    aircraft TEXT NOT NULL,
    registration TEXT NOT NULL,
    status TEXT NOT NULL,
    diverted_to TEXT NOT NULL,
    off_block_at TIMESTAMPTZ,
    airborne_at TIMESTAMPTZ,
    touch_down_at TIMESTAMPTZ,
    on_block_at TIMESTAMPTZ,
    expected_off_at TIMESTAMPTZ,
    expected_on_at TIMESTAMPTZ,
    informs_at TIMESTAMPTZ,
    departure_delay BIGINT,
    arrival_delay BIGINT,
    delays JSONB NOT NULL,
    planned_at TIMESTAMPTZ,
    message_id UUID
);
CREATE UNIQUE INDEX flight_leg_key ON flight_leg (flight_id, board_point);
CREATE INDEX flight_leg_message ON flight_leg (message_id) WHERE message_id IS NOT NULL;

-- Every movement as it was told; the leg is what they add up to.
CREATE TABLE flight_movement (
    id UUID PRIMARY KEY,
    flight_id UUID NOT NULL REFERENCES flight (id) ON DELETE CASCADE,
    leg_id UUID NOT NULL,
    message_id UUID NOT NULL,
    place BIGINT NOT NULL,
    kind TEXT NOT NULL,
    correction BOOLEAN NOT NULL,
    station TEXT NOT NULL,
    said_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    facts JSONB NOT NULL
);
CREATE UNIQUE INDEX flight_movement_key ON flight_movement (message_id, place);
CREATE INDEX flight_movement_flight ON flight_movement (flight_id);

-- Which messages spoke of a flight. A complete list is remembered: who is not on it is known.
CREATE TABLE flight_message (
    message_id UUID NOT NULL,
    flight_id UUID NOT NULL REFERENCES flight (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    board_point TEXT NOT NULL,
    said_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    partial BOOLEAN NOT NULL,
    people BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (message_id, flight_id)
);
CREATE INDEX flight_message_flight ON flight_message (flight_id, said_at, message_id);

CREATE TABLE flight_passenger (
    id UUID PRIMARY KEY,
    flight_id UUID NOT NULL REFERENCES flight (id) ON DELETE CASCADE,
    source_key TEXT NOT NULL,
    board_point TEXT NOT NULL,
    off_point TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    surname TEXT NOT NULL,
    given TEXT NOT NULL,
    kind TEXT NOT NULL,
    locators JSONB NOT NULL,
    locator TEXT NOT NULL,
    status TEXT NOT NULL,
    said_by TEXT NOT NULL,
    said_at TIMESTAMPTZ NOT NULL,
    message_id UUID NOT NULL,
    booked_on DATE,
    booking_class TEXT NOT NULL,
    cabin TEXT NOT NULL,
    party BIGINT NOT NULL,
    corporate TEXT NOT NULL,
    requests JSONB NOT NULL,
    ffp TEXT NOT NULL,
    tier TEXT NOT NULL,
    seat TEXT NOT NULL,
    ticket TEXT NOT NULL,
    coupon BIGINT NOT NULL,
    infants BIGINT NOT NULL,
    staff BOOLEAN NOT NULL,
    marketing TEXT NOT NULL,
    marketing_class TEXT NOT NULL,
    record_id UUID,
    customer_id UUID,
    outcome TEXT NOT NULL,
    basis TEXT NOT NULL,
    class_change TEXT NOT NULL,
    flown_class TEXT NOT NULL,
    replaced_ffp TEXT NOT NULL,
    outcome_message UUID
);
CREATE UNIQUE INDEX flight_passenger_key ON flight_passenger (flight_id, source_key);
CREATE INDEX flight_passenger_customer ON flight_passenger (customer_id, at, id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX flight_passenger_record ON flight_passenger (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX flight_passenger_ticket ON flight_passenger (ticket) WHERE ticket <> '';
CREATE INDEX flight_passenger_locator ON flight_passenger (locator) WHERE locator <> '';
CREATE INDEX flight_passenger_message ON flight_passenger (message_id);
CREATE INDEX flight_passenger_outcome ON flight_passenger (flight_id, outcome);

-- What departure control and the gate said of a passenger, one row per kind of list.
CREATE TABLE passenger_word (
    passenger_id UUID NOT NULL REFERENCES flight_passenger (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    flight_id UUID NOT NULL,
    said_at TIMESTAMPTZ NOT NULL,
    message_id UUID NOT NULL,
    category TEXT NOT NULL,
    class TEXT NOT NULL,
    off_point TEXT NOT NULL,
    seat TEXT NOT NULL,
    ffp TEXT NOT NULL,
    ticket TEXT NOT NULL,
    coupon BIGINT NOT NULL,
    bags BIGINT,
    bag_weight BIGINT,
    sequence BIGINT,
    source_key TEXT NOT NULL,
    record_id UUID,
    PRIMARY KEY (passenger_id, kind)
);
CREATE INDEX passenger_word_flight ON passenger_word (flight_id);
CREATE INDEX passenger_word_record ON passenger_word (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX passenger_word_message ON passenger_word (message_id);

CREATE TABLE ticket_coupon (
    id UUID PRIMARY KEY,
    ticket TEXT NOT NULL,
    coupon BIGINT NOT NULL,
    status TEXT NOT NULL,
    said_at TIMESTAMPTZ NOT NULL,
    message_id UUID NOT NULL,
    passenger_id UUID,
    flight_id UUID,
    issued_on DATE,
    agent TEXT NOT NULL,
    channel TEXT NOT NULL,
    carrier TEXT NOT NULL,
    number TEXT NOT NULL,
    flight_date DATE,
    origin TEXT NOT NULL,
    destination TEXT NOT NULL,
    booking_class TEXT NOT NULL,
    fare_basis TEXT NOT NULL,
    fare_minor BIGINT,
    tax_minor BIGINT,
    discount DOUBLE PRECISION,
    currency TEXT NOT NULL,
    payment TEXT NOT NULL,
    corporate TEXT NOT NULL,
    tour_code TEXT NOT NULL,
    locator TEXT NOT NULL,
    flown_on DATE,
    source_key TEXT NOT NULL,
    record_id UUID,
    customer_id UUID,
    fingerprint BIGINT NOT NULL
);
CREATE UNIQUE INDEX ticket_coupon_key ON ticket_coupon (ticket, coupon);
CREATE INDEX ticket_coupon_flight ON ticket_coupon (flight_id) WHERE flight_id IS NOT NULL;
CREATE INDEX ticket_coupon_customer ON ticket_coupon (customer_id)
    WHERE customer_id IS NOT NULL;
CREATE INDEX ticket_coupon_record ON ticket_coupon (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX ticket_coupon_message ON ticket_coupon (message_id);

-- Legs over a period. `days` has a bit for each day of the week, Monday the lowest. Minutes are
-- local times of day; shifts are days from the flight's date.
CREATE TABLE schedule_leg (
    id UUID PRIMARY KEY,
    carrier TEXT NOT NULL,
    number TEXT NOT NULL,
    variation BIGINT NOT NULL,
    position BIGINT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    days BIGINT NOT NULL,
    every_weeks BIGINT NOT NULL,
    board_point TEXT NOT NULL,
    off_point TEXT NOT NULL,
    departs_minute BIGINT,
    departs_offset BIGINT,
    departs_shift BIGINT NOT NULL,
    arrives_minute BIGINT,
    arrives_offset BIGINT,
    arrives_shift BIGINT NOT NULL,
    aircraft TEXT NOT NULL,
    service TEXT NOT NULL,
    operated_by TEXT NOT NULL,
    said_at TIMESTAMPTZ NOT NULL,
    message_id UUID NOT NULL
);
CREATE INDEX schedule_leg_flight ON schedule_leg (carrier, number, last_day);
CREATE INDEX schedule_leg_last ON schedule_leg (last_day);
CREATE INDEX schedule_leg_message ON schedule_leg (message_id);

-- Segments derived from messages: what they rest on, the message that settled them, the record.
ALTER TABLE flown_segment ADD COLUMN basis TEXT;
ALTER TABLE flown_segment ADD COLUMN message_id UUID;
ALTER TABLE flown_segment ADD COLUMN record_id UUID;
UPDATE flown_segment SET record_id = (
    SELECT l.source_record_id FROM customer_link l
    WHERE l.customer_id = flown_segment.customer_id AND l.unlinked_at IS NULL
    ORDER BY l.linked_at DESC, l.source_record_id DESC LIMIT 1
);
CREATE INDEX flown_segment_record ON flown_segment (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX flown_segment_message ON flown_segment (message_id) WHERE message_id IS NOT NULL;

-- Causes of delay and who answers for them by default. Dated: an airline adds rows of its own.
-- The seed follows IATA's standard list; attribution as the civil aviation authority of China
-- (`attribution`) and Regulation (EC) 261/2004 (`eu261`) usually see it. `source` tells which rows
-- were read in public sources and which are general knowledge to be checked.
CREATE TABLE delay_code (
    code TEXT NOT NULL,
    alpha TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    area TEXT NOT NULL,
    meaning_en TEXT NOT NULL,
    meaning_zh TEXT NOT NULL,
    attribution TEXT NOT NULL,
    eu261 TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (code, valid_from)
);
INSERT INTO delay_code (code, alpha, valid_from, valid_to, area, meaning_en, meaning_zh, attribution,
    eu261, source)
VALUES
    ('00', '', '0001-01-01', NULL, 'internal', 'Internal code of the airline', '公司内部代码', 'carrier', 'not-extraordinary', 'seeded'),
    ('01', '', '0001-01-01', NULL, 'internal', 'Internal code of the airline', '公司内部代码', 'carrier', 'not-extraordinary', 'seeded'),
    ('02', '', '0001-01-01', NULL, 'internal', 'Internal code of the airline', '公司内部代码', 'carrier', 'not-extraordinary', 'seeded'),
    ('03', '', '0001-01-01', NULL, 'internal', 'Internal code of the airline', '公司内部代码', 'carrier', 'not-extraordinary', 'seeded'),
    ('04', '', '0001-01-01', NULL, 'internal', 'Internal code of the airline', '公司内部代码', 'carrier', 'not-extraordinary', 'seeded'),
    ('05', '', '0001-01-01', NULL, 'internal', 'Internal code of the airline', '公司内部代码', 'carrier', 'not-extraordinary', 'seeded'),
    ('06', 'OA', '0001-01-01', NULL, 'others', 'No stand: own airline activity', '本公司原因无机位', 'carrier', 'not-extraordinary', 'seeded'),
    ('07', '', '0001-01-01', NULL, 'others', 'Aircraft connection: maintenance', '维修造成的飞机衔接', 'carrier', 'not-extraordinary', 'seeded'),
    ('08', '', '0001-01-01', NULL, 'others', 'Aircraft connection: other reasons', '其他原因造成的飞机衔接', 'carrier', 'not-extraordinary', 'seeded'),
    ('09', 'SG', '0001-01-01', NULL, 'others', 'Scheduled ground time below minimum', '计划地面时间短于最低标准', 'carrier', 'not-extraordinary', 'seeded'),
    ('11', 'PD', '0001-01-01', NULL, 'passenger', 'Check-in accepted after closing', '截止后办理值机', 'passenger', 'review', 'seeded'),
    ('12', 'PL', '0001-01-01', NULL, 'passenger', 'Check-in congestion', '值机拥堵', 'carrier', 'not-extraordinary', 'seeded'),
    ('13', 'PE', '0001-01-01', NULL, 'passenger', 'Check-in error', '值机差错', 'carrier', 'not-extraordinary', 'seeded'),
    ('14', 'PO', '0001-01-01', NULL, 'passenger', 'Overbooking or booking error', '超售或订座差错', 'carrier', 'not-extraordinary', 'seeded'),
    ('15', 'PH', '0001-01-01', NULL, 'passenger', 'Boarding: missing passengers', '登机清点、寻找旅客', 'passenger', 'review', 'seeded'),
    ('16', 'PS', '0001-01-01', NULL, 'passenger', 'Publicity or passenger convenience', '商业宣传或旅客便利', 'carrier', 'not-extraordinary', 'seeded'),
    ('17', 'PC', '0001-01-01', NULL, 'passenger', 'Catering order', '配餐订单', 'carrier', 'not-extraordinary', 'seeded'),
    ('18', 'PB', '0001-01-01', NULL, 'passenger', 'Baggage processing', '行李处理', 'carrier', 'not-extraordinary', 'seeded'),
    ('19', 'PW', '0001-01-01', NULL, 'passenger', 'Boarding of passengers with reduced mobility', '特殊旅客上下机', 'carrier', 'not-extraordinary', 'seeded'),
    ('21', 'CD', '0001-01-01', NULL, 'cargo', 'Cargo documents', '货运单证', 'carrier', 'not-extraordinary', 'seeded'),
    ('22', 'CP', '0001-01-01', NULL, 'cargo', 'Cargo positioned late', '货物到位晚', 'carrier', 'not-extraordinary', 'seeded'),
    ('23', 'CC', '0001-01-01', NULL, 'cargo', 'Cargo accepted late', '货物收运晚', 'carrier', 'not-extraordinary', 'seeded'),
    ('24', 'CI', '0001-01-01', NULL, 'cargo', 'Cargo packed inadequately', '货物包装不当', 'carrier', 'not-extraordinary', 'seeded'),
    ('25', 'CO', '0001-01-01', NULL, 'cargo', 'Cargo overbooked', '货运超订', 'carrier', 'not-extraordinary', 'seeded'),
    ('26', 'CU', '0001-01-01', NULL, 'cargo', 'Cargo prepared late', '货库准备晚', 'carrier', 'not-extraordinary', 'seeded'),
    ('27', 'CE', '0001-01-01', NULL, 'mail', 'Mail documents or packing', '邮件单证、包装', 'carrier', 'not-extraordinary', 'seeded'),
    ('28', 'CL', '0001-01-01', NULL, 'mail', 'Mail positioned late', '邮件到位晚', 'carrier', 'not-extraordinary', 'seeded'),
    ('29', 'CA', '0001-01-01', NULL, 'mail', 'Mail accepted late', '邮件收运晚', 'carrier', 'not-extraordinary', 'seeded'),
    ('31', 'GD', '0001-01-01', NULL, 'handling', 'Aircraft documents late or wrong', '飞机单据晚或不准', 'carrier', 'not-extraordinary', 'seeded'),
    ('32', 'GL', '0001-01-01', NULL, 'handling', 'Loading and unloading', '装卸', 'carrier', 'not-extraordinary', 'seeded'),
    ('33', 'GE', '0001-01-01', NULL, 'handling', 'Loading equipment', '装卸设备', 'carrier', 'not-extraordinary', 'seeded'),
    ('34', 'GS', '0001-01-01', NULL, 'handling', 'Servicing equipment', '勤务设备', 'carrier', 'not-extraordinary', 'seeded'),
    ('35', 'GC', '0001-01-01', NULL, 'handling', 'Aircraft cleaning', '客舱清洁', 'carrier', 'not-extraordinary', 'seeded'),
    ('36', 'GF', '0001-01-01', NULL, 'handling', 'Fuelling', '加油、抽油', 'carrier', 'review', 'seeded'),
    ('37', 'GB', '0001-01-01', NULL, 'handling', 'Catering loaded late', '配餐装机晚', 'carrier', 'not-extraordinary', 'seeded'),
    ('38', 'GU', '0001-01-01', NULL, 'handling', 'Containers lacking or faulty', '集装设备短缺或故障', 'carrier', 'not-extraordinary', 'seeded'),
    ('39', 'GT', '0001-01-01', NULL, 'handling', 'Technical ground equipment (power, tug, de-icing)', '地面技术设备（电源车、拖车、除冰）', 'carrier', 'not-extraordinary', 'seeded'),
    ('41', 'TD', '0001-01-01', NULL, 'technical', 'Technical defect', '飞机故障', 'carrier', 'not-extraordinary', 'seeded'),
    ('42', 'TM', '0001-01-01', NULL, 'technical', 'Scheduled maintenance released late', '计划维修放行晚', 'carrier', 'not-extraordinary', 'seeded'),
    ('43', 'TN', '0001-01-01', NULL, 'technical', 'Unscheduled maintenance', '非计划维修', 'carrier', 'not-extraordinary', 'seeded'),
    ('44', 'TS', '0001-01-01', NULL, 'technical', 'Spares and maintenance equipment', '航材与维修设备', 'carrier', 'not-extraordinary', 'seeded'),
    ('45', 'TA', '0001-01-01', NULL, 'technical', 'Aircraft on ground for spares', '停场待料', 'carrier', 'not-extraordinary', 'known'),
    ('46', 'TC', '0001-01-01', NULL, 'technical', 'Aircraft change for technical reasons', '技术原因换飞机', 'carrier', 'not-extraordinary', 'known'),
    ('47', 'TL', '0001-01-01', NULL, 'technical', 'No standby aircraft', '无备用飞机', 'carrier', 'not-extraordinary', 'known'),
    ('48', 'TV', '0001-01-01', NULL, 'technical', 'Cabin configuration change', '客舱构型调整', 'carrier', 'not-extraordinary', 'known'),
    ('51', 'DF', '0001-01-01', NULL, 'damage', 'Damage in flight (bird, lightning, turbulence)', '飞行中受损（鸟击、雷击、颠簸、外来物）', 'review', 'review', 'known'),
    ('52', 'DG', '0001-01-01', NULL, 'damage', 'Damage on the ground', '地面受损', 'carrier', 'review', 'known'),
    ('55', 'ED', '0001-01-01', NULL, 'edp', 'Departure control system failed', '离港系统故障', 'carrier', 'review', 'known'),
    ('56', 'EC', '0001-01-01', NULL, 'edp', 'Cargo system failed', '货运准备系统故障', 'carrier', 'not-extraordinary', 'known'),
    ('57', 'EF', '0001-01-01', NULL, 'edp', 'Flight plan system failed', '飞行计划系统故障', 'carrier', 'not-extraordinary', 'known'),
    ('58', 'EO', '0001-01-01', NULL, 'edp', 'Another computer system failed', '其他自动化系统故障', 'carrier', 'not-extraordinary', 'known'),
    ('61', 'FP', '0001-01-01', NULL, 'crew', 'Flight plan late or changed', '飞行计划晚或变更', 'carrier', 'not-extraordinary', 'known'),
    ('62', 'FF', '0001-01-01', NULL, 'crew', 'Fuel or load altered', '运行要求改变燃油、载量', 'carrier', 'not-extraordinary', 'known'),
    ('63', 'FT', '0001-01-01', NULL, 'crew', 'Crew boarding or procedures late', '机组登机或离港程序晚', 'carrier', 'not-extraordinary', 'known'),
    ('64', 'FS', '0001-01-01', NULL, 'crew', 'Flight crew shortage', '飞行机组不足', 'carrier', 'not-extraordinary', 'known'),
    ('65', 'FR', '0001-01-01', NULL, 'crew', 'Special request of flight crew', '飞行机组特殊要求', 'carrier', 'not-extraordinary', 'known'),
    ('66', 'FL', '0001-01-01', NULL, 'crew', 'Cabin crew boarding late', '客舱机组登机晚', 'carrier', 'not-extraordinary', 'known'),
    ('67', 'FC', '0001-01-01', NULL, 'crew', 'Cabin crew shortage', '客舱机组不足', 'carrier', 'not-extraordinary', 'known'),
    ('68', 'FA', '0001-01-01', NULL, 'crew', 'Cabin crew error or request', '客舱机组差错或要求', 'carrier', 'not-extraordinary', 'known'),
    ('69', 'FB', '0001-01-01', NULL, 'crew', 'Security check asked by the captain', '机长要求安检', 'review', 'review', 'known'),
    ('71', 'WO', '0001-01-01', NULL, 'weather', 'Weather at departure', '始发站天气', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('72', 'WT', '0001-01-01', NULL, 'weather', 'Weather at destination', '目的站天气', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('73', 'WR', '0001-01-01', NULL, 'weather', 'Weather en route or at the alternate', '航路或备降场天气', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('75', 'WI', '0001-01-01', NULL, 'weather', 'De-icing of the aircraft', '飞机除冰', 'non-carrier', 'review', 'known'),
    ('76', 'WS', '0001-01-01', NULL, 'weather', 'Clearing of ice, snow or water', '清除机场冰雪积水', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('77', 'WG', '0001-01-01', NULL, 'weather', 'Ground handling impaired by weather', '天气影响地面保障', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('81', 'AT', '0001-01-01', NULL, 'atfm', 'Air traffic flow: en route', '航路流量控制', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('82', 'AX', '0001-01-01', NULL, 'atfm', 'Air traffic control: staff or equipment', '空管人员或设备', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('83', 'AE', '0001-01-01', NULL, 'atfm', 'Air traffic flow: destination', '目的站限制', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('84', 'AW', '0001-01-01', NULL, 'atfm', 'Air traffic flow: weather at destination', '目的站天气流控', 'non-carrier', 'extraordinary-candidate', 'seeded'),
    ('85', 'AS', '0001-01-01', NULL, 'authority', 'Mandatory security', '安全检查', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('86', 'AG', '0001-01-01', NULL, 'authority', 'Immigration, customs, health', '边检、海关、检疫', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('87', 'AF', '0001-01-01', NULL, 'authority', 'Airport facilities', '机场设施', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('88', 'AD', '0001-01-01', NULL, 'authority', 'Restrictions at destination airport', '目的机场限制', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('89', 'AM', '0001-01-01', NULL, 'authority', 'Restrictions at departure airport', '始发机场限制', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('91', 'RL', '0001-01-01', NULL, 'reactionary', 'Waiting for connecting load', '等待货物衔接', 'root-cause', 'root-cause', 'known'),
    ('92', 'RT', '0001-01-01', NULL, 'reactionary', 'Through check-in error', '联程值机差错', 'carrier', 'not-extraordinary', 'known'),
    ('93', 'RA', '0001-01-01', NULL, 'reactionary', 'Aircraft late from the flight before', '前段航班晚到', 'root-cause', 'root-cause', 'known'),
    ('94', 'RS', '0001-01-01', NULL, 'reactionary', 'Cabin crew late from another flight', '客舱机组衔接', 'root-cause', 'root-cause', 'known'),
    ('95', 'RC', '0001-01-01', NULL, 'reactionary', 'Crew late from another flight', '机组衔接', 'root-cause', 'root-cause', 'known'),
    ('96', 'RO', '0001-01-01', NULL, 'reactionary', 'Operations control', '运行控制', 'carrier', 'not-extraordinary', 'known'),
    ('97', 'MI', '0001-01-01', NULL, 'misc', 'Industrial action: own airline', '本公司罢工', 'carrier', 'not-extraordinary', 'known'),
    ('98', 'MO', '0001-01-01', NULL, 'misc', 'Industrial action: others', '外部罢工', 'non-carrier', 'extraordinary-candidate', 'known'),
    ('99', 'MX', '0001-01-01', NULL, 'misc', 'Not elsewhere specified', '其他未列明', 'review', 'review', 'known');
