//! Traditional characters of names and their simplified forms.
//!
//! A traveller from Taipei is 張偉 on one record and 张伟 on another: one name, not two of one sound.
//! The table holds what is common in names; a character that is not here stays as it is.

/// Pairs, the traditional character first, in order of it.
const PAIRS: &str = "\
    偉伟傑杰儀仪億亿優优兒儿內内兩两凱凯則则剛刚創创劉刘劍剑勁劲動动務务勛勋勝胜勵励匯汇區区\
    協协卻却參参吳吴呂吕員员啟启喚唤喬乔單单嘯啸嚴严國国圍围園园圓圆圖图執执堅坚堯尧報报場场\
    塗涂塵尘壯壮壽寿夢梦奪夺奮奋婦妇媽妈嫻娴嬋婵嬌娇孫孙學学孿孪實实寧宁審审寫写寬宽寶宝將将\
    專专對对導导屆届層层岡冈島岛崗岗嶺岭嶽岳帥帅師师帳帐帶带幣币幫帮幹干庫库廈厦廟庙廣广張张\
    強强彌弥從从復复徵征徹彻恆恒悅悦惲恽愛爱愷恺慘惨慣惯慶庆憐怜憲宪憶忆應应懷怀戀恋戰战戲戏\
    揚扬換换擁拥擇择據据擴扩攜携攝摄敵敌數数斬斩昇升時时晝昼暉晖暢畅曄晔曆历曉晓書书會会東东\
    條条棟栋楊杨楓枫業业榮荣構构槍枪樂乐樑梁樓楼標标樣样樹树橋桥機机橫横檢检櫻樱權权歐欧歡欢\
    歲岁歷历殘残毀毁氣气決决沖冲況况洶汹涇泾淚泪淨净淵渊淺浅渾浑湯汤準准溝沟溫温滄沧滅灭滙汇\
    滾滚滿满漁渔漢汉漣涟潔洁潛潜潤润澗涧澤泽濃浓濟济濤涛濱滨瀅滢瀋沈瀟潇瀾澜灝灏灣湾為为無无\
    煉炼煒炜煙烟熱热燁烨爍烁爭争爾尔牆墙犧牺狀状獎奖獨独獻献玆兹珮佩現现琺珐琿珲瑋玮瑤瑶瑩莹\
    瑪玛璉琏環环瓊琼產产畢毕異异當当疇畴發发皚皑盡尽監监盤盘盧卢眾众睏困矯矫碩硕確确祿禄禎祯\
    禦御禮礼穀谷積积穎颖穩稳窩窝竇窦競竞筆笔節节範范築筑篤笃簡简簽签籃篮糧粮紀纪紅红紋纹納纳\
    純纯紗纱細细終终結结絡络絢绚給给統统絲丝綏绥經经綜综綠绿維维綱纲綺绮綿绵緊紧緒绪線线緣缘\
    編编緯纬縣县總总績绩織织繡绣繹绎繼继續续纓缨羅罗羨羡義义習习翹翘聖圣聯联聰聪聲声職职聽听\
    肅肃脅胁腦脑臉脸臨临與与興兴舊旧艦舰艷艳莊庄華华萬万葉叶蒼苍蓋盖蓮莲蔔卜蔣蒋蔭荫蕭萧薩萨\
    藍蓝藝艺藥药蘆芦蘇苏蘊蕴蘋苹蘭兰處处號号蝦虾螢萤蠻蛮衆众術术衛卫衝冲補补裝装複复親亲覺觉\
    觀观觸触計计訓训記记訪访設设許许評评詠咏詩诗話话詳详誌志認认語语誠诚說说調调諧谐諸诸諾诺\
    謀谋謂谓謙谦謝谢謹谨識识譚谭譽誉變变讓让豐丰豔艳貝贝貞贞財财貫贯貴贵買买費费賀贺賈贾賓宾\
    賜赐賢贤賦赋質质賴赖贊赞贏赢趕赶趙赵躍跃車车軍军軒轩軟软載载輔辅輕轻輝辉輪轮輯辑辦办辭辞\
    農农連连進进遊游運运過过達达遠远遲迟選选邁迈邊边郵邮鄉乡鄒邹鄔邬鄧邓鄭郑鄰邻鄺邝醫医釋释\
    針针鈞钧鈴铃鉅巨銀银銓铨銘铭銳锐鋒锋鋼钢錄录錢钱錦锦鍵键鍾钟鎮镇鏡镜鐘钟鐵铁鑄铸鑒鉴長长\
    門门閃闪閆闫開开間间閔闵閩闽閱阅閻阎闊阔關关陣阵陰阴陳陈陸陆陽阳隊队階阶際际隨随隱隐雙双\
    雞鸡難难雲云電电霧雾靈灵靜静韋韦韓韩韻韵響响頂顶項项順顺頌颂預预頓顿領领頡颉頤颐頭头頻频\
    題题顏颜願愿類类顧顾顯显風风飄飘飛飞飽饱飾饰館馆馬马馮冯馳驰駿骏騏骐騰腾驅驱驊骅驍骁驗验\
    體体鬆松魯鲁鮑鲍鮮鲜鯤鲲鳳凤鳴鸣鴻鸿鴿鸽鵑鹃鵬鹏鶴鹤鷗鸥鷹鹰麗丽麥麦黃黄點点黨党齊齐齋斋\
    齡龄龍龙龐庞龔龚";

/// The text with its traditional characters simplified.
pub(super) fn simplified(native: &str) -> String {
    native.chars().map(|c| simple(c).unwrap_or(c)).collect()
}

fn simple(character: char) -> Option<char> {
    let mut pairs = PAIRS.chars().filter(|c| !c.is_whitespace());
    while let (Some(traditional), Some(simple)) = (pairs.next(), pairs.next()) {
        if traditional == character {
            return Some(simple);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_pairs() {
        assert_eq!(PAIRS.chars().filter(|c| !c.is_whitespace()).count() % 2, 0);
        for (traditional, simple) in
            [("張偉", "张伟"), ("歐陽曉明", "欧阳晓明"), ("齋點", "斋点"), ("周启明", "周启明")]
        {
            assert_eq!(simplified(traditional), simple);
        }
    }
}
