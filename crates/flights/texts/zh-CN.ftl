permission-flights-read = 查看乘机记录与偏好

error-flights-columns = 未能生成乘机记录的分析副本。
error-flights-columns-hint = 这是程序的问题，请附上此刻的日志反馈。

flights-panel-activity = 每月乘机
flights-panel-habits = 偏好
flights-timeline = 乘机
flights-activity-sentence = { $months } 个月内乘机 { $flights } 次，共 { $km } 公里。
flights-activity-tip = { $month }：{ $flights } 次，{ $km } 公里
flights-activity-caption = 每月乘机次数
flights-col-month = 月份
flights-col-flights = 乘机次数
flights-col-km = 里程（公里）

flights-evidence = { $among } 次中 { $of } 次
flights-median = 中位数
flights-mean = 每次平均
flights-of-trips = 共 { $n } 次
flights-lead-days = { $days ->
    [0] 当天购票
   *[other] 提前 { $days } 天
}

flights-habit-cabin = 舱位
flights-habit-seat = 座位
flights-habit-time = 时段
flights-habit-days = 日子
flights-habit-channel = 购票渠道
flights-habit-home = 常驻地
flights-habit-purpose = 出行目的
flights-habit-route = 常飞航线
flights-habit-lead = 购票
flights-habit-last-minute = 三天内购票
flights-habit-no-show = 误机未到
flights-habit-changed = 退改签
flights-habit-low-fare = 六折及以下
flights-habit-agency = 经代理人购票
flights-habit-party = 同行人数
flights-habit-extras = 附加消费

flights-cabin-first = 头等舱
flights-cabin-business = 公务舱
flights-cabin-premium = 超级经济舱
flights-cabin-economy = 经济舱
flights-seat-window = 靠窗
flights-seat-aisle = 靠过道
flights-seat-middle = 中间
flights-time-night = 清晨 6 点前
flights-time-morning = 上午
flights-time-afternoon = 下午
flights-time-evening = 晚间
flights-days-weekday = 工作日
flights-days-weekend = 周末
flights-channel-web = 官网
flights-channel-app = 手机客户端
flights-channel-wechat = 微信
flights-channel-agency = 代理人
flights-channel-call-centre = 呼叫中心
flights-channel-airport = 机场柜台
flights-channel-corporate = 集团客户
flights-channel-direct = 直销
flights-purpose-business = 以公务为主
flights-purpose-leisure = 以休闲为主

flights-tl-flown = { $flight } { $from }–{ $to }
flights-tl-no-show = { $flight } { $from }–{ $to }，误机未到
flights-tl-refunded = { $flight } { $from }–{ $to }，已退票
flights-tl-changed = { $flight } { $from }–{ $to }，已改签
flights-tl-cancelled = { $flight } { $from }–{ $to }，已取消
flights-tl-booked = { $flight } { $from }–{ $to }，已订座
flights-tl-detail = { $cabin } { $class } · { $km } 公里
