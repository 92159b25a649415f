//! Small vocabularies: the words files use for gender, tier, cabin, channel, outcome, yes and no.

/// A closed set of words, each with the ways files write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// male, female
    Gender,
    /// ordinary … lifetime
    Tier,
    /// first, business, premium, economy
    Cabin,
    /// direct, agency, …
    Channel,
    /// flown, no-show, …
    Outcome,
    /// id-card, passport, …
    YesNo,
}

type Word = (&'static str, &'static [&'static str]);

const GENDER: &[Word] = &[
    ("male", &["m", "male", "男", "男性", "mr", "先生"]),
    ("female", &["f", "female", "女", "女性", "mrs", "ms", "miss", "女士"]),
];
const TIER: &[Word] = &[
    ("ordinary", &["ordinary", "普卡", "普通", "普通卡", "basic", "member", "base", "blue"]),
    ("silver", &["silver", "银卡"]),
    ("gold", &["gold", "金卡"]),
    ("platinum", &["platinum", "白金卡", "白金", "plat"]),
    ("lifetime", &["lifetime", "lifetime-platinum", "终身白金卡", "lifetime platinum", "终身白金"]),
];
const CABIN: &[Word] = &[
    ("first", &["first", "头等舱", "头等", "f"]),
    ("business", &["business", "公务舱", "商务舱", "公务", "c", "j"]),
    ("premium", &["premium", "premium economy", "超级经济舱", "高端经济舱", "明珠经济舱", "w"]),
    ("economy", &["economy", "经济舱", "经济", "y", "coach"]),
];
const CHANNEL: &[Word] = &[
    ("web", &["web", "website", "online", "官网", "网站"]),
    ("app", &["app", "mobile", "手机", "移动端", "客户端"]),
    ("wechat", &["wechat", "wechat mini program", "微信", "微信小程序", "小程序"]),
    ("agency", &["agency", "agent", "travel agent", "ota", "代理人", "代理", "旅行社"]),
    (
        "call-centre",
        &["call-centre", "call-center", "call centre", "call center", "phone", "呼叫中心", "电话"],
    ),
    ("airport", &["airport", "counter", "机场", "柜台"]),
    ("corporate", &["corporate", "company", "集团", "大客户"]),
    ("direct", &["direct", "直销", "office", "售票处", "cto"]),
];
const OUTCOME: &[Word] = &[
    ("flown", &["flown", "boarded", "used", "lift", "lifted", "已乘机", "已使用", "成行"]),
    ("no-show", &["no-show", "noshow", "no show", "nosh", "误机", "误机未到", "未到"]),
    ("refunded", &["refunded", "refund", "已退票", "退票"]),
    ("changed", &["changed", "exchanged", "rebooked", "改签", "已改签"]),
    ("cancelled", &["cancelled", "canceled", "取消", "已取消"]),
    ("booked", &["booked", "open", "confirmed", "已订", "未使用"]),
];
const YES_NO: &[Word] = &[
    ("true", &["true", "t", "yes", "y", "1", "是", "1.0"]),
    ("false", &["false", "f", "no", "n", "0", "否", "0.0"]),
];

impl Vocabulary {
    fn words(self) -> &'static [Word] {
        match self {
            Self::Gender => GENDER,
            Self::Tier => TIER,
            Self::Cabin => CABIN,
            Self::Channel => CHANNEL,
            Self::Outcome => OUTCOME,
            Self::YesNo => YES_NO,
        }
    }

    /// The set's own words, in order.
    pub fn values(self) -> impl Iterator<Item = &'static str> {
        self.words().iter().map(|(word, _)| *word)
    }

    /// The word `text` stands for.
    #[must_use]
    pub fn find(self, text: &str) -> Option<&'static str> {
        let text = text.trim();
        let same = |known: &str| known.eq_ignore_ascii_case(text);
        self.words()
            .iter()
            .find(|(word, ways)| same(word) || ways.iter().any(|way| same(way)))
            .map(|(word, _)| *word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages() {
        assert_eq!(Vocabulary::Gender.find("男"), Some("male"));
        assert_eq!(Vocabulary::Tier.find("金卡"), Some("gold"));
        assert_eq!(Vocabulary::Outcome.find("NO SHOW"), Some("no-show"));
        assert_eq!(Vocabulary::Tier.find("4"), None, "a bare number must be explained");
    }
}
