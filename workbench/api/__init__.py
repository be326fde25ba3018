"""The door for programs on this machine: HTTP on loopback. Imports engine and plan."""
