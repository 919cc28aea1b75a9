//! PostgreSQL over TLS: who is believed, who is not, and what is said then. The certificates are made here, by the program
//! `openssl`; the database listens on a loopback address of this process's own, under the name of another machine.

use crate::cluster::{Cluster, new_folder};
use crate::postgres::kit::*;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The name on the certificate.
const NAME: &str = "db.yinling.test";

/// A PostgreSQL that takes nothing but TLS from elsewhere, and the authorities of the tests.
struct Encrypted {
    cluster: Cluster,
    address: Ipv4Addr,
    /// The one that signed its certificate.
    right: PathBuf,
    other: PathBuf,
    /// The certificate of the database itself, which is no authority.
    own: PathBuf,
}

fn openssl(folder: &Path, line: &str) {
    let output = Command::new("openssl").args(line.split(' ')).current_dir(folder).output().expect("the program openssl is needed");
    assert!(output.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&output.stderr));
}

const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

impl Encrypted {
    fn of_all() -> &'static Self {
        static ALL: OnceLock<Encrypted> = OnceLock::new();
        ALL.get_or_init(Self::start)
    }

    fn start() -> Self {
        let folder = new_folder();
        for name in ["right", "other"] {
            openssl(&folder, &format!("req -x509 {KEY} -days 2 -keyout {name}.key -out {name}.crt -subj /CN={name}"));
        }
        let address = own_address();
        let names = format!("-addext subjectAltName=DNS:{NAME},IP:{address} -addext basicConstraints=critical,CA:FALSE");
        let signed = "-CA right.crt -CAkey right.key -subj /CN=database";
        openssl(&folder, &format!("req -x509 {KEY} -days 2 -keyout server.key -out server.crt {signed} {names}"));
        let files = ["cert_file=server.crt", "key_file=server.key"].map(|file| {
            let (what, file) = file.split_once('=').unwrap();
            format!("-c ssl_{what}={}", folder.join(file).display())
        });
        fs::write(folder.join("rules"), "hostssl all all all trust\nlocal all all trust\n").unwrap();
        let rules = format!("-c hba_file={}", folder.join("rules").display());
        let more = format!("-c fsync=off {rules} -c listen_addresses={address} -c ssl=on {}", files.join(" "));
        let [right, other, own] = ["right.crt", "other.crt", "server.crt"].map(|name| folder.join(name));
        Self { cluster: Cluster::start_in(folder, &more), address, right, other, own }
    }

    /// The address of a new database under a host name, with more parameters.
    fn database(&self, host: &str, more: &str) -> String {
        by_network(&self.cluster.database(), host, self.address, more)
    }
}

/// A loopback address that no other test uses.
fn own_address() -> Ipv4Addr {
    Ipv4Addr::from(0x7f40_0000 | (std::process::id() & 0x003f_ffff))
}

/// The address of a database by the network instead of the socket.
fn by_network(by_socket: &str, host: &str, address: Ipv4Addr, more: &str) -> String {
    let name = by_socket.trim_start_matches("postgres:///").split('?').next().unwrap();
    format!("postgres://yinling@{host}/{name}?hostaddr={address}{more}")
}

/// Asks the program for something that needs the database, on a system that trusts the authority in a file; gives whether it went
/// well and what was told.
fn ask(database: &str, authority: Option<&Path>, system: &Path) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path(), Some(database));
    command.env_remove("YINLING_DATABASE_CA").env("SSL_CERT_FILE", system).env_remove("SSL_CERT_DIR");
    command.env("RUST_LOG", "off").args(["verify", "--json"]);
    if let Some(authority) = authority {
        command.arg("--database-ca").arg(authority);
    }
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_database_on_another_machine_is_believed_when_its_certificate_says_its_name() {
    let there = Encrypted::of_all();
    let (right, other) = (Some(there.right.as_path()), Some(there.other.as_path()));
    let own = Some(there.own.as_path());
    let number = there.address.to_string();
    for (what, host, more, authority, told) in [
        ("the right authority", NAME, "", right, None),
        ("the right one, asked for by name", NAME, "&sslmode=verify-full", right, None),
        ("and by the number that the certificate bears", &number, "&sslmode=verify-full", right, None),
        ("and by that alone", "", "&sslmode=verify-full", right, None),
        ("another authority", NAME, "", other, Some("不是所信任的机构签发的")),
        ("another authority, whatever the name", NAME, "&sslmode=verify-ca", other, Some("不是所信任的机构签发的")),
        ("another one, where it need not be asked", NAME, "&sslmode=require", other, Some("不是所信任的机构签发的")),
        ("those of the system alone", NAME, "", None, Some("不是所信任的机构签发的")),
        ("another name", "other.yinling.test", "", right, Some("没有地址里的这个主机名")),
        ("another name that nobody asks for", "other.yinling.test", "&sslmode=verify-ca", right, None),
        ("those of the system, for whatever name", NAME, "&sslmode=require&sslrootcert=system", right, Some("不是所信任的机构签发的")),
        ("no authority to ask", NAME, "&sslmode=verify-ca", None, Some("没有可以用来核对")),
        ("nobody asked", NAME, "&sslmode=require", None, None),
        ("nobody asked, as before", NAME, "&sslmode=prefer", None, None),
        ("its own certificate as an authority", NAME, "", own, Some("不是所信任的机构签发的")),
        ("plain, which this database does not take", NAME, "&sslmode=disable", right, Some("pg_hba.conf")),
        ("a file that is not there", NAME, "", Some(Path::new("/nowhere.crt")), Some("读不出来")),
        ("a mode that there is not", NAME, "&sslmode=allow", right, Some("sslmode 不认识")),
    ] {
        let (done, words) = ask(&there.database(host, more), authority, &there.other);
        assert_eq!(done, told.is_none(), "{what}: {words}");
        assert!(words.contains(told.unwrap_or("\"ok\":true")), "{what}: {words}");
    }
    let file = there.right.display();
    for (what, database, authority, system) in [
        ("what the address names counts", there.database(NAME, &format!("&sslrootcert={file}")), other, &there.other),
        ("the system trusts the right one", there.database(NAME, ""), None, &there.right),
        ("and is asked before another one", there.database(NAME, "&sslrootcert=system"), other, &there.right),
    ] {
        let (done, words) = ask(&database, authority, system);
        assert!(done, "{what}: {words}");
    }
}

#[test]
fn a_plain_line_to_another_machine_is_refused_unless_it_is_asked_for() {
    let (address, tools) = (own_address(), tempfile::tempdir().unwrap());
    openssl(tools.path(), &format!("req -x509 {KEY} -days 2 -keyout any.key -out any.crt -subj /CN=any"));
    let cluster = Cluster::start_in(new_folder(), &format!("-c fsync=off -c listen_addresses={address}"));
    for (host, more, told) in [
        (NAME, "", Some("sslmode=disable")),
        (NAME, "&sslmode=prefer", Some("sslmode=disable")),
        (NAME, "&sslmode=require", Some("sslmode=disable")),
        (NAME, "&sslmode=disable", None),
        // By name this machine.
        ("localhost", "", None),
        ("localhost", "&sslmode=prefer", None),
        ("localhost", "&sslmode=require", Some("不提供加密连接")),
    ] {
        let (done, words) = ask(&by_network(&cluster.database(), host, address, more), None, &tools.path().join("any.crt"));
        assert_eq!(done, told.is_none(), "{host}{more}: {words}");
        assert!(words.contains(told.unwrap_or("\"ok\":true")), "{host}{more}: {words}");
    }
}
