//! Names as frequent as in life: Han surnames by their share of the population, given names by sex
//! and generation, Uyghur, Tibetan and foreign names.

use kernel::names::PersonName;

use crate::dice::{Dice, cumulative};

/// Han surnames with their share in hundredths of a per cent (approximate); the rarer ones are
/// there because their readings are easily got wrong.
#[rustfmt::skip]
const SURNAMES: &[(&str, u16)] = &[
    ("王", 725), ("李", 719), ("张", 683), ("刘", 538), ("陈", 453), ("杨", 308),
    ("赵", 229), ("黄", 223), ("周", 212), ("吴", 205), ("徐", 167), ("孙", 154),
    ("胡", 131), ("朱", 126), ("高", 121), ("林", 118), ("何", 117), ("郭", 115),
    ("马", 105), ("罗", 86), ("梁", 84), ("宋", 81), ("郑", 78), ("谢", 72), ("韩", 68),
    ("唐", 65), ("冯", 64), ("于", 62), ("董", 61), ("萧", 59), ("程", 57), ("曹", 57),
    ("袁", 54), ("邓", 54), ("许", 54), ("傅", 51), ("沈", 50), ("曾", 50), ("彭", 49),
    ("吕", 47), ("苏", 47), ("卢", 47), ("蒋", 47), ("蔡", 46), ("贾", 42), ("丁", 42),
    ("魏", 41), ("薛", 41), ("叶", 41), ("阎", 40), ("余", 40), ("潘", 39), ("杜", 39),
    ("戴", 37), ("夏", 37), ("钟", 37), ("汪", 36), ("田", 36), ("任", 36), ("姜", 35),
    ("范", 35), ("方", 34), ("石", 34), ("姚", 34), ("谭", 33), ("廖", 33), ("邹", 31),
    ("熊", 31), ("金", 30), ("陆", 30), ("郝", 30), ("孔", 29), ("白", 29), ("崔", 28),
    ("康", 28), ("毛", 27), ("邱", 27), ("秦", 27), ("江", 26), ("史", 26), ("顾", 25),
    ("侯", 25), ("邵", 24), ("孟", 24), ("龙", 24), ("万", 23), ("段", 23), ("雷", 23),
    ("钱", 22), ("汤", 22), ("尹", 21), ("黎", 21), ("易", 20), ("常", 20), ("武", 20),
    ("乔", 19), ("贺", 19), ("赖", 18), ("龚", 18), ("文", 17), ("覃", 12), ("柳", 11),
    ("翟", 10), ("欧阳", 8), ("解", 6), ("单", 5), ("区", 4), ("盖", 2), ("仇", 2), ("查", 2),
    ("乐", 2), ("朴", 3), ("缪", 3), ("上官", 2), ("司马", 1), ("诸葛", 1), ("尉迟", 1),
    ("万俟", 1), ("令狐", 1), ("皇甫", 1),
];

/// Given names in characters, by sex and generation.
const MEN_BEFORE_1980: &str = "国强 建国 志强 建华 伟 勇 军 志刚 建军 永强 明 文 波 平 刚 海涛 卫东 晓东 国庆 建平 德胜 志明 \
     永红 新华 立军 学军 春生 金龙 文斌 家明 启明 少华 长江 宏伟 利民 振华 庆林 树森 万里 卫国";
const MEN_FROM_1980: &str = "浩 宇 杰 磊 鑫 鹏 涛 俊杰 浩然 宇轩 子轩 梓豪 博文 天宇 家豪 志远 俊熙 嘉诚 泽宇 明轩 一鸣 思源 \
     晨 凯 帅 旭 子涵 昊天 文博 宏宇 海洋 天佑 景行 乐 致远 奕辰 睿 皓轩 承泽 沐阳 启航 振宇";
const WOMEN_BEFORE_1980: &str = "秀英 桂英 秀兰 玉兰 丽 艳 敏 静 红 丽华 春梅 秀珍 玉梅 淑英 凤英 桂芳 丽娟 红梅 燕 霞 玲 萍 \
     淑华 雪梅 美玲 晓燕 文静 建英 惠芳 月英 亚男 绿萍 爱华 素芬 翠兰 冬梅 慧敏 琴 芳 英";
const WOMEN_FROM_1980: &str = "婷 雪 欣怡 梓涵 诗涵 雨桐 佳怡 思雨 梦琪 佳琪 嘉欣 雅婷 静怡 一诺 语嫣 可馨 子萱 雨欣 晓彤 倩 \
     颖 璐 莹 琳 婧 悦 雯 思琪 若曦 梦瑶 书瑶 心怡 芷若 清妍 乐瑶 茜 月 佳 楠 瑶 宁 歆艺 舒窈";

const UYGHUR_MEN: &str = "买买提 艾尔肯 吐尔逊 阿卜杜拉 努尔麦麦提 亚森 阿不都热依木 艾力 玉素甫 依明 卡德尔 艾山 库尔班 \
     吾买尔 阿迪力 尼加提 帕尔哈提 塔依尔 热合曼 斯迪克";
const UYGHUR_WOMEN: &str = "阿依古丽 古丽娜尔 热孜万古丽 阿孜古丽 迪丽努尔 帕提古丽 阿米娜 祖丽皮耶 茹仙古丽 阿依努尔 \
     麦尔哈巴 古丽巴哈尔 米热古丽 阿依夏木 热依汗";
const TIBETAN_MEN: &str = "扎西 次仁 顿珠 平措 洛桑 强巴 多吉 索朗 旦增 贡布 晋美 旺堆 仁青 罗布";
const TIBETAN_WOMEN: &str = "卓玛 央金 德吉 拉姆 白玛 措姆 曲珍 卓嘎 格桑 尼玛 达瓦 旺姆 次仁 白珍";

/// Foreign names by country of residence; the last row serves the rest of the world.
struct Foreign {
    country: &'static str,
    surnames: &'static str,
    men: &'static str,
    women: &'static str,
}

const FOREIGN: [Foreign; 9] = [
    Foreign {
        country: "JP",
        surnames: "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato",
        men: "Haruto Yuto Sota Kenji Takashi Hiroshi Daiki Ren",
        women: "Yui Sakura Aoi Yoko Misaki Haruka Keiko Rin",
    },
    Foreign {
        country: "KR",
        surnames: "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim",
        men: "Min-jun Seo-jun Ji-hoon Sung-min Hyun-woo Dong-hyun",
        women: "Seo-yeon Ji-woo Min-ji Soo-jin Hye-jin Eun-ji",
    },
    Foreign {
        country: "DE",
        surnames: "Müller Schmidt Schneider Fischer Weber Becker Schäfer Groß Krüger Vogel",
        men: "Lukas Jonas Felix Jürgen Stefan Matthias Thomas",
        women: "Anna Lena Katrin Sabine Julia Käthe Heike",
    },
    Foreign {
        country: "FR",
        surnames: "Martin Bernard Dubois Lefèvre Moreau Garçon Petit Rousseau Fournier",
        men: "Louis Hugo Étienne François Julien Rémi Olivier",
        women: "Camille Chloé Élodie Marie Sophie Amélie Hélène",
    },
    Foreign {
        country: "TH",
        surnames: "Saetang Chaiyasit Suwannarat Thongchai Wongsawat Rattanakosin",
        men: "Somchai Anan Kittisak Prasert Nattapong",
        women: "Siriporn Malee Kanya Ploy Nattaya",
    },
    Foreign {
        country: "SG",
        surnames: "Tan Lim Lee Ng Ong Wong Goh Chua Raman Rahman",
        men: "Wei Jie Jun Kai Kumar Arjun Ibrahim Marcus Daniel",
        women: "Hui Min Priya Xin Yi Aisha Shalini Rachel",
    },
    Foreign {
        country: "TR",
        surnames: "Yılmaz Kaya Demir Çelik Şahin Öztürk Aydın",
        men: "Mehmet Ahmet Emre Burak Can",
        women: "Ayşe Elif Zeynep Fatma Defne",
    },
    Foreign {
        country: "KZ",
        surnames: "Akhmetov Omarov Nurlanov Ivanov Kim Suleimenov",
        men: "Nursultan Daniyar Aleksandr Timur Arman",
        women: "Aigerim Dana Anna Madina Zarina",
    },
    Foreign {
        country: "",
        surnames: "Smith Jones Taylor Brown Wilson O'Neill McDonald Garcia Nguyen Patel Khan Rossi \
                   Andersen Kowalski Cohen Silva Johansson Ødegård Singh Hernández",
        men: "James Oliver William Noah Mohammed Rahul Marco Lars Piotr David Carlos Minh",
        women: "Emma Olivia Sophia Fatima Priya Giulia Ingrid Maria Sarah Ana Lan Zoë",
    },
];

/// The tables, split once.
pub(super) struct Names {
    surnames: Vec<f64>,
    /// Men and women before 1980, men and women since.
    given: [Vec<&'static str>; 4],
    uyghur: [Vec<&'static str>; 2],
    tibetan: [Vec<&'static str>; 2],
    foreign: Vec<[Vec<&'static str>; 3]>,
}

fn words(text: &'static str) -> Vec<&'static str> {
    text.split_whitespace().collect()
}

impl Names {
    pub(super) fn new() -> Self {
        let given = [MEN_BEFORE_1980, WOMEN_BEFORE_1980, MEN_FROM_1980, WOMEN_FROM_1980];
        Self {
            surnames: cumulative(SURNAMES.iter().map(|(_, share)| f64::from(*share))),
            given: given.map(words),
            uyghur: [UYGHUR_MEN, UYGHUR_WOMEN].map(words),
            tibetan: [TIBETAN_MEN, TIBETAN_WOMEN].map(words),
            foreign: FOREIGN.iter().map(|f| [f.surnames, f.men, f.women].map(words)).collect(),
        }
    }

    /// A Han name. Half of the two-character given names are put together from two others', so that
    /// there are as many as in life.
    pub(super) fn han(&self, man: bool, born: i32, dice: &mut Dice) -> PersonName {
        let surname = SURNAMES[dice.weighted(&self.surnames)].0;
        self.han_named(surname, man, born, dice)
    }

    /// A Han name under a known surname, in characters.
    pub(super) fn han_named(
        &self,
        surname: &str,
        man: bool,
        born: i32,
        dice: &mut Dice,
    ) -> PersonName {
        let table = &self.given[usize::from(born >= 1980) * 2 + usize::from(!man)];
        let first = *dice.pick(table);
        let other = *dice.pick(table);
        let given = if dice.chance(0.5) && first.chars().count() == 2 {
            first.chars().take(1).chain(other.chars().last()).collect()
        } else {
            first.to_owned()
        };
        PersonName::from_native(&format!("{surname}{given}"))
    }

    /// The surname of a Han name in characters, if it is one of the table's.
    pub(super) fn han_surname(native: &str) -> Option<&'static str> {
        let known = SURNAMES.iter().map(|(surname, _)| *surname);
        let begins = known.filter(|surname| native.starts_with(surname));
        begins.max_by_key(|surname| surname.len())
    }

    pub(super) fn uyghur(&self, man: bool, dice: &mut Dice) -> PersonName {
        let given = *dice.pick(&self.uyghur[usize::from(!man)]);
        let father = *dice.pick(&self.uyghur[0]);
        PersonName::from_native(&format!("{given}·{father}"))
    }

    pub(super) fn tibetan(&self, man: bool, dice: &mut Dice) -> PersonName {
        let halves = &self.tibetan[usize::from(!man)];
        let first = *dice.pick(halves);
        let mut second = *dice.pick(halves);
        if second == first {
            second = if man { "加措" } else { "玉珍" };
        }
        PersonName::from_native(&format!("{first}{second}"))
    }

    pub(super) fn foreign(&self, country: &str, man: bool, dice: &mut Dice) -> PersonName {
        let row = FOREIGN.iter().position(|f| f.country == country).unwrap_or(FOREIGN.len() - 1);
        let [surnames, men, women] = &self.foreign[row];
        let surname = *dice.pick(surnames);
        let given = *dice.pick(if man { men } else { women });
        PersonName::from_latin(surname, given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_surname_is_read() {
        for (surname, _) in SURNAMES {
            let name = PersonName::from_native(&format!("{surname}明"));
            assert!(name.given == "Ming" && !name.surname.is_empty(), "{surname}");
        }
    }

    #[test]
    fn tibetan_names_are_known_as_such() {
        for half in words(TIBETAN_MEN).into_iter().chain(words(TIBETAN_WOMEN)) {
            let name = PersonName::from_native(&format!("{half}玉珍"));
            assert_eq!(name.surname, "", "{half}");
        }
    }
}
