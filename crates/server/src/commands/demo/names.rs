//! Names for the demonstration: branches, holders and account numbers, the same on every run.

use ledger::hash::mix;

/// Branches of the demonstration's bank, in the order of their codes.
pub const BRANCHES: [(&str, &str); 50] = [
    ("城关", "Chengguan"),
    ("东门", "Dongmen"),
    ("西街", "Xijie"),
    ("南关", "Nanguan"),
    ("北门", "Beimen"),
    ("人民路", "Renmin Road"),
    ("解放路", "Jiefang Road"),
    ("建设路", "Jianshe Road"),
    ("中山路", "Zhongshan Road"),
    ("新华路", "Xinhua Road"),
    ("和平路", "Heping Road"),
    ("文化路", "Wenhua Road"),
    ("工业园", "Industrial Park"),
    ("开发区", "Development Zone"),
    ("高铁新区", "High-speed Station"),
    ("火车站", "Railway Station"),
    ("汽车站", "Coach Station"),
    ("农贸市场", "Farmers' Market"),
    ("商业城", "Commercial City"),
    ("大学城", "University Town"),
    ("青山", "Qingshan"),
    ("白云", "Baiyun"),
    ("石桥", "Shiqiao"),
    ("柳河", "Liuhe"),
    ("龙泉", "Longquan"),
    ("清水", "Qingshui"),
    ("太平", "Taiping"),
    ("永安", "Yong'an"),
    ("新集", "Xinji"),
    ("双河", "Shuanghe"),
    ("黄岗", "Huanggang"),
    ("马店", "Madian"),
    ("杨楼", "Yanglou"),
    ("李集", "Liji"),
    ("王庄", "Wangzhuang"),
    ("张桥", "Zhangqiao"),
    ("赵湾", "Zhaowan"),
    ("高庙", "Gaomiao"),
    ("大营", "Daying"),
    ("古城", "Gucheng"),
    ("沙河", "Shahe"),
    ("五里", "Wuli"),
    ("十里铺", "Shilipu"),
    ("三岔口", "Sanchakou"),
    ("东风", "Dongfeng"),
    ("红旗", "Hongqi"),
    ("光明", "Guangming"),
    ("胜利", "Shengli"),
    ("幸福", "Xingfu"),
    ("朝阳", "Chaoyang"),
];

const SURNAMES: &str =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂兰英华玉红建文斌波辉玲燕国志海春梅\
                     小晓宇浩然欣怡佳子轩梓涵雨泽思远嘉琪俊峰";

/// Name of the holder of a node's account.
pub fn holder(node: u32) -> String {
    let hash = mix(0x9e37_79b9, u64::from(node));
    let pick = |text: &str, hash: u64| {
        let count = text.chars().count() as u64;
        let at = usize::try_from(hash % count).unwrap_or_default();
        text.chars().nth(at).unwrap_or('王')
    };
    let mut name = String::from(pick(SURNAMES, hash));
    name.push(pick(GIVEN, hash >> 16));
    // One in five has a given name of one character.
    if !(hash >> 32).is_multiple_of(5) {
        name.push(pick(GIVEN, hash >> 40));
    }
    name
}

/// Number of a node's account: 19 digits, the last a check digit.
pub fn number(node: u32, branch: usize) -> String {
    let body = format!("6299{:04}{node:010}", 101 + branch);
    let digit = luhn(&body);
    format!("{body}{digit}")
}

/// The digit that makes a number pass the Luhn check (GB/T 17552 annex, ISO/IEC 7812).
fn luhn(body: &str) -> u32 {
    let digits = body.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, double @ 10..) => double - 9,
            (0, double) => double,
            _ => digit,
        })
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_digit_makes_the_number_pass() {
        assert_eq!(luhn("7992739871"), 3);
        let number = number(12_345, 44);
        assert_eq!(number.len(), 19);
        assert!(number.starts_with("62990145"));
    }

    #[test]
    fn a_node_has_one_name() {
        assert_eq!(holder(7), holder(7));
        assert!((2..=3).contains(&holder(8).chars().count()));
    }
}
