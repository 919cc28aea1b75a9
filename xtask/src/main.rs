//! `cargo xtask`: everything one does with the project from a terminal.
//! Lives here: the list of subcommands. What each of them does stands in its own module.

mod bundle;
mod progress;
mod run;
mod setup;
mod shell;
mod supply;
mod test;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::setup::Purpose;
use crate::shell::Workshop;

/// 银龄饭堂：构建、运行与检验。
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// 检查并安装缺少的系统软件包和工具
    Setup,
    /// 构建界面（wasm）到 dist/
    Wasm,
    /// 构建并启动：同步服务、办公端；有图形界面时打开窗口，否则在浏览器中使用
    Run {
        /// 只启动办公端，不启动同步服务
        #[arg(long)]
        desk_only: bool,
        /// 数据文件夹
        #[arg(long, default_value = "data-demo")]
        data: PathBuf,
    },
    /// 格式、静态检查、构建和全部测试
    Test,
    /// 长时间向一个入口喂坏数据：message、change、envelope、server、answer、photo
    Fuzz {
        /// 入口
        target: String,
        /// 喂多少次
        #[arg(long, default_value_t = 1_000_000)]
        runs: u64,
        /// 从这个种子开始
        #[arg(long)]
        seed: Option<u64>,
    },
    /// 按随机的版式生成很多名单，核对名单里的每个人都有交代
    Layouts {
        /// 多少种版式
        #[arg(default_value_t = 20_000)]
        count: u64,
        /// 只再画这个种子的一种
        #[arg(long)]
        seed: Option<u64>,
    },
    /// 重新生成办公端变更记录的压缩字典；只在发布之前用，旧字典写的资料新字典读不出来
    Dictionary,
    /// 根据各种记录的声明重新生成个人信息数据字典（docs/data-dictionary.md）
    DataDictionary,
    /// 以发布方式构建并测速；可以只测几项：sync、together、postgres、million、waiting、office
    Bench {
        /// 只测这几项；不写就全部测
        parts: Vec<String>,
    },
    /// 以发布方式构建并打成 deb 安装包
    Bundle,
    /// 查看依赖：安全公告、许可证、来源
    Supply,
    /// 从 rustsec/advisory-db 的检出重新生成安全公告快照
    Advisories {
        /// 检出所在的文件夹
        checkout: PathBuf,
    },
    /// 写出所发布程序的物料清单（CycloneDX）
    Sbom {
        /// 写到这里
        #[arg(long, default_value = "target/yinling.cdx.json")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    match done(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("没有完成：{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn done(task: Task) -> anyhow::Result<ExitCode> {
    let shop = Workshop::find()?;
    match task {
        Task::Test => return test::test(&shop),
        Task::Setup => setup::setup(&shop, Purpose::Everything).map(drop),
        Task::Wasm => setup::setup(&shop, Purpose::Screens).and_then(|way| wasm::build(&shop, way)),
        Task::Run { desk_only, data } => run::run(&shop, &data, desk_only),
        Task::Fuzz { target, runs, seed } => test::fuzz(&shop, &target, runs, seed),
        Task::Layouts { count, seed } => test::layouts(&shop, count, seed),
        Task::Dictionary => test::dictionary(&shop),
        Task::DataDictionary => test::data_dictionary(&shop),
        Task::Bench { parts } => bundle::bench(&shop, &parts),
        Task::Bundle => bundle::bundle(&shop),
        Task::Supply => supply::report(&shop),
        Task::Advisories { checkout } => supply::remake(&shop, &checkout),
        Task::Sbom { out } => supply::write_sbom(&shop, &shop.root.join(out)),
    }?;
    Ok(ExitCode::SUCCESS)
}
