-- When somebody last signed in with an account, or it was enabled: one that nobody uses is disabled by itself.
ALTER TABLE account_secret ADD COLUMN used_at INTEGER;
