"""The marketing workbench: one window, one file, one engine. `ARCHITECTURE.md` beside this file draws the house."""
