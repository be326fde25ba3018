"""Reports: what happened, in charts. Imports parts and what is below."""
