//! The words behind a command of the command line: what is imported, found, ordered, brought back.

use super::import::Elders;
use clap::{Args, Subcommand};
use desk::Desk;
use jiff::civil::Date;
use shared::command::{Export, Exported, ListWords};
use shared::fault::Fault;
use shared::kinds::{DisclosureReason, Meal, Mode, NotDeliveredReason, OrderState};
use shared::schema::RecordId;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Json {
    /// 标准输出只打印一个 JSON 值
    #[arg(long)]
    pub(super) json: bool,
}

/// How an exported file is to be, and what for.
#[derive(Debug, Args)]
pub(super) struct What {
    /// 带完整的身份证号、电话、住址和健康状况；要写原因，会记录在案
    #[arg(long)]
    full: bool,
    /// 原因：subsidy 核对补贴，inspection 上级检查，family 家属要求，other 其他（要写 --why）
    #[arg(long)]
    reason: Option<DisclosureReason>,
    /// 说明
    #[arg(long, default_value = "")]
    why: String,
    /// 超过一人可取的数量时，同意的第二人的名字；口令放在环境变量 DESK_SECOND_PIN 里
    #[arg(long)]
    second: Option<String>,
    /// 导出的文件已经有了也写，替换它
    #[arg(long)]
    replace: bool,
}

impl What {
    /// Writes a list into a workbook.
    pub(super) fn export(&self, desk: &Desk, list: &str, words: ListWords, out: &Path) -> Result<Exported, Fault> {
        let second = self.second.as_deref().map(|name| super::person(desk, name, "DESK_SECOND_PIN")).transpose()?;
        let ask = Export { list: list.to_owned(), words, full: self.full, reason: self.reason, note: self.why.clone(), second };
        if self.replace { desk.export_over(&ask, out) } else { desk.export_to(&ask, out) }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// 导入长者名单（xlsx、xls、ods、CSV、网页表格）
    Elders(Elders),
    /// 撤销一次导入
    Undo {
        id: i64,
        #[command(flatten)]
        out: Json,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Elder {
    /// 按姓名、拼音首字母、电话、证件后几位查找
    Find {
        text: String,
        #[arg(long, default_value_t = 20)]
        limit: u32,
        #[command(flatten)]
        out: Json,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Order {
    /// 下一单
    Take {
        #[arg(long)]
        elder: RecordId,
        #[arg(long)]
        date: Option<Date>,
        #[arg(long)]
        meal: Option<Meal>,
        #[arg(long)]
        mode: Option<Mode>,
        #[arg(long)]
        dish: Option<String>,
        #[arg(long, default_value = "")]
        note: String,
        /// 补录原因（截单后）
        #[arg(long, default_value = "")]
        reason: String,
        /// 已看过提醒，照样保存
        #[arg(long)]
        confirm: bool,
        #[arg(long, default_value = "")]
        platform_number: String,
        #[command(flatten)]
        out: Json,
    },
    /// 记录结果
    Outcome {
        #[arg(long)]
        order: RecordId,
        #[arg(long)]
        outcome: OrderState,
        #[arg(long)]
        reason: Option<NotDeliveredReason>,
        #[command(flatten)]
        out: Json,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Receipt {
    /// 上传一张回单照片
    Add {
        #[arg(long)]
        order: RecordId,
        #[arg(long)]
        photo: Vec<PathBuf>,
        /// 2026-11-22T11:58 或 11:58（今天）
        #[arg(long)]
        arrived_at: String,
        #[command(flatten)]
        out: Json,
    },
}
