//! What may be asked about canteens, operators and prices.

use clap::Subcommand;
use shared::kinds::Meal;
use shared::money::Fen;

#[derive(Debug, Subcommand)]
pub(crate) enum CanteenAct {
    /// 新增饭堂
    Add {
        /// 名称
        #[arg(long)]
        name: String,
        /// 镇街（9 位）或村社区（12 位）代码
        #[arg(long)]
        division: String,
        /// 运营商的名称或 id
        #[arg(long)]
        operator: Option<String>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 饭堂改属另一个镇街或村社区（区划调整）
    Move {
        /// 饭堂编号
        #[arg(long)]
        code: String,
        /// 镇街（9 位）或村社区（12 位）代码
        #[arg(long)]
        division: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 给已有的饭堂指明运营商
    Operator {
        /// 饭堂编号
        #[arg(long)]
        code: String,
        /// 运营商的名称或 id
        #[arg(long)]
        operator: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum OperatorAct {
    /// 登记运营商
    Add {
        /// 名称
        #[arg(long)]
        name: String,
        /// 统一社会信用代码，18 位
        #[arg(long)]
        licence: Option<String>,
        /// 电话
        #[arg(long)]
        phone: Option<String>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 列出运营商和它们的饭堂
    List {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PriceAct {
    /// 给饭堂新增一个餐品，从今天起有效
    Add {
        /// 饭堂编号
        #[arg(long)]
        canteen: String,
        /// breakfast、lunch 或 dinner
        #[arg(long)]
        meal: Meal,
        /// 餐品
        #[arg(long)]
        name: String,
        /// 价格，元，比如 12 或 12.50
        #[arg(long, value_parser = yuan)]
        price: Fen,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

fn yuan(text: &str) -> Result<Fen, String> {
    Fen::parse_yuan(text).ok_or_else(|| "价格要写成 12 或 12.50".to_owned())
}
