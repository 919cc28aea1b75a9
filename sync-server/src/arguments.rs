//! What the command line of the server takes.

mod account;
mod audit;
mod line;
mod places;

pub(crate) use account::{AccountAct, OneAccount};
pub(crate) use audit::AuditAct;
use clap::{Parser, Subcommand, ValueEnum};
pub(crate) use line::LineArgs;
pub(crate) use places::{CanteenAct, OperatorAct, PriceAct};
use std::net::SocketAddr;
use std::path::PathBuf;

/// 长者饭堂同步服务
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// 数据目录
    #[arg(long, global = true, default_value = "data")]
    pub(crate) data: PathBuf,
    /// PostgreSQL 数据库，比如 postgres://用户:密码@主机/库名；不写时用环境变量 YINLING_DATABASE，都没有时用数据目录里的 SQLite
    #[arg(long, global = true, alias = "database-url")]
    pub(crate) database: Option<String>,
    /// PostgreSQL 证书的签发机构，PEM 文件，和地址里的 sslrootcert 一样。不写时用环境变量 YINLING_DATABASE_CA，都没有时用系统信任的机构
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) database_ca: Option<PathBuf>,
    /// 根密钥文件，第一次启动时生成；请和数据库分开存放、分开备份。不写时用环境变量 YINLING_KEEPER，都没有时是数据目录里的 keeper.key
    #[arg(long, global = true)]
    pub(crate) keeper: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) act: Act,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// 启动服务
    Serve {
        /// 监听地址，端口 0 为任选
        #[arg(long, default_value = "127.0.0.1:8630")]
        listen: SocketAddr,
        #[command(flatten)]
        line: LineArgs,
    },
    /// 管理饭堂、设备和账号
    Admin {
        #[command(subcommand)]
        what: Admin,
    },
    /// 检查每张照片的文件是否还在、有没有损坏；缺的会请设备重传
    Scrub {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 检查每条变更能否读出，各张表、汇总、下发目录和快照是否与变更记录一致；不一致时退出码不为 0
    Verify {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 按变更记录重做与它不一致的表、汇总、下发目录和快照，一次完成
    Rebuild {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 把数据库以现在的内容为准重新封存；只在恢复备份、或查清改动并决定保留之后用，会记入审计日志
    Seal {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 从备份恢复数据库以后运行一次：告诉各处服务器恢复过，并让审计日志从现在的内容接着核对
    Restored {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 把各处的旧资料打包成快照，新设备第一次同步更快；可以随时中断。服务运行时每天夜里自己做
    Compact {
        /// 每页大约装多少字节的变更；越小，断线后重传的越少，但总量越大
        #[arg(long, default_value_t = shared::sync::snapshot::PAGE_FILL)]
        page: usize,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 列出隔离的资料：修改记录合不到一起，停在原来的样子
    Quarantine {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 列出两处写得不一样、等人决定的内容；在饭堂或镇街的办公端决定
    Conflicts {
        /// 只看这家饭堂
        #[arg(long)]
        canteen: Option<String>,
        /// 只看这个区划
        #[arg(long)]
        division: Option<String>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 审计日志：谁在什么时候做了什么
    Audit {
        #[command(subcommand)]
        act: AuditAct,
    },
    /// 生成演示数据；发布的程序里没有，也不写进别人的数据目录
    #[cfg(feature = "drill")]
    Demo {
        /// 输出 JSON（总是如此）
        #[arg(long)]
        json: bool,
    },
}

/// Of whom a second factor is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FactorsOf {
    /// 管理员
    Administrators,
    /// 所有账号
    Everybody,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// 输出服务器自己的签发机构证书，PEM，给用浏览器的电脑导入
    Authority,
    /// 查看这套系统属于哪个地级市；写了代码就改成那个市。第一个账号管全市
    City {
        /// 4 位的市级代码
        code: Option<String>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 查看管理员账号只能从哪些网络使用；写了网络就改成那些，--anywhere 改成不限
    Networks {
        /// 比如 10.1.0.0/16，可以写几个
        networks: Vec<String>,
        /// 不限网络
        #[arg(long, conflicts_with = "networks")]
        anywhere: bool,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 查看登录时除密码外还要什么；写了 administrators 或 everybody 就改成只问管理员或所有账号
    Factors {
        /// 问谁
        of: Option<FactorsOf>,
        /// 只认 SM2 密钥，不认动态码；不写就两样都行
        #[arg(long, requires = "of")]
        keys: bool,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 饭堂
    Canteen {
        #[command(subcommand)]
        act: CanteenAct,
    },
    /// 运营商
    Operator {
        #[command(subcommand)]
        act: OperatorAct,
    },
    /// 餐品价格
    Price {
        #[command(subcommand)]
        act: PriceAct,
    },
    /// 设备
    Device {
        #[command(subcommand)]
        act: DeviceAct,
    },
    /// 账号
    Account {
        #[command(subcommand)]
        act: AccountAct,
    },
    /// 长者
    Elder {
        #[command(subcommand)]
        act: ElderAct,
    },
    /// 根密钥
    Keys {
        #[command(subcommand)]
        act: KeysAct,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysAct {
    /// 换一把新的根密钥；服务不用停，各台电脑不受影响。旧的留在旁边，只有换之前的数据库备份还要用它
    Rotate {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ElderAct {
    /// 按本人要求删除：销毁这位长者的密钥，身份证号、电话、住址、自理能力和照片从此处处读不出来，不能恢复
    Erase {
        /// 档案编号；不写时从标准输入读，身份证号请这样给，命令行谁都看得见
        #[arg(long)]
        who: Option<String>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeviceAct {
    /// 一次性登记码
    Code {
        /// 饭堂编号
        #[arg(long, required_unless_present = "division", conflicts_with = "division")]
        canteen: Option<String>,
        /// 区划代码
        #[arg(long)]
        division: Option<String>,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 停用设备
    Revoke {
        /// 设备号
        #[arg(long)]
        number: i64,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
}

impl Act {
    /// Whether the answer is to be JSON.
    pub(crate) fn wants_json(&self) -> bool {
        match self {
            Self::Serve { .. } => false,
            Self::Scrub { json }
            | Self::Quarantine { json }
            | Self::Conflicts { json, .. }
            | Self::Verify { json }
            | Self::Rebuild { json }
            | Self::Seal { json }
            | Self::Restored { json }
            | Self::Compact { json, .. }
            | Self::Audit { act: AuditAct::Verify { json } | AuditAct::List { json, .. } | AuditAct::Prune { json, .. } } => *json,
            #[cfg(feature = "drill")]
            Self::Demo { .. } => true,
            Self::Admin { what } => match what {
                Admin::Authority => false,
                Admin::City { json, .. }
                | Admin::Networks { json, .. }
                | Admin::Factors { json, .. }
                | Admin::Canteen {
                    act: CanteenAct::Add { json, .. } | CanteenAct::Move { json, .. } | CanteenAct::Operator { json, .. },
                }
                | Admin::Operator { act: OperatorAct::Add { json, .. } | OperatorAct::List { json } }
                | Admin::Price { act: PriceAct::Add { json, .. } }
                | Admin::Device { act: DeviceAct::Code { json, .. } | DeviceAct::Revoke { json, .. } }
                | Admin::Account {
                    act:
                        AccountAct::Add { json, .. }
                        | AccountAct::List { json }
                        | AccountAct::Disable(OneAccount { json, .. })
                        | AccountAct::Enable(OneAccount { json, .. })
                        | AccountAct::Unlock(OneAccount { json, .. })
                        | AccountAct::Person { one: OneAccount { json, .. }, .. }
                        | AccountAct::Password { one: OneAccount { json, .. }, .. },
                }
                | Admin::Elder { act: ElderAct::Erase { json, .. } }
                | Admin::Keys { act: KeysAct::Rotate { json } } => *json,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::CommandFactory;

    /// Anybody who adds a command says here that people get it.
    const RELEASED: [&str; 11] =
        ["serve", "admin", "scrub", "verify", "rebuild", "seal", "restored", "compact", "quarantine", "conflicts", "audit"];

    #[test]
    fn what_makes_data_up_is_in_no_program_that_is_released() {
        let drill: &[&str] = if cfg!(feature = "drill") { &["demo"] } else { &[] };
        let parsed = Args::command();
        let acts: Vec<&str> = parsed.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(acts, [&RELEASED[..], drill].concat());
    }
}
