"""The door for scripts: the command line, the same asks as the window. Imports engine and plan."""
