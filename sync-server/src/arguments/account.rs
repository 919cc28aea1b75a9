//! What `sync-server admin account` takes.

use clap::Subcommand;
use shared::kinds::Role;

fn role(text: &str) -> Result<Role, String> {
    Role::of_code(text).ok_or_else(|| "角色是 city、county、town、canteen、auditor、system、security 之一".to_owned())
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountAct {
    /// 新增账号，密码从标准输入读
    Add {
        /// 账号
        #[arg(long)]
        name: String,
        /// 角色
        #[arg(long, value_parser = role)]
        role: Role,
        /// 区划代码；饭堂账号填饭堂编号
        #[arg(long)]
        division: String,
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 列出账号：角色、区划、是否停用、是否锁定、正在登录的有几处
    List {
        /// 输出 JSON
        #[arg(long)]
        json: bool,
    },
    /// 停用账号，已经登录的马上退出
    Disable(OneAccount),
    /// 重新启用停用了的账号
    Enable(OneAccount),
    /// 解除密码试错太多次造成的锁定
    Unlock(OneAccount),
    /// 写明账号是谁的；同一手机号的账号算同一个人，不能担任两种管理员
    Person {
        #[command(flatten)]
        one: OneAccount,
        /// 本人姓名
        #[arg(long)]
        person: String,
        /// 本人手机号
        #[arg(long)]
        phone: String,
    },
    /// 重设密码：生成一个随机的，只显示这一次；已经登录的全部退出，锁定一并解除
    Password {
        #[command(flatten)]
        one: OneAccount,
        /// 不生成，新密码从标准输入读
        #[arg(long)]
        stdin: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct OneAccount {
    /// 账号
    #[arg(long)]
    pub(crate) name: String,
    /// 输出 JSON
    #[arg(long)]
    pub(crate) json: bool,
}
