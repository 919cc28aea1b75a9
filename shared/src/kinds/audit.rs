//! 审计日志: no kind of record but what the server notes of who did what; the closed lists of its code words, and the list that the
//! console shows an auditor. How it is chained stands in the server.

use crate::fault::Code;
use crate::list::{End, Filter, ListSpec, told};
use crate::schema::{FieldType, Label, words};

words! {
    /// What is noted.
    AuditEvent {
        ServerStarted = "server_started" "服务启动" "Server started",
        SignedIn = "signed_in" "登录" "Sign-in",
        WrongPassword = "wrong_password" "密码错误" "Wrong password",
        SignInLocked = "sign_in_locked" "登录被锁定" "Sign-in locked",
        WrongCode = "wrong_code" "动态码错误" "Wrong code of an app",
        WrongKey = "wrong_key" "密钥签名不对" "Wrong signature of a key",
        PasswordChanged = "password_changed" "改自己的密码" "Own password changed",
        FactorBegun = "factor_begun" "开始开通动态码" "Codes of an app begun",
        FactorConfirmed = "factor_confirmed" "开通动态码" "Codes of an app turned on",
        FactorUsed = "factor_used" "用动态码或密钥确认" "Second factor used",
        FactorEnded = "factor_ended" "停用动态码" "Codes of an app turned off",
        KeyBegun = "key_begun" "开始登记密钥" "Key begun",
        KeyAdded = "key_added" "登记密钥" "Key added",
        KeyEnded = "key_ended" "停用密钥" "Key ended",
        SessionEnded = "session_ended" "退出别处的登录" "Other session ended",
        SignedOut = "signed_out" "退出" "Sign-out",
        SessionIdle = "session_idle" "久不操作退出" "Session ended: idle",
        SessionOver = "session_over" "登录到期" "Session ended: expired",
        FirstAccount = "first_account" "建立第一个账号" "First account",
        OutsideOfScope = "outside_of_scope" "越权访问" "Outside of scope",
        RecordRead = "record_read" "查看一份资料" "Record opened",
        PhotoRead = "photo_read" "查看照片" "Photo opened",
        ListRead = "list_read" "查看列表" "List read",
        ListExported = "list_exported" "导出列表" "List exported",
        ExportAsked = "export_asked" "申请导出" "Export asked for",
        ExportAgreed = "export_agreed" "同意导出" "Export agreed to",
        Disclosed = "disclosed" "办公端取用" "Taken out at a desk",
        DeviceCode = "device_code" "发设备登记码" "Enrolment code",
        DeviceEnrolled = "device_enrolled" "设备登记" "Device enrolled",
        DeviceRevoked = "device_revoked" "停用设备" "Device disabled",
        DeviceShutOut = "device_shut_out" "停用的设备被拒" "Disabled device shut out",
        EnvelopeRefused = "envelope_refused" "设备签名不符" "Envelope of a device refused",
        AskedForTooMany = "asked_for_too_many" "要别处的档案太多" "Asked for too many files",
        BudgetUsedUp = "budget_used_up" "当天用量用完" "Day's budget used up",
        Pushed = "pushed" "设备上传变更" "Changes from a device",
        TransferAnswered = "transfer_answered" "答复转档申请" "Transfer request answered",
        CityShown = "city_shown" "查看所属城市" "City shown",
        AuthorityShown = "authority_shown" "查看签发机构证书" "Certificate authority shown",
        CitySet = "city_set" "更改所属城市" "City set",
        NetworksShown = "networks_shown" "查看管理员网络" "Networks of administrators shown",
        NetworksSet = "networks_set" "更改管理员网络" "Networks of administrators set",
        FactorsShown = "factors_shown" "查看第二重验证要求" "Second factors wanted shown",
        FactorsSet = "factors_set" "更改第二重验证要求" "Second factors wanted set",
        CanteenAdded = "canteen_added" "新增饭堂" "Canteen added",
        CanteenMoved = "canteen_moved" "饭堂改属" "Canteen moved",
        CanteenOperator = "canteen_operator" "指明运营商" "Operator named",
        OperatorAdded = "operator_added" "登记运营商" "Operator added",
        OperatorsListed = "operators_listed" "列出运营商" "Operators listed",
        PriceAdded = "price_added" "新增餐品" "Price added",
        AccountAdded = "account_added" "新增账号" "Account added",
        AccountsListed = "accounts_listed" "列出账号" "Accounts listed",
        AccountDisabled = "account_disabled" "停用账号" "Account disabled",
        AccountEnabled = "account_enabled" "启用账号" "Account enabled",
        AccountUnlocked = "account_unlocked" "解除锁定" "Account unlocked",
        AccountPerson = "account_person" "写明账号是谁的" "Person of an account named",
        AccountInvited = "account_invited" "邀请账号" "Account invited",
        LinkGiven = "link_given" "发账号链接" "Link for an account given",
        InvitationTaken = "invitation_taken" "凭链接定密码" "Password chosen by link",
        AccountConfirmed = "account_confirmed" "核准账号" "Account confirmed",
        RightsAssigned = "rights_assigned" "改账号权限" "Rights of an account changed",
        FactorReset = "factor_reset" "清除账号动态码和密钥" "Second factors of an account ended",
        SessionsEnded = "sessions_ended" "让账号退出登录" "Account signed out",
        StaffDisabled = "staff_disabled" "停用工作人员" "Staff disabled",
        StaffEnabled = "staff_enabled" "启用工作人员" "Staff enabled",
        StaffPinReset = "staff_pin_reset" "重设工作人员口令" "PIN of staff reset",
        PasswordReset = "password_reset" "重设密码" "Password reset",
        ElderErased = "elder_erased" "删除长者资料" "Elder erased",
        RootRotated = "root_rotated" "更换根密钥" "Root key changed",
        Verified = "verified" "检查数据" "Tables verified",
        Rebuilt = "rebuilt" "重做数据" "Tables rebuilt",
        Scrubbed = "scrubbed" "检查照片" "Photos checked",
        Compacted = "compacted" "打包快照" "Snapshots packed",
        RowForged = "row_forged" "数据被改动" "Data altered",
        WentBack = "went_back" "数据库倒退" "Database went back",
        RestoreSettled = "restore_settled" "确认恢复备份" "Restore settled",
        Revoked = "revoked_again" "重做停用" "Revoked again",
        TablesSealed = "tables_sealed" "封存数据" "Tables sealed",
        QuarantineListed = "quarantine_listed" "列出隔离的资料" "Quarantine listed",
        ConflictsListed = "conflicts_listed" "列出两处改过" "Conflicts listed",
        DemoMade = "demo_made" "生成演示数据" "Demo data made",
        AuditVerified = "audit_verified" "检查审计日志" "Audit log verified",
        AuditListed = "audit_listed" "列出审计日志" "Audit log listed",
        AuditPruned = "audit_pruned" "清理审计日志" "Audit log pruned",
    }
}

words! {
    /// How it ended: done, or refused by the fault of that code.
    AuditResult {
        Done = "done" "完成" "Done",
        BadInput = "bad_input" "内容不对" "Wrong input",
        Confirm = "confirm" "要确认" "To be confirmed",
        NotNow = "not_now" "现在不行" "Not now",
        NotFound = "not_found" "没有这个" "Not found",
        NotEnrolled = "not_enrolled" "没有登记" "Not enrolled",
        Offline = "offline" "连不上" "Unreachable",
        Refused = "refused" "被退回" "Refused",
        SignIn = "sign_in" "没有登录" "Not signed in",
        SecondFactor = "second_factor" "要动态码或密钥" "Second factor wanted",
        Forbidden = "forbidden" "没有权限" "Forbidden",
        BadFile = "bad_file" "文件读不出" "Unreadable file",
        BadPhoto = "bad_photo" "照片读不出" "Unreadable photo",
        Broken = "broken" "出错" "Failed",
    }
}

impl From<Code> for AuditResult {
    fn from(code: Code) -> Self {
        match code {
            Code::BadInput => Self::BadInput,
            Code::Confirm => Self::Confirm,
            Code::NotNow => Self::NotNow,
            Code::NotFound => Self::NotFound,
            Code::NotEnrolled => Self::NotEnrolled,
            Code::Offline => Self::Offline,
            Code::Refused => Self::Refused,
            Code::SignIn => Self::SignIn,
            Code::SecondFactor => Self::SecondFactor,
            Code::Forbidden => Self::Forbidden,
            Code::BadFile => Self::BadFile,
            Code::BadPhoto => Self::BadPhoto,
            Code::Broken => Self::Broken,
        }
    }
}

words! {
    /// What else is said of it, each with a value.
    AuditDetail {
        Changes = "changes" "变更条数" "Changes",
        First = "first" "从第几条" "From no.",
        Last = "last" "到第几条" "To no.",
        Malformed = "malformed" "退回：格式不对" "Rejected as malformed",
        TooLarge = "too_large" "退回：太长" "Rejected as too long",
        ForeignKind = "foreign_kind" "退回：不许改这类" "Rejected: foreign kind",
        ForeignScope = "foreign_scope" "退回：不归它管" "Rejected: foreign scope",
        Erased = "erased" "退回：已删除" "Rejected: erased",
        Asked = "asked" "暂存待答复" "Kept until answered",
        Filter = "filter" "条件" "Filter",
        List = "list" "列表" "List",
        Persons = "persons" "人数" "Persons",
        Reason = "reason" "原因" "Reason",
        Note = "note" "说明" "Explanation",
        Second = "second" "第二人" "Second account",
        Unmasked = "unmasked" "完整号码" "Full numbers",
        Rows = "rows" "行数" "Rows",
        Sha256 = "sha256" "文件 SHA-256" "File SHA-256",
        Role = "role" "角色" "Role",
        Place = "place" "地方" "Place",
        Name = "name" "名称" "Name",
        Key = "key" "密钥" "Key",
        UnknownName = "unknown_name" "没有的账号，标记" "Unknown account, mark",
        Amount = "amount" "数量" "Number",
        Bytes = "bytes" "字节" "Bytes",
        Sums = "sums" "核对次数" "Questions about sums",
        Requests = "requests" "请求次数" "Requests",
        BadRow = "bad_row" "第一处不符" "First bad row",
        Keep = "keep" "保留天数" "Days kept",
        Unused = "unused" "多少天没有用过" "Days unused",
    }
}

/// 审计日志, for auditors: newest first.
pub static AUDIT: ListSpec = ListSpec::by_hand(
    "audit",
    Label::new("审计日志", "Audit log"),
    &[
        told("number", Label::new("序号", "No."), FieldType::Number),
        told("at", Label::new("时间", "Time"), FieldType::Moment),
        told("event", Label::new("事件", "Event"), FieldType::Words(&AuditEvent::WORDS)).wide(18),
        told("refused", Label::new("未成", "Refused"), FieldType::YesNo).alarming(),
        told("result", Label::new("结果", "Result"), FieldType::Words(&AuditResult::WORDS)),
        told("who", Label::new("账号", "Account"), FieldType::Text).wide(14),
        told("device", Label::new("设备号", "Device no."), FieldType::Number),
        told("source", Label::new("来源地址", "Source"), FieldType::Text).wide(16),
        told("division", Label::new("区划", "Division"), FieldType::Division).wide(16),
        told("canteen", Label::new("饭堂", "Canteen"), FieldType::Canteen).wide(16),
        told("object", Label::new("对象", "Object"), FieldType::Text).wide(24),
        told("detail", Label::new("内容", "Details"), FieldType::Text).wide(32),
        told("device_id", Label::new("设备 id", "Device id"), FieldType::Text).wide(32).exported(),
        told("request", Label::new("请求编号", "Request"), FieldType::Text).wide(16).exported(),
    ],
)
.filters(&[
    Filter::Days("at"),
    Filter::One("event"),
    Filter::Yes("refused"),
    Filter::Text {
        hint: Label::new("账号、来源、对象", "Account, source, object"),
        exact: &["who", "source", "object"],
        inside: &[],
        person: None,
    },
])
.by_key()
.ends(&[End::Console])
.card("event");
