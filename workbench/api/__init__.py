"""The door for programs: HTTP on loopback, behind a token. Imports engine and plan; imported only when serving."""
