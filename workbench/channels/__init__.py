"""How messages reach people: SMTP, the sandbox server, folders of .eml; and the OS keyring. Imports plan only."""
