//! 照片：收下、打开、从别的电脑取。

use crate::words::Told;

pub const PHOTOS: &str = "照片";
pub const ONE: &str = "照片";
pub const NONE: &str = "没有照片。";
pub const TAKE: &str = "拍照";

#[must_use]
pub fn received(day: &str, time: &str) -> String {
    format!("服务器收到：{day} {time}")
}

/// Not at the server yet.
#[must_use]
pub fn pending(number: u32) -> String {
    format!("还有 {number} 张照片在饭堂电脑上等待上传。")
}

pub const NOT_HERE: Told = ("这里没有这张照片。", "请刷新后再找一次。");
pub const FILE_DOES_NOT_OPEN: Told = ("照片文件打不开。", "请确认文件还在，再选一次。");
pub const AWAITS_ITS_KEY: Told = ("这张照片待解密：这位长者的密钥还没有到这台电脑。", "联网同步后再看。");
pub const OUT_OF_REACH: Told = ("这张照片不在这台电脑上，现在也取不到。", "联网后再看，或到拍照的那台电脑上看。");
pub const NOT_AT_THE_SERVER: Told = ("没有找到这张照片。", "拍照的那台电脑还没有上传，请稍后再看。");
pub const TO_BE_CHOSEN_AGAIN: Told = ("有一张照片不在这台电脑上。", "请重新选择那张照片。");
const TAKE_ANOTHER: &str = "请用手机重新拍一张，存成 JPG 或 PNG 再选。";
pub const NO_PHOTO: Told = ("这个文件不是照片。", TAKE_ANOTHER);
pub const DAMAGED: Told = ("照片文件已损坏，打不开。", TAKE_ANOTHER);

/// More pixels than are read of a picture of its kind.
#[must_use]
pub fn too_large(width: u32, height: u32) -> (String, &'static str) {
    (
        format!("照片有 {width}×{height} 像素，太大了，读不了。"),
        "请在手机相机里关掉高像素模式（50MP、64MP 等）或全景，重新拍一张；扫描件请降低分辨率，存成 JPG。",
    )
}

pub const HEIC: Told = (
    "这是手机的高效照片（HEIC），这里打不开。",
    "苹果手机：设置 → 相机 → 格式 → 选“兼容性最佳”；安卓手机：相机设置里关掉“高效图片”或“HEIF”。再拍一张就是 JPG；拍好的那张，截一张图也行。",
);
pub const PDF: Told = ("这是 PDF 文件，不是照片。", "请打开它截一张图，存成 JPG 或 PNG 再选。");
/// The file ended before the picture did; it is kept all the same.
pub const CUT_OFF: Told = ("照片文件不完整，下面一截看不到。", "这张已经收下；能重拍的，请重拍一张。");
