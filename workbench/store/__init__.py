"""What is remembered: the workspace file. Owns DuckDB and every SQL statement; imports plan only."""
