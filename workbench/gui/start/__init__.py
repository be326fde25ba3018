"""The start page: leads through the first campaign. Also what is shown before a file is open."""
