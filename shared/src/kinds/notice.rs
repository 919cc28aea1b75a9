//! 中心通告: what the server says once and for good, so that a server that is put back from a backup is told it again.

use crate::schema::{Author, FieldType, Scope, record, words};
use jiff::civil::DateTime;

words! {
    /// What a notice says.
    NoticeOf {
        /// That computer is shut out.
        Device = "device" "电脑停用" "Computer shut out",
        /// Nobody signs in with that account.
        Account = "account" "账号停用" "Account disabled",
        /// The password that the account had until then opens it no more.
        Password = "password" "密码作废" "Password void",
        /// The second factor that the account had until then is none any more.
        Factor = "factor" "动态码作废" "Second factor void",
        /// That person signs in at no desk.
        Staff = "staff" "工作人员停用" "Staff disabled",
        /// The PIN that the person had until then is void.
        Pin = "pin" "口令作废" "PIN void",
        /// The server's database was put back from a backup.
        Restored = "restored" "服务器恢复备份" "Server restored",
    }
}

record! {
    /// 中心通告. A revocation must outlive the database that it stands in (DB-29, F-76): every desk keeps it, and brings it to a server that lost it
    /// as it brings everything else. The server takes back only what carries its own proof.
    Notice "notice" 18 "中心通告" "Notice" [author(Author::Centre), scope(Scope::Everybody), written_once, titled_by(&["about"])];
    about: NoticeOf, "事由" "About";
    /// Id of the record that it is about; none where the server speaks of itself.
    subject: Option<String>, "对象" "Subject" [is(FieldType::Data), silent];
    at: DateTime, "时间" "At";
    /// The epoch that begins with it: so often was the server put back, and one.
    epoch: Option<i64>, "第几次" "Epoch" [silent];
    /// Up to when the server that was put back knew everything.
    back_to: Option<DateTime>, "恢复到" "Back to";
    /// HMAC-SM3 of all the others under a key of the server, in hex.
    proof: String, "校验" "Proof" [is(FieldType::Data), silent];
}
