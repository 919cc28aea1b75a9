//! What the command line says of the line: by which certificate it is encrypted, and whether.

use std::net::SocketAddr;
use std::path::PathBuf;
use sync_server::Certificate;

/// How the line is encrypted.
#[derive(Debug, clap::Args)]
pub(crate) struct LineArgs {
    /// 服务器的域名或地址，可写多个，写进自己签发的证书里；浏览器按它核对，办公端不用
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    /// 用公共机构签发的证书：PEM 文件，含各级证书；文件换了会自动换上。不写时自己签发
    #[arg(long, value_name = "FILE", requires = "certificate_key")]
    certificate: Option<PathBuf>,
    /// 证书的私钥，PEM 文件
    #[arg(long, value_name = "FILE", requires = "certificate")]
    certificate_key: Option<PathBuf>,
    /// 在本机上也加密；监听本机以外的地址时总是加密
    #[arg(long)]
    https: bool,
}

impl LineArgs {
    /// The certificate to serve under; none where the line stays within this machine, in front of which a proxy may stand.
    pub(crate) fn certificate(self, listen: SocketAddr) -> Option<Certificate> {
        match (self.certificate, self.certificate_key) {
            (Some(chain), Some(key)) => Some(Certificate::Files { chain, key }),
            _ if listen.ip().is_loopback() && !self.https => None,
            _ => {
                let mut names = self.names;
                names.extend(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
                if !listen.ip().is_unspecified() && !listen.ip().is_loopback() {
                    names.push(listen.ip().to_string());
                }
                Some(Certificate::Own(names))
            }
        }
    }
}
