//! What `sync-server audit` takes.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum AuditAct {
    /// 检查审计日志有没有被改过、删过、塞过，指出第一条；有的话退出码不为 0。服务运行时每天自己检查
    Verify {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 列出最近的审计日志，新的在前
    List {
        /// 多少条
        #[arg(long, default_value_t = 50)]
        last: u32,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 删掉很久以前的审计日志；180 天以内的删不掉
    Prune {
        /// 保留最近多少天
        #[arg(long, default_value_t = 400)]
        keep: i64,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}
