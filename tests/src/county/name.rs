//! Names that nobody bears: every part is the word for a thing.

use super::dice::Dice;

/// Words that stand where a surname stands. Several have more than one reading (单, 乐, 长, 重, 行).
const CHINESE_FIRST: [&str; 20] = [
    "石", "云", "林", "江", "田", "雪", "风", "山", "金", "白", "单", "乐", "水", "长", "松", "重", "月",
    "行", "星", "草",
];

const CHINESE_SECOND: [&str; 32] = [
    "沙棘", "雪橇", "毡房", "马灯", "奶茶", "羊毛", "铃铛", "松果", "篝火", "邮包", "石桥", "木勺", "炊烟",
    "山楂", "核桃", "雨靴", "风筝", "灯笼", "棉袄", "扁担", "水渠", "麦穗", "马鞍", "草垛", "竹篮", "铜壶",
    "毛毡", "磨盘", "干酪", "井绳", "雪堆", "门闩",
];

/// Kazakh words in Arabic script, each with the Chinese characters that a manifest would write.
const KAZAKH: [(&str, &str); 22] = [
    ("تاس", "塔斯"),
    ("بۇلاق", "布拉克"),
    ("وزەن", "沃曾"),
    ("دالا", "达拉"),
    ("بۇلت", "布勒特"),
    ("قايىڭ", "卡英"),
    ("تەرەك", "铁热克"),
    ("ارشا", "阿尔恰"),
    ("قار", "卡尔"),
    ("جەل", "杰勒"),
    ("جاڭبىر", "章布尔"),
    ("كوپىر", "阔普尔"),
    ("جول", "卓勒"),
    ("قازان", "喀赞"),
    ("شاي", "恰依"),
    ("نان", "囊"),
    ("ءسۇت", "苏特"),
    ("كيىز", "克依孜"),
    ("ءۇي", "玉依"),
    ("قورجىن", "阔尔坚"),
    ("شەلەك", "切列克"),
    ("قاسىق", "卡瑟克"),
];

/// Somebody's made-up name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As its bearer writes it, in the script of `language`.
    pub written: String,
    /// As a carrier's manifest has it, in Chinese characters.
    pub in_chinese: String,
    /// `zh-Hans` or `kk-Arab`.
    pub language: &'static str,
}

impl Name {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        if dice.percent(60) {
            Self::kazakh(dice)
        } else {
            Self::chinese(dice)
        }
    }

    fn chinese(dice: &mut Dice) -> Self {
        let written = format!(
            "{}{}",
            dice.pick_early(&CHINESE_FIRST),
            dice.pick(&CHINESE_SECOND)
        );
        Self {
            in_chinese: written.clone(),
            written,
            language: "zh-Hans",
        }
    }

    fn kazakh(dice: &mut Dice) -> Self {
        let ((own, own_chinese), (parent, parent_chinese)) = (dice.pick(&KAZAKH), dice.pick(&KAZAKH));
        let child = dice.pick(&["ۇلى", "قىزى"]);
        Self {
            written: format!("{own} {parent}{child}"),
            in_chinese: format!("{own_chinese}·{parent_chinese}"),
            language: "kk-Arab",
        }
    }
}
