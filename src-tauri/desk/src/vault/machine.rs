//! What tells this machine and this user from others, without privileges. Not secret.

/// The machine's id; empty where the system has none.
pub(super) fn id() -> String {
    #[cfg(unix)]
    let id = ["/etc/machine-id", "/var/lib/dbus/machine-id"].iter().find_map(|path| std::fs::read_to_string(path).ok());
    #[cfg(not(unix))]
    let id = std::env::var("COMPUTERNAME").ok();
    id.unwrap_or_default().trim().to_owned()
}

/// The user whose process this is.
pub(super) fn user() -> String {
    #[cfg(unix)]
    let user = std::fs::metadata("/proc/self").map(|process| std::os::unix::fs::MetadataExt::uid(&process).to_string()).ok();
    #[cfg(not(unix))]
    let user = std::env::var("USERNAME").ok();
    user.unwrap_or_default()
}
