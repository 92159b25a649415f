//! Tables behind the readings of names.

/// Two-character surnames with the readings of both, `ü` written the official way.
#[rustfmt::skip]
pub(super) const COMPOUND: &[(&str, &str)] = &[
    ("欧阳", "ou yang"), ("司马", "si ma"), ("上官", "shang guan"), ("诸葛", "zhu ge"),
    ("东方", "dong fang"), ("独孤", "du gu"), ("南宫", "nan gong"), ("万俟", "mo qi"),
    ("闻人", "wen ren"), ("夏侯", "xia hou"), ("尉迟", "yu chi"), ("公羊", "gong yang"),
    ("赫连", "he lian"), ("澹台", "tan tai"), ("皇甫", "huang fu"), ("宗政", "zong zheng"),
    ("濮阳", "pu yang"), ("公冶", "gong ye"), ("太叔", "tai shu"), ("申屠", "shen tu"),
    ("公孙", "gong sun"), ("慕容", "mu rong"), ("仲孙", "zhong sun"), ("钟离", "zhong li"),
    ("长孙", "zhang sun"), ("宇文", "yu wen"), ("司徒", "si tu"), ("鲜于", "xian yu"),
    ("司空", "si kong"), ("闾丘", "lyu qiu"), ("子车", "zi ju"), ("亓官", "qi guan"),
    ("司寇", "si kou"), ("巫马", "wu ma"), ("公西", "gong xi"), ("颛孙", "zhuan sun"),
    ("壤驷", "rang si"), ("公良", "gong liang"), ("漆雕", "qi diao"), ("乐正", "yue zheng"),
    ("宰父", "zai fu"), ("谷梁", "gu liang"), ("拓跋", "tuo ba"), ("夹谷", "jia gu"),
    ("轩辕", "xuan yuan"), ("令狐", "ling hu"), ("段干", "duan gan"), ("百里", "bai li"),
    ("呼延", "hu yan"), ("东郭", "dong guo"), ("南门", "nan men"), ("羊舌", "yang she"),
    ("微生", "wei sheng"), ("梁丘", "liang qiu"), ("左丘", "zuo qiu"), ("东门", "dong men"),
    ("西门", "xi men"), ("南荣", "nan rong"), ("第五", "di wu"), ("纳兰", "na lan"),
    ("完颜", "wan yan"), ("叶赫", "ye he"), ("那拉", "na la"), ("单于", "chan yu"),
    ("太史", "tai shi"), ("端木", "duan mu"), ("淳于", "chun yu"), ("公仪", "gong yi"),
];

/// Characters that sound otherwise as a surname: first the surname's reading, then the others a
/// searcher may type.
#[rustfmt::skip]
pub(super) const SURNAMES: &[(char, &str)] = &[
    ('单', "shan dan"), ('仇', "qiu chou"), ('曾', "zeng ceng"), ('解', "xie jie"),
    ('查', "zha cha"), ('盖', "ge gai"), ('乐', "yue le"), ('区', "ou qu"), ('朴', "piao pu"),
    ('尉', "wei yu"), ('翟', "zhai di"), ('缪', "miao mou"), ('召', "shao zhao"),
    ('折', "she zhe"), ('员', "yun yuan"), ('黑', "he hei"), ('种', "chong zhong"),
    ('繁', "po fan"), ('洗', "xian xi"), ('隗', "wei kui"), ('佴', "nai"), ('覃', "qin tan"),
    ('谌', "chen shen"), ('车', "che ju"), ('薄', "bo"), ('卜', "bu"), ('都', "du dou"),
    ('会', "gui hui"), ('乜', "nie"), ('秘', "bi mi"), ('牟', "mou mu"), ('宓', "mi fu"),
    ('能', "nai neng"), ('祭', "zhai ji"), ('重', "chong zhong"), ('藏', "zang cang"),
    ('句', "gou ju"), ('柏', "bai bo"), ('番', "pan fan"), ('晟', "cheng sheng"),
    ('行', "xing hang"), ('阚', "kan"), ('炅', "gui jiong"), ('郇', "xun huan"),
    ('角', "jue jiao"), ('长', "chang zhang"), ('褚', "chu zhu"), ('库', "she ku"),
    ('适', "kuo shi"), ('六', "lu liu"), ('莘', "shen xin"), ('参', "shen can"),
];

/// Characters of given names whose commonest reading in names is not the dictionary's first.
#[rustfmt::skip]
pub(super) const GIVEN: &[(char, &str)] = &[
    ('长', "chang"), ('晟', "sheng"), ('曾', "zeng"), ('莘', "xin"), ('参', "shen"),
    ('都', "du"),
];

/// Halves of Tibetan names; a four-character name made of two of them has no surname.
#[rustfmt::skip]
pub(super) const TIBETAN: &[&str] = &[
    "扎西", "次仁", "卓玛", "顿珠", "平措", "尼玛", "达瓦", "巴桑", "普布", "米玛", "拉巴",
    "边巴", "索朗", "旦增", "丹增", "格桑", "白玛", "德吉", "央金", "仁青", "洛桑", "贡布",
    "强巴", "曲珍", "拉姆", "措姆", "多吉", "加措", "罗布", "旺堆", "旺姆", "益西", "群培",
    "班典", "桑珠", "赤列", "卓嘎", "白珍", "玉珍", "仓决", "朗杰", "旺杰", "晋美", "嘎玛",
    "土登", "阿旺", "群宗", "桑姆",
];

/// Two-character Tibetan names that no Han name is mistaken for.
#[rustfmt::skip]
pub(super) const TIBETAN_ALONE: &[&str] = &[
    "扎西", "次仁", "卓玛", "顿珠", "旦增", "丹增", "平措", "尼玛", "达瓦", "普布", "卓嘎",
];
